import Geometry

/// The four columns that give a box.
struct BoxColumns {
  enum Kind {
    case center, corners, corner
  }

  let kind: Kind
  let columns: [NamedColumn]
  /// Whether the names leave open which point they are.
  let isAmbiguous: Bool

  /// nil where a header has no box.
  init?(_ places: [NamedColumn: Int]) {
    let forms: [(Kind, [NamedColumn])] = [
      (.center, [.centerX, .centerY, .width, .height]), (.corners, [.left, .top, .right, .bottom]),
      (.corner, [.left, .top, .width, .height]), (.corner, [.x, .y, .width, .height]),
    ]
    guard let form = forms.first(where: { $0.1.allSatisfy { places[$0] != nil } }) else { return nil }
    (kind, columns) = form
    isAmbiguous = columns[0] == .x
  }

  /// The box of the four values, in the order of the columns.
  func box(_ values: [Double], angle: Double) -> OrientedBox {
    switch kind {
    case .center: return OrientedBox(center: Point(values[0], values[1]), width: values[2], height: values[3], angle: angle)
    case .corners, .corner:
      let width = kind == .corners ? values[2] - values[0] : values[2]
      let height = kind == .corners ? values[3] - values[1] : values[3]
      return OrientedBox(
        center: Point(values[0] + width / 2, values[1] + height / 2), width: width, height: height, angle: angle)
    }
  }
}
