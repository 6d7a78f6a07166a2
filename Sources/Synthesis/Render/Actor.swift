import Foundation
import Geometry

/// An object with its path and its speeds worked out.
struct Actor: Sendable {
  let object: SceneObject
  private let path: SampledPath
  private let profile: SpeedProfile

  init(_ object: SceneObject) {
    self.object = object
    path = SampledPath(object.path)
    profile = SpeedProfile(object.drive)
  }

  /// Place on the ground, heading there and speed.
  func state(at time: Double) -> (position: SIMD2<Double>, heading: Double, speed: Double, distance: Double) {
    let (distance, speed) = profile.state(at: time)
    let place = path.place(at: distance)
    return (place.position, place.heading, speed, distance)
  }

  func placed(at time: Double) -> PlacedSolid {
    let state = state(at: time)
    // One full stride of a person every 1.5 metres; the id sets who is where in it.
    let stride = 2 * .pi * (state.distance / 1.5 + Double(object.id) * 0.37)
    return PlacedSolid(Solid(object, stride: stride), position: state.position, heading: state.heading)
  }

  /// nil where the object is behind the camera or so far that it has no pixel.
  func truth(at time: Double, camera: CameraProjection, outlines: [[Point]], visiblePixels: Int) -> ObjectTruth? {
    let state = state(at: time)
    let position = GroundPoint(state.position)
    let forward = SIMD2(cos(state.heading), sin(state.heading))
    guard !outlines.isEmpty, let middle = camera.project(position),
      let step = camera.derivative(along: forward, at: position),
      let footprint = camera.pixels(corners(position: state.position, forward: forward))
    else { return nil }
    let heading = step.angle
    let count = OutlineCount(outlines, width: camera.width, height: camera.height)
    guard count.total > 0 else { return nil }
    let axis = object.boxAxis == .heading ? heading : uprightAxis(position, camera) ?? heading
    return ObjectTruth(
      id: object.id, kind: object.kind, position: position, groundHeading: Angle.wrappedHeading(state.heading),
      speed: state.speed, depthMetres: middle.depthMetres, heading: Angle.wrappedHeading(heading),
      velocity: step * state.speed,
      box: boundingBox(of: outlines.joined(), along: axis), footprint: footprint,
      visibility: min(1, Double(visiblePixels) / Double(count.total)),
      truncation: 1 - Double(count.inside) / Double(count.total), visiblePixels: visiblePixels)
  }

  /// Rear left, front left, front right, rear right.
  private func corners(position: SIMD2<Double>, forward: SIMD2<Double>) -> [SIMD2<Double>] {
    let along = forward * (object.size.length / 2)
    let right = SIMD2(-forward.y, forward.x) * (object.size.width / 2)
    return [position - along - right, position + along - right, position + along + right, position - along + right]
  }

  /// The direction in the picture from its feet to its head.
  private func uprightAxis(_ position: GroundPoint, _ camera: CameraProjection) -> Double? {
    guard let foot = camera.project(position), let head = camera.project(position, elevation: object.size.height) else {
      return nil
    }
    let up = head.pixel - foot.pixel
    return up.length > 1e-9 ? up.angle : nil
  }
}

extension CameraProjection {
  /// How far the picture of a ground point moves for each metre of a step on the ground: the derivative of the projection, pixels.
  ///
  /// nil where the point is behind the camera or the step is seen end-on.
  func derivative(along step: SIMD2<Double>, at ground: GroundPoint) -> Point? {
    guard let place = project(ground) else { return nil }
    let seen = worldFromCamera.rotation.transposed * Vector3(step.x, step.y, 0)
    // d(f X/Z) = f (dX − (X/Z) dZ) / Z.
    let x = focalLength * seen.x - (place.pixel.x - Double(width) / 2) * seen.z
    let y = focalLength * seen.y - (place.pixel.y - Double(height) / 2) * seen.z
    let derivative = Point(x, y) / place.depthMetres
    return derivative.length > 1e-12 ? derivative : nil
  }
}
