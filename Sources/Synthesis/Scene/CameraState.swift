import Foundation
import Geometry

/// A pinhole camera over the ground plane at one instant.
///
/// Camera axes: x right, y down, z forward. The attitude is yaw, pitch, roll of the body (forward, right, down) in the world (x, y on the
/// ground, z down): R = Rz(yaw) Ry(pitch) Rx(roll), so pitch −π/2 looks straight down with the image's top towards the yaw direction
/// (the pinhole model of Hartley and Zisserman, "Multiple View Geometry", 2nd edition, section 6.1). The principal point is the middle of the image.
public struct CameraState: Codable, Hashable, Sendable {
  /// Where the camera stands above the ground, metres.
  public var position: GroundPoint
  /// Metres above the ground.
  public var height: Double
  /// Radians about z, from x towards y.
  public var yaw: Double
  /// Radians about the right axis; −π/2 looks straight down.
  public var pitch: Double
  /// Radians about the forward axis.
  public var roll: Double
  /// The focal length over the width of the image: 1 is a field of view of 53 degrees.
  public var zoom: Double

  /// A state; metres and radians.
  public init(position: GroundPoint, height: Double, yaw: Double, pitch: Double, roll: Double = 0, zoom: Double = 1) {
    self.position = position
    self.height = height
    self.yaw = yaw
    self.pitch = pitch
    self.roll = roll
    self.zoom = zoom
  }
}

/// A camera's projection for one size of image: everything that follows from `CameraState` in closed form.
public struct CameraProjection: Sendable {
  /// Where the camera is and how it looks.
  public let state: CameraState
  /// Pixels of the picture.
  public let width: Int
  /// Pixels of the picture.
  public let height: Int
  /// The focal length in pixels.
  public let focalLength: Double
  /// The pose camera to world: the rotation's columns are the camera's axes, the translation is its position (z = −height).
  public let worldFromCamera: RigidTransform
  private let cameraFromWorld: RigidTransform

  /// The projection of a camera on a picture of this size.
  public init(_ state: CameraState, width: Int, height: Int) {
    self.state = state
    self.width = width
    self.height = height
    focalLength = state.zoom * Double(width)
    let (cy, sy) = (cos(state.yaw), sin(state.yaw))
    let (cp, sp) = (cos(state.pitch), sin(state.pitch))
    let (cr, sr) = (cos(state.roll), sin(state.roll))
    // The columns of Rz Ry Rx; the camera's z, x, y are the body's x, y, z.
    let forward = Vector3(cy * cp, sy * cp, -sp)
    let right = Vector3(cy * sp * sr - sy * cr, sy * sp * sr + cy * cr, cp * sr)
    let down = Vector3(cy * sp * cr + sy * sr, sy * sp * cr - cy * sr, cp * cr)
    worldFromCamera = RigidTransform(
      rotation: Matrix3(columns: right, down, forward),
      translation: Vector3(state.position.x, state.position.y, -state.height))
    cameraFromWorld = worldFromCamera.inverse
  }

  /// The world point in camera coordinates (x right, y down, z forward), metres.
  func cameraCoordinates(_ world: Vector3) -> Vector3 { cameraFromWorld * world }

  /// The pixel of a point in camera coordinates; z must be positive.
  func pixel(_ camera: Vector3) -> Point {
    let scale = focalLength / camera.z
    return Point(camera.x * scale + Double(width) / 2, camera.y * scale + Double(height) / 2)
  }

  /// The pixel and depth (metres along the optical axis) of a point `elevation` metres above the ground; nil behind the camera.
  public func project(_ ground: GroundPoint, elevation: Double = 0) -> (pixel: Point, depthMetres: Double)? {
    let camera = cameraCoordinates(Vector3(ground.x, ground.y, -elevation))
    return camera.z > 0.01 ? (pixel(camera), camera.z) : nil
  }

  /// The map from ground metres (x, y) to pixels, scaled to h₃₃ = 1: K [r₁ r₂ −R C].
  public var groundToImage: Homography {
    let c = Double(width) / 2
    let d = Double(height) / 2
    func column(_ v: Vector3) -> Vector3 {
      Vector3(focalLength * v.x + c * v.z, focalLength * v.y + d * v.z, v.z)
    }
    let x = column(cameraFromWorld.rotation.column0)
    let y = column(cameraFromWorld.rotation.column1)
    let origin = column(cameraFromWorld.translation)
    return Homography(x.x, y.x, origin.x, x.y, y.y, origin.y, x.z, y.z, origin.z).normalized
  }

  /// What the ground plane's picture does from the previous camera to this one: maps the previous image to this image.
  ///
  /// nil where either camera's image of the ground is degenerate (a camera in the ground plane).
  public func homography(from previous: CameraProjection) -> Homography? {
    if previous.state == state { return .identity }
    return previous.imageToGround.map { groundToImage * $0 }
  }

  /// The map from pixels to ground metres, without scaling: the third coordinate is positive below the horizon and
  /// is there height over depth times the focal length.
  var imageToGround: Homography? {
    // A ray d = right (u − cx) + down (v − cy) + forward f meets the plane at C + d (height / d.z).
    let h = state.height
    guard h > 0 else { return nil }
    let axes = worldFromCamera.rotation
    let position = worldFromCamera.translation
    let (u, v) = (axes.column0, axes.column1)
    let w = axes.column2 * focalLength - u * (Double(width) / 2) - v * (Double(height) / 2)
    return Homography(
      h * u.x + position.x * u.z, h * v.x + position.x * v.z, h * w.x + position.x * w.z,
      h * u.y + position.y * u.z, h * v.y + position.y * v.z, h * w.y + position.y * w.z, u.z, v.z, w.z)
  }

  /// The ground point under a pixel; nil at and above the horizon.
  public func groundPoint(at pixel: Point) -> GroundPoint? {
    guard let map = imageToGround, map.denominator(at: pixel) > 1e-9 * focalLength else { return nil }
    let point = map.apply(pixel)
    return GroundPoint(point.x, point.y)
  }

  /// The depth of the ground at a pixel, metres along the optical axis: f height / (d.z); nil at and above the horizon.
  public func groundDepth(at pixel: Point) -> Double? {
    guard let map = imageToGround else { return nil }
    let fall = map.denominator(at: pixel)
    return fall > 1e-9 * focalLength ? state.height * focalLength / fall : nil
  }
}
