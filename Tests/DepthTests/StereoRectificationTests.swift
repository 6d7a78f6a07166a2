import Foundation
import Geometry
import Imaging
import TestSupport
import Testing

@testable import Depth

@Suite struct StereoRectificationTests {
  private let camera = CameraModel(
    width: 640, height: 480, focalX: 535, focalY: 530, center: Point(331, 236),
    distortion: .radialTangential([-0.28, 0.08, 0.001, 0, 0]))
  private let place = RigidTransform(rotationVector: Vector3(0.02, -0.03, 0.01), translation: Vector3(-0.12, 0.004, -0.006))

  @Test func matchesLieInOneRowAtTheDepthsDisparity() throws {
    let rectification = try StereoRectification(
      CameraRig(left: camera, right: camera, rightFromLeft: place), width: 640, height: 480)
    #expect(abs(rectification.baseline - place.translation.length) < 1e-12)
    var random = TestRandom(seed: 1)
    for _ in 0..<50 {
      // A point in the turned left camera's frame; the turned right one stands a base line along x from it.
      let point = Vector3(random.uniform(-0.5, 0.5), random.uniform(-0.4, 0.4), random.uniform(1, 4))
      let left = try #require(rectification.camera.project(point))
      let right = try #require(rectification.camera.project(point - Vector3(rectification.baseline, 0, 0)))
      #expect(abs(left.y - right.y) < 1e-9)
      #expect(abs(Double(rectification.depth(Float(left.x - right.x))) - point.z) < 1e-4)
      // The same two rays by the cameras' own poses: the right camera sees what the turned right one does.
      let inLeft = rectification.leftFromRectified * point
      let inRight = place * inLeft
      let turned = try #require(StereoRectificationTests.rightTurn(place).transposed * inRight as Vector3?)
      #expect((turned - (point - Vector3(rectification.baseline, 0, 0))).length < 1e-9)
    }
  }

  /// The right camera's turn by another way: the rows of its rotation are the base line, what is square to it and the mean of the optical axes, ….
  private static func rightTurn(_ place: RigidTransform) -> Matrix3 {
    let half = Quaternion(rotationVector: place.quaternion.rotationVector * 0.5).rotation
    // In the right camera's frame: the base line is t reversed, the middle axis is half · z.
    let x = place.translation * (-1 / place.translation.length)
    let y = (half * Vector3(0, 0, 1)).cross(x)
    return Matrix3(columns: x, y / y.length, x.cross(y / y.length))
  }

  @Test func aRectifiedPairStaysAsItIs() throws {
    let straight = camera.undistorted
    var square = straight
    square.focalY = square.focalX
    let rig = CameraRig(
      left: square, right: square, rightFromLeft: RigidTransform(rotation: .identity, translation: Vector3(-0.5, 0, 0)))
    let rectification = try StereoRectification(rig, width: 640, height: 480)
    #expect(rectification.camera == square)
    let image = Image(width: 640, height: 480, channels: 1, pixels: (0..<640 * 480).map { UInt8(truncatingIfNeeded: $0 &* 31) })
    #expect(try rectification.rectified(left: image, right: image).left == image)
  }

  @Test func pairsThatAreNoneAreRefused() {
    let same = RigidTransform.identity
    let swapped = place.inverse
    #expect(throws: DepthError.self) { try StereoRectification(CameraRig(left: camera), width: 640, height: 480) }
    for place in [same, swapped] {
      #expect(throws: DepthError.self) {
        try StereoRectification(CameraRig(left: camera, right: camera, rightFromLeft: place), width: 640, height: 480)
      }
    }
  }

  @Test func depthsBecomeNumbersOfSixteenBits() {
    #expect(DepthPictures.sixteenBits([1, 0.5, 0, -1, .nan, .infinity, 255.99, 256]) == [256, 128, 0, 0, 0, 0, 65533, 0])
  }

  @Test func aPointCloudHoldsWhatWasMeasured() throws {
    let rig = CameraRig(left: camera, right: camera, rightFromLeft: place)
    let rectification = try StereoRectification(rig, width: 640, height: 480)
    let map = DisparityMap(width: 2, height: 1, values: [4, 3], isMeasured: [true, false])
    let cloud = DepthPictures.pointCloud(
      map, rectification, colors: Image(width: 2, height: 1, channels: 3, pixels: [1, 2, 3, 4, 5, 6]))
    let bytes = cloud.ply
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.hasPrefix("ply\nformat binary_little_endian 1.0\nelement vertex 1\n"))
    #expect(Array(bytes.suffix(3)) == [3, 2, 1])
  }
}
