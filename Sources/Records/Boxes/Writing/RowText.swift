import Geometry

/// The columns that a format's rows have whoever writes them: a table's writer or a run's.
extension TextBuffer {
  /// Appends `frame,id,left,top,width,height,score`, frames from 1.
  mutating func appendMOT(frame: Int, id: Int, box: AxisBox, score: Double, _ style: NumberStyle) {
    appendIdentity(frame: frame, id: id)
    for value in [box.left, box.top, box.width, box.height] { append(position: value, style) }
    append(score: score, style)
  }

  /// Appends `frame,id,x1,y1,…,x4,y4,score,class`, frames from 1.
  mutating func appendOrientedMOT(frame: Int, id: Int, corners: [Point], score: Double, class number: Int, _ style: NumberStyle) {
    appendIdentity(frame: frame, id: id)
    for corner in corners {
      for value in [corner.x, corner.y] {
        // Corners are sums and products of centre, sides and angle.
        if case .exact = style { append(",", derived: value) } else { append(position: value, style) }
      }
    }
    append(score: score, style)
    append(",")
    append(number)
  }

  private mutating func appendIdentity(frame: Int, id: Int) {
    append(frame + 1)
    append(",")
    append(id)
  }

  private mutating func append(position value: Double, _ style: NumberStyle) {
    switch style {
    case .exact: append(",", exact: value)
    case .rounded:
      append(",")
      append(value, decimals: NumberStyle.positionDecimals)
    }
  }

  private mutating func append(score value: Double, _ style: NumberStyle) {
    append(",")
    switch style {
    case .exact: append(exact: value)
    case .rounded: append(value, decimals: NumberStyle.scoreDecimals)
    }
  }
}
