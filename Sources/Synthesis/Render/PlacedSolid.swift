import Foundation
import Geometry

/// A solid at its place in the world.
struct PlacedSolid: Sendable {
  var solid: Solid
  var position: SIMD2<Double>
  private let cosine: Double
  private let sine: Double

  init(_ solid: Solid, position: SIMD2<Double>, heading: Double) {
    self.solid = solid
    self.position = position
    cosine = cos(heading)
    sine = sin(heading)
  }

  /// A point of the solid (x forward, y right, z up) in world coordinates (z down).
  func world(_ p: SIMD2<Double>, elevation: Double) -> Vector3 {
    Vector3(position.x + cosine * p.x - sine * p.y, position.y + sine * p.x + cosine * p.y, -elevation)
  }
}

/// Light from the sun on faces and the shadows that it casts.
struct Sun: Sendable {
  /// Towards the sun, world coordinates.
  let direction: Vector3
  /// How far a point one metre up casts its shadow on the ground.
  let shadowPerMetre: SIMD2<Double>
  /// The share of the light that a shadow takes.
  let shadow: Float

  init(_ lighting: Scene.Lighting) {
    let (c, s) = (cos(lighting.sunElevation), sin(lighting.sunElevation))
    direction = Vector3(c * cos(lighting.sunHeading), c * sin(lighting.sunHeading), -s)
    shadowPerMetre = -(c / s) * SIMD2(cos(lighting.sunHeading), sin(lighting.sunHeading))
    shadow = Float(lighting.shadow)
  }

  /// The brightness of a face by its outward normal (world, length 1); level ground in the sun has 1.
  func brightness(_ normal: Vector3) -> Double {
    0.5 + 0.5 * max(0, normal.dot(direction)) / max(0.2, -direction.z)
  }
}

/// One block as the camera sees it: outline, faces and the planes of their depth.
struct ProjectedPrism {
  struct Face {
    var corners: [Point]
    var color: Canvas.Pixel
    var plane: DepthPlane
  }

  /// Clockwise on the screen.
  let outline: [Point]
  /// Those that look towards the camera.
  let faces: [Face]

  /// nil where the block reaches behind the camera or has no face towards it.
  init?(_ prism: Prism, of placed: PlacedSolid, camera: CameraProjection, sun: Sun) {
    let n = prism.lower.count
    let world =
      prism.lower.map { placed.world($0, elevation: prism.bottom) }
      + prism.upper.map { placed.world($0, elevation: prism.top) }
    let seen = world.map(camera.cameraCoordinates)
    guard seen.allSatisfy({ $0.z > ProjectedPrism.nearest }) else { return nil }
    let pixels = seen.map(camera.pixel)
    let middle = world.reduce(.zero, +) / Double(world.count)
    var faces: [Face] = []
    func add(_ indices: [Int], _ color: SurfaceColor) {
      let corners = indices.map { world[$0] }
      guard let normal = ProjectedPrism.normal(of: corners, awayFrom: middle) else { return }
      guard normal.dot(camera.worldFromCamera.translation - corners[0]) > 0 else { return }
      faces.append(
        Face(
          corners: indices.map { pixels[$0] }, color: color.lit(sun.brightness(normal)),
          plane: camera.depthPlane(normal: normal, through: corners[0])))
    }
    for i in 0..<n {
      let next = (i + 1) % n
      // A side that looks forward lies between two corners at the front.
      let isFront = prism.lower[i].x > 0 && prism.lower[next].x > 0 && abs(prism.lower[i].x - prism.lower[next].x) < 1e-9
      add([i, next, n + next, n + i], isFront ? prism.front ?? prism.side : prism.side)
    }
    add(Array(n..<2 * n), prism.roof)
    let outline = ConvexPolygon.hull(pixels)
    guard !faces.isEmpty, outline.count > 2 else { return nil }
    self.outline = outline
    self.faces = faces
  }

  /// Metres before the camera within which nothing is painted.
  static let nearest = 0.3

