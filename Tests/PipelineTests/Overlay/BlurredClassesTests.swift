import Geometry
import Imaging
import Records
import Testing

@testable import Pipeline

@Suite struct BlurredClassesTests {
  @Test func listsAreNamesOrAll() {
    #expect(BlurredClasses("all") == .all)
    #expect(BlurredClasses("car, person") == .names(["car", "person"]))
    #expect(BlurredClasses("") == nil && BlurredClasses("car,,person") == nil)
  }

  /// Whoever might be of a class is hidden with it.
  @Test func tracksWithoutAClassAreHiddenWithAny() {
    let classes = ["car", "person"]
    #expect([-1, 0, 1, 7].map { BlurredClasses.names(["person"]).holds($0, among: classes) } == [true, false, true, true])
    #expect([-1, 0].map { BlurredClasses.all.holds($0, among: classes) } == [true, true])
    #expect([-1, 0].map { BlurredClasses.none.holds($0, among: classes) } == [false, false])
  }

  @Test func aNameThatNothingHasIsSaid() {
    #expect(BlurredClasses.names(["person", "cat"]).warnings(classes: ["car", "person"]).count == 1)
    #expect(BlurredClasses.all.warnings(classes: []).isEmpty)
  }

  /// The contents are hidden below the marks, of tentative tracks too.
  @Test func anOverlayHidesWhatItsBoxesHold() throws {
    let pixels = (0..<200 * 120 * 3).map { UInt8(truncatingIfNeeded: $0 &* 97) }
    var image = Image(width: 200, height: 120, channels: 3, pixels: pixels)
    var tentative = TrackRecord(id: 2, classIndex: 0, box: OrientedBox(center: Point(150, 60), width: 40, height: 30, angle: 0))
    tentative.state = .tentative
    let other = TrackRecord(id: 1, classIndex: 1, box: OrientedBox(center: Point(50, 60), width: 40, height: 30, angle: 0))
    var renderer = OverlayRenderer(width: 200, height: 120, classes: ["person", "car"], layers: [], blurred: .names(["person"]))
    try renderer.draw(FrameRecord(frame: 0, time: 0, tracks: [tentative, other]), on: &image)
    let values = { (left: Int) in Set((left..<left + 5).map { image[$0, 60, 0] }).count }
    #expect(values(148) < 3 && values(48) == 5)
    #expect(image[50, 60, 0] == pixels[(60 * 200 + 50) * 3])
  }
}
