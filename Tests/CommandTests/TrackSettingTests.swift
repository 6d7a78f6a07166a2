import Foundation
import Motion
import Pipeline
import Records
import Splines
import Testing

/// Every setting of `sextant track` by every way in which it can be given.
@Suite struct TrackSettingTests {
  private let folder: TemporaryFolder
  /// Files that settings of words take too.
  private let files = ["detector": "det.txt", "motion": "motion.json", "camera": "camera.yml"]
  private let detections: String
  /// Boxes in space.
  private let spatial: String

  init() throws {
    folder = try TemporaryFolder()
    detections = try folder.write((1...5).map { "\($0),-1,\($0 * 2),10,40,30,0.9\n" }.joined(), "det.txt")
    spatial = try folder.write((0..<5).map { "\($0),2,10,10,50,40,3,1.5,1.6,4,1,1.7,20,0,0\n" }.joined(), "spatial.txt")
    // A picture of one white pixel.
    let white = Data(
      base64Encoded: "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2FAAAAABJRU5ErkJggg==")
    _ = try folder.write(try #require(white), "roi.png")
    _ = try folder.write(
      "camera_matrix: [50, 0, 32, 0, 50, 24, 0, 0, 1]\ndistortion_coefficients: [0, 0, 0, 0]\n", "camera.yml")
    let grid = try SplineGrid(lower: -1, upper: 1, intervals: 2)
    let motion = LearnedMotion(
      unit: .side, fading: 6, grids: Array(repeating: grid, count: 4), floorSpeed: 0.1, memorySeconds: 1, noise: 4,
      relativeError: 0.025,
      absoluteError: 0.3, initialSpeed: 6)
    _ = try folder.write(LearnedMotionFile.encode(motion), "motion.json")
  }

  private func header(_ arguments: [String]) throws -> StreamHeader {
    let run = try ProgramRun(["track", "-q"] + arguments, in: folder.url)
    #expect(run.exitCode == 0, "\(arguments): \(run.errors)")
    guard case .header(let header)? = try StreamReader(bytes: Array(run.output.utf8), name: "output").next() else {
      throw CocoaError(.fileReadCorruptFile)
    }
    return header
  }

  /// Texts that the setting takes and that are not its default.
  private func example(of setting: TrackSetting) throws -> [String] {
    let candidates: [[String]] =
      switch setting.form {
      case .flag: [["true"]]
      case .choice(let words): words.map { [$0] }
      case .list: [["object"]]
      case .file: [[files[setting.name] ?? "roi.png"]]
      case .words(_, let usual): (files[setting.name].map { [[$0]] } ?? []) + usual.map { [$0] }
      case .value:
        [["det.txt"], ["3,4"], ["3,4,20,20"], ["0.1"], ["0.5"], ["3"], ["100:200"], ["480x832"], ["0,0 40,0 40,30 0,30:8x6"]].filter
        {
          $0 != ["det.txt"] || setting.name == "detector"
        }
      }
    let standard = setting.value(in: TrackRequest())
    return try #require(
      candidates.first { texts in
        var request = TrackRequest()
        return (try? setting.apply(texts, to: &request)) != nil && setting.value(in: request) != standard
      }, "\(setting.name) has no example")
  }

  private func value(of setting: TrackSetting, in header: StreamHeader) -> JSONValue? {
    setting.place == .top ? .integer(Int(header.seed)) : header.settings[setting.name]
  }

  @Test func everySettingOfTheHeaderIsAnOptionAndALineOfAConfigurationFile() throws {
    // A target's model is two networks' files, which TargetTests has; a picture of one and its width PlanarTargetCommandTests; examples are a
    // folder, which AppearanceTests has.
    let elsewhere = ["target_model", "target_image", "target_width", "examples"]
    let shown = TrackSetting.all.filter { $0.place != .absent && !elsewhere.contains($0.name) }
    #expect(shown.count > 10)
    let clip = folder.file("clip.mp4").path
    let made = try ProgramRun(["synthesize", "crossing", "-o", clip, "--size", "64x48", "--duration", "0.3", "-q"])
    #expect(made.exitCode == 0, "\(made.errors)")
    for setting in shown {
      let texts = try example(of: setting)
      var request = TrackRequest()
      try setting.apply(texts, to: &request)
      let source =
        switch setting.name {
        case "detector": [String]()
        case "target", "target_point", "appearance": [clip]
        case "target_time", "planar": [clip, "--target", "3,4,20,20"]
        default: ["--detections", setting.name == "poses" ? spatial : detections]
        }
      let option = "--" + setting.name.replacingOccurrences(of: "_", with: "-")
      let byFlag = try header(source + [option] + (setting.form == .flag ? [] : texts))
      let yaml = try folder.write(
        "\(setting.name): \(texts.count == 1 ? texts[0] : "[\(texts.joined(separator: ", "))]")\n", "c.yaml")
      let byFile = try header(source + ["--config", yaml])
      #expect(value(of: setting, in: byFlag) == setting.value(in: request), "\(setting.name)")
      #expect(byFile == byFlag, "\(setting.name)")
    }
  }