  private static func normal(of corners: [Vector3], awayFrom middle: Vector3) -> Vector3? {
    let n = (corners[1] - corners[0]).cross(corners[corners.count - 1] - corners[0])
    guard n.length > 1e-12 else { return nil }
    let unit = n / n.length
    return unit.dot(corners[0] - middle) < 0 ? -unit : unit
  }
}

extension CameraProjection {
  /// 1/depth as a function of the pixel for a plane in space: n·X = d in camera coordinates with X = depth·((u − cx)/f, (v − cy)/f, 1).
  func depthPlane(normal: Vector3, through point: Vector3) -> DepthPlane {
    let n = worldFromCamera.rotation.transposed * normal
    let d = n.dot(cameraCoordinates(point))
    let a = n.x / (d * focalLength)
    let b = n.y / (d * focalLength)
    let c = n.z / d - a * Double(width) / 2 - b * Double(height) / 2
    return DepthPlane(Float(a), Float(b), Float(c), 0)
  }

  /// The pixels of points `elevation` metres above the ground; nil where one is behind the camera.
  func pixels(_ points: [SIMD2<Double>], elevation: Double = 0) -> [Point]? {
    var found: [Point] = []
    for p in points {
      let seen = cameraCoordinates(Vector3(p.x, p.y, -elevation))
      guard seen.z > ProjectedPrism.nearest else { return nil }
      found.append(pixel(seen))
    }
    return found
  }
}

extension PlacedSolid {
  /// Paints the solid and gives the outlines of its blocks, clockwise on the screen.
  @discardableResult
  func paint(on canvas: inout Canvas, camera: CameraProjection, sun: Sun, id: UInt16, isShaded: Bool) -> [[Point]] {
    let shadow = isShaded ? sun.shadow : 0
    var outlines: [[Point]] = []
    for prism in solid.prisms {
      guard let seen = ProjectedPrism(prism, of: self, camera: camera, sun: sun) else { continue }
      outlines.append(seen.outline)
      // First the whole outline in the darker colour of its seams: else the ground would shine through where two faces meet.
      let seam = seen.faces[seen.faces.count - 1].color * 0.75
      canvas.fill(seen.outline, with: Paint(color: seam, planes: seen.faces.map(\.plane), id: id, shadow: shadow))
      for face in seen.faces {
        canvas.fill(face.corners, with: Paint(color: face.color, planes: [face.plane], id: nil, shadow: shadow))
      }
    }
    for patch in solid.patches { paint(patch, on: &canvas, camera: camera, sun: sun, shadow: shadow) }
    return outlines
  }

  private func paint(_ patch: Patch, on canvas: inout Canvas, camera: CameraProjection, sun: Sun, shadow: Float) {
    let corners = patch.corners.map { world(SIMD2($0.x, $0.y), elevation: $0.z) }
    let seen = corners.map(camera.cameraCoordinates)
    guard seen.allSatisfy({ $0.z > ProjectedPrism.nearest }) else { return }
    let up = Vector3(0, 0, -1)
    let plane = camera.depthPlane(normal: up, through: corners[0])
    let color = patch.color.lit(sun.brightness(up))
    canvas.fill(seen.map(camera.pixel), with: Paint(color: color, planes: [plane], id: nil, shadow: shadow))
  }

  /// The shadows of the blocks on the ground, as polygons in the picture.
  func shadows(camera: CameraProjection, sun: Sun) -> [[Point]] {
    solid.prisms.compactMap { prism in
      func cast(_ outline: [SIMD2<Double>], _ elevation: Double) -> [SIMD2<Double>] {
        outline.map { p in
          let w = world(p, elevation: elevation)
          return SIMD2(w.x, w.y) + elevation * sun.shadowPerMetre
        }
      }
      return camera.pixels(cast(prism.lower, prism.bottom) + cast(prism.upper, prism.top)).map(ConvexPolygon.hull)
    }
  }
}
