import Foundation
import Geometry
import Imaging
import TestSupport

@testable import Odometry

/// Pictures of textured walls around a street, made by casting a ray for each pixel: exact poses, exact places.
struct SyntheticDrive {
  let camera: CameraModel
  let rightFromLeft = RigidTransform(rotation: .identity, translation: Vector3(-0.4, 0, 0))

  /// Half the street's width, the height of the camera and of the ceiling, and the end, in metres.
  private let side = 4.0, floor = 1.6, ceiling = -3.0, end = 60.0

  /// - Parameter size: How many times 320×200 pixels the pictures have in each direction.
  init(size: Int = 1) {
    let unit = Double(size)
    camera = CameraModel(
      width: 320 * size, height: 200 * size, focalX: 220 * unit, focalY: 220 * unit, center: Point(160 * unit, 100 * unit))
  }

  /// The angle of a pixel in the middle of the picture, in radians.
  var pixelAngle: Double { 1 / camera.focalX }

  var rig: CameraRig { CameraRig(left: camera, right: camera, rightFromLeft: rightFromLeft) }

  /// The pose of a frame of a drive that bends: camera to world.
  func pose(_ frame: Int) -> RigidTransform {
    let t = Double(frame)
    return RigidTransform(
      rotation: Quaternion(rotationVector: Vector3(0.01 * sin(t / 3), 0.012 * t, 0.005 * cos(t / 2) - 0.005)).rotation,
      translation: Vector3(0.004 * t * t, 0.02 * sin(t / 2), 0.4 * t))
  }

  func image(_ worldFromCamera: RigidTransform) -> Image {
    var image = Image(width: camera.width, height: camera.height, channels: 1)
    image.grid.forEachPixel { x, y, index in
      guard let ray = camera.ray(Point(Double(x) + 0.5, Double(y) + 0.5)) else { return }
      image.pixels[index] = level(worldFromCamera.translation, worldFromCamera.rotation * ray)
    }
    return image
  }

  /// A picture of one plane across the view of a camera at rest, `depth` metres before it.
  func floor(_ worldFromCamera: RigidTransform, depth: Double) -> Image {
    var image = Image(width: camera.width, height: camera.height, channels: 1)
    image.grid.forEachPixel { x, y, index in
      guard let ray = camera.ray(Point(Double(x) + 0.5, Double(y) + 0.5)) else { return }
      let direction = worldFromCamera.rotation * ray
      let p = worldFromCamera.translation + direction * ((depth - worldFromCamera.translation.z) / direction.z)
      image.pixels[index] = SyntheticDrive.texture(p.x, p.y, 7, pixelWidth: depth / camera.focalX)
    }
    return image
  }

  /// A picture of ground at z = `depth` from which some squares of four metres rise, seven eighths as far from z = 0.
  func ground(_ worldFromCamera: RigidTransform, depth: Double) -> Image {
    var image = Image(width: camera.width, height: camera.height, channels: 1)
    let origin = worldFromCamera.translation
    image.grid.forEachPixel { x, y, index in
      guard let ray = camera.ray(Point(Double(x) + 0.5, Double(y) + 0.5)) else { return }
      let direction = worldFromCamera.rotation * ray
      guard direction.z > 0.05 else { return }
      func hit(_ z: Double) -> Vector3 { origin + direction * ((z - origin.z) / direction.z) }
      func cell(_ p: Vector3) -> Int { Int(bounded: (p.x / 4).rounded(.down) + 3 * (p.y / 4).rounded(.down), in: -10_000...10_000) }
      let top = hit(depth * 7 / 8)
      let isRaised = (cell(top) % 5 + 5) % 5 == 0
      let p = isRaised ? top : hit(depth)
      let width = (p - origin).length / (direction.z / direction.length * camera.focalX)
      image.pixels[index] = SyntheticDrive.texture(p.x, p.y, isRaised ? 8 : 7, pixelWidth: width)
    }
    return image
  }

  private func level(_ origin: Vector3, _ direction: Vector3) -> UInt8 {
    var best = Double.infinity
    var surface = 0
    for (index, distance) in [
      (side - origin.x) / direction.x, (-side - origin.x) / direction.x, (floor - origin.y) / direction.y,
      (ceiling - origin.y) / direction.y,
      (end - origin.z) / direction.z,
    ].enumerated() where distance > 0 && distance < best {
      best = distance
      surface = index
    }
    let p = origin + direction * best
    let (u, v) = surface < 2 ? (p.z, p.y) : surface < 4 ? (p.x, p.z) : (p.x, p.y)
    // How wide a pixel is on the surface: by the distance, and by how flat it is seen.
    let across = surface < 2 ? direction.x : surface < 4 ? direction.y : direction.z
    let width = best * direction.squaredLength / (abs(across) * camera.focalX)
    return SyntheticDrive.texture(u, v, UInt64(surface), pixelWidth: width)
  }

  /// Smooth noise of three scales; those that a pixel does not resolve fade, as a lens blurs them.
  static func texture(_ u: Double, _ v: Double, _ surface: UInt64, pixelWidth: Double) -> UInt8 {
    var value = 128.0
    for (scale, height) in [(0.9, 60.0), (2.3, 40.0), (5.1, 25.0)] {
      let (x, y) = (u * scale, v * scale)
      let (i, j) = (x.rounded(.down), y.rounded(.down))
      let (a, b) = (x - i, y - j)
      func corner(_ di: Double, _ dj: Double) -> Double {
        let key =
          UInt64(bitPattern: Int64(i + di)) &* 73_856_093 ^ UInt64(bitPattern: Int64(j + dj)) &* 19_349_663 ^ surface &* 83_492_791
        return Double(SplitMix64.mixed(key) >> 40) / Double(1 << 24) - 0.5
      }
      let (s, t) = (a * a * (3 - 2 * a), b * b * (3 - 2 * b))
      value +=
        2 * height * max(0, 1 - 2.5 * scale * pixelWidth)
        * ((corner(0, 0) * (1 - s) + corner(1, 0) * s) * (1 - t) + (corner(0, 1) * (1 - s) + corner(1, 1) * s) * t)
    }
    return UInt8(Int(bounded: value, in: 0...255))
  }
}
