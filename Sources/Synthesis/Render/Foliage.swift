import Foundation
import Geometry

/// The crown of a tree: discs that face the camera, darker below, lighter towards the sun.
struct Foliage: Sendable {
  private struct Tuft {
    var place: SIMD2<Double>
    var elevation: Double
    var radius: Double
    var color: SurfaceColor
    /// One factor of the radius for each corner.
    var shape: [Double]
  }

  private var tufts: [Tuft] = []

  init(_ tree: Occluder, sun: Sun, seed: UInt64, index: Int) {
    var generator = SplitMix64(seed: seed, purpose: 0xF011A6E &+ UInt64(index))
    let radius = tree.size.length / 2
    let (low, high) = (0.35 * tree.size.height, tree.size.height)
    let tint = generator.uniform(0.85, 1.15)
    for i in 0..<90 {
      // The first few are large and fill the crown; the others lie near its surface.
      let isCore = i < 9
      let angle = generator.uniform(0, 2 * .pi)
      let rise = generator.uniform(-1, 1)
      let shell = (1 - rise * rise).squareRoot() * (isCore ? generator.uniform(0.1, 0.5) : generator.uniform(0.55, 0.88))
      let offset = SIMD2(cos(angle), sin(angle)) * shell
      let out = Vector3(offset.x, offset.y, -rise)
      let light = 0.62 + 0.3 * out.dot(sun.direction) + 0.16 * rise + generator.uniform(-0.1, 0.1)
      let c = tree.color
      let warm = generator.uniform(0.92, 1.1)
      let factor = max(0.2, (isCore ? 0.55 : 1) * light * tint)
      tufts.append(
        Tuft(
          place: tree.center.vector + offset * radius, elevation: (low + high) / 2 + rise * 0.85 * (high - low) / 2,
          radius: radius * (isCore ? 0.5 : generator.uniform(0.13, 0.26)),
          color: SurfaceColor(c.red * factor * warm, c.green * factor, c.blue * factor),
          shape: (0..<9).map { _ in generator.uniform(0.78, 1.12) }))
    }
    let core = tufts[0..<9]
    tufts = core + tufts[9...].sorted { $0.elevation < $1.elevation }
  }

  func paint(on canvas: inout Canvas, camera: CameraProjection) {
    for tuft in tufts {
      let seen = camera.cameraCoordinates(Vector3(tuft.place.x, tuft.place.y, -tuft.elevation))
      guard seen.z > ProjectedPrism.nearest + tuft.radius else { continue }
      let center = camera.pixel(seen)
      let radius = tuft.radius * camera.focalLength / seen.z
      let corners = ConvexPolygon.hull(
        tuft.shape.enumerated().map { i, factor in
          center + Point(angle: 2 * .pi * Double(i) / Double(tuft.shape.count)) * (radius * factor)
        })
      let plane = DepthPlane(0, 0, Float(1 / seen.z), 0)
      canvas.fill(corners, with: Paint(color: tuft.color.pixel, planes: [plane], id: 0))
    }
  }

  /// The shadows of its tufts on the ground, as polygons in the picture.
  func shadows(camera: CameraProjection, sun: Sun) -> [[Point]] {
    tufts.prefix(40).compactMap { tuft in
      let center = tuft.place + tuft.elevation * sun.shadowPerMetre
      return camera.pixels(Outline.ellipse(center: center, length: 2 * tuft.radius, width: 2 * tuft.radius))
    }
  }
}
