import Geometry
import Imaging

/// Brings the brightness of one picture to that of another, place by place: each pixel's neighbourhood gets the other's mean and contrast.
///
/// A change of gain, of gamma or of the light across the picture is to first order a gain and an offset in each neighbourhood, so that what
/// is compared after it is the zero-mean normalised brightness.
struct LocalLight {
  private let width: Int
  private let height: Int
  private let moments: LocalMoments

  /// A neighbourhood reaches so far to each side, as a part of the picture's longer side: as fine as lights that fall off across a picture
  /// need, and so large that a blurred picture of the same light keeps most of its contrast in it.
  private static let part = 8
  /// Neighbourhoods that deviate by less, in grey levels, have no contrast to bring to another.
  private static let leastDeviation = 1.0
  /// The range of changes of contrast that are brought back; noise would be enlarged by more.
  private static let gains = 0.25...4.0

  /// - Parameter picture: The one whose light the others get, grey.
  init(of picture: Image) {
    (width, height) = (picture.width, picture.height)
    moments = LocalMoments(picture, reach: LocalLight.reach(in: picture)) { _, _ in true }
  }

  private static func reach(in picture: Image) -> Int { max(1, max(picture.width, picture.height) / part) }

  /// A picture of the same size in the light of the first one.
  ///
  /// - Parameter isSeen: Whether the pixel in a column and row shows anything.
  func applied(to picture: Image, where isSeen: (Int, Int) -> Bool) -> Image {
    let own = LocalMoments(picture, reach: LocalLight.reach(in: picture), where: isSeen)
    var result = picture
    for y in 0..<height {
      for x in 0..<width {
        let (target, present) = (moments.at(x, y), own.at(x, y))
        let ratio = present.deviation < LocalLight.leastDeviation ? 1 : target.deviation / present.deviation
        let gain = min(LocalLight.gains.upperBound, max(LocalLight.gains.lowerBound, ratio))
        let value = target.mean + gain * (Double(picture[x, y]) - present.mean)
        // Bounded: by the range of a pixel.
        result[x, y] = UInt8(min(255, max(0, value.rounded())))
      }
    }
    return result
  }
}

/// Means and standard deviations of a picture's square neighbourhoods, by sums over all pixels above and to the left (Crow, "Summed-area
/// tables for texture mapping", 1984).
private struct LocalMoments {
  private let width: Int
  private let height: Int
  private let reach: Int
  private var counts: [Int]
  private var sums: [Int]
  private var squares: [Int]

  init(_ picture: Image, reach: Int, where isSeen: (Int, Int) -> Bool) {
    (width, height, self.reach) = (picture.width, picture.height, reach)
    let stride = width + 1
    counts = [Int](repeating: 0, count: stride * (height + 1))
    (sums, squares) = (counts, counts)
    for y in 0..<height {
      var (count, sum, square) = (0, 0, 0)
      for x in 0..<width {
        if isSeen(x, y) {
          let value = Int(picture[x, y])
          count += 1
          sum += value
          square += value * value
        }
        let (here, above) = ((y + 1) * stride + x + 1, y * stride + x + 1)
        counts[here] = counts[above] + count
        sums[here] = sums[above] + sum
        squares[here] = squares[above] + square
      }
    }
  }

  /// Of the neighbourhood around a pixel, as much of it as the picture shows; zeros where it shows nothing.
  func at(_ x: Int, _ y: Int) -> (mean: Double, deviation: Double) {
    let (left, right) = (max(0, x - reach), min(width, x + reach + 1))
    let (top, bottom) = (max(0, y - reach), min(height, y + reach + 1))
    let stride = width + 1
    func total(_ table: [Int]) -> Double {
      Double(
        table[bottom * stride + right] - table[top * stride + right] - table[bottom * stride + left] + table[top * stride + left])
    }
    let count = total(counts)
    guard count > 0 else { return (0, 0) }
    let mean = total(sums) / count
    return (mean, max(0, total(squares) / count - mean * mean).squareRoot())
  }
}
