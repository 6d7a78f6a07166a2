import Foundation
import Geometry
import Imaging
import Records

/// The panel in the corner: how the camera moves, the time, the number of tracks.
extension OverlayRenderer {
  /// How much larger than life the panel's grid moves.
  private static let exaggeration = 6.0

  func drawPanel(of record: FrameRecord, layout: inout LabelLayout, on image: inout Image) throws(ImagingError) {
    let (unit, margin) = (style.unit, 6 * style.unit)
    let grid = AxisBox(left: 0, top: 0, width: 54 * unit, height: 54 * unit * Double(image.height) / Double(max(1, image.width)))
    let lines = panelText(record)
    var textWidth = 0.0
    for line in lines {
      textWidth = max(textWidth, try Image.textSize(line, height: style.textHeight, thickness: style.textThickness).width)
    }
    let lineHeight = style.textHeight * 1.75
    let inner = max(grid.height, lineHeight * Double(lines.count))
    let panel = AxisBox(
      left: margin, top: Double(image.height) - margin - inner - 2 * margin, width: grid.width + textWidth + 3.5 * margin,
      height: inner + 2 * margin)
    layout.reserve(panel)
    try image.fillPolygon(OrientedBox(panel).corners, color: OverlayStyle.panel)
    let corner = Point(panel.left + margin, panel.center.y - grid.height / 2)
    try drawGrid(record.camera, at: corner, size: grid, on: &image)
    let top = panel.center.y - lineHeight * Double(lines.count) / 2
    for (i, line) in lines.enumerated() {
      let baseline = top + lineHeight * (Double(i) + 0.5) + style.textHeight / 2
      try image.drawText(
        line, at: Point(corner.x + grid.width + 1.5 * margin, baseline), height: style.textHeight, thickness: style.textThickness,
        color: i == 0 ? OverlayStyle.text : OverlayStyle.faintText)
    }
  }

  private func panelText(_ record: FrameRecord) -> [String] {
    let shown = record.tracks.filter { $0.state != .tentative }.count
    var lines = ["camera " + (record.camera?.status.rawValue ?? "unknown")]
    if let camera = record.camera, camera.inliers > 0 { lines[0] += "  \(camera.inliers) inliers" }
    lines.append(String(format: "%.2f s  %d %@", record.time, shown, shown == 1 ? "track" : "tracks"))
    return lines
  }

  /// The picture's frame as a grid where it would be without camera motion, and where the motion takes it, larger than life.
  private func drawGrid(_ camera: CameraMotion?, at corner: Point, size: AxisBox, on image: inout Image) throws(ImagingError) {
    let full = Point(Double(image.width), Double(image.height))
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
