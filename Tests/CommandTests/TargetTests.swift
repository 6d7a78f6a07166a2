import Foundation
import Geometry
import Imaging
import Records
import Testing

/// `sextant track --target`: what it writes of an object whose place is known, and what it refuses.
@Suite struct TargetTests {
  /// A textured square on textured ground, at a known place in every picture: it moves, is hidden from picture 20 to 34, and comes back
  /// elsewhere.
  private static func pictures(in folder: TemporaryFolder) throws {
    try FileManager.default.createDirectory(at: folder.file("shots"), withIntermediateDirectories: true)
    for number in 0..<60 {
      var image = Image(width: 240, height: 160, channels: 3)
      for y in 0..<160 { for x in 0..<240 { paint(&image, x, y, noise(x / 5, y / 5, 1), base: (70, 80, 60)) } }
      if let place = place(number) {
        for y in 0..<32 {
          for x in 0..<32 {
            paint(&image, Int(place.left) + x, Int(place.top) + y, noise(x / 4, y / 4, 7), base: (30, 40, 200))
          }
        }
      }
      try Data(ImageFile.png(image)).write(to: folder.file(String(format: "shots/%03d.png", number)))
    }
  }

  private static func place(_ number: Int) -> AxisBox? {
    if (20..<35).contains(number) { return nil }
    return number < 20
      ? AxisBox(left: Double(30 + 3 * number), top: 60, width: 32, height: 32)
      : AxisBox(left: 150, top: Double(20 + number - 35), width: 32, height: 32)
  }

  private static func paint(_ image: inout Image, _ x: Int, _ y: Int, _ grain: Int, base: (Int, Int, Int)) {
    image[x, y, 0] = UInt8(base.0 + grain)
    image[x, y, 1] = UInt8(base.1 + grain)
    image[x, y, 2] = UInt8(base.2 + grain)
  }

  /// 0…49, the same at every run.
  private static func noise(_ x: Int, _ y: Int, _ seed: Int) -> Int {
    var value = UInt64(bitPattern: Int64(x &* 73_856_093 ^ y &* 19_349_663 ^ seed &* 83_492_791))
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    return Int((value ^ (value >> 27)) % 50)
  }

