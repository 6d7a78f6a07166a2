import Foundation

/// A filter whose response peaks where the target is, trained on the target's own surroundings as what it is not.
///
/// Background-aware correlation filters (Kiani Galoogahi, Fagg and Lucey, ICCV 2017): ridge regression on all shifts of the patch, the
/// filter being no larger than the target; solved by alternating directions in the Fourier domain, where each frequency is a system of
/// rank one.
struct CorrelationFilter {
  private let transform = ChannelTransform(side: PatchFeatures.cells)
  /// The running mean of the patches, transformed.
  private var model: ChannelGrid?
  private var filter: ChannelGrid?
  /// The response to the last patch that was learned, in its middle: what a full likeness is.
  private(set) var own: Double = 1
  /// The wanted response, transformed; real and symmetric.
  private var wanted: [(real: Float, imaginary: Float)] = []
  /// Whether a cell of the patch belongs to the target in its middle.
  private var isTarget: [Bool] = []

  private static let iterations = 2
  private static let regularization: Float = 0.01
  /// How strongly the two solutions are drawn together: at first, its growth, and its bound (the authors').
  private static let coupling: (first: Float, growth: Float, most: Float) = (1, 10, 1000)

  /// - Parameters:
  ///   - width: Of the target in cells.
  ///   - height: Likewise.
  init(width: Double, height: Double) { setTarget(width: width, height: height) }

  /// Takes over a new shape of the target.
  mutating func setTarget(width: Double, height: Double) {
    let side = PatchFeatures.cells
    func fromMiddle(_ place: Int) -> Double { abs(Double(place) - Double(side - 1) / 2) }
    isTarget = (0..<side * side).map { fromMiddle($0 % side) <= width / 2 && fromMiddle($0 / side) <= height / 2 }
    func offset(_ place: Int) -> Double { Double(place < side / 2 ? place : place - side) }
    let deviation = max(0.7, (width * height).squareRoot() / 16)
    let peak = (0..<side * side).map { index in
      let (x, y) = (offset(index % side), offset(index / side))
      return ChannelGrid.Lanes(repeating: Float(exp(-(x * x + y * y) / (2 * deviation * deviation))))
    }
    var grid = ChannelGrid(real: peak)
    transform.forward(&grid)
    wanted = zip(grid.real, grid.imaginary).map { ($0[0], $1[0]) }
  }

  /// The response to a patch, highest at the cell to which the target moved, relative to the patch's middle; rows below side/2 are positive.
  func response(_ cells: [ChannelGrid.Lanes]) -> [Float] {
    guard let filter else { return [Float](repeating: 0, count: cells.count) }
    var grid = ChannelGrid(real: cells)
    transform.forward(&grid)
    for index in cells.indices {
      let (a, b) = (filter.real[index], filter.imaginary[index])
      let (x, y) = (grid.real[index], grid.imaginary[index])
      grid.real[index][0] = (a * x + b * y).sum()
      grid.imaginary[index][0] = (a * y - b * x).sum()
    }
    transform.inverse(&grid)
    return grid.real.map { $0[0] }
  }

  /// Learns a patch with the target in its middle.
  ///
  /// - Parameter rate: Its share in the running mean; the first patch is the mean.
  mutating func learn(_ cells: [ChannelGrid.Lanes], rate: Float) {
    var grid = ChannelGrid(real: cells)
    transform.forward(&grid)
    if var known = model {
      for index in cells.indices {
        known.real[index] += (grid.real[index] - known.real[index]) * rate
        known.imaginary[index] += (grid.imaginary[index] - known.imaginary[index]) * rate
      }
      model = known
    } else {
      model = grid
    }
    solve()
    if let filter {
      let sum = cells.indices.reduce(Float(0)) { sum, index in
        sum + (filter.real[index] * grid.real[index] + filter.imaginary[index] * grid.imaginary[index]).sum()
      }
      own = max(1e-9, Double(sum) / Double(cells.count))
    }
  }

  private mutating func solve() {
    guard let model else { return }
    let count = model.real.count
    let pixels = Float(count)
    let energy = (0..<count).map { (model.real[$0] * model.real[$0] + model.imaginary[$0] * model.imaginary[$0]).sum() }
    var own = ChannelGrid(count: count)
    var multiplier = ChannelGrid(count: count)
    var result = ChannelGrid(count: count)
    var weight = Self.coupling.first
    for _ in 0..<Self.iterations {
      for index in 0..<count {
        let (x, y) = (model.real[index], model.imaginary[index])
        let (l, m) = (multiplier.real[index], multiplier.imaginary[index])
        let (h, k) = (own.real[index], own.imaginary[index])
        let (wantedX, wantedY) = wanted[index]
        let share = 1 / (pixels * weight)
        // x·ȳ of the regression; the wanted response is symmetric, so that it is real but for rounding.
        let (targetX, targetY) = (x * wantedX - y * wantedY, x * wantedY + y * wantedX)
        let (rightX, rightY) = (targetX * share - l / weight + h, targetY * share - m / weight + k)
        // The inverse of a matrix of rank one plus the identity (Sherman and Morrison, 1950).
        let alongX = (x * rightX + y * rightY).sum() / (energy[index] + pixels * weight)
        let alongY = (x * rightY - y * rightX).sum() / (energy[index] + pixels * weight)
        result.real[index] = rightX - (x * alongX - y * alongY)
        result.imaginary[index] = rightY - (x * alongY + y * alongX)
      }
      var spatial = ChannelGrid(count: count)
      for index in 0..<count {
        spatial.real[index] = result.real[index] * weight + multiplier.real[index]
        spatial.imaginary[index] = result.imaginary[index] * weight + multiplier.imaginary[index]
      }
      transform.inverse(&spatial)
      let scale = pixels / (weight * pixels + Self.regularization)
      for index in 0..<count {
        spatial.real[index] = isTarget[index] ? spatial.real[index] * scale : .zero
        spatial.imaginary[index] = .zero
      }
      transform.forward(&spatial)
      own = spatial
      for index in 0..<count {
        multiplier.real[index] += (result.real[index] - own.real[index]) * weight
        multiplier.imaginary[index] += (result.imaginary[index] - own.imaginary[index]) * weight
      }
      weight = min(weight * Self.coupling.growth, Self.coupling.most)
    }
    filter = result
  }
}
