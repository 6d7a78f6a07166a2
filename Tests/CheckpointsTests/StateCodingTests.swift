import TestSupport
import Testing

@testable import Checkpoints

@Suite struct StateCodingTests {
  private struct Inner: Codable, Equatable {
    enum Kind: String, Codable { case one, two }
    var kind: Kind
    var place: SIMD2<Float>
    var range: ClosedRange<Int>
  }

  private struct Outer: Codable, Equatable {
    var flag = true
    var text: String? = "ä\n"
    var missing: Double?
    var number = -Double.infinity
    var half: Float = 0.1
    var count = Int.min
    var small: UInt8 = 200
    var long: UInt64 = .max
    var stamp: Int64? = -5
    var noStamp: Int64?
    var word: UInt32? = 7
    var octet: UInt8? = 9
    var bytes: [UInt8] = [1, 2, 3]
    var floats: [Float] = [0.1, .infinity]
    var points: [SIMD2<Float>] = [[1, 2], [3, 4]]
    var inner: [Inner] = [
      Inner(kind: .two, place: [1, -1], range: -3...7), Inner(kind: .one, place: [0.5, 2], range: 0...0),
    ]
    var nested: Inner?
    var empty: [[Int]] = [[], [1, 2]]
  }

  @Test func whatIsReadIsWhatWasWritten() throws {
    let value = Outer()
    #expect(try StateDecoder.value(Outer.self, from: try StateEncoder.bytes(of: value)) == value)
  }

  /// A NaN with a payload is no number that text could carry.
  @Test func everyBitOfANumberIsKept() throws {
    let pattern: UInt64 = 0x7FF0_0000_DEAD_BEEF
    let bytes = try StateEncoder.bytes(of: [[Double(bitPattern: pattern)]])
    #expect(try StateDecoder.value([[Double]].self, from: bytes)[0][0].bitPattern == pattern)
  }

  @Test func everyCutIsRefused() throws {
    let bytes = try StateEncoder.bytes(of: Outer())
    for length in 0..<bytes.count {
      #expect(throws: DecodingError.self) { try StateDecoder.value(Outer.self, from: Array(bytes[..<length])) }
    }
    #expect(throws: DecodingError.self) { try StateDecoder.value(Outer.self, from: bytes + [0]) }
  }

  /// A count of 2⁶² would be 2⁶⁴ bytes of Floats.
  @Test(arguments: [Int64.max, 1 << 62, -1, 1 << 40])
  func noMoreIsAllocatedThanIsThere(count: Int64) {
    let bytes = withUnsafeBytes(of: count.littleEndian) { Array($0) } + [1, 2, 3, 4]
    #expect(throws: DecodingError.self) { try StateDecoder.value([Float].self, from: bytes) }
    #expect(throws: DecodingError.self) { try StateDecoder.value([String].self, from: bytes) }
    #expect(throws: DecodingError.self) { try StateDecoder.value([Inner].self, from: bytes) }
  }

  @Test func changedBytesAreReadOrRefused() throws {
    let bytes = try StateEncoder.bytes(of: Outer())
    var random = TestRandom(seed: 1)
    for _ in 0..<2000 {
      var changed = bytes
      changed[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      _ = try? StateDecoder.value(Outer.self, from: changed)
    }
  }
}
