import Geometry

/// How far apart the two poses of a relative error lie.
public struct PoseDelta: Sendable, Equatable {
  /// The units of a distance between poses.
  public enum Unit: String, Sendable, CaseIterable {
    case frames, metres, degrees, radians
  }

  /// How far apart the poses of a pair are, in `unit`.
  public var value: Double
  /// What `value` counts.
  public var unit: Unit
  /// Every start pose instead of consecutive pairs.
  public var allPairs: Bool
  /// Relative tolerance of all pairs by metres and angles.
  public var tolerance: Double

  /// All pairs by angle can grow with the square of the poses; beyond this many they are refused.
  static let pairLimit = 20_000_000

  /// A distance of poses.
  public init(_ value: Double, _ unit: Unit, allPairs: Bool = false, tolerance: Double = 0.1) {
    self.value = value
    self.unit = unit
    self.allPairs = allPairs
    self.tolerance = tolerance
  }

  /// The pairs of indices into the poses, in ascending order of the first.
  ///
  /// - Throws: `TrajectoryProblem.badDelta` or `.noPairs`.
  public func pairs(of poses: [RigidTransform]) throws(TrajectoryProblem) -> [(Int, Int)] {
    guard value.isFinite, value > 0, !(unit == .frames && (value.rounded() != value || value >= 1e9)) else {
      throw .badDelta(value, unit: unit)
    }
    let found: [(Int, Int)]
    switch unit {
    case .frames: found = pairsByCount(poses.count)
    case .metres: found = pairsByPath(poses.map(\.translation))
    case .degrees: found = try pairsByAngle(poses, angle: value * .pi / 180)
    case .radians: found = try pairsByAngle(poses, angle: value)
    }
    guard !found.isEmpty else { throw .noPairs(delta: value, unit: unit, poses: poses.count) }
    return found
  }

  private func pairsByCount(_ count: Int) -> [(Int, Int)] {
    // Bounded: the number of frames was checked where it was given.
    let step = Int(value)
    guard count > step else { return [] }
    return stride(from: 0, to: count - step, by: allPairs ? 1 : step).map { ($0, $0 + step) }
  }

  private func pairsByPath(_ positions: [Vector3]) -> [(Int, Int)] {
    let steps = zip(positions, positions.dropFirst()).map { ($1 - $0).length }
    return allPairs ? nearestByPath(steps) : consecutive(steps, reaching: value)
  }

  /// Steps are added up from the last chosen pose until they reach the delta; then the sum starts again from 0.
  private func consecutive(_ steps: [Double], reaching delta: Double) -> [(Int, Int)] {
    var pairs: [(Int, Int)] = []
    var start = 0
    var sum = 0.0
    for (index, step) in steps.enumerated() {
      sum += step
      guard sum >= delta else { continue }
      pairs.append((start, index + 1))
      start = index + 1
      sum = 0
    }
    return pairs
  }

  /// For each start the pose whose path distance is nearest to the delta, the first of equals, within the tolerance.
  private func nearestByPath(_ steps: [Double]) -> [(Int, Int)] {
    var travelled = [0.0]
    for step in steps { travelled.append(travelled[travelled.count - 1] + step) }
    return steps.indices.compactMap { start in
      // Path distances never fall: the nearest pose is the first at or beyond the delta, or the last before it.
      let beyond = firstIndex(from: start + 1, to: travelled.count) { travelled[$0] - travelled[start] >= value }
      var best = beyond
      if beyond > start + 1 {
        let before = firstIndex(from: start + 1, to: beyond) { travelled[$0] >= travelled[beyond - 1] }
        let error = abs(travelled[before] - travelled[start] - value)
        if beyond == travelled.count || error <= abs(travelled[beyond] - travelled[start] - value) { best = before }
      }
      return abs(travelled[best] - travelled[start] - value) <= value * tolerance ? (start, best) : nil
    }
  }

  /// The first index in the range at which the condition holds, its end for none; the condition never turns false again.
  private func firstIndex(from start: Int, to end: Int, where condition: (Int) -> Bool) -> Int {
    var low = start
    var high = end
    while low < high {
      let middle = (low + high) / 2
      if condition(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }

  private func pairsByAngle(_ poses: [RigidTransform], angle: Double) throws(TrajectoryProblem) -> [(Int, Int)] {
    guard angle <= .pi else { throw .badDelta(value, unit: unit) }
    if !allPairs {
      return consecutive(zip(poses, poses.dropFirst()).map { $0.relative(to: $1).rotationAngle }, reaching: angle)
    }
    let range = (angle - angle * tolerance)...(angle + angle * tolerance)
    let turns = poses.map(\.quaternion)
    var pairs: [(Int, Int)] = []
    for i in turns.indices {
      for j in turns.indices.dropFirst(i + 1) where range.contains((turns[i].conjugate * turns[j]).rotationAngle) {
        pairs.append((i, j))
      }
      if pairs.count > PoseDelta.pairLimit { throw .tooManyPairs(limit: PoseDelta.pairLimit) }
    }
    return pairs
  }
}
