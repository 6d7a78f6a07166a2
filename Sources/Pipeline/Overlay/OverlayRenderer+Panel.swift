import Foundation
import Geometry
import Imaging
import Records

/// The panel in the corner, or below a small picture: the frame's number and time, the number of tracks, how the camera moves.
extension OverlayRenderer {
  /// How much larger than life the panel's grid moves.
  private static let exaggeration = 6.0

  func drawPanel(of record: FrameRecord, _ layout: PanelLayout, on image: inout Image) throws(ImagingError) {
    if bandHeight > 0 { image = image.withBand(bandHeight, color: OverlayStyle.panel) }
    let (box, margin) = (layout.box, layout.margin)
    if bandHeight == 0 { try image.fillPolygon(OrientedBox(box).corners, color: OverlayStyle.panel) }
    let corner = Point(box.left + margin, box.center.y - layout.grid.height / 2)
    try drawGrid(record.camera, at: corner, size: layout.grid, on: &image)
    let lines = panelText(record)
    let top = box.center.y - layout.lineHeight * Double(lines.count) / 2
    for (i, line) in lines.enumerated() {
      let baseline = top + layout.lineHeight * (Double(i) + 0.5) + style.textHeight / 2
      try image.drawText(
        line, at: Point(corner.x + layout.grid.width + 1.5 * margin, baseline), height: style.textHeight,
        thickness: style.textThickness, color: i == 0 ? OverlayStyle.text : OverlayStyle.faintText)
    }
  }

  private func panelText(_ record: FrameRecord) -> [String] {
    let shown = record.tracks.filter { $0.state != .tentative }.count
    var camera = "camera " + (record.camera?.status.rawValue ?? "unknown")
    if let inliers = record.camera?.inliers, inliers > 0 { camera += "  \(inliers) inliers" }
    return [
      String(format: "frame %d  %.2f s", record.frame, record.time) + "  \(shown) \(shown == 1 ? "track" : "tracks")", camera,
    ]
  }

  /// The picture's frame as a grid where it would be without camera motion, and where the motion takes it, larger than life.
  private func drawGrid(_ camera: CameraMotion?, at corner: Point, size: AxisBox, on image: inout Image) throws(ImagingError) {
    let full = Point(Double(image.width), Double(image.height - bandHeight))
    let motion = camera?.homography ?? .identity
    func spot(_ u: Double, _ v: Double, moved: Bool) -> Point {
      let place = Point(full.x * u, full.y * v)
      let shift = moved && motion.denominator(at: place) > 1e-6 ? motion.apply(place) - place : .zero
      let shown = place + shift * OverlayRenderer.exaggeration
      // What would leave the panel stays at its rim.
      let scaled = Point(min(1.08, max(-0.08, shown.x / full.x)), min(1.08, max(-0.08, shown.y / full.y)))
      return corner + Point(scaled.x * size.width, scaled.y * size.height)
    }
    let steps = 4
    for moved in [false, true] {
      let color = moved ? OverlayRenderer.color(of: camera?.status) : OverlayStyle.faintText.withOpacity(0.35)
      for i in 0...steps {
        let share = Double(i) / Double(steps)
        let along = (0...steps).map { Double($0) / Double(steps) }
        try image.drawPolyline(along.map { spot($0, share, moved: moved) }, color: color)
        try image.drawPolyline(along.map { spot(share, $0, moved: moved) }, color: color)
      }
    }
    try image.drawArrow(
      from: spot(0.5, 0.5, moved: false), to: spot(0.5, 0.5, moved: true), thickness: style.thickness, headLength: 4 * style.unit,
      color: OverlayStyle.text)
  }

  private static func color(of status: CameraMotion.Status?) -> Color {
    switch status {
    case .ok: Color(red: 96, green: 214, blue: 140)
    case .isStatic, .first: Color(red: 120, green: 180, blue: 240)
    case .degenerate: Color(red: 245, green: 180, blue: 70)
    case .cut: Color(red: 240, green: 96, blue: 88)
    case nil: Color(red: 150, green: 155, blue: 160)
    }
  }
}

/// Where the panel lies.
struct PanelLayout {
  /// The share of the picture that the panel may cover in its corner.
  private static let greatestShare = 1.0 / 20
  /// As wide as two lines of text become, in heights of a capital letter: the longer one has some thirty-five characters.
  private static let textWidth = 30.0
  private static let lines = 2.0

  let box: AxisBox
  /// The size of the grid that shows the camera's motion.
  let grid: AxisBox
  let margin: Double
  let lineHeight: Double
  /// Rows below the picture; 0 where the panel lies in the picture.
  let bandHeight: Int

  init(width: Int, height: Int, style: OverlayStyle) {
    margin = 6 * style.unit
    lineHeight = style.textHeight * 1.75
    grid = AxisBox(
      left: 0, top: 0, width: 54 * style.unit, height: 54 * style.unit * Double(height) / Double(max(1, width)))
    let size = (
      width: grid.width + PanelLayout.textWidth * style.textHeight + 3.5 * margin,
      height: max(grid.height, lineHeight * PanelLayout.lines) + 2 * margin
    )
    let isSmall = size.width * size.height > PanelLayout.greatestShare * Double(width) * Double(height)
    // Bounded: by 4096.
    bandHeight = isSmall ? Int(min(size.height, 4096).rounded(.up)) : 0
    let left = isSmall ? 0 : margin
    let top = isSmall ? Double(height) : Double(height) - margin - size.height
    box = AxisBox(left: left, top: top, width: size.width, height: size.height)
  }
}

extension Image {
  /// The picture with rows of one colour below it.
  fileprivate func withBand(_ rows: Int, color: Color) -> Image {
    let pixel = [color.blue, color.green, color.red]
    let band = (0..<rows * width).flatMap { _ in pixel }
    return Image(width: width, height: height + rows, channels: 3, pixels: pixels + band)
  }
}
