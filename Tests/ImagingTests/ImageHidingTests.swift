import Geometry
import Testing

@testable import Imaging

@Suite struct ImageHidingTests {
  /// Every pixel another value: what is left within a box tells how much of the picture can still be read.
  private var busy: Image {
    Image(
      width: 120, height: 90, channels: 3, pixels: (0..<120 * 90 * 3).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 16) }
    )
  }

  private func distance(_ x: Int, _ y: Int, _ box: OrientedBox) -> Double {
    let offset = Point(Double(x) + 0.5, Double(y) + 0.5) - box.center
    return max(
      abs(offset.dot(Point(angle: box.angle))) - box.width / 2, abs(offset.dot(Point(angle: box.angle + .pi / 2))) - box.height / 2)
  }

  /// Within a turned box each cell of 12 pixels has one value; beyond its margin nothing changes.
  @Test func aBoxBecomesCoarseCellsAndTheRestStays() {
    let box = OrientedBox(center: Point(60, 45), width: 40, height: 24, angle: 0.4)
    let before = busy
    var after = before
    after.hide(box)
    var values: [Int: Set<UInt8>] = [:]
    let hull = OrientedBox(center: box.center, width: 44, height: 28, angle: 0.4).hull
    let (left, top) = (Int(hull.left.rounded(.down)), Int(hull.top.rounded(.down)))
    for y in 0..<90 {
      for x in 0..<120 {
        if distance(x, y, box) > 2.01 { #expect((0..<3).allSatisfy { after[x, y, $0] == before[x, y, $0] }) }
        if distance(x, y, box) <= 0 { values[(y - top) / 12 * 100 + (x - left) / 12, default: []].insert(after[x, y, 0]) }
      }
    }
    #expect(values.count >= 8 && values.values.allSatisfy { $0.count == 1 })
  }

  /// The mean of a cell, counted here by hand: a box of one cell in an upright picture.
  @Test func aCellTakesTheMeanOfItsPixels() {
    let before = busy
    var after = before
    after.hide(OrientedBox(center: Point(30, 30), width: 8, height: 8, angle: 0))
    let all = (24..<36).flatMap { y in (24..<36).map { x in Int(before[x, y, 1]) } }
    #expect(abs(Int(after[30, 30, 1]) - all.reduce(0, +) / all.count) <= 1)
  }

  @Test(arguments: [
    OrientedBox(center: Point(-500, 20), width: 30, height: 20, angle: 0.3),
    OrientedBox(center: Point(.nan, 20), width: 30, height: 20, angle: 0),
    OrientedBox(center: Point(10, 20), width: -30, height: 20, angle: 0),
    OrientedBox(center: Point(1e300, -1e300), width: 1e300, height: 1e300, angle: 1),
  ]) func boxesBesideThePictureChangeNothing(_ box: OrientedBox) {
    var image = busy
    image.hide(box)
    #expect(image == busy)
  }

  @Test func aBoxLargerThanThePictureHidesAllOfIt() {
    var image = busy
    image.hide(OrientedBox(center: Point(60, 45), width: 1e6, height: 1e6, angle: 0))
    #expect(Set(stride(from: 0, to: image.pixels.count, by: 3).map { image.pixels[$0] }).count == 1)
  }
}
