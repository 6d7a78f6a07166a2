import Geometry
import Imaging
import Records

/// The part of the ground that a view from above shows, and how it lies in the view's pixels.
struct GroundSheet {
  /// Of the view; even, as H.264 wants them.
  let width: Int
  let height: Int
  private let ground: GroundMap
  /// Takes the lens off the pictures; nil for a lens without distortion.
  private let lens: PixelMap?
  private let viewFromGround: Homography

  /// Ground that a pixel stretches over more than so many pixels of the view is not looked for: towards the horizon there is no end of it.
  private static let longestPixel = 8.0
  /// The points of a picture that are asked what of the ground they show, along a side.
  private static let samples = 24

  /// - Returns: nil where no picture shows the ground.
  init?(ground: GroundMap, camera: CameraModel?, _ scene: StreamScene, width: Int, height: Int) {
    guard let resolution = GroundSheet.resolution(ground, width, height),
      let bounds = GroundSheet.bounds(ground, scene, width, height, resolution)
    else { return nil }
    let scale = min(1 / resolution, GroundRendering.longest / max(bounds.width, bounds.height))
    func even(_ metres: Double) -> Int { Int(bounded: (metres * scale / 2).rounded(.up), in: 8...1024) * 2 }
    (self.width, self.height) = (even(bounds.width), even(bounds.height))
    self.ground = ground
    viewFromGround = Homography.scaling(scale, scale) * Homography.translation(Point(-bounds.left, -bounds.top))
    lens = camera.flatMap { camera in
      camera.distortion.coefficients.allSatisfy { $0 == 0 }
        ? nil : try? PixelMap(from: camera, to: camera.undistorted, rotation: .identity)
    }
  }

  private static func points(_ width: Int, _ height: Int) -> [Point] {
    (0...samples).flatMap { row in
      (0...samples).map { column in
        Point(Double(width) * Double(column) / Double(samples), Double(height) * Double(row) / Double(samples))
      }
    }
  }

  /// Metres a pixel in the finest part of the first picture.
  private static func resolution(_ ground: GroundMap, _ width: Int, _ height: Int) -> Double? {
    let mapping = PlaneMapping(ground.place)
    return points(width, height).compactMap { mapping.jacobian(at: $0).map { abs($0.determinant).squareRoot() } }.min()
  }

  private static func bounds(
    _ ground: GroundMap, _ scene: StreamScene, _ width: Int, _ height: Int, _ resolution: Double
  ) -> AxisBox? {
    // A view every so often is enough: neighbours show almost the same.
    let frames = scene.views.keys.sorted()
    let chosen = stride(from: 0, to: frames.count, by: max(1, frames.count / 32)).map { frames[$0] } + frames.suffix(1)
    let places = chosen.flatMap { frame -> [Point] in
      guard let view = scene.views[frame] else { return [] }
      let mapping = PlaneMapping { view.place($0).flatMap(ground.place) }
      return points(width, height).compactMap { point in
        guard let jacobian = mapping.jacobian(at: point),
          max(Point(jacobian.a, jacobian.c).length, Point(jacobian.b, jacobian.d).length) <= longestPixel * resolution
        else { return nil }
        return mapping.map(point)
      }
    }
    let bounds = places.count < 3 ? nil : AxisBox(around: places)
    return bounds.flatMap { $0.width > 0 && $0.height > 0 && $0.width.isFinite && $0.height.isFinite ? $0 : nil }
  }

  /// A picture as seen from above, with the boxes of its tracks and the paths that led there.
  ///
  /// - Throws: `ImagingError` from the library.
  func view(_ picture: Image, _ view: StabilizedPlane.View, _ record: FrameRecord, _ scene: StreamScene) throws -> Image {
    let flat = try lens.map { try picture.remapped(by: $0) } ?? picture
    var image = try flat.warped(by: viewFromGround * ground.homography * view.map, width: width, height: height)
    let style = OverlayStyle(width: width, height: height)
    for track in record.tracks where track.state != .tentative {
      let color = OverlayStyle.color(id: track.id)
      let path = (scene.tracks[track.id] ?? []).prefix { $0.frame <= record.frame }.compactMap { row in
        scene.views[row.frame].flatMap { place(row.box.center, $0) }
      }
      try image.drawPolyline(path, thickness: style.thickness, color: color)
      let corners = track.box.corners.compactMap { place($0, view) }
      if corners.count == 4 { try image.drawPolyline(corners, closed: true, thickness: style.thickness, color: color) }
      if let end = path.last {
        try image.drawText(
          "\(track.id)", at: end + Point(4, -4), height: style.textHeight, thickness: style.textThickness, color: color)
      }
    }
    return image
  }

  private func place(_ pixel: Point, _ view: StabilizedPlane.View) -> Point? {
    view.place(pixel).flatMap(ground.place).map(viewFromGround.apply)
  }
}
