import Geometry
import Testing

@testable import Detection

@Suite("Working scale")
struct WorkingScaleTests {
  @Test("the picture is reduced to the pixels asked for, with its shape, and never enlarged")
  func sizes() {
    let small = WorkingScale(imageWidth: 200, imageHeight: 100, displayWidth: 400, displayHeight: 200, pixels: 76_800)
    #expect(small.width == 200 && small.height == 100 && small.displayPerPixel == Point(2, 2))
    let large = WorkingScale(imageWidth: 640, imageHeight: 480, displayWidth: 1280, displayHeight: 960, pixels: 76_800)
    #expect(large.width == 320 && large.height == 240 && large.displayPerPixel == Point(4, 4))
    let thin = WorkingScale(imageWidth: 10_000, imageHeight: 1, displayWidth: 10_000, displayHeight: 1, pixels: 100)
    #expect(thin.width >= 1 && thin.height == 1)
  }

  @Test("a map of working pixels does to them what the map of displayed pixels does to theirs")
  func maps() {
    let scale = WorkingScale(imageWidth: 320, imageHeight: 240, displayWidth: 1280, displayHeight: 720, pixels: 76_800)
    let displayed = Homography(1.1, 0.02, 5, -0.03, 0.95, 7, 1e-5, 2e-5, 1)
    let (x, y) = (scale.displayPerPixel.x, scale.displayPerPixel.y)
    for point in [Point(3, 4), Point(200, 100), Point(319, 239)] {
      let there = displayed.apply(Point(point.x * x, point.y * y))
      let here = scale.working(displayed).apply(point)
      #expect((Point(here.x * x, here.y * y) - there).length < 1e-9)
    }
  }

  @Test("boxes are scaled like their corners")
  func boxes() {
    let scale = WorkingScale(imageWidth: 320, imageHeight: 240, displayWidth: 640, displayHeight: 720, pixels: 76_800)
    let box = GaussianBox(AxisBox(left: 10, top: 20, width: 30, height: 12))
    let hull = scale.displayed(box).orientedBox.hull
    #expect(abs(hull.left - 20) < 1e-9 && abs(hull.top - 60) < 1e-9)
    #expect(abs(hull.width - 60) < 1e-9 && abs(hull.height - 36) < 1e-9)
  }
}
