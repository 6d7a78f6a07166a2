import Foundation
import Geometry
import Testing

@testable import Synthesis

@Suite struct CameraProjectionTests {
  @Test func aCameraLookingStraightDownIsAScaledMap() throws {
    let camera = CameraProjection(
      CameraState(position: GroundPoint(3, -1), height: 10, yaw: 0, pitch: -.pi / 2, zoom: 1), width: 100, height: 60)
    // 10 pixels a metre; up in the image is along x, right is along y.
    let place = try #require(camera.project(GroundPoint(4, 1)))
    #expect(abs(place.pixel.x - 70) < 1e-9)
    #expect(abs(place.pixel.y - 20) < 1e-9)
    #expect(abs(place.depthMetres - 10) < 1e-9)
    // One metre up it is nearer: 100 / 9 pixels a metre.
    let raised = try #require(camera.project(GroundPoint(4, 1), elevation: 1))
    #expect(abs(raised.pixel.x - (50 + 200 / 9.0)) < 1e-9)
  }

  /// The signs of docs/camera-motion.md: yaw turns right, pitch looks up, roll lowers the right side.
  @Test func attitudeTurnsThePictureAsTheConventionSays() throws {
    let state = CameraState(position: GroundPoint(0, 0), height: 5, yaw: 0, pitch: -0.3)
    func pixel(_ change: (inout CameraState) -> Void) throws -> Point {
      var changed = state
      change(&changed)
      return try #require(CameraProjection(changed, width: 640, height: 480).project(GroundPoint(20, 3))).pixel
    }
    let still = try pixel { _ in }
    #expect(try pixel { $0.yaw += 0.05 }.x < still.x - 5)
    #expect(try pixel { $0.pitch += 0.05 }.y > still.y + 5)
    // The world turns against the camera: what is right of the middle goes up when its right side sinks.
    #expect(try pixel { $0.roll += 0.05 }.y < still.y - 1)
  }

  @Test func theGroundsHomographyIsTheProjectionOfEveryGroundPoint() throws {
    var generator = SplitMix64(seed: 3)
    for camera in SmallScene.randomCameras(200) {
      for _ in 0..<5 {
        let pixel = Point(generator.uniform(0, 640), generator.uniform(180, 360))
        guard let ground = camera.groundPoint(at: pixel) else { continue }
        let seen = try #require(camera.project(ground))
        #expect((seen.pixel - pixel).length < 1e-6)
        #expect((camera.groundToImage.apply(Point(ground.x, ground.y)) - pixel).length < 1e-6)
        #expect(abs(try #require(camera.groundDepth(at: pixel)) / seen.depthMetres - 1) < 1e-9)
      }
    }
  }

  @Test func theHomographyBetweenCamerasMovesTheGroundsPicture() throws {
    let cameras = SmallScene.randomCameras(200)
    for (a, b) in zip(cameras, cameras.dropFirst()) {
      let map = try #require(b.homography(from: a))
      for ground in [GroundPoint(a.state.position.x + 10, a.state.position.y), GroundPoint(0, 0), GroundPoint(-20, 35)] {
        guard let before = a.project(ground), let after = b.project(ground) else { continue }
        let error = (map.apply(before.pixel) - after.pixel).length
        #expect(error < 1e-7 * (1 + after.pixel.length + before.pixel.length))
      }
    }
  }

  @Test func aCameraThatStandsStillHasTheIdentity() {
    let camera = SmallScene.randomCameras(1)[0]
    #expect(camera.homography(from: camera) == .identity)
  }

  @Test func thePoseTakesTheCameraToItsPlaceAndItsAxisToTheGround() throws {
    for camera in SmallScene.randomCameras(50) {
      let pose = camera.worldFromCamera
      #expect(pose.rotation.rotationDefect < 1e-12)
      #expect(abs(pose.rotation.determinant - 1) < 1e-12)
      let middle = try #require(camera.groundPoint(at: Point(320, 180)))
      let depth = try #require(camera.groundDepth(at: Point(320, 180)))
      let reached = pose * Vector3(0, 0, depth)
      #expect((reached - Vector3(middle.x, middle.y, 0)).length < 1e-8 * depth)
    }
  }

  @Test func aboveTheHorizonThereIsNoGround() {
    let camera = CameraProjection(
      CameraState(position: GroundPoint(0, 0), height: 5, yaw: 0, pitch: -0.1), width: 640, height: 480)
    #expect(camera.groundPoint(at: Point(320, 10)) == nil)
    #expect(camera.groundDepth(at: Point(320, 10)) == nil)
    #expect(camera.groundPoint(at: Point(320, 470)) != nil)
  }

  @Test func theDerivativeIsTheLimitOfShortSteps() throws {
    for camera in SmallScene.randomCameras(50) {
      let place = try #require(camera.groundPoint(at: Point(250, 250)))
      let step = SIMD2(cos(1.1), sin(1.1))
      let exact = try #require(camera.derivative(along: step, at: place))
      let h = 1e-4
      let ahead = try #require(camera.project(GroundPoint(place.vector + h * step))).pixel
      let behind = try #require(camera.project(GroundPoint(place.vector - h * step))).pixel
      #expect(((ahead - behind) / (2 * h) - exact).length < 1e-4 * (1 + exact.length))
    }
  }
}
