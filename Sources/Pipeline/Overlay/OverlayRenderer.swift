import Foundation
import Geometry
import Imaging
import Records

/// Draws what a stream says about a frame on its picture.
///
/// It remembers the trails, so frames are to come in their order.
///
/// ```swift
/// var renderer = OverlayRenderer(width: 1280, height: 720, classes: header.classes)
/// try renderer.draw(record, on: &image)
/// ```
public struct OverlayRenderer: Sendable {
  let style: OverlayStyle
  private let width: Int
  private let height: Int
  private let classes: [String]
  private let layers: Set<OverlayLayer>
  private let blurred: BlurredClasses
  /// Rows below the picture for the panel of small pictures, which would cover much of them; 0 where it lies in the picture's corner.
  let bandHeight: Int
  private var trails = TrailMemory()

  /// - Parameters:
  ///   - width, height: Of the pictures to come; lines and text are scaled to it.
  ///   - classes: The names that the tracks' class indices point into.
  ///   - blurred: Whose boxes' contents are hidden.
  public init(
    width: Int, height: Int, classes: [String], layers: Set<OverlayLayer> = OverlayLayer.standard, blurred: BlurredClasses = .none
  ) {
    style = OverlayStyle(width: width, height: height)
    self.width = width
    self.height = height
    self.classes = classes
    self.layers = layers
    self.blurred = blurred
    bandHeight = layers.contains(.camera) ? PanelLayout(width: width, height: height, style: style).bandHeight : 0
  }

  /// Draws one frame's record on its picture (blue, green, red), from the back to the front: blurred contents, masks, trails, forecasts, boxes,
  /// labels, panel.
  ///
  /// Small pictures become taller, by a band for the panel.
  public mutating func draw(_ record: FrameRecord, on image: inout Image) throws(ImagingError) {
    hideContents(of: record, on: &image)
    trails.update(record)
    if layers.contains(.masks) {
      for track in record.tracks where track.state != .tentative { try drawMask(of: track, on: &image) }
    }
    if layers.contains(.trails) { try drawTrails(of: record, on: &image) }
    if layers.contains(.forecasts) {
      for track in record.tracks where track.state != .tentative { try drawForecast(of: track, on: &image) }
    }
    if layers.contains(.boxes) {
      for track in record.tracks { try drawBox(of: track, on: &image) }
    }
    if layers.contains(.headings) {
      for track in record.tracks where track.state != .tentative { try drawHeading(of: track, on: &image) }
    }
    var layout = LabelLayout(width: width, height: height)
    let panel = PanelLayout(width: width, height: height, style: style)
    if layers.contains(.camera), bandHeight == 0 { layout.reserve(panel.box) }
    if layers.contains(.labels) {
      for track in record.tracks where track.state != .tentative { try drawLabel(of: track, layout: &layout, on: &image) }
    }
    if layers.contains(.camera) { try drawPanel(of: record, panel, on: &image) }
  }

  /// Hides what lies in the boxes of a record, as drawing it does.
  func hideContents(of record: FrameRecord, on image: inout Image) {
    blurred.hideContents(of: record, classes: classes, on: &image)
  }

  // MARK: - Layers

  private func drawMask(of track: TrackRecord, on image: inout Image) throws(ImagingError) {
    guard let mask = track.mask else { return }
    let color = OverlayStyle.color(id: track.id)
    image.fillMask(mask, color: color.withOpacity(0.35))
    for outline in mask.outlines {
      try image.drawPolyline(outline, closed: true, thickness: max(1, style.thickness - 1), color: color)
    }
  }

  /// Older parts fade.
  private func drawTrails(of record: FrameRecord, on image: inout Image) throws(ImagingError) {
    let shades = 6
    for track in record.tracks.sorted(by: { $0.id < $1.id }) {
      guard let spots = trails.trails[track.id], spots.count > 1 else { continue }
      let color = OverlayStyle.color(id: track.id)
      for shade in 0..<shades {
        let (from, to) = (spots.count * shade / shades, spots.count * (shade + 1) / shades)
        // One spot more than its share joins a part to the next.
        let part = spots[from..<min(spots.count, to + 1)].map(\.place)
        guard part.count > 1 else { continue }
        let opacity = 0.15 + 0.75 * Double(shade + 1) / Double(shades)
        try image.drawPolyline(part, thickness: style.thickness, color: color.withOpacity(opacity))
      }
    }
  }

