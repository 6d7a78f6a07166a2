/// The encodings of Parquet's pages that the writer uses (Parquet format, "Encodings").
enum ParquetEncodings {
  /// How a column's values are encoded, by the format's numbers.
  enum Number: Int {
    case plain = 0, runLength = 3, deltaBinaryPacked = 5, runLengthDictionary = 8, byteStreamSplit = 9
  }

  /// Runs of equal values, each as its length and its value in whole bytes; the levels of a column and the places in its dictionary.
  ///
  /// - Parameter width: Bits of a value.
  static func runs(_ values: some Sequence<Int>, width: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    var run: (value: Int, count: Int)?
    func end() {
      guard let run else { return }
      // A run of equal values has a 0 in the lowest bit of its head.
      bytes.appendVariable(UInt64(run.count) << 1)
      for place in 0..<(width + 7) / 8 { bytes.append(UInt8(truncatingIfNeeded: run.value >> (8 * place))) }
    }
    for value in values {
      if run?.value == value {
        run?.count += 1
      } else {
        end()
        run = (value, 1)
      }
    }
    end()
    return bytes
  }

  /// The first bytes of all values, then the second ones, and so on: what hardly changes from value to value comes to lie together.
  static func byteStreamSplit<Value: FixedWidthInteger>(_ values: [Value]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(values.count * Value.bitWidth / 8)
    for place in 0..<Value.bitWidth / 8 {
      for value in values { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * place))) }
    }
    return bytes
  }

  private static let block = 128
  private static let miniblock = 32

  /// Differences between values less the least of their block, packed into as few bits as each 32 of them need.
  static func deltaBinaryPacked(_ values: [Int]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.appendVariable(UInt64(block))
    bytes.appendVariable(UInt64(block / miniblock))
    bytes.appendVariable(UInt64(values.count))
    bytes.appendVariable((values.first ?? 0).zigzag)
    var start = 1
    while start < values.count {
      let end = min(values.count, start + block)
      appendBlock((start..<end).map { values[$0] &- values[$0 - 1] }, &bytes)
      start = end
    }
    return bytes
  }

  private static func appendBlock(_ differences: [Int], _ bytes: inout [UInt8]) {
    let least = differences.min() ?? 0
    bytes.appendVariable(least.zigzag)
    let rests = differences.map { UInt64(bitPattern: Int64($0 &- least)) }
    let parts = stride(from: 0, to: block, by: miniblock).map { rests.dropFirst($0).prefix(miniblock) }
    let widths = parts.map { part in 64 - (part.max() ?? 0).leadingZeroBitCount }
    bytes += widths.map { UInt8($0) }
    for (part, width) in zip(parts, widths) where !part.isEmpty { appendPacked(part, width, &bytes) }
  }

  /// 32 values, those that are missing 0, the lowest bits first.
  private static func appendPacked(_ values: ArraySlice<UInt64>, _ width: Int, _ bytes: inout [UInt8]) {
    var packed = [UInt8](repeating: 0, count: miniblock * width / 8)
    for (index, value) in values.enumerated() {
      for bit in 0..<width where value >> bit & 1 == 1 {
        let place = index * width + bit
        packed[place / 8] |= 1 << (place % 8)
      }
    }
    bytes += packed
  }
}
