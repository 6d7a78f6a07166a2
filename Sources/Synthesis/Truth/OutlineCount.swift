import Geometry

/// How many pixel centres lie within any of some convex outlines, in all and within the picture.
struct OutlineCount {
  private(set) var total = 0
  private(set) var inside = 0

  /// Pixels beyond this many picture sizes to any side are not counted: nothing of interest is so near to the camera.
  private static let reach = 4

  init(_ outlines: [[Point]], width: Int, height: Int) {
    let points = outlines.joined()
    let bounds = AxisBox(around: points)
    let limit = OutlineCount.reach * height
    let first = Int(bounded: bounds.top.rounded(.down), in: -limit...limit + height)
    let last = Int(bounded: bounds.bottom.rounded(.up), in: -limit...limit + height)
    guard first < last else { return }
    for row in first..<last {
      let spans = outlines.compactMap { OutlineCount.columns($0, y: Double(row) + 0.5, width: width) }
      for run in OutlineCount.merged(spans) {
        total += run.count
        if row >= 0, row < height { inside += run.clamped(to: 0..<width).count }
      }
    }
  }

  /// The columns whose centre lies inside on the line y.
  private static func columns(_ corners: [Point], y: Double, width: Int) -> Range<Int>? {
    guard let span = PolygonSpans.span(of: corners, at: y) else { return nil }
    let limit = reach * width
    let first = Int(bounded: (span.left - 0.5).rounded(.up), in: -limit...limit + width)
    let last = Int(bounded: (span.right - 0.5).rounded(.up), in: -limit...limit + width)
    return first < last ? first..<last : nil
  }

  private static func merged(_ runs: [Range<Int>]) -> [Range<Int>] {
    var merged: [Range<Int>] = []
    for run in runs.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = merged.last, run.lowerBound <= last.upperBound {
        merged[merged.count - 1] = last.lowerBound..<max(last.upperBound, run.upperBound)
      } else {
        merged.append(run)
      }
    }
    return merged
  }
}