  private func drawForecast(of track: TrackRecord, on image: inout Image) throws(ImagingError) {
    guard !track.forecast.isEmpty else { return }
    let color = OverlayStyle.color(id: track.id)
    let places = [track.box.center] + track.forecast.map(\.center)
    for dash in Dashes.cut(places, closed: false, on: 2.5 * style.unit, off: 3.5 * style.unit) {
      try image.drawPolyline(dash, thickness: max(1, style.thickness - 1), color: color.withOpacity(0.85))
    }
    for forecast in track.forecast {
      // 95 % of a plane's Gaussian lie within √5.991 standard deviations; an ellipse as large as the picture says nothing.
      let sigmas = 5.991.squareRoot()
      guard let covariance = forecast.covariance, sigmas * covariance.eigen.major.squareRoot() < Double(min(width, height)) / 3
      else {
        continue
      }
      try image.fillEllipse(center: forecast.center, covariance: covariance, sigmas: sigmas, color: color.withOpacity(0.06))
      try image.drawEllipse(center: forecast.center, covariance: covariance, sigmas: sigmas, color: color.withOpacity(0.4))
    }
  }

  private func drawBox(of track: TrackRecord, on image: inout Image) throws(ImagingError) {
    let corners = track.corners ?? track.box.corners
    guard track.state != .tentative else {
      try image.drawPolyline(corners, closed: true, color: OverlayStyle.faintText.withOpacity(0.6))
      return
    }
    let color = OverlayStyle.color(id: track.id)
    if track.observation.isDetected {
      // Where the pixels are shown, the rest of the box stays clear.
      if track.mask == nil || !layers.contains(.masks) { try image.fillPolygon(corners, color: color.withOpacity(0.13)) }
      try image.drawPolyline(corners, closed: true, thickness: style.thickness + 2, color: OverlayStyle.casing)
      try image.drawPolyline(corners, closed: true, thickness: style.thickness, color: color)
    } else {
      for dash in Dashes.cut(corners, closed: true, on: 4 * style.unit, off: 3 * style.unit) {
        try image.drawPolyline(dash, thickness: style.thickness, color: color.withOpacity(0.9))
      }
    }
  }

  /// A white arrow past the side that leads; faint where front and back are not told apart.
  private func drawHeading(of track: TrackRecord, on image: inout Image) throws(ImagingError) {
    guard let heading = track.heading else { return }
    let direction = Point(angle: heading)
    let side = Point(angle: track.box.angle)
    // Half the box along the heading: its support in that direction.
    let reach = min(
      track.box.width / 2 / max(1e-6, abs(direction.dot(side))), track.box.height / 2 / max(1e-6, abs(direction.cross(side))))
    let isSure = (track.headingConfidence ?? 1) >= 0.8
    let tip = track.box.center + direction * (reach + 9 * style.unit)
    let start = track.box.center + direction * (0.4 * reach)
    let head = 5.5 * style.unit
    // White on black, as no trail and no box is.
    try image.drawArrow(
      from: start, to: tip + direction * 2, thickness: style.thickness + 4, headLength: head + 5, color: OverlayStyle.arrowCasing)
    try image.drawArrow(
      from: start, to: tip, thickness: style.thickness, headLength: head, color: OverlayStyle.text.withOpacity(isSure ? 1 : 0.45))
  }

  private func drawLabel(of track: TrackRecord, layout: inout LabelLayout, on image: inout Image) throws(ImagingError) {
    try BoxPainter.draw(
      label(of: track), around: track.box.hull, stripe: OverlayStyle.color(id: track.id),
      color: track.observation.isDetected ? OverlayStyle.text : OverlayStyle.faintText, style: style, layout: &layout, on: &image)
  }

  /// `12 car .91`; the class is left out where there is only one.
  private func label(of track: TrackRecord) -> String {
    var parts = ["\(track.id)"]
    if classes.count > 1, classes.indices.contains(track.classIndex) { parts.append(classes[track.classIndex]) }
    if layers.contains(.scores), let score = track.score, score < 0.995 {
      parts.append(String(format: ".%02d", Int(bounded: (score * 100).rounded(.down), in: 0...99)))
    }
    return parts.joined(separator: " ")
  }
}
