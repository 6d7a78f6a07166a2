import Geometry

/// Boxes of which some may be turned: upright as long as none is.
struct RotatedBoxes {
  private var boxes: [AxisBox] = []
  private var degrees = OptionalColumn<Double>(empty: 0)
  private var fifths = OptionalColumn<Double>(empty: 0)

  /// - Parameters:
  ///   - box: Before it is turned about its centre.
  ///   - degrees: Clockwise in the picture; nil for none.
  ///   - fifth: An angle of an unknown unit; nil for none.
  mutating func append(_ box: AxisBox, degrees angle: Double?, fifth: Double? = nil) {
    boxes.append(box)
    degrees.append(angle.flatMap { $0.isFinite ? $0 : nil } ?? 0)
    fifths.append(fifth ?? 0)
  }

  func finish(_ table: inout BoxTable) {
    guard !degrees.values.isEmpty || !fifths.values.isEmpty else {
      table.axisBoxes = AxisBoxColumn(boxes)
      return
    }
    // Degrees of turned boxes seldom all lie within a turn in radians.
    let areRadians = fifths.values.allSatisfy { abs($0) <= 2 * .pi }
    if !fifths.values.isEmpty {
      table.warnings.append(
        "the fifth number of a \"bbox\" is taken as an angle in \(areRadians ? "radians" : "degrees"), clockwise in the picture about the box's centre"
      )
    }
    let unit = areRadians ? 1 : Double.pi / 180
    table.orientedBoxes = boxes.enumerated().map { row, box in
      let turned = degrees.values.isEmpty ? 0 : degrees.values[row] * .pi / 180
      let angle = turned != 0 || fifths.values.isEmpty ? turned : fifths.values[row] * unit
      return OrientedBox(center: box.center, width: box.width, height: box.height, angle: angle)
    }
  }
}
