import Foundation
import TestSupport
import Testing

@testable import Video

/// Local lists of files (HLS): what they name is somebody else's choice.
@Suite(.enabled(if: LoopbackRig.hasSender, "\(LoopbackRig.senderMissing)")) struct PlayListTests {
  private let folder: ScratchFolder

  /// `in/a.ts` and `other/b.ts` are half a second each.
  init() throws {
    folder = try ScratchFolder()
    for name in ["in/a.ts", "other/b.ts"] {
      try folder.write([], to: name)
      try encode(folder.file(name), ["-c:v", "mpeg2video"])
    }
  }

  private func encode(_ path: String, _ options: [String]) throws {
    let source = ["-v", "quiet", "-y", "-f", "lavfi", "-i", "testsrc=size=64x48:rate=20", "-t", "0.5"]
    try RunningProgram(LoopbackRig.find("ffmpeg") ?? "", source + options + [path]).wait()
  }

  private func list(_ names: String...) -> String {
    "#EXTM3U\n#EXT-X-TARGETDURATION:1\n" + names.map { "#EXTINF:0.5,\n\($0)\n" }.joined() + "#EXT-X-ENDLIST\n"
  }

  private func open(_ text: String, as name: String = "in/list.m3u8") throws -> Delivery {
    try folder.write(text, to: name)
    return try Delivery(folder.file(name))
  }

  @Test func whatLiesBesideAListIsRead() throws {
    #expect(try open(list("a.ts")).frames.count == 10)
    // Below the folder, by its whole path, and by an address of a file.
    #expect(try open(list("in/a.ts"), as: "outer.m3u8").frames.count == 10)
    #expect(try open(list(folder.file("in/a.ts"))).frames.count == 10)
    #expect(try open(list("file:" + folder.file("in/a.ts"))).frames.count == 10)
  }

  @Test func whatLiesElsewhereIsNotOpened() throws {
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("in/link.ts"), withDestinationPath: folder.file("other/b.ts"))
    for name in ["../other/b.ts", folder.file("other/b.ts"), "file:" + folder.file("other/b.ts"), "link.ts"] {
      for kind in ["in/list.m3u8", "in/renamed.mp4"] {
        let error = #expect(throws: VideoError.self, "\(name)") { try open(list(name), as: kind) }
        guard case .outsideFolder(folder.file(kind), _) = error else {
          Issue.record("\(name): \(String(describing: error))")
          continue
        }
        #expect(error?.category == .malformed)
      }
    }
  }

  @Test func theRestOfAListIsReadUpToWhatLiesElsewhere() throws {
    try folder.write(list("a.ts", "../other/b.ts"), to: "in/list.m3u8")
    let source = try VideoSources.open(folder.file("in/list.m3u8"))
    var count = 0
    #expect(throws: VideoError.self) {
      while let item = try source.next() { if case .frame = item { count += 1 } }
    }
    #expect(count > 0 && count <= 10)
  }

  /// Each list that it names doubled the lists before it; the bound is on files, so that no clock is needed.
  @Test func aListThatNamesItselfEnds() throws {
    let master = "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nlist.m3u8\n#EXT-X-STREAM-INF:BANDWIDTH=2\nlist.m3u8\n"
    let error = #expect(throws: VideoError.self) { try open(master) }
    #expect(error?.category == .malformed)
    try folder.write(master.replacingOccurrences(of: "list.m3u8", with: "second.m3u8"), to: "in/first.m3u8")
    let ring = #expect(throws: VideoError.self) {
      try open(master.replacingOccurrences(of: "list.m3u8", with: "first.m3u8"), as: "in/second.m3u8")
    }
    #expect(ring?.category == .malformed)
  }

  @Test func textIsNoVideo() throws {
    try folder.write("1,1,10,20,30,40,1,-1,-1,-1\n", to: "boxes.txt")
    #expect(throws: VideoError.notVideo(input: folder.file("boxes.txt"))) { try VideoSources.open(folder.file("boxes.txt")) }
    #expect(throws: VideoError.self) {
      try open("ffconcat version 1.0\nfile a.ts\n", as: "in/list.ffconcat")
    }
    // FFmpeg's reader of DASH opens what a manifest names by a way of its own.
    #expect(throws: VideoError.self) {
      try open(
        """
        <?xml version="1.0"?><MPD type="static" mediaPresentationDuration="PT1S"><Period><AdaptationSet mimeType="video/mp2t">
        <Representation id="1" bandwidth="1"><BaseURL>\(folder.file("other/b.ts"))</BaseURL></Representation></AdaptationSet></Period></MPD>
        """, as: "in/list.mpd")
    }
  }

  // MARK: - Times and pictures that only some formats have

  /// FFmpeg gives such files times by a rate of its own, mostly 25 a second, in whose ticks few other rates are whole.
  @Test(arguments: [
    ("h264", "libx264", "h264"), ("m4v", "mpeg4", "m4v"), ("mjpeg", "mjpeg", "mjpeg"), ("pngs", "png", "image2pipe"),
    ("jpegs", "mjpeg", "image2pipe"),
  ])
  func picturesWithoutTimesTakeTheRateThatIsGiven(_ name: String, _ codec: String, _ format: String) throws {
    let bFrames = format == "h264" || format == "m4v" ? ["-bf", "0"] : []
    try encode(folder.file(name), ["-c:v", codec] + bFrames + ["-f", format])
    for rate in [Rational(8, 1), Rational(10, 1), Rational(100, 1), Rational(30_000, 1001)] {
      var options = SourceOptions()
      options.framesPerSecond = rate
      let source = try VideoSources.open(folder.file(name), options: options)
      #expect(source.information.isUntimed && source.information.frameRate == rate)
      let frames = try Delivery(source).frames
      #expect(frames.count == 10)
      for (index, frame) in frames.enumerated() { #expect(abs(frame.seconds - Double(index) / rate.value) < 1e-6) }
    }
  }

  @Test(arguments: [1, 100, 50_000]) func aClockThatJumpsBackIsANewBeginningHoweverFar(_ offset: Int) throws {
    try encode(folder.file("late.ts"), ["-c:v", "mpeg2video", "-output_ts_offset", "\(offset + 10)"])
    try encode(folder.file("early.ts"), ["-c:v", "mpeg2video", "-output_ts_offset", "10"])
    let bytes = try ["late.ts", "early.ts"].map { [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder.file($0)))) }
    try folder.write(bytes.flatMap { $0 }, to: "joined.ts")
    let delivery = try Delivery(folder.file("joined.ts"))
    #expect(delivery.events.filter { $0.kind == .source }.count == 1)
    let last = try #require(delivery.frames.last)
    #expect(abs(last.seconds - 0.95) < 0.11 && delivery.frames.count >= 18)
  }

  @Test(arguments: ["rgb24", "gray", "gray16le"]) func tiffPicturesAreWholeUnlessTheyAreCutOff(_ format: String) throws {
    for name in ["shots/1.tif", "shots/2.tif"] {
      try folder.write([], to: name)
      try encode(folder.file(name), ["-frames:v", "1", "-pix_fmt", format])
    }
    #expect(try Delivery(folder.file("shots")).events.isEmpty)
    let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder.file("shots/2.tif"))))
    #expect(TIFFFields(whole)?.isCutOff == false)
    try folder.write(Array(whole.prefix(whole.count / 2)), to: "shots/2.tif")
    #expect(try Delivery(folder.file("shots")).events.map(\.kind) == [.damage])
  }

  /// The fields stand first here, so that they are read though the picture behind them is not whole.
  @Test func aStripThatReachesBeyondItsFileIsCutOff() {
    let whole = FloatTIFF.bytes([1, 2, 3, 4], width: 2, height: 2)
    #expect(TIFFFields(whole)?.isCutOff == false)
    #expect(TIFFFields(Array(whole.dropLast(3)))?.isCutOff == true)
    #expect(TIFFFields(FloatTIFF.bytes([1, 2, 3, 4], width: 2, height: 2, stripBytes: 17))?.isCutOff == true)
  }
}