  /// JSON is YAML, and `null` stands for what nobody asked for.
  @Test func theSettingsOfAHeaderAreAConfiguration() throws {
    let header = try header(["--detections", detections, "--forecast", "0.5", "--max-frames", "3"])
    let file = try folder.write(header.settings.json, "header.json")
    #expect(try self.header(["--config", file]) == header)
  }

  @Test func anOptionBeatsTheFileAndTheHeaderTellsWhatWasInForce() throws {
    let yaml = try folder.write("max_frames: 2\nbackfill: true\ntracker:\n  cuts: keep\n  maximum_gap: 2\n", "c.yaml")
    let kept = try header(["--detections", detections, "--config", yaml])
    #expect(kept.settings["across_cuts"] == .text("keep") && kept.settings["tracker"]?["cuts"] == .text("keep"))
    #expect(kept.settings["tracker"]?["maximum_gap"] == .real(2))
    let reset = try header([
      "--detections", detections, "--config", yaml, "--across-cuts", "reset", "--max-frames", "3", "--no-backfill",
    ])
    #expect(reset.settings["across_cuts"] == .text("reset") && reset.settings["tracker"]?["cuts"] == .text("reset"))
    #expect(reset.settings["max_frames"] == .integer(3))
    #expect(reset.settings["backfill"] == .flag(false) && reset.settings["tracker"]?["backfills"] == .flag(false))
  }

  @Test func detectionsOfTheCommandLineBeatADetectorOfTheFileAndTwoOfOneRankAreRefused() throws {
    let yaml = try folder.write("detector: absent.txt\n", "c.yaml")
    #expect(try header(["--detections", detections, "--config", yaml]).settings["detector"]?["file"] == .text(detections))
    let both = try ProgramRun(["track", "--detections", detections, "--detector", "motion"])
    #expect(both.exitCode == 64 && both.errors.contains("--detector") && both.errors.contains("--detections"))
  }

