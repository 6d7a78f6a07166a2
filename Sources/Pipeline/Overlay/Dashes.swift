import Geometry

/// A line cut into dashes.
enum Dashes {
  /// The dashes of a closed or open polyline; the pattern runs on around its corners.
  ///
  /// - Parameters:
  ///   - on, off: Lengths in pixels, positive.
  ///   - limit: The most dashes; a longer line ends there.
  static func cut(_ points: [Point], closed: Bool, on: Double, off: Double, limit: Int = 2_000) -> [[Point]] {
    guard points.count > 1, on > 0, off > 0 else { return [] }
    var dashes: [[Point]] = []
    var dash: [Point] = [points[0]]
    var (isOn, left) = (true, on)
    for (start, end) in zip(points, closed ? Array(points[1...]) + [points[0]] : Array(points[1...])) {
      let length = (end - start).length
      guard length.isFinite, length > 0 else { continue }
      var walked = 0.0
      while length - walked > left, dashes.count < limit {
        walked += left
        let place = start + (end - start) * (walked / length)
        if isOn { dashes.append(dash + [place]) }
        dash = [place]
        (isOn, left) = (!isOn, isOn ? off : on)
      }
      left -= length - walked
      if isOn { dash.append(end) }
    }
    if isOn, dash.count > 1 { dashes.append(dash) }
    return dashes
  }
}
