/// A mask's boundary and what lies near it (`docs/evaluation.md`, Masks).
struct MaskBoundary {
  let width: Int
  let height: Int
  /// Row-major, 1 on the boundary.
  private let isBoundary: [UInt8]
  /// Row-major, true within the radius of a boundary pixel.
  private let isNear: [Bool]
  let count: Int

  /// The tolerance of an image: 0.8 % of its diagonal, rounded up, pixels.
  static func radius(width: Int, height: Int) -> Int {
    // Bounded: by the size of pictures.
    Int((0.008 * Double(width * width + height * height).squareRoot()).rounded(.up))
  }

  /// The boundary of the pixels that carry a label.
  init(of label: UInt8, in labels: [UInt8], width: Int, height: Int) {
    precondition(labels.count == width * height, "one label a pixel")
    self.width = width
    self.height = height
    var boundary = [UInt8](repeating: 0, count: labels.count)
    var count = 0
    for y in 0..<height {
      let isLastRow = y + 1 == height
      for x in 0..<width {
        let isLastColumn = x + 1 == width
        let pixel = y * width + x
        let inside = labels[pixel] == label
        // The last row looks only to the right, the last column only down, the corner nowhere.
        var differs = !isLastColumn && inside != (labels[pixel + 1] == label)
        if !isLastRow {
          differs = differs || inside != (labels[pixel + width] == label)
          if !isLastColumn { differs = differs || inside != (labels[pixel + width + 1] == label) }
        }
        if differs {
          boundary[pixel] = 1
          count += 1
        }
      }
    }
    isBoundary = boundary
    self.count = count
    isNear = Self.dilated(
      boundary, width: width, height: height, radius: Self.radius(width: width, height: height))
  }

  /// The number of boundary pixels that lie near the other boundary.
  func pixels(near other: MaskBoundary) -> Int {
    var sum = 0
    for pixel in isBoundary.indices where isBoundary[pixel] != 0 && other.isNear[pixel] { sum += 1 }
    return sum
  }

  /// F, the harmonic mean of the boundaries' precision and recall.
  static func fMeasure(truth: MaskBoundary, result: MaskBoundary) -> Double {
    switch (truth.count, result.count) {
    case (0, 0): return 1
    case (0, _), (_, 0): return 0
    default:
      let precision = Double(result.pixels(near: truth)) / Double(result.count)
      let recall = Double(truth.pixels(near: result)) / Double(truth.count)
      return precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0
    }
  }

  /// Dilation by a disc. Each boundary pixel adds one run to every row that the disc reaches; runs are summed up row by row.
  private static func dilated(_ boundary: [UInt8], width: Int, height: Int, radius: Int) -> [Bool] {
    // Bounded: no more than the radius.
    let reach = (-radius...radius).map { dy in Int(Double(radius * radius - dy * dy).squareRoot()) }
    let rowLength = width + 1
    var starts = [Int32](repeating: 0, count: rowLength * height)
    for y in 0..<height {
      for x in 0..<width where boundary[y * width + x] != 0 {
        for dy in max(-radius, -y)...min(radius, height - 1 - y) {
          let half = reach[dy + radius]
          let row = (y + dy) * rowLength
          starts[row + max(0, x - half)] += 1
          starts[row + min(width, x + half + 1)] -= 1
        }
      }
    }
    var near = [Bool](repeating: false, count: width * height)
    for y in 0..<height {
      var depth: Int32 = 0
      for x in 0..<width {
        depth += starts[y * rowLength + x]
        near[y * width + x] = depth > 0
      }
    }
    return near
  }
}
