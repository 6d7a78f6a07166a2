public import Geometry

/// Draws boxes with labels on a picture, from the back to the front.
public enum BoxPainter {
  /// A box and what is written beside it.
  public struct Mark: Sendable {
    /// In pixels of the picture.
    public let box: OrientedBox
    /// One line.
    public let text: String
    /// Of the outline, and of the label's stripe.
    public let color: Color

    /// A box and what is written beside it.
    public init(box: OrientedBox, text: String, color: Color) {
      (self.box, self.text, self.color) = (box, text, color)
    }
  }

  /// Draws all outlines and then all labels, on grounds of their own, inside of the picture and where they cover least.
  ///
  /// - Throws: `ImagingError` where the picture cannot be drawn on.
  public static func draw(_ marks: [Mark], on image: inout Image) throws(ImagingError) {
    let style = OverlayStyle(width: image.width, height: image.height)
    for mark in marks {
      try image.drawBox(mark.box, thickness: style.thickness + 2, color: OverlayStyle.casing)
      try image.drawBox(mark.box, thickness: style.thickness, color: mark.color)
    }
    var layout = LabelLayout(width: image.width, height: image.height)
    for mark in marks { try draw(mark.text, around: mark.box.hull, stripe: mark.color, style: style, layout: &layout, on: &image) }
  }

  /// Draws one label beside a box; nothing where the box lies outside of the picture.
  package static func draw(
    _ text: String, around hull: AxisBox, stripe: Color, color: Color = OverlayStyle.text, style: OverlayStyle,
    layout: inout LabelLayout, on image: inout Image
  ) throws(ImagingError) {
    guard hull.right > 0, hull.bottom > 0, hull.left < Double(image.width), hull.top < Double(image.height) else { return }
    let size = try Image.textSize(text, height: style.textHeight, thickness: style.textThickness)
    let (pad, width) = (3 * style.unit, 3 * style.unit)
    let place = layout.place(
      width: size.width + 2 * pad + width, height: style.textHeight + 2 * pad, around: hull, gap: 4 * style.unit)
    try image.fillPolygon(OrientedBox(place).corners, color: OverlayStyle.panel)
    let mark = AxisBox(left: place.left, top: place.top, width: width, height: place.height)
    try image.fillPolygon(OrientedBox(mark).corners, color: stripe)
    let origin = Point(place.left + width + pad, place.bottom - pad)
    try image.drawText(text, at: origin, height: style.textHeight, thickness: style.textThickness, color: color)
  }
}
