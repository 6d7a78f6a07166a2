import Geometry
import Imaging
import Testing

@testable import Pipeline

@Suite struct AppearanceChoiceTests {
  @Test func wordsAndFilesAreToldApart() {
    #expect(AppearanceChoice("none") == AppearanceChoice.none && AppearanceChoice("stripes") == .stripes)
    #expect(AppearanceChoice("a/b.onnx") == .network("a/b.onnx") && AppearanceChoice("B.ONNX.gz")?.file == "B.ONNX.gz")
    for text in ["", "colour", "Stripes", "a.txt", "onnx"] { #expect(AppearanceChoice(text) == nil) }
    for text in AppearanceChoice.named { #expect(AppearanceChoice(text)?.name ?? "none" == text) }
  }

  @Test func detectionsKeepEverythingAndGainTheirLooks() throws {
    var request = TrackRequest(inputs: ["film.mp4"])
    #expect(try DetectionLooks(request) == nil)
    request.appearance = .stripes
    let looks = try #require(try DetectionLooks(request))
    #expect(looks.classes == nil && looks.warnings.isEmpty)
    let observer = try #require(try looks.makeObserver())
    let picture = Image(width: 40, height: 30, channels: 3, pixels: (0..<3600).map { UInt8($0 % 251) })
    let boxes = [Point(20, 15), Point(500, 500)].enumerated().map { index, center in
      DetectedBox(
        box: GaussianBox(OrientedBox(center: center, width: 12, height: 8, angle: 0.4)), score: 0.6, classIndex: 3, index: index)
    }
    let seen = try observer.look(at: boxes, in: picture)
    #expect(seen.map { $0.embedding?.count } == [51, nil])
    #expect(seen.map(\.box) == boxes.map(\.box) && seen.map(\.classIndex) == [3, 3] && seen.map(\.index) == [0, 1])
    #expect(try observer.look(at: [], in: picture).isEmpty)
  }
}
