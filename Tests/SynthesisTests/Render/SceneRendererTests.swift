import Foundation
import Geometry
import Imaging
import Testing

@testable import Synthesis

@Suite struct SceneRendererTests {
  private var moving: CameraPath {
    CameraPath(keys: [
      .init(time: 0, state: CameraState(position: GroundPoint(-8, 0), height: 20, yaw: 0.1, pitch: -1.2)),
      .init(time: 2, state: CameraState(position: GroundPoint(2, 4), height: 24, yaw: 0.9, pitch: -1.3, roll: 0.1, zoom: 1.3)),
    ])
  }

  @Test func theSameSceneGivesTheSameBytesInAnyOrder() throws {
    let scene = ScenePreset.stress.scene(seed: 3, width: 160, height: 96)
    let (a, b) = (try SceneRenderer(scene), try SceneRenderer(scene))
    let forward = [0, 1, 2].map { a.frame($0) }
    let backward = [2, 1, 0].map { b.frame($0) }.reversed()
    for (x, y) in zip(forward, backward) {
      #expect(x.image == y.image)
      #expect(x.truth.mask == y.truth.mask)
      #expect(x.truth.objects == y.truth.objects)
    }
    #expect(forward[0].image != forward[1].image)
  }

  /// The picture itself, not only the numbers, must move by the homography: half a pixel of a wrong convention would show here.
  @Test func theGroundsPictureMovesByTheHomography() throws {
    let renderer = try SceneRenderer(SmallScene.scene(camera: moving))
    for ordinal in [5, 20, 40] {
      let map = try #require(renderer.homography(ordinal))
      let before = try renderer.frame(ordinal - 1).image.grey()
      let after = try renderer.frame(ordinal).image.grey()
      let warped = try before.warped(by: map)
      let shift = try #require(residualShift(from: warped, to: after, border: 12))
      #expect(shift.length < 0.03, "frame \(ordinal): \(shift)")
    }
  }

  /// The least-squares shift between two nearly equal pictures (one step of Lucas and Kanade over the whole picture).
  private func residualShift(from a: Image, to b: Image, border: Int) -> Point? {
    var s = SymmetricMatrix2(xx: 0, xy: 0, yy: 0)
    var v = Point.zero
    for y in border..<a.height - border {
      for x in border..<a.width - border {
        let gx = (Double(b[x + 1, y]) - Double(b[x - 1, y])) / 2
        let gy = (Double(b[x, y + 1]) - Double(b[x, y - 1])) / 2
        let difference = Double(a[x, y]) - Double(b[x, y])
        s = s + SymmetricMatrix2(xx: gx * gx, xy: gx * gy, yy: gy * gy)
        v += Point(gx, gy) * difference
      }
    }
    return s.inverse?.multiplied(by: v)
  }

  @Test func theDepthOfTheGroundIsTheClosedForm() throws {
    let scene = SmallScene.scene(
      camera: CameraPath(still: CameraState(position: GroundPoint(0, 0), height: 6, yaw: 0, pitch: -0.3)))
    let renderer = try SceneRenderer(scene)
    let truth = renderer.frame(0).truth
    for (x, y) in [(3, 150), (120, 80), (239, 159), (60, 100)] {
      let expected = renderer.camera(0).groundDepth(at: Point(Double(x) + 0.5, Double(y) + 0.5))
      let found = truth.inverseDepths[y * scene.width + x]
      #expect(abs(Double(found) * (expected ?? 0) - 1) < 1e-5)
    }
    // Far above the horizon is the sky.
    #expect(truth.inverseDepths[0] == 0)
  }

  @Test func theRoofIsNearerThanTheGround() throws {
    let truth = try SceneRenderer(SmallScene.scene(objects: [SmallScene.car(at: GroundPoint(0, 0), heading: 0)])).frame(0).truth
    let middle = 80 * 240 + 120
    // The roof over the car's middle is 1.46 m above the ground, 22.54 m below the camera.
    #expect(abs(1 / truth.inverseDepths[middle] - 22.54) < 1e-3)
    #expect(abs(1 / truth.inverseDepths[0] - 24) < 1e-3)
  }

