/// Grey of 16 bits, of which the few values that a picture uses (thermal cameras) are stretched to 8 bits, as `Video` does with films.
struct DeepGrey {
  /// Row by row.
  let values: [UInt16]
  /// Values in a row, at least 1.
  let width: Int

  /// - Parameter width: A divisor of the number of values.
  init(_ values: [UInt16], width: Int) {
    (self.values, self.width) = (values, width)
  }

  /// The least and the greatest median of three neighbours in a row, so that single dead or hot pixels do not count; beyond a row's ends its
  /// last value is repeated. Nil without values.
  func range() -> ClosedRange<UInt16>? {
    var range: ClosedRange<UInt16>?
    for start in stride(from: 0, to: values.count, by: width) {
      for x in 0..<width {
        let before = values[start + max(0, x - 1)], here = values[start + x], after = values[start + min(width - 1, x + 1)]
        let median = max(min(before, here), min(max(before, here), after))
        range = range.map { min($0.lowerBound, median)...max($0.upperBound, median) } ?? median...median
      }
    }
    return range
  }

  /// 0 at the range's beginning and 255 at its end; all 0 where the picture is of one value.
  func stretched() -> [UInt8] {
    guard let range = range(), range.lowerBound < range.upperBound else { return [UInt8](repeating: 0, count: values.count) }
    let low = Double(range.lowerBound)
    let scale = 255 / (Double(range.upperBound) - low)
    // Bounded: by the limits of a byte.
    return values.map { UInt8(min(255, max(0, (Double($0) - low) * scale)).rounded()) }
  }
}
