/// A mask as COCO stores it: lengths of alternating runs of zeros and ones, column by column, beginning with zeros.
public struct RunLengthMask: Sendable, Hashable {
  /// Pixels in a row.
  public let width: Int
  /// The number of rows.
  public let height: Int
  /// Lengths of the runs; they add up to width × height.
  public let counts: [UInt32]

  /// A larger mask is refused.
  public static let maximumPixels = 1 << 28

  /// A mask of given runs; nil where the size is not one or the runs do not add up to it.
  public init?(width: Int, height: Int, counts: [UInt32]) {
    guard RunLengthMask.isSize(width, height) else { return nil }
    var total = 0
    for count in counts {
      total += Int(count)
      guard total <= width * height else { return nil }
    }
    guard total == width * height else { return nil }
    self.width = width
    self.height = height
    self.counts = counts
  }

  /// A mask of an image's labels, row by row; every value but 0 is inside. nil where the size does not fit the pixels.
  public init?(width: Int, height: Int, pixels: [UInt8]) {
    guard RunLengthMask.isSize(width, height), pixels.count == width * height else { return nil }
    var counts: [UInt32] = []
    var isInside = false
    var run: UInt32 = 0
    for x in 0..<width {
      for y in 0..<height {
        if (pixels[y * width + x] != 0) != isInside {
          counts.append(run)
          run = 0
          isInside.toggle()
        }
        run += 1
      }
    }
    counts.append(run)
    self.init(width: width, height: height, counts: counts)
  }

  /// A mask of pixels within some columns and rows, each of which is asked once. nil where the size is not one, or the ranges leave it.
  public init?(
    width: Int, height: Int, columns: Range<Int>, rows: Range<Int>, isInside: (_ x: Int, _ y: Int) -> Bool
  ) {
    self.init(width: width, height: height, columns: columns, rows: rows) { x, mark in
      for y in rows { mark(isInside(x, y), y) }
    }
  }

  /// A mask of pixels within some columns and rows, told in runs. nil where the size is not one, or the ranges leave it.
  ///
  /// - Parameter runs: Called once a column; says by its second argument, in the order of the rows and beginning with the first of them, whether
  ///   the pixels from a row on are inside. Saying the same again changes nothing.
  public init?(
    width: Int, height: Int, columns: Range<Int>, rows: Range<Int>,
    runs ofColumn: (_ x: Int, _ mark: (_ isInside: Bool, _ y: Int) -> Void) -> Void
  ) {
    guard RunLengthMask.isSize(width, height) else { return nil }
    guard columns.lowerBound >= 0, columns.upperBound <= width, rows.lowerBound >= 0, rows.upperBound <= height else { return nil }
    var runs = Runs()
    for x in columns {
      ofColumn(x) { isInside, y in runs.go(on: isInside, at: x * height + y) }
      // Whole columns go on in the next one.
      if rows != 0..<height { runs.go(on: false, at: x * height + rows.upperBound) }
    }
    runs.go(on: false, at: columns.upperBound * height)
    self.init(width: width, height: height, counts: runs.counts(total: width * height))
  }

  /// Runs while they are made.
  private struct Runs {
    private var counts: [UInt32] = []
    private var isInside = false
    /// Where the present run began.
    private var start = 0

    /// Begins another run where the place is not on the side of the present one.
    mutating func go(on isInside: Bool, at place: Int) {
      guard isInside != self.isInside else { return }
      counts.append(UInt32(place - start))
      start = place
      self.isInside = isInside
    }

    func counts(total: Int) -> [UInt32] { start < total || counts.isEmpty ? counts + [UInt32(total - start)] : counts }
  }

  /// A mask in COCO's compressed text: each count in groups of five bits, low ones first, as characters from "0" on; bit 5 says that
  /// more follow; from the third on a count is stored as the difference to the one before the last. nil where the text is none.
  public init?(width: Int, height: Int, compressed text: some Sequence<UInt8>) {
    var counts: [UInt32] = []
    var value: Int64 = 0
    var shift: Int64 = 0
    for byte in text {
      guard byte >= 48, byte < 112, shift < 35 else { return nil }
      let group = Int64(byte) - 48
      value |= (group & 0x1F) << shift
      shift += 5
      if group & 0x20 != 0 { continue }
      // Bit 4 of the last group is the sign.
      if group & 0x10 != 0 { value |= -1 << shift }
      if counts.count > 2 { value += Int64(counts[counts.count - 2]) }
      guard let count = UInt32(exactly: value) else { return nil }
      counts.append(count)
      (value, shift) = (0, 0)
    }
    guard shift == 0 else { return nil }
    self.init(width: width, height: height, counts: counts)
  }

  private static func isSize(_ width: Int, _ height: Int) -> Bool {
    width > 0 && height > 0 && width <= maximumPixels && height <= maximumPixels / width
  }

  /// The number of pixels inside.
  public var area: Int {
    stride(from: 1, to: counts.count, by: 2).reduce(0) { $0 + Int(counts[$1]) }
  }

  /// 1 inside and 0 outside, row by row.
  public var pixels: [UInt8] {
    var pixels = [UInt8](repeating: 0, count: width * height)
    var position = 0
    for (index, count) in counts.enumerated() {
      if index % 2 == 1 {
        for place in position..<position + Int(count) { pixels[place % height * width + place / height] = 1 }
      }
      position += Int(count)
    }
    return pixels
  }

  /// COCO's compressed text.
  public var compressed: String {
    var text: [UInt8] = []
    for (index, count) in counts.enumerated() {
      var value = Int64(count)
      if index > 2 { value -= Int64(counts[index - 2]) }
      var hasMore = true
      while hasMore {
        var group = value & 0x1F
        value >>= 5
        hasMore = group & 0x10 != 0 ? value != -1 : value != 0
        if hasMore { group |= 0x20 }
        text.append(UInt8(group + 48))
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
