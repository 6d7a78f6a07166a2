import Geometry
import Imaging

/// Finds the epipole that most of what moves against the ground agrees on (`SceneryMotion`), by random pairs of places.
///
/// An object moves alone, scenery all around: so the picture's rim has to agree, in cells, and objects that are known are left out.
struct SceneryFit {
  /// A place with texture that moves.
  private struct Sample {
    var place: SIMD2<Float>
    /// In working pixels a frame.
    var velocity: SIMD2<Float>
    var square: Float
    var cell: Int
  }

  /// What there is in a cell of the picture, in samples.
  private struct Cell {
    var textured = 0
    var moving = 0
    var agreeing = 0

    /// Most of it moves.
    var moves: Bool { moving > 0 && 2 * moving >= textured }
    /// Most of what moves agrees.
    var agrees: Bool { moves && 3 * agreeing >= 2 * moving }
  }

  // The numbers here were chosen on the training part of davis and tld (Benchmarks/README.md, "Motion detector").

  /// What is slower does not move, in working pixels a frame: the flow's error.
  static let leastSpeed: Float = 0.15
  /// Steeper places have texture enough for the flow, in grey levels a pixel: as for the flow's noise.
  private static let leastSlope: Float = 4
  /// Every so many points of the field are asked, along each side.
  private static let step = 3
  private static let columns = 12
  private static let rows = 8
  /// The rim is so many cells deep at the left and the right; one above and below.
  private static let rimColumns = 2
  /// A cell with fewer places tells nothing.
  private static let fewestTextured = 3
  /// So many cells of the rim have to agree,
  private static let fewestAgreeing = 4
  /// and this share of those with texture,
  private static let agreeingShare = 0.25
  /// and this share of those that move.
  private static let majority = 0.6
  /// Random pairs. Of scenery of which half agrees a pair of it comes by chance every fourth time; more makes e more exact.
  private static let trials = 150
  /// A velocity agrees that is off its line by no more than this share of it, or by this many pixels a frame.
  private static let tolerance: (share: Float, pixels: Float) = (0.2, 0.1)
  /// γ has the range of the rim's without this share at either end: objects that the camera follows reach there.
  private static let tail = 0.2

  private let grid: PixelGrid
  private var samples: [Sample] = []
  private var cells = [Cell](repeating: Cell(), count: columns * rows)

  /// - Parameters:
  ///   - field: How the working picture's content moves against the ground.
  ///   - slopes: The steepness of that picture, as `GradientPicture` gives it.
  ///   - objects: What is left out, in working pixels.
  init(_ field: MotionField, slopes: Image, leavingOut objects: [AxisBox]) {
    grid = slopes.grid
    let least = UInt8(Self.leastSlope * GradientPicture.scale)
    let step = Self.step * MotionField.reduction
    for y in stride(from: step, to: grid.height - step, by: step) {
      for x in stride(from: step, to: grid.width - step, by: step) where slopes[x, y] >= least {
        guard !objects.contains(where: { $0.contains(x, y) }) else { continue }
        let cell = y * Self.rows / grid.height * Self.columns + x * Self.columns / grid.width
        cells[cell].textured += 1
        let velocity = field.velocity(x: x, y: y)
        let square = (velocity * velocity).sum()
        guard square > Self.leastSpeed * Self.leastSpeed else { continue }
        cells[cell].moving += 1
        samples.append(
          Sample(place: SceneryMotion.place(x: x, y: y, on: grid), velocity: velocity, square: square, cell: cell))
      }
    }
  }

