public import Geometry
public import Imaging

/// A picture in which a board was found.
public struct BoardView: Sendable, Equatable {
  /// The picture's name for people.
  public var name: String
  /// Its place among the pictures looked at, from 0.
  public var index: Int
  /// The points that were found.
  public var sighting: BoardSighting
  /// How many pixels the board's edges take from dark to bright.
  public var edgeWidth: Double

  /// - Parameters: As the properties of their names.
  public init(name: String, index: Int, sighting: BoardSighting, edgeWidth: Double) {
    self.name = name
    self.index = index
    self.sighting = sighting
    self.edgeWidth = edgeWidth
  }

  /// The points as a solver takes them.
  func correspondences(_ board: [Point]) -> CameraSolver.View {
    CameraSolver.View(board: sighting.numbers.map { board[$0] }, image: sighting.points)
  }
}

/// How sharp a board is seen.
public enum EdgeWidth {
  /// Below this contrast in grey levels there are no edges to measure.
  private static let leastContrast = 10.0

  /// The pixels from dark to bright of a board's edges: its contrast over the steepness of its steepest places.
  ///
  /// The contrast lies between the 5th and the 95th part in a hundred of the grey levels within the rectangle around the points, the
  /// steepness at the 98th of the central differences there. A step that only the pixels' area has blurred takes 1 to 2 pixels.
  ///
  /// - Returns: nil where there is no contrast.
  public static func measure(_ image: Image, around points: [Point]) -> Double? {
    guard let columns = range(points.map(\.x), image.width), let rows = range(points.map(\.y), image.height) else { return nil }
    var levels = [Int](repeating: 0, count: 256)
    var slopes = [Int](repeating: 0, count: 256)
    image.grid.forEachPixel(columns: columns, rows: rows) { _, _, index in
      levels[Int(image.pixels[index])] += 1
      // Within the picture: the ranges leave a pixel out at each border.
      let across = abs(Int(image.pixels[index + 1]) - Int(image.pixels[index - 1]))
      let down = abs(Int(image.pixels[index + image.width]) - Int(image.pixels[index - image.width]))
      slopes[max(across, down)] += 1
    }
    let contrast = Double(quantile(levels, 0.95) - quantile(levels, 0.05))
    // Differences are taken over two pixels.
    let slope = Double(quantile(slopes, 0.98)) / 2
    return contrast >= leastContrast && slope > 0 ? contrast / slope : nil
  }

  private static func range(_ values: [Double], _ side: Int) -> Range<Int>? {
    guard let low = values.min(), let high = values.max(), side > 2 else { return nil }
    let range = Int(bounded: low, in: 1...side - 1)..<Int(bounded: high, in: 1...side - 1)
    return range.isEmpty ? nil : range
  }

  private static func quantile(_ counts: [Int], _ share: Double) -> Int {
    let wanted = Double(counts.reduce(0, +)) * share
    var seen = 0
    for (value, count) in counts.enumerated() {
      seen += count
      if Double(seen) >= wanted { return value }
    }
    return counts.count - 1
  }
}