  @Test func exposuresOfAStillSceneChangeNothing() throws {
    let still = try SceneRenderer(SmallScene.scene()).frame(3).image
    let exposed = try SceneRenderer(SmallScene.scene(sensor: .init(noise: 0, exposure: 1, exposures: 5))).frame(3).image
    let worst = zip(still.pixels, exposed.pixels).map { abs(Int($0) - Int($1)) }.max()
    #expect(worst ?? 99 <= 1)
  }

  @Test func aMovingCameraBlursAlongItsWay() throws {
    let camera = CameraPath(keys: [
      .init(time: 0, state: SmallScene.nadir(at: GroundPoint(0, -10))),
      .init(time: 1, state: SmallScene.nadir(at: GroundPoint(0, 10))),
    ])
    func sharpness(_ exposures: Int) throws -> (x: Double, y: Double) {
      let sensor = Scene.Sensor(noise: 0, exposure: 1, exposures: exposures)
      let image = try SceneRenderer(SmallScene.scene(camera: camera, sensor: sensor)).frame(12).image.grey()
      var (x, y) = (0.0, 0.0)
      for row in 0..<159 {
        for column in 0..<239 {
          x += pow(Double(image[column + 1, row]) - Double(image[column, row]), 2)
          y += pow(Double(image[column, row + 1]) - Double(image[column, row]), 2)
        }
      }
      return (x, y)
    }
    let (sharp, blurred) = (try sharpness(1), try sharpness(9))
    #expect(blurred.x < 0.5 * sharp.x)
    #expect(blurred.x / blurred.y < 0.7 * sharp.x / sharp.y)
  }

  @Test func noiseHasItsStandardDeviationAndChangesWithTheFrame() throws {
    let clean = try SceneRenderer(SmallScene.scene()).frame(0).image
    let renderer = try SceneRenderer(SmallScene.scene(sensor: .init(noise: 4)))
    let (first, second) = (renderer.frame(0).image, renderer.frame(1).image)
    let differences = zip(first.pixels, clean.pixels).map { Double($0) - Double($1) }
    let mean = differences.reduce(0, +) / Double(differences.count)
    let variance = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(differences.count)
    #expect(abs(mean) < 0.1)
    #expect(abs(variance.squareRoot() - 4) < 0.2)
    #expect(first != second)
  }

  @Test func shadowsLieOppositeTheSunAndDarkenByTheirShare() throws {
    let car = SmallScene.car(at: GroundPoint(0, 0), heading: 0)
    // The sun stands towards −y, 45 degrees high: the shadow falls to the right, as far as the car is high.
    let lighting = Scene.Lighting(sunHeading: -.pi / 2, sunElevation: .pi / 4, shadow: 0.5)
    let lit = try SceneRenderer(SmallScene.scene(objects: [car])).frame(0).image
    let shaded = try SceneRenderer(SmallScene.scene(objects: [car], lighting: lighting)).frame(0).image
    func ratio(_ x: Int, _ y: Int) -> Double {
      let sum = (0..<3).map { (Double(shaded[x, y, $0]), Double(lit[x, y, $0])) }
      return sum.map(\.0).reduce(0, +) / sum.map(\.1).reduce(0, +)
    }
    #expect(abs(ratio(120 + 9 + 6, 80) - 0.5) < 0.03)
    #expect(ratio(120 - 9 - 6, 80) > 0.98)
    #expect(ratio(120 + 9 + 25, 80) > 0.98)
  }

  @Test func theGroundRepeatsWithoutASeam() throws {
    let ground = Ground(extent: 32, resolution: 0.25)
    let texture = GroundTexture(ground, seed: 1)
    let level = texture.levels[0]
    func difference(_ a: Int, _ b: Int) -> Double {
      (0..<level.side).map { row in abs(Double(level.texels[row * level.side + a].y) - Double(level.texels[row * level.side + b].y))
      }
      .reduce(0, +) / Double(level.side)
    }
    let typical = (0..<level.side - 1).map { difference($0, $0 + 1) }.reduce(0, +) / Double(level.side - 1)
    #expect(difference(level.side - 1, 0) < 2 * typical)
  }
}
