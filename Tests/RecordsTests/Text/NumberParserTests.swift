import Foundation
import TestSupport
import Testing

@testable import Records

@Suite struct NumberParserTests {
  private func parse(_ text: String) -> Double? {
    Array(text.utf8).withUnsafeBufferPointer { bytes -> Double? in
      guard let start = bytes.baseAddress, let number = NumberParser.parse(start, start + bytes.count),
        number.end == start + bytes.count
      else { return nil }
      return number.value
    }
  }

  @Test func roundsAsStrtodDoes() {
    var random = TestRandom(seed: 1)
    for _ in 0..<50_000 {
      let digits = Int.random(in: 1...24, using: &random)
      var text = Bool.random(using: &random) ? "-" : ""
      let point = Int.random(in: 0...digits, using: &random)
      for index in 0..<digits {
        if index == point { text += "." }
        text += String(Int.random(in: 0...9, using: &random))
      }
      if Bool.random(using: &random) { text += "e\(Int.random(in: -330...310, using: &random))" }
      #expect(parse(text)?.bitPattern == strtod(text, nil).bitPattern, "\(text)")
    }
  }

  @Test(arguments: [
    ("0", 0.0), ("-0", -0.0), ("1.000000", 1), ("+5", 5), (".5", 0.5), ("5.", 5), ("1e5", 1e5), ("1E-5", 1e-5),
    ("9007199254740993", 9_007_199_254_740_992), ("0.1", 0.1), ("123456789012345678901234567890", 1.2345678901234568e29),
    ("00000000000000000000000000001", 1), ("1e400", .infinity), ("1e-400", 0), ("12345678901234567890.", 1.2345678901234567e19),
  ])
  func readsSpellings(text: String, value: Double) {
    #expect(parse(text) == value)
  }

  @Test(arguments: ["", "-", ".", "e5", "nan", "inf", "x", "-.", "0x10"])
  func refusesWhatIsNoNumber(text: String) {
    #expect(parse(text) == nil)
  }

  @Test func leavesALetterThatIsNoExponent() {
    #expect(parse("1e") == nil)
    #expect(parse("1e+") == nil)
  }
}
