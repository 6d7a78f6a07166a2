import Foundation
import Testing

@testable import Geometry

@Suite struct CameraModelTests {
  static let cameras = [
    CameraModel(width: 640, height: 480, focalX: 500, focalY: 510, center: Point(320, 240)),
    CameraModel(
      width: 640, height: 480, focalX: 500, focalY: 510, center: Point(320, 240),
      distortion: .radialTangential([-0.28, 0.07, 0.001, -0.002, 0.01])),
    CameraModel(
      width: 640, height: 480, focalX: 500, focalY: 510, center: Point(320, 240),
      distortion: .radialTangential([0.1, 0.02, 0.001, -0.002, 0.01, 0.2, 0.03, 0.001])),
    CameraModel(
      width: 640, height: 480, focalX: 300, focalY: 310, center: Point(320, 240),
      distortion: .fisheye([0.05, -0.01, 0.004, -0.001])),
  ]

  @Test(arguments: cameras) func aRayMeetsItsPixel(_ camera: CameraModel) throws {
    for x in stride(from: 0.5, to: 640, by: 31) {
      for y in stride(from: 0.5, to: 480, by: 29) {
        let ray = try #require(camera.ray(Point(x, y)))
        let back = try #require(camera.project(ray * 3))
        #expect((back - Point(x, y)).length < 1e-6)
      }
    }
  }

  /// OpenCV's formula for one point, written out: x 0.2, y −0.1, r² 0.05.
  @Test func distortionIsOpenCVs() throws {
    let place = try #require(Self.cameras[1].project(Vector3(0.2, -0.1, 1)))
    let radial = 1 - 0.28 * 0.05 + 0.07 * 0.0025 + 0.01 * 0.000125
    let x = 0.2 * radial + 2 * 0.001 * (0.2 * -0.1) + -0.002 * (0.05 + 2 * 0.04)
    let y = -0.1 * radial + 0.001 * (0.05 + 2 * 0.01) + 2 * -0.002 * (0.2 * -0.1)
    #expect(abs(place.x - (500 * x + 320)) < 1e-9 && abs(place.y - (510 * y + 240)) < 1e-9)
  }

  /// An equidistant fisheye without coefficients shows an angle as a length.
  @Test func aFisheyeShowsAnglesAsLengths() throws {
    let camera = CameraModel(
      width: 640, height: 480, focalX: 300, focalY: 300, center: Point(320, 240), distortion: .fisheye([0, 0, 0, 0]))
    let place = try #require(camera.project(Vector3(sin(0.7), 0, cos(0.7))))
    #expect(abs(place.x - (320 + 210)) < 1e-9)
  }

  @Test func nothingBehindIsSeen() {
    for camera in Self.cameras {
      #expect(camera.project(Vector3(0, 0, -1)) == nil && camera.project(Vector3(1, 1, 0)) == nil)
    }
  }

  /// Half the size: the same direction is at half the place, the origin being the corner of the picture.
  @Test func aSmallerPictureShowsTheSame() throws {
    for camera in Self.cameras {
      let direction = Vector3(0.1, 0.2, 1)
      let small = try #require(camera.scaled(width: 320, height: 240).project(direction))
      let place = try #require(camera.project(direction))
      #expect((small - place * 0.5).length < 1e-9)
    }
  }

  @Test func rotationVectorsComeBack() {
    for vector in [Vector3(0.3, -0.2, 0.1), Vector3(1e-9, 0, 0), Vector3(0, 3.1, 0), .zero] {
      #expect((Quaternion(rotationVector: vector).rotationVector - vector).length < 1e-12)
    }
  }

  @Test func numbersWithoutSenseAreToldOf() {
    let good = Self.cameras[1]
    #expect(good.problem == nil)
    for change in [\CameraModel.focalX, \.focalY, \.center.x] as [WritableKeyPath<CameraModel, Double>] {
      var bad = good
      bad[keyPath: change] = .nan
      #expect(bad.problem != nil)
    }
    var bad = good
    bad.distortion = .fisheye([1])
    #expect(bad.problem != nil)
  }
}
