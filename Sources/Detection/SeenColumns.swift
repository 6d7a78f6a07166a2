import Geometry
import Imaging

/// Which columns of each row of a picture lie within another picture, by the map between them.
struct SeenColumns {
  /// A value that is linear along a row: `slope` x + `slopeDown` y + `offset`.
  private struct Line {
    var slope: Double
    var slopeDown: Double
    var offset: Double

    /// Keeps of a range of x what gives values of at least 0 in a row.
    func clip(_ range: inout (low: Double, high: Double), y: Double) {
      let value = slopeDown * y + offset
      if slope > 0 {
        range.low = max(range.low, -value / slope)
      } else if slope < 0 {
        range.high = min(range.high, -value / slope)
      } else if !(value >= 0) {
        range.high = -.infinity
      }
    }
  }

  private let isIdentity: Bool
  private let borders: [Line]

  /// Points nearer to the map's horizon than this, in its own scale, are not seen.
  private static let leastDepth = 1e-6
  /// Pixels are seen whose centres fall so far within the other picture: nearer to its border they would be mixed with what lies beyond.
  private static let margin = 0.5

  /// - Parameters:
  ///   - map: From the picture's points to the other one's.
  ///   - other: The other picture.
  init(_ map: Homography, of other: Image) {
    isIdentity = map == .identity
    // Along a row the map is (a + b x) / (c + d x), so each border is a linear inequality in x wherever c + d x > 0.
    let m = map.rowMajor
    func line(_ numerator: Int, times factor: Double, depth: Double) -> Line {
      Line(
        slope: factor * m[3 * numerator] + depth * m[6], slopeDown: factor * m[3 * numerator + 1] + depth * m[7],
        offset: factor * m[3 * numerator + 2] + depth * m[8])
    }
    var depth = line(2, times: 1, depth: 0)
    depth.offset -= Self.leastDepth
    borders =
      [depth]
      + [(0, Double(other.width)), (1, Double(other.height))].flatMap { axis, size in
        [line(axis, times: 1, depth: -Self.margin), line(axis, times: -1, depth: size - Self.margin)]
      }
  }

  /// The columns of a row whose pixel centres the other picture shows; none for a map that is not finite.
  func inRow(_ y: Int, width: Int) -> Range<Int> {
    guard !isIdentity else { return 0..<width }
    var range = (low: 0.5, high: Double(width) - 0.5)
    for border in borders { border.clip(&range, y: Double(y) + 0.5) }
    // Bounded: both lie within the row here, and a comparison with NaN gives no columns.
    guard range.low >= 0.5, range.high <= Double(width), range.low <= range.high else { return 0..<0 }
    let (first, last) = (Int((range.low - 0.5).rounded(.up)), Int((range.high - 0.5).rounded(.down)))
    return first <= last ? first..<last + 1 : 0..<0
  }
}
