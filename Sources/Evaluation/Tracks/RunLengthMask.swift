/// A mask as the lengths of its runs, column by column from the top left, beginning with a run of background (COCO's order).
public struct RunLengthMask: Sendable, Equatable {
  public let width: Int
  public let height: Int
  /// Where each run of foreground begins and ends, in pixels counted column by column; ascending and apart.
  public let runs: [Range<Int32>]
  /// The number of pixels.
  public let area: Int

  /// - Parameter counts: Lengths of alternating runs, background first. Nil where they are negative or do not add up to the picture.
  public init?(width: Int, height: Int, counts: [Int]) {
    guard width >= 0, height >= 0, width <= 65_536, height <= 65_536, width * height <= Int(Int32.max) else { return nil }
    var runs: [Range<Int32>] = []
    var position = 0
    var area = 0
    for (index, count) in counts.enumerated() {
      guard count >= 0, count <= width * height - position else { return nil }
      if index % 2 == 1, count > 0 {
        runs.append(Int32(position)..<Int32(position + count))
        area += count
      }
      position += count
    }
    guard position == width * height else { return nil }
    self.width = width
    self.height = height
    self.runs = runs
    self.area = area
  }

  /// Decodes COCO's compressed text: numbers of 5 bits a character, from the third run on as differences to the run before the last.
  ///
  /// Nil for text that is not of this form or does not fill the picture.
  public init?(width: Int, height: Int, compressed text: some Sequence<UInt8>) {
    var counts: [Int] = []
    var value = 0
    var shift = 0
    for byte in text {
      guard byte >= 48, byte < 112, shift <= 35 else { return nil }
      let digit = Int(byte) - 48
      value |= (digit & 0x1F) << shift
      shift += 5
      if digit & 0x20 != 0 { continue }
      if digit & 0x10 != 0 { value |= -1 << shift }
      if counts.count > 2 { value += counts[counts.count - 2] }
      counts.append(value)
      value = 0
      shift = 0
    }
    guard shift == 0 else { return nil }
    self.init(width: width, height: height, counts: counts)
  }

  /// The number of pixels that two masks share.
  public func intersectionArea(with other: RunLengthMask) -> Int {
    var shared = 0
    var i = 0
    var j = 0
    while i < runs.count, j < other.runs.count {
      let low = max(runs[i].lowerBound, other.runs[j].lowerBound)
      let high = min(runs[i].upperBound, other.runs[j].upperBound)
      if high > low { shared += Int(high - low) }
      if runs[i].upperBound < other.runs[j].upperBound { i += 1 } else { j += 1 }
    }
    return shared
  }

  /// Intersection over union; 0 for masks that share nothing or belong to pictures of different heights.
  public func iou(with other: RunLengthMask) -> Double {
    guard height == other.height, width == other.width else { return 0 }
    let shared = intersectionArea(with: other)
    return shared > 0 ? Double(shared) / Double(area + other.area - shared) : 0
  }
}
