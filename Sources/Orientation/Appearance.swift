import Geometry
import Imaging

/// Which of two maps lays one frame onto another better, by the brightness at a grid of points.
///
/// Features speak for whatever has most corners, which can be a large object that moves. Here each cell of the picture has one vote, so
/// the background, which is everywhere, outvotes an object, which is in one place, however rich in contrast. A common change of light (gain
/// and offset) is taken out first.
struct Appearance {
  private let first: Image
  private let second: Image
  private let samples: [Point]
  private let gain: Double
  private let offset: Double

  // Round numbers, chosen by hand with the clips of Benchmarks/README.md, "Camera motion", in sight.

  /// The distance of the samples in pixels.
  private static let spacing = 8
  /// Differences count up to this many grey levels: what moves by itself must not decide.
  private static let greatestDifference = 20.0
  /// Cells a side.
  private static let cells = 8
  /// A cell votes where the difference of the maps is so many times its standard error.
  private static let significance = 2.5
  /// And by more than this many grey levels: less is rounding.
  private static let leastDifference = 0.1
  /// And from so many samples on.
  private static let fewestSamples = 8.0
  /// Pictures whose samples deviate by less than this many grey levels have no contrast to compare.
  private static let leastDeviation = 1.0
  /// The range of a change of contrast that is taken out; more is another scene.
  private static let gains = 0.5...2
  /// How far beside a map others lie that must fit worse, in pixels: the least motion that a scene of soft blobs tells from none.
  private static let displacement = 3.0
  /// A clear majority: so many times the other side, and so many cells more, as chance gives.
  private static let clearMajority = (factor: 1.2, margin: 3.0)
  /// An overwhelming one.
  private static let overwhelmingMajority = (factor: 5, margin: 8)

  /// - Parameter masks: Objects of the first frame that are left out.
  init(_ first: Image, _ second: Image, masks: [ObjectMask]) {
    self.first = first
    self.second = second
    let half = Appearance.spacing / 2
    samples = stride(from: half, to: first.height, by: Appearance.spacing).flatMap { y in
      stride(from: half, to: first.width, by: Appearance.spacing).map { x in Point(Double(x) + 0.5, Double(y) + 0.5) }
    }.filter { point in !masks.contains { $0.covers(point) } }
    let (a, b) = (Appearance.moments(first, samples), Appearance.moments(second, samples))
    gain =
      a.deviation > Appearance.leastDeviation
      ? min(Appearance.gains.upperBound, max(Appearance.gains.lowerBound, b.deviation / a.deviation)) : 1
    offset = b.mean - gain * a.mean
  }

  /// How many cells speak for the first map and how many for the second; the others cannot tell.
  func votes(for a: Homography, against b: Homography) -> (for: Int, against: Int) {
    let signs = signs(for: a, against: b)
    return (signs.count { $0 > 0 }, signs.count { $0 < 0 })
  }

  /// The middles of the cells whose brightness a map explains better than no motion does, and better than maps that lie beside it on either
  /// side: in the first picture's pixels. A smooth ground, which fits any small motion, is none of them.
  func support(of map: Homography) -> [Point] {
    let far = Appearance.displacement
    let beside = [Point(far, 0), Point(-far, 0), Point(0, far), Point(0, -far)].map { Homography.translation($0) * map }
    let middle = Point(Double(first.width), Double(first.height)) * 0.5
    let rivals = (map.apply(middle) - middle).length > far ? beside + [.identity] : beside
    let all = rivals.map { signs(for: map, against: $0) }
    return (0..<Appearance.cells * Appearance.cells).filter { cell in all.allSatisfy { $0[cell] > 0 } }.map { cell in
      let (column, row) = (Double(cell % Appearance.cells) + 0.5, Double(cell / Appearance.cells) + 0.5)
      return Point(column * Double(first.width), row * Double(first.height)) * (1 / Double(Appearance.cells))
    }
  }

  /// For each cell, row by row: 1 where it speaks for the first map, −1 for the second, 0 where it cannot tell.
  private func signs(for a: Homography, against b: Homography) -> [Int] {
    var tallies = [Tally](repeating: Tally(), count: Appearance.cells * Appearance.cells)
    for point in samples {
      // Bounded: samples are pixels of the first picture.
      let expected = gain * Double(first[Int(point.x), Int(point.y)]) + offset
      guard let one = difference(a.apply(point), expected), let other = difference(b.apply(point), expected) else { continue }
      // Bounded: as above.
      let (column, row) = (Int(point.x) * Appearance.cells / first.width, Int(point.y) * Appearance.cells / first.height)
      tallies[row * Appearance.cells + column].add(other - one)
    }
    return tallies.map { $0.sign(significance: Appearance.significance) }
  }

  /// How large a majority must be.
  enum Majority {
    /// More than chance: enough where the other map is doubtful by itself.
    case clear
    /// Nearly everything that can tell: enough against any map. Plain cells alone, misled by a sensor's fixed pattern, do not reach it.
    case overwhelming
  }

  /// Whether so many more of the cells speak for the first map than for the second.
  func prefers(_ a: Homography, to b: Homography, by majority: Majority = .clear) -> Bool {
    let votes = votes(for: a, against: b)
    return switch majority {
    case .clear: Double(votes.for) >= Appearance.clearMajority.factor * Double(votes.against) + Appearance.clearMajority.margin
    case .overwhelming: votes.for >= Appearance.overwhelmingMajority.factor * votes.against + Appearance.overwhelmingMajority.margin
    }
  }

  /// One cell's paired differences.
  private struct Tally {
    private var count = 0.0
    private var sum = 0.0
    private var squares = 0.0

    mutating func add(_ value: Double) {
      count += 1
      sum += value
      squares += value * value
    }

    /// The sign of the mean where it is significant, else 0.
    func sign(significance: Double) -> Int {
      guard count >= Appearance.fewestSamples else { return 0 }
      let mean = sum / count
      let error = (max(0, squares / count - mean * mean) / count).squareRoot()
      return abs(mean) > significance * error && abs(mean) > Appearance.leastDifference ? (mean > 0 ? 1 : -1) : 0
    }
  }

  private func difference(_ place: Point, _ expected: Double) -> Double? {
    Appearance.sample(second, place).map { min(Appearance.greatestDifference, abs($0 - expected)) }
  }

  /// The bilinear value at a point; nil outside of the outermost pixels' centres.
  private static func sample(_ image: Image, _ point: Point) -> Double? {
    let (x, y) = (point.x - 0.5, point.y - 0.5)
    guard x >= 0, y >= 0, x < Double(image.width - 1), y < Double(image.height - 1) else { return nil }
    // Bounded: by the guard.
    let (column, row) = (Int(x), Int(y))
    let (fx, fy) = (x - Double(column), y - Double(row))
    let top = Double(image[column, row]) * (1 - fx) + Double(image[column + 1, row]) * fx
    let bottom = Double(image[column, row + 1]) * (1 - fx) + Double(image[column + 1, row + 1]) * fx
    return top * (1 - fy) + bottom * fy
  }

  private static func moments(_ image: Image, _ samples: [Point]) -> (mean: Double, deviation: Double) {
    guard !samples.isEmpty else { return (0, 0) }
    var (sum, squares) = (0.0, 0.0)
    for point in samples {
      // Bounded: samples are pixels of the picture.
      let value = Double(image[Int(point.x), Int(point.y)])
      sum += value
      squares += value * value
    }
    let mean = sum / Double(samples.count)
    return (mean, max(0, squares / Double(samples.count) - mean * mean).squareRoot())
  }
}
