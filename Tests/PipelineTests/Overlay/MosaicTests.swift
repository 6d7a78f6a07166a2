import Foundation
import Geometry
import Imaging
import Records
import Testing

@testable import Pipeline

/// A camera that pans and turns over a flat picture whose every pixel is known.
@Suite struct MosaicTests {
  private let size = (width: 120, height: 90)
  private let frames = 14

  /// The world's colours at a place, in the pixels of the first frame.
  private static func level(_ p: Point, _ channel: Int) -> Double {
    128 + 50 * sin(p.x / 9 + Double(channel)) + 45 * cos(p.y / 7 - p.x / 23)
  }

  /// Where a frame's pixels lie in the first one.
  private func view(_ frame: Int) -> Homography {
    let t = Double(frame)
    let turn = 0.012 * t
    return Homography(cos(turn), -sin(turn), 11 * t, sin(turn), cos(turn), 4 * t, 1e-5 * t, 0, 1)
  }

  private func walker(_ frame: Int) -> Point { Point(60 + 9 * Double(frame), 50 + 5 * sin(Double(frame) / 2)) }

  private func withFiles(cutAt cut: Int? = nil, settings: JSONValue = .object([]), _ body: (_ folder: String) throws -> Void) throws
  {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("mosaic-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder + "/in", withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var encoder = StreamEncoder(classes: ["person"])
    var text = encoder.line(
      .header(
        StreamHeader(
          program: "test",
          source: StreamSource(uri: "in", kind: "images", width: size.width, height: size.height, frameRate: StreamRatio(25, 1)),
          settings: settings, classes: ["person"])))
    for frame in 0..<frames {
      var image = Image(width: size.width, height: size.height, channels: 3)
      image.grid.forEachPixel { x, y, index in
        let place = view(frame).apply(Point(Double(x) + 0.5, Double(y) + 0.5))
        for channel in 0..<3 { image.pixels[3 * index + channel] = UInt8(Self.level(place, channel).rounded()) }
      }
      let name = String(format: "/in/%03d.png", frame)
      try Data(ImageFile.png(image)).write(to: URL(fileURLWithPath: folder + name))
      let inverse = try #require(view(frame).inverse)
      let motion =
        frame == 0
        ? CameraMotion.first : CameraMotion(status: cut == frame ? .cut : .ok, homography: inverse * view(frame - 1), inliers: 50)
      let track = TrackRecord(id: 1, box: OrientedBox(center: inverse.apply(walker(frame)), width: 8, height: 5, angle: 0))
      text += encoder.line(.frame(FrameRecord(frame: frame, time: Double(frame) / 25, camera: motion, tracks: [track])))
    }
    text += encoder.line(.end(EndRecord(frames: frames, tracks: 1, status: .complete)))
    try Data(text).write(to: URL(fileURLWithPath: folder + "/in.ndjson"))
    try body(folder)
  }

  /// The left and top end of what all frames show.
  private var corner: Point {
    let corners = (0..<frames).flatMap { frame in
      [Point(0, 0), Point(120, 0), Point(120, 90), Point(0, 90)].map(view(frame).apply)
    }
    return Point(corners.map(\.x).min() ?? 0, corners.map(\.y).min() ?? 0)
  }

  @Test func showsTheWorldAndThePathsOnIt() throws {
    try withFiles { folder in
      let rendering = MosaicRendering(stream: folder + "/in.ndjson", videos: [folder + "/in"])
      #expect(try rendering.write(to: folder + "/out.png", overwrites: false, cancellation: Cancellation()).isEmpty)
      let image = try ImageFile.decode([UInt8](Data(contentsOf: URL(fileURLWithPath: folder + "/out.png"))), named: "out.png")
      #expect(image.width > 220 && image.height > 130)
      let path = (0..<frames).map { walker($0) - corner }
      var errors: [Double] = []
      image.grid.forEachPixel { x, y, index in
        let place = Point(Double(x) + 0.5, Double(y) + 0.5)
        let isShown = image.pixels[3 * index..<3 * index + 3].contains { $0 > 0 }
        // What is drawn lies near the path.
        guard isShown, path.allSatisfy({ ($0 - place).length > 30 }) else { return }
        errors.append(abs(Double(image.pixels[3 * index]) - Self.level(place + corner, 0)))
      }
      // Bilinear sampling of waves of 40 pixels and more; the outermost pixels are mixed with their neighbours'.
      #expect(errors.count > 5000 && errors.reduce(0, +) / Double(errors.count) < 2)
      #expect(errors.count { $0 > 12 } * 100 < errors.count)
      let color = OverlayStyle.color(id: 1)
      for place in path.dropLast(2) {
        let (column, row) = (Int(bounded: place.x, in: 1...image.width - 2), Int(bounded: place.y, in: 1...image.height - 2))
        let ink = [color.blue, color.green, color.red]
        // The line's own pixel, or a neighbour where the place lies on the border of two.
        let isInked = (row - 1...row + 1).contains { y in
          (column - 1...column + 1).contains { x in
            let index = 3 * image.grid.index(x: x, y: y)
            return (0..<3).allSatisfy { abs(Int(image.pixels[index + $0]) - Int(ink[$0])) < 60 }
          }
        }
        #expect(isInked, "\(place)")
      }
    }
  }

  @Test func pathsLieInTheFirstFramesPixels() throws {
    try withFiles { folder in
      let scene = try StreamScene(path: folder + "/in.ndjson")
      #expect(scene.origin == 0 && scene.views.count == frames)
      for (found, frame) in zip(scene.path(1), 0..<frames) {
        // The stream's own rounding: places to 0.01 pixels, maps to 10⁻⁴ pixels a frame.
        #expect((found - walker(frame)).length < 0.02)
      }
    }
  }

  @Test func ofTwoScenesTheLongerOneIsDrawn() throws {
    try withFiles(cutAt: 4) { folder in
      let scene = try StreamScene(path: folder + "/in.ndjson")
      #expect(scene.origin == 4 && scene.views.count == frames - 4 && scene.otherFrames == 4)
      let rendering = MosaicRendering(stream: folder + "/in.ndjson", videos: [folder + "/in"])
      let mosaic = try #require(try rendering.mosaic(cancellation: Cancellation()))
      #expect(mosaic.warnings.first?.contains("4 frames are of other scenes") == true && mosaic.origin == 4)
    }
  }

  /// A recording's first file alone: its stream goes on.
  @Test func pathsEndWhereTheVideoDoes() throws {
    try withFiles { folder in
      for frame in 9..<frames { try FileManager.default.removeItem(atPath: folder + String(format: "/in/%03d.png", frame)) }
      let rendering = MosaicRendering(stream: folder + "/in.ndjson", videos: [folder + "/in"])
      let mosaic = try #require(try rendering.mosaic(cancellation: Cancellation()))
      #expect(mosaic.scene.path(1).count == 9)
      #expect(mosaic.warnings.first?.contains("5 frames of the stream lie behind the video's end") == true)
    }
  }

  /// Its place is what all frames show, and a pixel of it is that place's colour, reduced or not.
  @Test(arguments: [1e6, 9000]) func theMosaicsPlaceIsToldInThePlane(_ mostPixels: Double) throws {
    try withFiles { folder in
      var rendering = MosaicRendering(stream: folder + "/in.ndjson", videos: [folder + "/in"])
      rendering.mostPixels = mostPixels
      let mosaic = try #require(try rendering.mosaic(cancellation: Cancellation()))
      #expect((Point(mosaic.place.left, mosaic.place.top) - corner).length < 0.1)
      #expect(Double(mosaic.image.width * mosaic.image.height) < mostPixels * 1.05)
      let step = Point(mosaic.place.width / Double(mosaic.image.width), mosaic.place.height / Double(mosaic.image.height))
      var errors: [Double] = []
      mosaic.image.grid.forEachPixel { x, y, index in
        let place = Point(mosaic.place.left + (Double(x) + 0.5) * step.x, mosaic.place.top + (Double(y) + 0.5) * step.y)
        guard mosaic.image.pixels[3 * index..<3 * index + 3].contains(where: { $0 > 0 }) else { return }
        errors.append(abs(Double(mosaic.image.pixels[3 * index]) - Self.level(place, 0)))
      }
      #expect(errors.count > 2000 && errors.reduce(0, +) / Double(errors.count) < 3)
    }
  }

  /// Only what lies in boxes is hidden, and something there is.
  @Test func contentsOfBoxesAreHidden() throws {
    try withFiles { folder in
      let pictures = try [BlurredClasses.none, .all].map { blurred in
        let rendering = MosaicRendering(stream: folder + "/in.ndjson", videos: [folder + "/in"], blurred: blurred)
        return try #require(try rendering.mosaic(cancellation: Cancellation()))
      }
      let path = (0..<frames).map { walker($0) - corner }
      var count = 0
      pictures[0].image.grid.forEachPixel { x, y, index in
        let pixel = 3 * index..<3 * index + 3
        guard pictures[0].image.pixels[pixel] != pictures[1].image.pixels[pixel] else { return }
        count += 1
        let place = Point(Double(x) + 0.5, Double(y) + 0.5)
        // Half of the box's diagonal, its margin, and a pixel for the sampling.
        #expect(path.contains { ($0 - place).length < 12 }, "\(place)")
      }
      #expect(count > 40)
    }
  }

  @Test func aLargePlaneIsReduced() {
    let canvas = MosaicCanvas(
      bounds: AxisBox(left: -100, top: 0, width: 40_000, height: 10_000), mostPixels: 40_000_000, width: 640, height: 480)
    #expect(canvas.image.width * canvas.image.height <= 40_500_000 && canvas.image.width <= 16_000)
    let corner = canvas.canvasFromPlane.apply(Point(39_900, 10_000))
    #expect(abs(corner.x - Double(canvas.image.width)) < 1.5 && abs(corner.y - Double(canvas.image.height)) < 1.5)
  }

  @Test func theViewFromAboveIsTheGround() throws {
    // The ground is the first frame's plane, half a metre a pixel.
    try withFiles(settings: .object([("gsd", .real(0.5))])) { folder in
      let rendering = GroundRendering(stream: folder + "/in.ndjson", videos: [folder + "/in"], output: folder + "/out.mp4")
      try rendering.run(cancellation: Cancellation())
      let scene = try StreamScene(path: folder + "/in.ndjson")
      let ground = GroundMap(metresPerPixel: 0.5, origin: Point(60, 45))
      let sheet = try #require(GroundSheet(ground: ground, camera: nil, scene, width: 120, height: 90))
      let view = try #require(scene.views[9])
      var picture = Image(width: 120, height: 90, channels: 3)
      picture.grid.forEachPixel { x, y, index in
        let place = view.map.apply(Point(Double(x) + 0.5, Double(y) + 0.5))
        picture.pixels[3 * index] = UInt8(Self.level(place, 0).rounded())
      }
      let image = try sheet.view(picture, view, FrameRecord(frame: 9, time: 0.36), scene)
      // A pixel of the view is at least as fine as the finest of the first picture: its colours are the plane's, shifted and scaled.
      let scale = Double(image.width) / Double(max(1, image.width))
      #expect(scale == 1 && image.width >= 220 && image.width % 2 == 0)
      let shown = image.pixels.enumerated().count { $0.offset % 3 == 0 && $0.element > 20 }
      #expect(shown > 120 * 90 * 9 / 10 && shown < 120 * 90 * 12 / 10)
    }
  }

  @Test func aStreamWithoutAGroundIsRefused() throws {
    try withFiles { folder in
      let rendering = GroundRendering(stream: folder + "/in.ndjson", videos: [folder + "/in"], output: folder + "/out.mp4")
      #expect { try rendering.run(cancellation: Cancellation()) } throws: { "\($0)".contains("tracked without a ground") }
    }
  }
}
