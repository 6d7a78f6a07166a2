internal import COpenCV
import Foundation
public import Geometry

/// Anti-aliased drawing in place, on pictures in colour.
///
/// Positions are in this package's coordinates and keep 1/16 pixel; shapes may reach out of the picture. Shapes with a position that is
/// not finite are left out rather than refused: an overlay must not end because of one box.
extension Image {
  /// Straight lines from point to point, with a last one back to the first if `closed`.
  /// - Parameter thickness: In pixels, from 1 to 255.
  public mutating func drawPolyline(
    _ points: [Point], closed: Bool = false, thickness: Int = 1, color: Color
  ) throws(ImagingError) {
    guard let converted = Image.pixelCentres(points), converted.count > 1 else { return }
    let (width, ink) = (Int32(clamping: thickness), color.native)
    try OpenCVCall.check("draw a line") { message in
      withCanvas { sxcv_draw_polyline($0, converted, converted.count, closed ? 1 : 0, width, ink, message) }
    }
  }

  /// A straight line between two points.
  /// - Parameter thickness: In pixels, from 1 to 255.
  public mutating func drawLine(
    from start: Point, to end: Point, thickness: Int = 1, color: Color
  ) throws(ImagingError) {
    try drawPolyline([start, end], thickness: thickness, color: color)
  }

  /// The inside of a polygon by the even-odd rule, mixed in by the colour's opacity.
  public mutating func fillPolygon(_ points: [Point], color: Color) throws(ImagingError) {
    guard let converted = Image.pixelCentres(points), converted.count > 2 else { return }
    let ink = color.native
    try OpenCVCall.check("fill a polygon") { message in
      withCanvas { sxcv_fill_polygon($0, converted, converted.count, ink, message) }
    }
  }

  /// The outline of a rectangle at any angle.
  public mutating func drawBox(_ box: OrientedBox, thickness: Int = 1, color: Color) throws(ImagingError) {
    try drawPolyline(box.corners, closed: true, thickness: thickness, color: color)
  }

  /// A line with a filled head at its end.
  /// - Parameter headLength: In pixels, at most half of the arrow; nil for a fifth of the arrow, at least three times the thickness.
  public mutating func drawArrow(
    from start: Point, to end: Point, thickness: Int = 1, headLength: Double? = nil, color: Color
  ) throws(ImagingError) {
    let arrow = end - start
    let length = arrow.length
    guard length > 0, length.isFinite else { return }
    let along = arrow / length
    let across = Point(-along.y, along.x)
    let head = min(headLength ?? max(length / 5, 3 * Double(thickness)), length / 2)
    let neck = end - along * head
    try drawLine(from: start, to: neck, thickness: thickness, color: color)
    try fillPolygon([end, neck + across * (head / 2), neck - across * (head / 2)], color: color)
  }

  /// The ellipse of a covariance: the points at `sigmas` standard deviations from the centre.
  public mutating func drawEllipse(
    center: Point, covariance: SymmetricMatrix2, sigmas: Double = 1, thickness: Int = 1, color: Color
  ) throws(ImagingError) {
    let outline = Image.ellipse(center: center, covariance: covariance, sigmas: sigmas)
    try drawPolyline(outline, closed: true, thickness: thickness, color: color)
  }

  /// The inside of the ellipse of a covariance.
  public mutating func fillEllipse(
    center: Point, covariance: SymmetricMatrix2, sigmas: Double = 1, color: Color
  ) throws(ImagingError) {
    try fillPolygon(Image.ellipse(center: center, covariance: covariance, sigmas: sigmas), color: color)
  }

  /// The size of a text as it would be drawn, in pixels.
  public struct TextSize: Hashable, Sendable {
    /// From the left end of the first letter to where a next one would begin.
    public let width: Double
    /// From the baseline up.
    public let ascent: Double
    /// From the baseline down.
    public let descent: Double
  }

  /// The size of a line of text whose capital letters are `height` pixels high.
  public static func textSize(_ text: String, height: Double, thickness: Int = 1) throws(ImagingError) -> TextSize {
    var (width, ascent, descent) = (0.0, 0.0, 0.0)
    try OpenCVCall.check("measure a text") {
      sxcv_measure_text(text, height, Int32(clamping: thickness), &width, &ascent, &descent, $0)
    }
    return TextSize(width: width, ascent: ascent, descent: descent)
  }

  /// One line of text. Characters outside ASCII show as question marks.
  /// - Parameters:
  ///   - origin: The left end of the baseline.
  ///   - height: The height of a capital letter in pixels, from 1 to 2000.
  public mutating func drawText(
    _ text: String, at origin: Point, height: Double, thickness: Int = 1, color: Color
  ) throws(ImagingError) {
    guard let place = Image.pixelCentres([origin])?.first else { return }
    let (width, ink) = (Int32(clamping: thickness), color.native)
    try OpenCVCall.check("draw a text") { message in
      withCanvas { sxcv_draw_text($0, text, place, height, width, ink, message) }
    }
  }

  /// A polygon along the ellipse, fine enough that it shows no corners; empty where the covariance is not one.
  private static func ellipse(center: Point, covariance: SymmetricMatrix2, sigmas: Double) -> [Point] {
    guard covariance.isPositiveDefinite else { return [] }
    let (major, minor, angle) = covariance.eigen
    let (a, b) = (sigmas * max(0, major).squareRoot(), sigmas * max(0, minor).squareRoot())
    let turn = Matrix2(rotation: angle)
    let count = Int(bounded: 4 * a.squareRoot() + 8, in: 16...128)
    return (0..<count).map { index in
      let t = 2 * Double.pi * Double(index) / Double(count)
      return center + turn * Point(a * cos(t), b * sin(t))
    }
  }

  /// OpenCV's coordinates of the points; nil where one is not finite.
  private static func pixelCentres(_ points: [Point]) -> [sxcv_point]? {
    guard points.allSatisfy(\.isFinite) else { return nil }
    // Far outside of any picture the exact place does not matter, but it must fit a Float.
    let limit = 1e6
    return points.map { point in
      sxcv_point(
        x: Float(min(limit, max(-limit, point.x - 0.5))), y: Float(min(limit, max(-limit, point.y - 0.5))))
    }
  }
}

extension Color {
  var native: sxcv_color { sxcv_color(blue: blue, green: green, red: red, alpha: alpha) }
}