  /// The scenery's motion; nil where the picture's rim does not agree on one.
  mutating func motion() -> SceneryMotion? {
    let rim = rimCells
    // Most pictures show that there is none before anything is tried.
    guard rim.filter({ cells[$0].moves }).count >= leastAgreeing(of: rim) else { return nil }
    var best: (support: Int, epipole: SIMD3<Float>)?
    var random = SplitMix64(seed: 1)
    for _ in 0..<Self.trials {
      guard let (a, b) = pair(&random), let epipole = Self.epipole(a, b) else { continue }
      count(epipole)
      let support = cells.reduce(0) { $0 + ($1.agrees ? 1 : 0) }
      if support > best?.support ?? 0 { best = (support, epipole) }
    }
    guard let epipole = best?.epipole else { return nil }
    count(epipole)
    let agreeing = rim.filter { cells[$0].agrees }
    let moving = rim.filter { cells[$0].moves }
    guard agreeing.count >= leastAgreeing(of: rim), Double(agreeing.count) >= Self.majority * Double(moving.count) else {
      return nil
    }
    return amounts(epipole, in: Set(agreeing)).map { SceneryMotion(grid: grid, epipole: epipole, amounts: $0) }
  }

  /// The cells of the rim that have texture.
  private var rimCells: [Int] {
    cells.indices.filter {
      let (row, column) = ($0 / Self.columns, $0 % Self.columns)
      let isRim =
        row == 0 || row == Self.rows - 1 || column < Self.rimColumns || column >= Self.columns - Self.rimColumns
      return isRim && cells[$0].textured >= Self.fewestTextured
    }
  }

  private func leastAgreeing(of rim: [Int]) -> Int {
    // Bounded: by the number of cells.
    max(Self.fewestAgreeing, Int((Self.agreeingShare * Double(rim.count)).rounded(.up)))
  }

  private func pair(_ random: inout SplitMix64) -> (Sample, Sample)? {
    guard let a = samples.randomElement(using: &random), let b = samples.randomElement(using: &random), a.cell != b.cell else {
      return nil
    }
    return (a, b)
  }

  /// Where two lines of motion meet.
  private static func epipole(_ a: Sample, _ b: Sample) -> SIMD3<Float>? {
    func line(_ s: Sample) -> SIMD3<Float> {
      SIMD3(s.velocity.y, -s.velocity.x, s.velocity.x * s.place.y - s.velocity.y * s.place.x)
    }
    let (p, q) = (line(a), line(b))
    let meeting = SIMD3(p.y * q.z - p.z * q.y, p.z * q.x - p.x * q.z, p.x * q.y - p.y * q.x)
    let length = (meeting * meeting).sum().squareRoot()
    return length > 0 ? meeting / length : nil
  }

  private static func agrees(_ sample: Sample, _ direction: SIMD2<Float>, square: Float) -> Bool {
    let across = sample.velocity.x * direction.y - sample.velocity.y * direction.x
    let limit = max(tolerance.pixels * tolerance.pixels, tolerance.share * tolerance.share * sample.square)
    return across * across < limit * square
  }

  /// Counts what agrees with an epipole.
  private mutating func count(_ epipole: SIMD3<Float>) {
    for k in cells.indices { cells[k].agreeing = 0 }
    for sample in samples {
      let direction = SceneryMotion.direction(from: sample.place, to: epipole)
      if Self.agrees(sample, direction, square: (direction * direction).sum()) { cells[sample.cell].agreeing += 1 }
    }
  }

  /// The range of γ of what agrees in some cells, with that of the ground, 0.
  private func amounts(_ epipole: SIMD3<Float>, in chosen: Set<Int>) -> ClosedRange<Float>? {
    var amounts: [Float] = []
    for sample in samples where chosen.contains(sample.cell) {
      let direction = SceneryMotion.direction(from: sample.place, to: epipole)
      let square = (direction * direction).sum()
      if Self.agrees(sample, direction, square: square) { amounts.append((sample.velocity * direction).sum() / square) }
    }
    guard !amounts.isEmpty else { return nil }
    amounts.sort()
    // Bounded: below half of the count.
    let left = Int(Double(amounts.count) * Self.tail)
    return min(0, amounts[left])...max(0, amounts[amounts.count - 1 - left])
  }
}

extension AxisBox {
  /// Whether a pixel's corner lies in the box.
  fileprivate func contains(_ x: Int, _ y: Int) -> Bool {
    left <= Double(x) && Double(x) < right && top <= Double(y) && Double(y) < bottom
  }
}
