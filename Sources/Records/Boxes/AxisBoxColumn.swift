import Geometry

/// A column of upright boxes in little memory: files give positions with a few decimals, which whole numbers of 32 bits hold without loss.
///
/// A position is kept as n such that n / scale is equal to it, where the scale is the smallest power of ten up to 10⁶ that does for every
/// position of the column; where none does, all boxes are kept as they are. Boxes go in and come out as `AxisBox` either way, the same to
/// the last bit (only −0 comes out as 0).
public struct AxisBoxColumn: Sendable {
  /// The boxes as whole numbers; empty where `exact` holds them.
  @usableFromInline var whole: [SIMD4<Int32>] = []
  /// The boxes as they are; empty as long as whole numbers do.
  @usableFromInline var exact: [AxisBox] = []
  /// What the whole numbers are divided by; nil once a box did not fit.
  @usableFromInline var scale: Double? = 1

  private static let largestScale = 1e6

  /// An empty column.
  public init() {}

  /// A column of given boxes.
  public init(_ boxes: some Sequence<AxisBox>) {
    for box in boxes { append(box) }
  }

  /// Whether all boxes are kept as whole numbers, in at most 32 bits each.
  var isWhole: Bool { scale != nil }

  /// Sets memory aside for so many boxes in all.
  public mutating func reserveCapacity(_ count: Int) {
    if scale == nil { exact.reserveCapacity(count) } else { whole.reserveCapacity(count) }
  }

  /// Appends a box.
  ///
  /// - Complexity: O(1), but for the few boxes that need more decimals than all before: O(n).
  @inlinable
  public mutating func append(_ box: AxisBox) {
    if let scale {
      let (numbers, isEqual) = AxisBoxColumn.whole(box, scale)
      if isEqual {
        whole.append(numbers)
        return
      }
      widen(for: box)
    }
    if let scale { whole.append(AxisBoxColumn.whole(box, scale).numbers) } else { exact.append(box) }
  }

  /// Brings the boxes into the given order: box i becomes the one that was at `order[i]`. An empty column stays empty.
  public mutating func reorder(_ order: [Int32]) {
    whole.reorder(order)
    exact.reorder(order)
  }

  /// Drops the boxes that are not marked. An empty column stays empty.
  public mutating func keep(_ isKept: [Bool]) {
    whole.keep(isKept)
    exact.keep(isKept)
  }

  // MARK: - Whole numbers

  /// The whole numbers closest to a box's positions at a scale, and whether the division gives the positions back.
  @inlinable
  static func whole(_ box: AxisBox, _ scale: Double) -> (numbers: SIMD4<Int32>, isEqual: Bool) {
    let values = SIMD4(box.left, box.top, box.width, box.height)
    let rounded = (values * scale).rounded(.toNearestOrEven)
    let limit = SIMD4<Double>(repeating: Double(Int32.max))
    // Also false for what is not finite.
    guard all(rounded .<= limit), all(rounded .>= -limit), all(rounded / scale .== values) else { return (.zero, false) }
    // Bounded by the guard. One by one, for the conversion of vectors goes through a slow general path.
    return (SIMD4(Int32(rounded.x), Int32(rounded.y), Int32(rounded.z), Int32(rounded.w)), true)
  }

  /// Finds a larger scale that does for the box and for all before it, or gives whole numbers up.
  @usableFromInline
  mutating func widen(for box: AxisBox) {
    guard let before = scale else { return }
    var factor: Int32 = 10
    while before * Double(factor) <= AxisBoxColumn.largestScale {
      if AxisBoxColumn.whole(box, before * Double(factor)).isEqual {
        if multiply(by: factor) { scale = before * Double(factor) } else { giveUpWholeNumbers() }
        return
      }
      factor *= 10
    }
    giveUpWholeNumbers()
  }

  /// Multiplies all numbers, which leaves the exact quotients and so their roundings as they are; does nothing and gives false where one
  /// would no longer fit.
  private mutating func multiply(by factor: Int32) -> Bool {
    let limit = SIMD4<Int32>(repeating: Int32.max / factor)
    guard whole.allSatisfy({ all($0 .<= limit) && all($0 .>= 0 &- limit) }) else { return false }
    for row in whole.indices { whole[row] &*= factor }
    return true
  }

  private mutating func giveUpWholeNumbers() {
    var boxes: [AxisBox] = []
    boxes.reserveCapacity(whole.capacity)
    boxes.append(contentsOf: self)
    exact = boxes
    whole = []
    scale = nil
  }
}

extension AxisBoxColumn: RandomAccessCollection {
  /// Always 0.
  /// The number of boxes.
  @inlinable public var startIndex: Int { 0 }
  @inlinable public var endIndex: Int { scale == nil ? exact.count : whole.count }

  /// The box of a row, the same to the last bit as it was appended (−0 comes out as 0).
  @inlinable
  public subscript(row: Int) -> AxisBox {
    guard let scale else { return exact[row] }
    let values = SIMD4<Double>(whole[row]) / scale
    return AxisBox(left: values.x, top: values.y, width: values.z, height: values.w)
  }
}

extension AxisBoxColumn: Equatable {
  /// Whether the boxes are equal, whatever form they are kept in.
  public static func == (a: AxisBoxColumn, b: AxisBoxColumn) -> Bool { a.elementsEqual(b) }
}

extension AxisBoxColumn: ExpressibleByArrayLiteral {
  /// A column of the listed boxes.
  public init(arrayLiteral boxes: AxisBox...) { self.init(boxes) }
}
