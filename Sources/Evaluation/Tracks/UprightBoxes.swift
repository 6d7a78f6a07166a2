import Geometry

/// Many upright boxes in little memory: files give positions with a few decimals, which whole numbers of 32 bits hold without loss.
///
/// A position is kept as n with n / scale equal to it to the last bit; where some position of a file has no such n, all are kept as they are.
struct UprightBoxes: Sendable {
  private enum Storage: Sendable {
    case whole([SIMD4<Int32>], scale: Double)
    case exact([AxisBox])
  }

  private var storage: Storage

  /// Scales by what files have: whole pixels, up to four decimals, and C's six.
  private static let scales = [1, 10, 100, 1_000, 10_000, 1_000_000.0]

  init(_ boxes: consuming [AxisBox]) {
    if let scale = Self.scale(of: boxes) {
      storage = .whole(boxes.map { Self.whole($0, scale) }, scale: scale)
    } else {
      storage = .exact(boxes)
    }
  }

  var count: Int {
    switch storage {
    case .whole(let boxes, _): boxes.count
    case .exact(let boxes): boxes.count
    }
  }

  var isEmpty: Bool { count == 0 }

  subscript(row: Int) -> AxisBox {
    switch storage {
    case .exact(let boxes): return boxes[row]
    case .whole(let boxes, let scale):
      let values = SIMD4<Double>(boxes[row]) / scale
      return AxisBox(left: values.x, top: values.y, width: values.z, height: values.w)
    }
  }

  /// Applies the same rearrangement to whichever form the boxes have.
  mutating func rearrange(_ whole: (inout [SIMD4<Int32>]) -> Void, _ exact: (inout [AxisBox]) -> Void) {
    switch storage {
    case .whole(var boxes, let scale):
      storage = .exact([])
      whole(&boxes)
      storage = .whole(boxes, scale: scale)
    case .exact(var boxes):
      storage = .exact([])
      exact(&boxes)
      storage = .exact(boxes)
    }
  }

  // MARK: - Whole numbers

  /// The smallest scale that fits every box; nil where none does.
  private static func scale(of boxes: [AxisBox]) -> Double? {
    scales.first { scale in boxes.allSatisfy { isWhole($0, scale) } }
  }

  private static func isWhole(_ box: AxisBox, _ scale: Double) -> Bool {
    let values = SIMD4(box.left, box.top, box.width, box.height)
    let rounded = (values * scale).rounded(.toNearestOrEven)
    let limit = SIMD4<Double>(repeating: Double(Int32.max))
    return all(rounded .<= limit) && all(rounded .>= -limit) && all(rounded / scale .== values)
  }

  private static func whole(_ box: AxisBox, _ scale: Double) -> SIMD4<Int32> {
    SIMD4<Int32>((SIMD4(box.left, box.top, box.width, box.height) * scale).rounded(.toNearestOrEven))
  }
}