  @Test func anObjectIsFollowedLostAndFoundAgainUnderOneID() throws {
    let folder = try TemporaryFolder()
    try Self.pictures(in: folder)
    let run = try ProgramRun(["track", "shots", "--fps", "20", "--target", "30,60,32,32", "-q"], in: folder.url)
    #expect(run.exitCode == 0, "\(run.errors)")
    let reader = try StreamReader(bytes: Array(run.output.utf8), name: "output")
    var events: [String] = []
    var rows = 0
    while let record = try reader.next() {
      switch record {
      case .header(let header): #expect(header.settings["target"] == .text("30,60,32,32") && header.settings["detector"] == .null)
      case .event(let event): events.append(event.kind.rawValue)
      case .frame(let frame):
        guard let track = frame.tracks.first else { continue }
        #expect(frame.tracks.count == 1 && track.id == 1)
        let truth = Self.place(frame.frame)
        #expect(truth != nil, "a box in frame \(frame.frame), where there is nothing")
        if let truth { #expect(track.box.hull.iou(with: truth) > 0.6, "frame \(frame.frame)") }
        rows += 1
      default: break
      }
    }
    #expect(events == ["track_lost", "track_found", "track_end"])
    #expect(rows >= 40)
    // The same bytes on any number of threads.
    let one = try ProgramRun(["track", "shots", "--fps", "20", "--target", "30,60,32,32", "-q", "--threads", "1"], in: folder.url)
    #expect(one.output == run.output)
  }

  @Test func aPointIsTakenForTheObjectAroundItAndSaysWhatItTook() throws {
    let folder = try TemporaryFolder()
    try Self.pictures(in: folder)
    let run = try ProgramRun(["track", "shots", "--fps", "20", "--target-point", "44,78", "-o", "t.ndjson"], in: folder.url)
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.errors.contains("the target's point was taken for the box") && run.errors.contains("by its colours"))
    let numbers = try #require(run.errors.firstMatch(of: /box ([-\d.]+),([-\d.]+),([\d.]+),([\d.]+)/)).output
    let box = AxisBox(
      left: try #require(Double(numbers.1)), top: try #require(Double(numbers.2)), width: try #require(Double(numbers.3)),
      height: try #require(Double(numbers.4)))
    #expect(box.iou(with: AxisBox(left: 30, top: 60, width: 32, height: 32)) > 0.6, "\(box)")
  }

  /// A box around more than the picture is the picture, not a box around its corner.
  @Test func aBoxLargerThanThePictureIsCutToIt() throws {
    let folder = try TemporaryFolder()
    try Self.pictures(in: folder)
    let run = try ProgramRun(
      ["track", "shots", "--fps", "20", "--target", "-100,-100,1000,1000", "--max-frames", "3", "-q"], in: folder.url)
    #expect(run.exitCode == 0, "\(run.errors)")
    let reader = try StreamReader(bytes: Array(run.output.utf8), name: "output")
    while let record = try reader.next() {
      guard case .frame(let frame) = record, let track = frame.tracks.first else { continue }
      #expect(abs(track.box.center.x - 120) < 3 && abs(track.box.center.y - 80) < 3, "frame \(frame.frame): \(track.box)")
    }
  }

  @Test(arguments: [
    (["--target", "500,10,20,20"], "lies outside the picture of 240x160 pixels"),
    (["--target=-19.5,10,20,20"], "less than a pixel of its box lies in the picture of 240x160 pixels"),
    (["--target", "10,10,0.001,20"], "width and height of at least 1 in pixels"),
    (["--target", "10,10,0,20"], "--target 10,10,0,20 is no box"),
    (["--target", "10,10,-5,20"], "is no box"),
    (["--target", "nan,10,20,20"], "is no box"),
    (["--target", "10,10,inf,20"], "is no box"),
    (["--target", "10,10,20"], "is no box"),
    (["--target", "1e300,10,20,20"], "is no box"),
    (["--target-point", "240,10"], "the point 240,10 lies outside"),
    (["--target-point", "a,b"], "is no point"),
    (["--target", "30,60,32,32", "--target-point", "40,70"], "both --target and --target-point were given"),
    (["--target", "30,60,32,32", "--target-time", "99"], "its time, 99 s, lies behind"),
    (["--target", "30,60,32,32", "--target-time", "-1"], "--target-time -1 is out of range"),
    (["--target-time", "1"], "--target-time needs a target"),
    (["--target-model", "a.onnx,b.onnx"], "--target-model needs a target"),
    (["--target", "30,60,32,32", "--target-model", "a.onnx"], "does not name two files"),
    (["--target", "30,60,32,32", "--detector", "motion"], "both --target and --detector were given"),
    (["--target-point", "30,60", "--detections", "d.txt"], "both --target-point and --detections were given"),
    (["--target", "30,60,32,32", "--classes", "car"], "--target and --classes exclude each other"),
    (["--target", "30,60,32,32", "--detector-size", "320x320"], "--target and --detector-size exclude each other"),
    (["--target", "30,60,32,32", "--masks"], "--target and --masks exclude each other"),
    (["--target", "30,60,32,32", "--smooth"], "--target and --smooth exclude each other"),
    (["--target", "30,60,32,32", "--lag", "1"], "--target and --lag exclude each other"),
    (["--target", "30,60,32,32", "--detect-every", "2"], "--target and --detect-every exclude each other"),
    (["--target", "30,60,32,32", "--checkpoint", "c.bin", "-o", "t.ndjson"], "--target and --checkpoint exclude each other"),
  ]) func aTargetThatCannotBeIsRefusedByASentence(options: [String], words: String) throws {
    let folder = try TemporaryFolder()
    try Self.pictures(in: folder)
    let run = try ProgramRun(["track", "shots", "--fps", "20", "-q"] + options, in: folder.url)
    #expect(run.exitCode == 64 && run.errors.contains(words), "\(options): \(run.exitCode) \(run.errors)")
    #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
  }

  @Test func theCommandLinesTargetBeatsTheFilesDetectorAndTheOtherWayRound() throws {
    let folder = try TemporaryFolder()
    try Self.pictures(in: folder)
    _ = try folder.write("detector: absent.onnx\n", "d.yaml")
    let target = try ProgramRun(
      ["track", "shots", "--fps", "20", "--target", "30,60,32,32", "--max-frames", "2", "-q", "--config", "d.yaml"], in: folder.url)
    #expect(target.exitCode == 0, "\(target.errors)")
    _ = try folder.write("target: 30,60,32,32\n", "t.yaml")
    let detector = try ProgramRun(
      ["track", "shots", "--fps", "20", "--detector", "motion", "--max-frames", "2", "-q", "--config", "t.yaml"], in: folder.url)
    #expect(detector.exitCode == 0 && detector.lines[0].contains("\"target\":null"), "\(detector.errors)")
    _ = try folder.write("target: 30,60,32,32\ndetector: absent.onnx\n", "both.yaml")
    let both = try ProgramRun(["track", "shots", "--fps", "20", "-q", "--config", "both.yaml"], in: folder.url)
    #expect(both.exitCode == 64 && both.errors.contains("--target and --detector exclude each other"), "\(both.errors)")
  }
}
