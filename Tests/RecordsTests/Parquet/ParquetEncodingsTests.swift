import TestSupport
import Testing

@testable import Records

/// Encodings, read back by decoders written from the format's text, one value at a time.
@Suite struct ParquetEncodingsTests {
  private struct Input {
    var bytes: ArraySlice<UInt8>

    mutating func byte() throws -> UInt8 {
      let byte = bytes.popFirst()
      return try #require(byte)
    }

    mutating func variable() throws -> UInt64 {
      var value: UInt64 = 0
      for group in 0..<10 {
        let byte = try byte()
        value |= UInt64(byte & 0x7F) << (7 * UInt64(group))
        if byte & 0x80 == 0 { break }
      }
      return value
    }

    mutating func zigzag() throws -> Int {
      let value = try variable()
      return Int(bitPattern: UInt(value >> 1)) ^ -Int(value & 1)
    }
  }

  private func decodedDeltas(_ bytes: [UInt8]) throws -> [Int] {
    var input = Input(bytes: bytes[...])
    let (block, miniblocks, count) = (Int(try input.variable()), Int(try input.variable()), Int(try input.variable()))
    var values = [try input.zigzag()]
    while values.count < count {
      let least = try input.zigzag()
      let widths = try (0..<miniblocks).map { _ in Int(try input.byte()) }
      for width in widths where values.count < count {
        var bits: [Bool] = []
        for _ in 0..<(block / miniblocks * width / 8) {
          let byte = try input.byte()
          bits += (0..<8).map { byte >> $0 & 1 == 1 }
        }
        for place in 0..<block / miniblocks where values.count < count {
          let rest = (0..<width).reduce(UInt64(0)) { $0 | (bits[place * width + $1] ? 1 << UInt64($1) : 0) }
          values.append(values[values.count - 1] &+ least &+ Int(bitPattern: UInt(rest)))
        }
      }
    }
    #expect(input.bytes.isEmpty)
    return Array(values.prefix(count))
  }

  @Test func deltasComeBack() throws {
    var random = TestRandom(seed: 1)
    var lists: [[Int]] = [[], [7], [Int.min, Int.max, 0, -1], Array(0..<1000), [Int](repeating: 5, count: 129)]
    for count in [2, 31, 32, 33, 127, 128, 129, 130, 500] {
      lists.append((0..<count).map { _ in Int.random(in: -50...50, using: &random) })
      lists.append((0..<count).map { _ in Int.random(in: Int.min...Int.max, using: &random) })
    }
    for list in lists { #expect(try decodedDeltas(ParquetEncodings.deltaBinaryPacked(list)) == list) }
  }

  @Test func runsComeBack() throws {
    var random = TestRandom(seed: 2)
    for width in [1, 3, 8, 9, 17] {
      let values = (0..<300).map { _ in Int.random(in: 0..<1 << width, using: &random) }.flatMap { [$0, $0] } + [0]
      var input = Input(bytes: ParquetEncodings.runs(values, width: width)[...])
      var decoded: [Int] = []
      while !input.bytes.isEmpty {
        let head = try input.variable()
        #expect(head & 1 == 0)
        var value = 0
        for place in 0..<(width + 7) / 8 { value |= Int(try input.byte()) << (8 * place) }
        decoded += [Int](repeating: value, count: Int(head >> 1))
      }
      #expect(decoded == values)
    }
  }

  @Test func streamsOfBytesComeBack() {
    let values: [UInt32] = [0x0102_0304, 0xAABB_CCDD, 0]
    #expect(ParquetEncodings.byteStreamSplit(values) == [0x04, 0xDD, 0, 0x03, 0xCC, 0, 0x02, 0xBB, 0, 0x01, 0xAA, 0])
  }

  /// Thrift's compact protocol: a field's head holds the distance and the type, numbers are zigzag and variable.
  @Test func structuresAreThriftsCompactOnes() {
    var writer = ThriftCompactWriter()
    writer.integer32(1, -1)
    writer.text(4, "ab")
    writer.structure(5) { $0.integer64(1, 300) }
    writer.integers(6, [1, 2])
    writer.end()
    #expect(writer.bytes == [0x15, 0x01, 0x38, 2, 0x61, 0x62, 0x1C, 0x16, 0xD8, 0x04, 0x00, 0x19, 0x25, 2, 4, 0x00])
  }
}
