import Geometry

/// Which poses of two trajectories belong together.
public enum StampMatching {
  /// Pairs of indices (truth, result) whose stamps are nearest neighbours within the largest allowed difference.
  ///
  /// The trajectory with fewer poses is walked and each of its stamps takes the nearest of the other (the earlier one at equal
  /// distance), so one stamp of the longer side may be used twice. `offset` is added to the result's stamps. Source: evo 1.38.
  public static func pairs(
    truth: [Double], result: [Double], maximumDifference: Double = 0.01, offset: Double = 0
  ) -> [(truth: Int, result: Int)] {
    // The offset is added to the longer side's stamps, with its sign, as evo does: the sums then round alike.
    if result.count > truth.count {
      return nearest(of: result.map { $0 + offset }, to: truth, within: maximumDifference).map { ($0.0, $0.1) }
    }
    return nearest(of: truth.map { $0 - offset }, to: result, within: maximumDifference).map { ($0.1, $0.0) }
  }

  /// For each stamp its nearest candidate, as (index of the stamp, index of the candidate).
  private static func nearest(
    of candidates: [Double], to stamps: [Double], within limit: Double
  ) -> [(Int, Int)] {
    guard !candidates.isEmpty else { return [] }
    guard isAscending(candidates) else { return nearestUnsorted(of: candidates, to: stamps, within: limit) }
    return stamps.enumerated().compactMap { index, stamp in
      let upper = min(firstIndex(above: stamp, in: candidates), candidates.count - 1)
      let above = candidates[upper] - stamp
      let below = upper > 0 ? stamp - candidates[upper - 1] : .infinity
      // Beyond the last candidate `above` is negative and still the nearest.
      let best = above < below ? upper : upper - 1
      return abs(candidates[best] - stamp) <= limit ? (index, best) : nil
    }
  }

  /// The same for candidates in any order; of equally near ones the first in the file is taken.
  private static func nearestUnsorted(
    of candidates: [Double], to stamps: [Double], within limit: Double
  ) -> [(Int, Int)] {
    let order = candidates.indices.sorted { (candidates[$0], $0) < (candidates[$1], $1) }
    let sorted = order.map { candidates[$0] }
    return stamps.enumerated().compactMap { index, stamp in
      let upper = firstIndex(above: stamp, in: sorted)
      var neighbours: [Int] = upper < sorted.count ? [order[upper]] : []
      if upper > 0 {
        // The first of the equal candidates before the stamp.
        let value = sorted[upper - 1]
        neighbours.append(order[firstIndex(above: value.nextDown, in: sorted)])
      }
      guard let best = neighbours.min(by: { (abs(candidates[$0] - stamp), $0) < (abs(candidates[$1] - stamp), $1) })
      else { return nil }
      return abs(candidates[best] - stamp) <= limit ? (index, best) : nil
    }
  }

  private static func isAscending(_ values: [Double]) -> Bool {
    zip(values, values.dropFirst()).allSatisfy { $0 <= $1 }
  }

  /// The index of the first value greater than the stamp.
  private static func firstIndex(above stamp: Double, in sorted: [Double]) -> Int {
    var low = 0
    var high = sorted.count
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] > stamp { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
