internal import Geometry
internal import Imaging

/// How the inside of a box grew from one patch to the next, by points that are followed (median flow: Kalal, Mikolajczyk and Matas,
/// ICPR 2010).
struct FlowScale {
  /// The growth of distances.
  var growth: Double

  private static let points = 10
  private static let settings = OpticalFlow.Settings(window: 15, levels: 3)

  /// Nil where too few points could be followed.
  init?(from first: Image, to second: Image, box: AxisBox) throws {
    let from = try ImagePyramid(levels: FlowScale.settings.levels, maximumWindow: FlowScale.settings.window)
    let to = try ImagePyramid(levels: FlowScale.settings.levels, maximumWindow: FlowScale.settings.window)
    try from.fill(first)
    try to.fill(second)
    let n = FlowScale.points
    let places = (0..<n * n).map { index in
      Point(
        box.left + (Double(index % n) + 0.5) * box.width / Double(n), box.top + (Double(index / n) + 0.5) * box.height / Double(n))
    }
    let forward = try OpticalFlow.track(places, guesses: places, from: from, to: to, settings: FlowScale.settings)
    let arrived = zip(places, forward).map { $1 ?? $0 }
    let back = try OpticalFlow.track(arrived, guesses: places, from: to, to: from, settings: FlowScale.settings)
    var pairs: [(Point, Point)] = []
    for index in places.indices {
      guard let there = forward[index], let here = back[index], (here - places[index]).length < 1.5 else { continue }
      pairs.append((places[index], there))
    }
    guard pairs.count >= 12 else { return nil }
    var ratios: [Double] = []
    let least = min(box.width, box.height) / 4
    for a in pairs.indices {
      for b in pairs.indices where b > a && (a + b) % 3 == 0 {
        let before = (pairs[a].0 - pairs[b].0).length
        if before > least { ratios.append((pairs[a].1 - pairs[b].1).length / before) }
      }
    }
    guard ratios.count >= 8 else { return nil }
    growth = ratios.sorted()[ratios.count / 2]
  }
}
