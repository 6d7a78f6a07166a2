import Geometry
import Testing

@testable import Detection

@Suite("Parallax")
struct ParallaxTests {
  /// Where a camera at a height above the ground, which looks straight down with this focal length, sees a point.
  static func picture(_ point: Point, height: Double, camera: Point, cameraHeight: Double = 60, focalLength: Double = 500) -> Point
  {
    (point - camera) * (focalLength / (cameraHeight - height))
  }

  /// The way of a point against the ground and the ground's own, in the picture of a camera that flies from one place to another.
  static func ways(from start: Point, to end: Point, height: Double, flight: Point) -> (way: Point, ground: Point) {
    let (before, after) = (picture(start, height: height, camera: .zero), picture(end, height: height, camera: flight))
    let foot = start * (60 / (60 - height))
    let ground = picture(foot, height: 0, camera: flight) - picture(foot, height: 0, camera: .zero)
    return (after - before - ground, ground)
  }

  @Test("what stands has no way of its own, up to a third of the camera's height", arguments: [0.0, 5, 12, 20])
  func scenery(height: Double) {
    let (way, ground) = Self.ways(from: Point(7, -3), to: Point(7, -3), height: height, flight: Point(10, 4))
    #expect(Parallax.ownWay(way, ground: ground) < 1e-9)
  }

  @Test(
    "what goes across the flight, or against the ground's way, keeps its whole way",
    arguments: [Point(0, 3), Point(4, 0), Point(4, -1)])
  func movers(step: Point) {
    // The ground goes to the left.
    let (way, ground) = Self.ways(from: Point(2, 1), to: Point(2, 1) + step, height: 0, flight: Point(10, 0))
    #expect(abs(Parallax.ownWay(way, ground: ground) - step.length * 500 / 60) < 1e-9)
  }

  @Test("what goes with the ground's way faster than scenery can keeps the rest")
  func faster() {
    let (way, ground) = Self.ways(from: .zero, to: Point(-8, 0), height: 0, flight: Point(10, 0))
    #expect(abs(Parallax.ownWay(way, ground: ground) - 3 * 500.0 / 60) < 1e-9)
  }

  @Test("before a standing camera every way is an object's own")
  func standingCamera() {
    #expect(Parallax.ownWay(Point(3, 4), ground: .zero) == 5)
  }
}
