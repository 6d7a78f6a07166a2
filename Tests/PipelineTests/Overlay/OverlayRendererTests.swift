import Foundation
import Geometry
import Imaging
import Records
import Testing

@testable import Pipeline

@Suite struct OverlayRendererTests {
  private let grey = Image(width: 320, height: 180, channels: 3, pixels: [UInt8](repeating: 90, count: 320 * 180 * 3))

  private func track(_ id: Int = 1, at center: Point = Point(160, 70)) -> TrackRecord {
    TrackRecord(
      id: id, score: 0.7, box: OrientedBox(center: center, width: 50, height: 20, angle: 0.4), heading: 0.4,
      forecast: [
        ForecastRecord(time: 1, center: center + Point(60, 30), covariance: SymmetricMatrix2(xx: 60, xy: 0, yy: 30))
      ])
  }

  /// Renders a track that moved for ten frames, and gives the pixels that changed.
  private func changed(_ layers: Set<OverlayLayer>, _ change: (inout TrackRecord) -> Void = { _ in }) throws -> [Bool] {
    var renderer = OverlayRenderer(width: 320, height: 180, classes: ["object"], layers: layers)
    var image = grey
    for i in 0...10 {
      image = grey
      var track = track(at: Point(100 + 6 * Double(i), 70))
      change(&track)
      try renderer.draw(FrameRecord(frame: i, time: Double(i) / 25, camera: .still, tracks: [track]), on: &image)
    }
    return (0..<320 * 180).map { image.pixels[3 * $0] != 90 || image.pixels[3 * $0 + 1] != 90 }
  }

  @Test func nothingIsDrawnWithoutLayers() throws {
    #expect(try changed([]).allSatisfy { !$0 })
  }

  @Test func eachLayerDrawsItsOwnMark() throws {
    func at(_ x: Int, _ y: Int) -> Int { y * 320 + x }
    let boxes = try changed([.boxes])
    #expect(boxes[at(160, 70)])
    #expect(!boxes[at(110, 70)])
    // Behind the box, where the object was.
    #expect(try changed([.trails])[at(112, 70)])
    // Beyond the leading side, 25 px from the middle along 0.4 rad.
    let heading = try changed([.headings])
    #expect(heading[at(160 + Int(29 * cos(0.4)), 70 + Int(29 * sin(0.4)))])
    #expect(!heading[at(130, 58)])
    #expect(try changed([.forecasts])[at(220, 100)])
    #expect(try changed([.labels])[at(160, 46)])
    let panel = try changed([.camera])
    #expect(!panel.contains(true))
  }

  @Test func masksAreDrawnWhereTheyAreAndNowhereElse() throws {
    let mask = RunLengthMask(width: 320, height: 180, columns: 40..<60, rows: 100..<120) { _, _ in true }
    let drawn = try changed([.masks]) { $0.mask = mask }
    for (x, y) in [(41, 101), (50, 110), (58, 118)] { #expect(drawn[y * 320 + x]) }
    // The outline lies on the pixels' sides and is up to two pixels wide.
    #expect(drawn.indices.allSatisfy { !drawn[$0] || (38..<62 ~= $0 % 320 && 98..<122 ~= $0 / 320) })
    #expect(try changed([.masks]).allSatisfy { !$0 })
    let another = RunLengthMask(width: 319, height: 180, columns: 40..<60, rows: 100..<120) { _, _ in false }
    #expect(try changed([.masks]) { $0.mask = another }.allSatisfy { !$0 })
  }

  @Test func whatIsOnlyPredictedIsDashed() throws {
    let solid = try changed([.boxes]).filter(\.self).count
    let dashed = try changed([.boxes]) { $0.observation = .predicted }.filter(\.self).count
    #expect(dashed > 0 && dashed < solid / 2)
  }

  @Test func tentativeTracksHaveNeitherLabelNorTrail() throws {
    #expect(try changed([.labels, .trails, .headings, .forecasts]) { $0.state = .tentative }.allSatisfy { !$0 })
  }

  @Test func anUnknownHeadingHasNoArrow() throws {
    #expect(try changed([.headings]) { $0.heading = nil }.allSatisfy { !$0 })
  }

  @Test func theSameRecordsGiveTheSamePicture() throws {
    func picture() throws -> Image {
      var renderer = OverlayRenderer(width: 320, height: 180, classes: ["a", "b"])
      var image = grey
      for i in 0..<5 {
        let tracks = (1...6).map { track($0, at: Point(40 * Double($0) + Double(i), 60 + 15 * Double($0 % 3))) }
        try renderer.draw(FrameRecord(frame: i, time: Double(i) / 25, camera: .still, tracks: tracks), on: &image)
      }
      return image
    }
    #expect(try picture() == picture())
  }

  @Test func strangeRecordsDoNotEndAnOverlay() throws {
    var renderer = OverlayRenderer(width: 16, height: 16, classes: [])
    var image = Image(width: 16, height: 16, channels: 3)
    let boxes = [
      OrientedBox(center: Point(.nan, 3), width: 4, height: 2, angle: 0),
      OrientedBox(center: Point(1e15, -1e15), width: 4, height: 2, angle: 0),
      OrientedBox(center: Point(8, 8), width: 1e12, height: 1e-12, angle: 9),
      OrientedBox(center: Point(8, 8), width: 0, height: 0, angle: .infinity),
    ]
    let tracks = boxes.enumerated().map { id, box in
      TrackRecord(
        id: id, classIndex: 99, box: box, heading: .nan,
        forecast: [ForecastRecord(time: .nan, center: Point(.infinity, 0), covariance: SymmetricMatrix2(xx: -1, xy: 5, yy: .nan))])
    }
    let motion = CameraMotion(status: .ok, homography: Homography(0, 0, 0, 0, 0, 0, 0, 0, 0), inliers: -4)
    for i in 0..<3 { try renderer.draw(FrameRecord(frame: i, time: Double(i), camera: motion, tracks: tracks), on: &image) }
  }
}
