import Geometry
import Testing

@testable import Pipeline

@Suite struct KnownObjectsTests {
  @Test func objectsAreExpectedWhereTheirMotionAndTheCamerasTakeThem() {
    let box = OrientedBox(center: Point(100, 50), width: 40, height: 20, angle: 0.3)
    let known = KnownObjects(time: 2, objects: [.init(box: box, velocity: Point(50, 0))])
    let shifts = [Homography.translation(Point(3, 0)), .translation(Point(0, -4))]
    let expected = known.boxes(after: shifts, at: 2.1)[0]
    #expect(abs(expected.center.x - 108) < 1e-9 && abs(expected.center.y - 46) < 1e-9)
    #expect(abs(expected.width - 40) < 1e-9 && abs(expected.height - 20) < 1e-9 && abs(expected.angle - 0.3) < 1e-9)
  }

  @Test func anObjectBeyondTheHorizonStaysWhereItWas() {
    let box = OrientedBox(center: Point(100, 50), width: 40, height: 20, angle: 0)
    let known = KnownObjects(time: 0, objects: [.init(box: box, velocity: .zero)])
    // The line that goes to infinity runs through the object.
    let tilted = Homography(1, 0, 0, 0, 1, 0, -0.01, 0, 1)
    #expect(known.boxes(after: [tilted], at: 0)[0].center == box.center)
  }
}
