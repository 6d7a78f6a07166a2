import Foundation
import TestSupport
import Testing

@testable import Records

@Suite struct DecimalWriterTests {
  private func text(_ value: Double, _ decimals: Int, _ zeros: TextBuffer.TrailingZeros) -> String {
    var buffer = TextBuffer()
    buffer.append(value, decimals: decimals, zeros: zeros)
    return buffer.string
  }

  @Test func roundsAsPrintfDoes() {
    var random = TestRandom(seed: 2)
    for round in 0..<60_000 {
      let decimals = round % 13
      let magnitude = pow(10, Double.random(in: -8...10, using: &random))
      var value = Double.random(in: -1...1, using: &random) * magnitude
      // Every third value sits on or next to a tie.
      if round % 3 == 0 { value = (value * 8).rounded() / 8 }
      if round % 5 == 0 { value = ((value * pow(10, Double(decimals))).rounded() + 0.5) / pow(10, Double(decimals)) }
      guard (value * pow(10, Double(decimals))).magnitude < 0x1p53 else { continue }
      var expected = String(format: "%.\(decimals)f", value)
      if !expected.contains(where: { ("1"..."9").contains($0) }) { expected.removeAll { $0 == "-" } }
      #expect(text(value, decimals, .kept) == expected)
    }
  }

  @Test func trimsZerosAsAsked() {
    #expect(text(20, 6, .trimmedToOne) == "20.0")
    #expect(text(20, 6, .trimmed) == "20")
    #expect(text(20.25, 6, .trimmed) == "20.25")
    #expect(text(20.25, 6, .trimmedToOne) == "20.25")
    #expect(text(-0.001, 2, .trimmedToOne) == "0.0")
    #expect(text(-0.001, 2, .kept) == "0.00")
    #expect(text(1200, 0, .trimmed) == "1200")
  }

  @Test func writesHugeNumbersSoThatTheyReadBack() {
    for value in [1e15, 1.5e17, -1e300, 0x1p53] {
      #expect(Double(text(value, 6, .trimmedToOne)) == value)
    }
  }

  @Test func writesIntegers() {
    var buffer = TextBuffer()
    for value in [0, 9, 10, -1, 99, 100, .max, .min] {
      buffer.append(value)
      buffer.append(" ")
    }
    #expect(buffer.string == "0 9 10 -1 99 100 9223372036854775807 -9223372036854775808 ")
  }

  @Test func growsWithTheText() {
    var buffer = TextBuffer(capacity: 1)
    for index in 0..<10_000 { buffer.append(index % 10) }
    #expect(buffer.count == 10_000)
    #expect(buffer.bytes.first == UInt8(ascii: "0") && buffer.bytes.last == UInt8(ascii: "9"))
  }
}