  @Test func theMotionDetectorsSettingsAreASectionSpeltAsInTheHeader() throws {
    let clip = folder.file("clip.mp4").path
    let made = try ProgramRun(["synthesize", "crossing", "-o", clip, "--size", "64x48", "--duration", "0.2", "-q"])
    #expect(made.exitCode == 0, "\(made.errors)")
    let standard = try header([clip]).settings["detector"]
    #expect(standard?["kind"] == .text("motion") && standard?["large_gap"] == .integer(9))
    let yaml = try folder.write("detector:\n  memory: 2.5\n  large_gap: 7\n  objects:\n    patience: 0.5\n", "d.yaml")
    let changed = try header([clip, "--config", yaml]).settings["detector"]
    #expect(
      changed?["memory"] == .real(2.5) && changed?["large_gap"] == .integer(7) && changed?["objects"]?["patience"] == .real(0.5))
    #expect(changed?["tail"] == standard?["tail"] && changed?["objects"]?["place_rate"] == standard?["objects"]?["place_rate"])
    let file = try folder.write("detector:\n  kind: file\n  file: \(detections)\n", "f.yaml")
    #expect(try header(["--config", file]).settings["detector"]?["file"] == .text(detections))
  }

  @Test func spellingsOfEarlierFilesAreReadAndSaid() throws {
    let yaml = try folder.write("max-frames: 2\ntracker:\n  maximumGap: 2\n", "c.yaml")
    let run = try ProgramRun(["track", "--detections", detections, "--fps", "10", "--config", yaml])
    #expect(run.exitCode == 0 && run.errors.contains("'max-frames' is spelt max_frames now"))
    #expect(run.errors.contains("'maximumGap' is spelt maximum_gap now"))
    #expect(run.lines[0].contains("\"max_frames\":2") && run.lines[0].contains("\"maximum_gap\":2"))
  }

  @Test(arguments: [
    ("forcast: 1\n", 64, "did you mean forecast?"),
    ("forecast: far\n", 64, "forecast far is not such a number"),
    ("forecast: 99\n", 64, "out of range"),
    ("forecast: {a: 1}\n", 65, "forecast"),
    ("tracker: 3\n", 65, "'tracker'"),
    ("tracker:\n  maximum_gap: long\n", 65, "maximum_gap"),
    ("a: [1\n", 65, "line"),
    ("detector:\n  memry: 2\n", 64, "did you mean memory?"),
    ("detector:\n  memory: long\n", 65, "memory"),
    ("detector:\n  memory: -1\n", 64, "detector.memory -1.0 is out of range"),
    ("detector:\n  large_tail: 0.5\n", 64, "detector.large_tail 0.5 is out of range"),
    ("detector:\n  large_gap: 10\n", 64, "detector.large_gap 10 pixels are no element: give an odd number from 1 to 63"),
    ("detector:\n  small_gap: 65\n", 64, "detector.small_gap 65 pixels are no element"),
    ("detector:\n  least_area: 0.9\n  greatest_area: 0.1\n", 64, "detector.least_area 0.9 leaves no object"),
    ("detector:\n  objects:\n    patience: .inf\n", 64, "detector.objects.patience"),
    ("detector:\n  objects: 3\n", 65, "'objects'"),
  ])
  func aMistakeInAConfigurationFileIsOneSentence(text: String, code: Int32, words: String) throws {
    let run = try ProgramRun(["track", "--detections", detections, "--config", try folder.write(text, "bad.yaml")])
    #expect(run.exitCode == code && run.errors.contains(words), "\(run.errors)")
    #expect(run.errors.split(separator: "\n").count == 1 && run.errors.count < 400 && run.output.isEmpty)
  }

  /// Nine lists of nine references to the list before would be 9⁹ values.
  @Test func aliasesThatGrowWithoutBoundAreRefusedAtOnce() throws {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    for level in 1...9 {
      text += "a\(level): &a\(level) [\(Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", "))]\n"
    }
    for yaml in [text, text + "classes: *a9\n", "tracker:\n  forecast_times: [1]\n" + text] {
      let run = try ProgramRun(["track", "--detections", detections, "--config", try folder.write(yaml, "bomb.yaml")])
      #expect(run.exitCode == 65 && run.errors.count < 600, "\(run.errors.prefix(300))")
    }
  }

  /// An object that is seen, missed for a while and not seen again: its coasting rows stand in the text only on request.
  @Test func textsHoldCoastingRowsOnlyOnRequest() throws {
    let seenFrames = (1...20).map { "\($0),-1,\($0 * 2),10,40,30,0.9\n" }.joined()
    let path = try folder.write(seenFrames + "30,-1,900,10,40,30,0.9\n", "gap.txt")
    func lines(_ options: [String]) throws -> Int {
      let run = try ProgramRun(
        ["track", "-q", "--detections", path, "--fps", "10", "-o", "all.ndjson", "--mot-output", "m.txt", "--overwrite"] + options,
        in: folder.url)
      #expect(run.exitCode == 0, "\(run.errors)")
      return try String(contentsOf: folder.url.appendingPathComponent("m.txt"), encoding: .utf8).split(separator: "\n").count
    }
    let stream = try lines(["--rows", "all"])
    let records = try String(contentsOf: folder.url.appendingPathComponent("all.ndjson"), encoding: .utf8)
    #expect(stream == records.components(separatedBy: "\"observation\":").count - 1)
    let seen = records.components(separatedBy: "\"observation\":\"observed\"").count - 1
    #expect(try lines([]) == seen && seen < stream)
  }

  @Test func rowsWithoutATextAreRefused() throws {
    let run = try ProgramRun(["track", "-q", "--detections", detections, "--fps", "10", "--rows", "all"], in: folder.url)
    #expect(run.exitCode == 64 && run.errors.contains("--rows all is about texts and none is written"))
  }
}
