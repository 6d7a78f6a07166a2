import Geometry
import Records

/// The foreground of a mask as ranges of pixels counted column by column: what the overlap of two masks needs.
struct MaskRuns: Sendable, Equatable {
  let width: Int
  let height: Int
  /// Ascending and apart.
  let runs: [Range<Int32>]
  let area: Int

  init(_ mask: RunLengthMask) {
    var runs: [Range<Int32>] = []
    var position: Int32 = 0
    for (index, count) in mask.counts.enumerated() {
      // Fits: a mask has at most 2²⁸ pixels.
      let end = position + Int32(count)
      if index % 2 == 1, count > 0 { runs.append(position..<end) }
      position = end
    }
    width = mask.width
    height = mask.height
    self.runs = runs
    area = mask.area
  }

  /// The box around the pixels; nil without any.
  var hull: AxisBox? {
    guard let first = runs.first, let last = runs.last else { return nil }
    let rows = Int32(height)
    var (top, bottom) = (rows, Int32(0))
    for run in runs {
      let (low, high) = (run.lowerBound % rows, (run.upperBound - 1) % rows)
      // A run that goes on into the next column has the column's end and the next one's beginning.
      let isWrapped = run.lowerBound / rows != (run.upperBound - 1) / rows
      top = min(top, isWrapped ? 0 : low)
      bottom = max(bottom, isWrapped ? rows : high + 1)
    }
    let (left, right) = (Double(first.lowerBound / rows), Double((last.upperBound - 1) / rows + 1))
    return AxisBox(left: left, top: Double(top), width: right - left, height: Double(bottom - top))
  }

  /// All pixels of masks of one size.
  init(union masks: [MaskRuns]) {
    var runs: [Range<Int32>] = []
    for run in masks.flatMap(\.runs).sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = runs.last, run.lowerBound <= last.upperBound {
        runs[runs.count - 1] = last.lowerBound..<max(last.upperBound, run.upperBound)
      } else {
        runs.append(run)
      }
    }
    width = masks.first?.width ?? 0
    height = masks.first?.height ?? 0
    self.runs = runs
    area = runs.reduce(0) { $0 + $1.count }
  }

  /// The number of pixels that two masks share.
  func intersectionArea(with other: MaskRuns) -> Int {
    guard width == other.width, height == other.height else { return 0 }
    var shared = 0
    var i = 0
    var j = 0
    while i < runs.count, j < other.runs.count {
      let low = max(runs[i].lowerBound, other.runs[j].lowerBound)
      let high = min(runs[i].upperBound, other.runs[j].upperBound)
      if high > low { shared += Int(high - low) }
      if runs[i].upperBound < other.runs[j].upperBound { i += 1 } else { j += 1 }
    }
    return shared
  }

  /// Intersection over union; 0 for masks that share nothing.
  func iou(with other: MaskRuns) -> Double {
    let shared = intersectionArea(with: other)
    return shared > 0 ? Double(shared) / Double(area + other.area - shared) : 0
  }
}
