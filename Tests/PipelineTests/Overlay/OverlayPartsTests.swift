import Geometry
import Imaging
import Records
import Testing

@testable import Pipeline

@Suite struct OverlayPartsTests {
  // MARK: - Layers and colours

  @Test func layersAreReadFromLists() {
    #expect(OverlayLayer.parse("all") == Set(OverlayLayer.allCases))
    #expect(OverlayLayer.parse("none") == [])
    #expect(OverlayLayer.parse("boxes, trails") == [.boxes, .trails])
    #expect(OverlayLayer.parse("boxes,shadows") == nil)
  }

  @Test func idsNearEachOtherHaveColoursFarApart() {
    func distance(_ a: Color, _ b: Color) -> Int {
      abs(Int(a.red) - Int(b.red)) + abs(Int(a.green) - Int(b.green)) + abs(Int(a.blue) - Int(b.blue))
    }
    for id in 1..<200 {
      let color = OverlayStyle.color(id: id)
      #expect(distance(color, OverlayStyle.color(id: id + 1)) > 100)
      #expect(distance(color, OverlayStyle.color(id: id + 2)) > 100)
      #expect(max(color.red, color.green, color.blue) > 180)
    }
  }

  @Test func pureColoursComeFromTheirHue() {
    #expect(OverlayStyle.color(hue: 0, saturation: 1, lightness: 0.5) == Color(red: 255, green: 0, blue: 0))
    #expect(OverlayStyle.color(hue: 1.0 / 3, saturation: 1, lightness: 0.5) == Color(red: 0, green: 255, blue: 0))
    #expect(OverlayStyle.color(hue: 2.0 / 3, saturation: 1, lightness: 0.5) == Color(red: 0, green: 0, blue: 255))
  }

  @Test func linesAndTextGrowWithThePicture() {
    let (small, large) = (OverlayStyle(width: 640, height: 360), OverlayStyle(width: 3840, height: 2160))
    #expect(large.thickness >= 5 * small.thickness - 2)
    #expect(large.textHeight == 6 * small.textHeight)
    #expect(OverlayStyle(width: 16, height: 16).thickness >= 1)
  }

  // MARK: - Dashes

  @Test func dashesCoverTheirShareOfTheLine() {
    let square = OrientedBox(center: Point(50, 50), width: 40, height: 40, angle: 0.3).corners
    let dashes = Dashes.cut(square, closed: true, on: 5, off: 3)
    let length = dashes.reduce(0) { sum, dash in sum + zip(dash, dash.dropFirst()).reduce(0) { $0 + ($1.1 - $1.0).length } }
    #expect(abs(length - 100) < 5)
    #expect(
      dashes.dropLast().allSatisfy { dash in abs(zip(dash, dash.dropFirst()).reduce(0) { $0 + ($1.1 - $1.0).length } - 5) < 1e-9 })
  }

  @Test func aLineOfAnyLengthHasABoundedNumberOfDashes() {
    #expect(Dashes.cut([Point(0, 0), Point(1e9, 0)], closed: false, on: 1, off: 1).count <= 2_001)
    #expect(Dashes.cut([Point(0, 0), Point(.infinity, 0)], closed: false, on: 1, off: 1).count <= 1)
  }

  // MARK: - Labels

  @Test func labelsStayInThePictureAndApart() {
    var layout = LabelLayout(width: 200, height: 120)
    let hulls = [
      AxisBox(left: 90, top: 50, width: 20, height: 20), AxisBox(left: 92, top: 52, width: 20, height: 20),
      AxisBox(left: 94, top: 50, width: 20, height: 20), AxisBox(left: -15, top: -15, width: 20, height: 20),
      AxisBox(left: 195, top: 110, width: 30, height: 30),
    ]
    let places = hulls.map { layout.place(width: 40, height: 12, around: $0, gap: 3) }
    for (i, place) in places.enumerated() {
      #expect(place.left >= 0 && place.top >= 0 && place.right <= 200 && place.bottom <= 120)
      for other in places[..<i] { #expect(place.intersectionArea(with: other) == 0) }
    }
  }

  // MARK: - Trails

  private func record(_ time: Double, _ center: Point, _ camera: CameraMotion? = nil, id: Int = 1) -> FrameRecord {
    FrameRecord(
      frame: 0, time: time, camera: camera,
      tracks: [TrackRecord(id: id, box: OrientedBox(center: center, width: 10, height: 5, angle: 0))])
  }

  @Test func aTrailMovesWithTheCamera() throws {
    // What stands still on the ground must have all its spots at one place, however the camera moves.
    let step = Homography(1.02, 0.03, -4, -0.02, 0.99, 3, 1e-5, -2e-5, 1)
    var place = Point(120, 80)
    var memory = TrailMemory()
    memory.update(record(0, place))
    for i in 1...20 {
      place = step.apply(place)
      memory.update(record(Double(i) * 0.1, place, CameraMotion(status: .ok, homography: step, inliers: 9)))
    }
    let spots = try #require(memory.trails[1])
    #expect(spots.count == 21)
    #expect(spots.allSatisfy { ($0.place - place).length < 1e-9 })
  }

  @Test func aTrailEndsWithItsSpanAndWithACut() {
    var memory = TrailMemory(span: 1)
    for i in 0...30 { memory.update(record(Double(i) * 0.1, Point(Double(i), 0))) }
    #expect(memory.trails[1]?.count == 11)
    memory.update(record(3.1, Point(9, 9), CameraMotion(status: .cut, homography: .identity, inliers: 0), id: 2))
    #expect(memory.trails.keys.sorted() == [2])
  }

  @Test func whatTheCameraMovesToInfinityIsForgotten() {
    var memory = TrailMemory()
    memory.update(record(0, Point(10, 10)))
    memory.update(
      record(0.1, Point(50, 50), CameraMotion(status: .ok, homography: Homography(1, 0, 0, 0, 1, 0, -0.2, 0, 1), inliers: 9)))
    #expect(memory.trails[1]?.map(\.place) == [Point(50, 50)])
  }
}
