import Foundation
import Geometry
import Testing

@testable import Synthesis

@Suite struct ObjectTruthTests {
  /// Mean and covariance of the pixel centres that carry an id.
  private func moments(_ truth: FrameTruth, id: UInt16, width: Int) -> GaussianBox {
    var (n, sum, xx, xy, yy) = (0.0, Point.zero, 0.0, 0.0, 0.0)
    for (i, value) in truth.mask.enumerated() where value == id {
      let p = Point(Double(i % width) + 0.5, Double(i / width) + 0.5)
      n += 1
      sum += p
      xx += p.x * p.x
      xy += p.x * p.y
      yy += p.y * p.y
    }
    let m = sum / n
    return GaussianBox(
      mean: m, covariance: SymmetricMatrix2(xx: xx / n - m.x * m.x, xy: xy / n - m.x * m.y, yy: yy / n - m.y * m.y))
  }

  @Test func theMasksMomentsAgreeWithTheBox() throws {
    for (place, heading) in [(GroundPoint(0, 0), 0.4), (GroundPoint(3, 5), -2.1), (GroundPoint(-4, -6), 1.5)] {
      let scene = SmallScene.scene(objects: [SmallScene.car(at: place, heading: heading)])
      let truth = try SceneRenderer(scene).frame(0).truth
      let car = try #require(truth.objects.first)
      let seen = moments(truth, id: 1, width: scene.width)
      #expect((seen.mean - car.box.center).length < 0.8)
      #expect(abs(Angle.axisDifference(from: seen.covariance.eigen.angle, to: car.box.angle)) < 0.03)
      let box = GaussianBox(car.box).covariance.eigen
      #expect(abs(seen.covariance.eigen.major / box.major - 1) < 0.12)
      #expect(abs(seen.covariance.eigen.minor / box.minor - 1) < 0.12)
      #expect(car.visibility > 0.98)
      #expect(car.truncation == 0)
    }
  }

  @Test func aCarUnderTheCameraHasTheBoxOfItsMeasures() throws {
    // 10 pixels a metre on the ground; the widest part of the body is 0.85 m up, nearer by 24 / (24 − 0.85).
    let car = try #require(
      try SceneRenderer(SmallScene.scene(objects: [SmallScene.car(at: GroundPoint(0, 0), heading: 0)])).frame(0).truth.objects.first
    )
    // Heading along x is up in the image.
    #expect(abs(Angle.headingDifference(from: -.pi / 2, to: car.heading)) < 1e-12)
    #expect((car.box.width / 44 - 1).magnitude < 0.04)
    #expect((car.box.height / 18.4 - 1).magnitude < 0.04)
    #expect((car.footprint[1] - Point(120 - 9.2, 80 - 22)).length < 1e-9)
    #expect((car.footprint[3] - Point(120 + 9.2, 80 + 22)).length < 1e-9)
    #expect(abs(car.depthMetres - 24) < 1e-12)
  }

  @Test func theBoxHoldsTheWholeMaskTightly() throws {
    let camera = CameraPath(still: CameraState(position: GroundPoint(-20, 2), height: 14, yaw: 0, pitch: -0.6, roll: 0.1))
    let scene = SmallScene.scene(camera: camera, objects: [SmallScene.car(at: GroundPoint(0, 0), heading: 0.7)])
    let truth = try SceneRenderer(scene).frame(0).truth
    let car = try #require(truth.objects.first)
    var pixels: [Point] = []
    for (i, id) in truth.mask.enumerated() where id == 1 {
      pixels.append(Point(Double(i % scene.width) + 0.5, Double(i / scene.width) + 0.5))
    }
    let tight = boundingBox(of: pixels, along: car.box.angle)
    #expect(tight.width <= car.box.width && tight.width > car.box.width - 2)
    #expect(tight.height <= car.box.height && tight.height > car.box.height - 2)
    #expect((tight.center - car.box.center).length < 1)
  }

  @Test func peopleSeenFromTheSideStandUpright() throws {
    let camera = CameraPath(still: CameraState(position: GroundPoint(-12, 0), height: 4, yaw: 0, pitch: -0.3))
    var person = SmallScene.car(at: GroundPoint(0, 0), heading: 1.2)
    person.kind = .person
    person.size = ObjectKind.person.size
    person.boxAxis = .upright
    let truth = try #require(try SceneRenderer(SmallScene.scene(camera: camera, objects: [person])).frame(0).truth.objects.first)
    #expect(abs(Angle.axisDifference(from: truth.box.canonical.angle, to: -.pi / 2)) < 0.02)
    #expect(truth.box.width > 2 * truth.box.height)
  }

  @Test func theSharesOfWhatIsSeenAddUp() throws {
    // A slab over the rear half of the car, low enough that the view from straight above cuts it at the middle.
    let slab = Occluder(
      kind: .bridge, center: GroundPoint(-6, 0), size: ObjectSize(length: 12, width: 20, height: 3),
      color: SurfaceColor(0.5, 0.5, 0.5))
    let scene = SmallScene.scene(
      objects: [SmallScene.car(1, at: GroundPoint(0, 0), heading: 0), SmallScene.car(2, at: GroundPoint(-5, 5), heading: 1)],
      occluders: [slab])
    let truth = try SceneRenderer(scene).frame(0).truth
    #expect(abs(truth.objects[0].visibility - 0.5) < 0.04)
    #expect(truth.objects[1].visibility == 0)
    #expect(truth.objects[1].visiblePixels == 0)
    #expect(truth.objects.map(\.truncation) == [0, 0])
  }

  @Test func aCarHalfOutOfThePictureIsHalfTruncated() throws {
    // The right side of the image is 12 m from the middle.
    let scene = SmallScene.scene(objects: [SmallScene.car(at: GroundPoint(0, 12), heading: .pi / 2)])
    let car = try #require(try SceneRenderer(scene).frame(0).truth.objects.first)
    // A little more, as what is high above the ground leans outwards.
    #expect(car.truncation > 0.5 && car.truncation < 0.57)
    #expect(abs(car.visibility + car.truncation - 1) < 0.02)
  }

  @Test func theCourseIsThatOfTheDriveAndStandingObjectsHaveNone() throws {
    let scene = SmallScene.scene(
      objects: [
        SmallScene.car(1, at: GroundPoint(0, 0), heading: 0.4, speed: 8), SmallScene.car(2, at: GroundPoint(-8, 6), heading: 1),
      ])
    let records = try SceneRenderer(scene).frame(0).truth.objects.map(\.record)
    let driving = try #require(records.first { $0.id == 1 })
    // Seen from straight above, a quarter turn from the ground's axes.
    #expect(abs(Angle.headingDifference(from: try #require(driving.course), to: 0.4 - .pi / 2)) < 0.01)
    #expect(try #require(records.first { $0.id == 2 }).course == nil)
  }

  @Test func sceneryIsNoPartOfTheTruth() throws {
    var parked = SmallScene.car(at: GroundPoint(0, 0), heading: 0)
    parked.isLabelled = false
    let truth = try SceneRenderer(SmallScene.scene(objects: [parked])).frame(0).truth
    #expect(truth.objects.isEmpty)
    #expect(truth.mask.allSatisfy { $0 == 0 })
  }
}
