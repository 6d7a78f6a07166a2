import Checkpoints
import Foundation
import TestSupport
import Testing

@testable import Batch

@Suite struct DigestTests {
  /// FIPS 180-4's examples, which do not end with the zero byte that separates texts: taken as bytes.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func agreesWithTheStandardsExamples(text: String, digits: String) throws {
    var digest = Digest()
    Array(text.utf8).withUnsafeBytes { digest.add($0) }
    #expect(digest.value.text == digits)
    let folder = try ScratchFolder()
    #expect(try DigestValue.ofFile(try folder.write(text, to: "a")).text == digits)
  }

  @Test func aDigestIsReadBackFromItsDigits() {
    let value = DigestValue.of(["a", "b"])
    #expect(DigestValue(value.text) == value)
    #expect(DigestValue(value.text.dropLast()) == nil)
    #expect(DigestValue(value.text.uppercased()) == nil)
  }

  @Test func textsDoNotRunIntoEachOther() {
    #expect(DigestValue.of(["ab", "c"]) != DigestValue.of(["a", "bc"]))
  }

  @Test func theOrderIsThatOfTheDigits() {
    let values = (0..<200).map { DigestValue.of([String($0)]) }
    #expect(values.sorted().map(\.text) == values.map(\.text).sorted())
  }
}
