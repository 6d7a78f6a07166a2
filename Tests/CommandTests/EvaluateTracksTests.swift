import Foundation
import Testing

/// `sextant evaluate tracks` and `sextant tune` as people call them.
@Suite struct EvaluateTracksTests {
  /// Three objects on straight paths.
  private func rows(_ frames: ClosedRange<Int>, switchedFrom frame: Int = .max) -> String {
    frames.map { t in
      (1...3).map { id in
        let name = t >= frame && id < 3 ? 3 - id : id
        return "\(t),\(name),\(120 * id + 2 * t),50,40,80,1,-1,-1,-1\n"
      }.joined()
    }.joined()
  }

  private func folder(_ files: [String: String]) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for (name, text) in files {
      let file = folder.file(name)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    return folder
  }

  @Test func printsATableAndMeetsOrMissesThresholds() throws {
    let folder = try folder(["gt.txt": rows(1...20), "good.txt": rows(1...20), "bad.txt": rows(1...20, switchedFrom: 11)])
    let arguments = ["evaluate", "tracks", "--truth", "gt.txt", "--result"]
    let good = try ProgramRun(arguments + ["good.txt", "--fail-below", "hota=0.99,idf1=0.99"], in: folder.url)
    #expect(good.exitCode == 0 && good.errors.isEmpty)
    #expect(good.lines.last?.hasPrefix("COMBINED  100.000  100.000") == true)
    let bad = try ProgramRun(arguments + ["bad.txt", "--fail-below", "hota=0.99"], in: folder.url)
    #expect(bad.exitCode == 5)
    #expect(bad.errors.contains("hota of bad.txt is") && bad.errors.contains("below 0.99"))
  }

  /// One list for help, option and message: every format that has identities.
  @Test func takesEveryFormatWithIdentitiesByName() throws {
    let frames = (0..<5).map {
      "{\"name\":\"v-\($0).jpg\",\"frameIndex\":\($0),\"labels\":[{\"id\":\"1\",\"category\":\"car\",\"box2d\":{\"x1\":\($0),\"y1\":0,\"x2\":50,\"y2\":40}}]}"
    }
    let folder = try folder([
      "a.json": "[" + frames.joined(separator: ",") + "]", "labels/clip_1.txt": "0 0.5 0.5 0.1 0.2 7\n",
      "labels/clip_2.txt": "0 0.6 0.5 0.1 0.2 7\n",
    ])
    let arguments = ["evaluate", "tracks", "--columns", "hota"]
    let list = try ProgramRun(arguments + ["--truth", "a.json", "--result", "a.json", "--format", "scalabel"], in: folder.url)
    #expect(list.exitCode == 0 && list.output.contains("100.000"))
    let yolo = arguments + ["--truth", "labels", "--result", "labels", "--format", "yolo"]
    let sized = try ProgramRun(yolo + ["--image-size", "640x480"], in: folder.url)
    #expect(sized.exitCode == 0 && sized.output.contains("100.000"))
    let sizeless = try ProgramRun(yolo, in: folder.url)
    #expect(sizeless.exitCode == 65 && sizeless.errors.contains("size is not known; give it (--image-size WxH)"))
    let dota = try ProgramRun(arguments + ["--truth", "a.json", "--result", "a.json", "--format", "dota"], in: folder.url)
    #expect(
      dota.exitCode == 64 && dota.errors.contains("--format dota: it has no identities, which tracks need; there are auto, mot,"))
    let help = try ProgramRun(["evaluate", "tracks", "--help"])
    for name in ["kitti-objects", "visdrone", "coco", "yolo-obb", "cvat"] {
      #expect(help.output.contains(name) && dota.errors.contains(name))
    }
  }

  @Test func detectionsThatAreSharesNeedAVideo() throws {
    let folder = try folder(["labels/clip_1.txt": "0 0.5 0.5 0.1 0.2\n"])
    let run = try ProgramRun(["track", "--detections", "labels", "--fps", "10"], in: folder.url)
    #expect(run.exitCode == 64 && run.errors.contains("whose size is not known; name the video too"))
  }

  @Test func explainsEveryColumnThatIsAskedFor() throws {
    let folder = try folder(["gt.txt": rows(1...20)])
    let run = try ProgramRun(
      ["evaluate", "tracks", "--truth", "gt.txt", "--result", "gt.txt", "--columns", "idr,owta,moda", "--explain"], in: folder.url)
    let meanings = run.output.components(separatedBy: "what the figures mean").last ?? ""
    for name in ["IDR", "OWTA", "MODA"] { #expect(meanings.contains("\n\(name) ")) }
  }

  @Test func printsJSONWithEveryFieldAndEvents() throws {
    let folder = try folder(["gt.txt": rows(1...20), "bad.txt": rows(1...20, switchedFrom: 11)])
    let run = try ProgramRun(
      ["evaluate", "tracks", "--truth", "gt.txt", "--result", "bad.txt", "--json", "--events", "events.csv"], in: folder.url)
    #expect(run.exitCode == 0)
    let value = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    let result = try #require((value["results"] as? [[String: Any]])?.first)
    let combined = try #require((result["combined"] as? [[String: Any]])?.first?["metrics"] as? [String: Any])
    #expect((combined["HOTA"] as? [Double])?.count == 19)
    #expect(combined["IDSW"] as? Int == 2)
    let events = try String(contentsOf: folder.file("events.csv"), encoding: .utf8).split(separator: "\n")
    #expect(events.count == 3)
    #expect(events[1] == "bad.txt,gt,all,switch,11,1,1,2")
  }

  @Test(arguments: [0, 1]) func tellsEventsInTheTruthsOwnFrames(first: Int) throws {
    let shift = { (text: String) in
      text.split(separator: "\n").map { line in
        let columns = line.split(separator: ",", maxSplits: 1)
        return "\((Int(columns[0]) ?? 0) - 1 + first),\(columns[1])\n"
      }.joined()
    }
    let folder = try folder(["gt.txt": shift(rows(1...20)), "bad.txt": shift(rows(1...20, switchedFrom: 11))])
    let run = try ProgramRun(
      ["evaluate", "tracks", "--truth", "gt.txt", "--result", "bad.txt", "--events", "events.csv"], in: folder.url)
    #expect(run.exitCode == 0 && run.errors.contains("frames begin at 0") == (first == 0))
    let events = try String(contentsOf: folder.file("events.csv"), encoding: .utf8).split(separator: "\n")
    #expect(events.dropFirst().allSatisfy { $0.contains(",switch,\(10 + first),") } && events.count == 3)
  }

  @Test func tellsResultsWithoutTruthAndLackingFrames() throws {
    var files = ["truth/A/gt/gt.txt": rows(1...20), "result/A.txt": rows(1...12), "result/X.txt": rows(1...20)]
    files["empty/A.txt"] = ""
    let folder = try folder(files)
    let run = try ProgramRun(["evaluate", "tracks", "--truth", "truth", "--result", "result"], in: folder.url)
    #expect(run.exitCode == 0)
    #expect(run.errors.contains("X.txt belongs to no sequence of the truth"))
    #expect(run.errors.contains("no boxes in 8 of 20 frames with truth (the first is 13)"))
    let empty = try ProgramRun(["evaluate", "tracks", "--truth", "truth", "--result", "empty"], in: folder.url)
    #expect(empty.exitCode == 0 && empty.errors.contains("has no boxes"))
    #expect(empty.lines.last?.hasPrefix("COMBINED  0.000") == true)
  }

  /// The three files that `track` writes hold the same tracks.
  @Test func scoresEachOutputOfTrackAlike() throws {
    let detections = (1...40).map { t in
      (1...3).map { "\(t),-1,\(120 * $0 + 2 * t + (t * $0) % 5),50,40,80,0.9\n" }.joined()
    }.joined()
    let folder = try folder(["gt.txt": rows(1...40), "det.txt": detections])
    let outputs = ["-o", "tracks.ndjson", "--mot-output", "mot.txt", "--csv", "tracks.csv"]
    #expect(try ProgramRun(["track", "--detections", "det.txt", "--fps", "30", "--quiet"] + outputs, in: folder.url).exitCode == 0)
    #expect(try ProgramRun(["convert", "tracks.ndjson", "converted.txt", "--to", "mot"], in: folder.url).exitCode == 0)
    let scores = try ["tracks.ndjson", "mot.txt", "tracks.csv", "converted.txt"].map { file -> [String] in
      let run = try ProgramRun(["evaluate", "tracks", "--truth", "gt.txt", "--result", file, "--markdown"], in: folder.url)
      #expect(run.exitCode == 0, "\(run.errors)")
      // Counts: from IDSW on; ratios move with the outputs' rounding.
      return try #require(run.lines.first { $0.contains("COMBINED") }).split(separator: "|").dropFirst(12).map {
        $0.trimmingCharacters(in: .whitespaces)
      }
    }
    #expect(scores[0].count >= 5 && Set(scores).count == 1, "\(scores)")
  }

  @Test func comparesFoldersAndWritesAPageThatNeedsNothingElse() throws {
    var files: [String: String] = [:]
    for name in ["A", "B", "C"] {
      files["truth/\(name)/gt/gt.txt"] = rows(1...20)
      files["good/\(name).txt"] = rows(1...20)
      files["bad/\(name).txt"] = rows(1...20, switchedFrom: name == "A" ? 5 : 15)
    }
    let folder = try folder(files)
    let arguments = ["evaluate", "tracks", "--truth", "truth", "--compare", "good", "bad", "--report", "report.html"]
    let run = try ProgramRun(arguments, in: folder.url)
    #expect(run.exitCode == 0)
    #expect(run.output.contains("comparison with good"))
    let page = try String(contentsOf: folder.file("report.html"), encoding: .utf8)
    #expect(page.contains("<svg") && page.contains("HOTA over") && !page.contains("http:") && !page.contains("https:"))
    let again = try ProgramRun(arguments, in: folder.url)
    #expect(again.exitCode == 73 && again.errors.contains("report.html"))
    #expect(try ProgramRun(arguments + ["--overwrite"], in: folder.url).output == run.output)
  }

  @Test(arguments: [
    (["--truth", "gt.txt", "--result", "none.txt"], 66, "none.txt"),
    (["--truth", "none", "--result", "gt.txt"], 66, "none"),
    (["--truth", "gt.txt"], 64, "--result or --compare"),
    (["--truth", "gt.txt", "--result", "gt.txt", "--format", "xyz"], 64, "xyz"),
    (["--truth", "gt.txt", "--result", "gt.txt", "--metrics", "mota"], 64, "mota"),
    (["--truth", "gt.txt", "--result", "gt.txt", "--frames", "5"], 64, "--frames 5"),
    (["--truth", "gt.txt", "--result", "gt.txt", "--fail-below", "nothing=1"], 64, "nothing"),
    (["--truth", "gt.txt", "--result", "gt.txt", "--json", "--csv"], 64, "at most one"),
    (["--truth", "gt.txt", "--result", "gt.txt", "--similarity", "birds-eye"], 65, "bird"),
    (["--truth", "gt.txt", "--result", "double.txt"], 65, "frame 1 has the id 1 twice"),
    (["--truth", "gt.txt", "--result", "letters.txt"], 65, "line 1"),
    (["--truth", "gt.txt", "--result", "feed.txt"], 65, "feed.txt"),
    (["--truth", "gt.txt", "--result", "cut.txt.gz"], 65, "cut.txt.gz"),
    (["--truth", "gt.txt", "--result", "nan.txt"], 65, "not a finite number"),
    (["--truth", "feed.txt", "--result", "gt.txt"], 65, "nothing but blank lines"),
    (["--truth", "folder", "--result", "gt.txt"], 66, "a sequence in the truth folder folder"),
    (["--truth", "gt.txt", "--result", "folder"], 66, "the result of sequence gt in folder"),
    (["--truth", "gt.txt", "--result", "gt.txt", "--preprocess", "mot18"], 64, "mot18"),
    (["--truth", "gt.txt", "--result", "gt.txt", "--similarity", "giou"], 64, "giou"),
    (["--truth", "gt.txt", "--result", "gt.txt", "--fail-below", "hota"], 64, "name=value"),
    (["--truth", "gt.txt", "--result", "gt.txt", "--fail-below", "hota=nan"], 64, "name=value"),
    (["--truth", "gt.txt", "--result", "gt.txt", "--frames", "9-3"], 64, "--frames 9-3"),
    (["--truth", "gt.txt", "--result", "gt.txt", "--frames", "100-200"], 64, "which has the frames 1-5"),
    (["--truth", "gt.txt", "--result", "gt.txt", "--threads", "0"], 64, "--threads 0"),
    (["--truth", "gt.txt", "--result", "gt.txt", "--classes", "car"], 65, "no classes, so that car"),
    (["--truth", "gt.txt", "--result", "gt.txt", "--classes", "car", "--one-class"], 64, "one of the two"),
    (["--truth", "gt.txt", "--result", "gt.txt", "--similarity", "mask"], 65, "frame id class height width rle"),
    (["--truth", "gt.txt", "--result", "masks.txt"], 65, "similarity of masks"),
    (
      ["--truth", "masks.txt", "--result", "masks.txt", "--similarity", "mask", "--preprocess", "kitti"], 64,
      "the preprocessing (--preprocess) kitti"
    ),
    (["--truth", "masks.txt", "--result", "masks.txt", "--similarity", "mask", "--ignore", "gt.txt"], 64, "--ignore"),
  ]) func saysWhatIsWrong(arguments: [String], exitCode: Int32, text: String) throws {
    let folder = try folder([
      "gt.txt": rows(1...5), "double.txt": rows(1...5) + rows(1...1), "letters.txt": "a,b,c,d,e,f\n", "feed.txt": "\n",
      "nan.txt": "1,1,nan,2,3,4,1,-1,-1,-1\n", "masks.txt": "1 2001 2 24 40 Xa04d00000000000000h6\n", "folder/notes.md": "none",
    ])
    // The first bytes of a gzip file that breaks off.
    try Data([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0x33, 0xD4]).write(to: folder.file("cut.txt.gz"))
    let run = try ProgramRun(["evaluate", "tracks"] + arguments, in: folder.url)
    #expect(run.exitCode == exitCode, "\(run.errors)")
    #expect(run.errors.contains(text), "\(run.errors)")
    #expect(run.output.isEmpty)
  }

  @Test func tunesOnOneSetAndChecksOnAnother() throws {
    var files: [String: String] = [:]
    for name in ["A", "B", "C"] {
      files["truth/\(name).txt"] = rows(1...40)
      files["det/\(name).txt"] = (1...40).map { t in
        (1...3).map { "\(t),-1,\(120 * $0 + 2 * t + (t * $0) % 5),50,40,80,0.9\n" }.joined()
      }.joined()
    }
    let folder = try folder(files)
    let arguments = [
      "tune", "--truth", "truth", "--detections", "det", "--fps", "30", "--candidates", "4", "--steps", "6", "--train", "A,B", "-o",
    ]
    let run = try ProgramRun(arguments + ["tuned.yaml", "--validate", "C"], in: folder.url)
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.output.contains("training, after") && run.output.contains("validation, after"))
    let yaml = try String(contentsOf: folder.file("tuned.yaml"), encoding: .utf8)
    #expect(yaml.contains("tracker:") && yaml.contains("confirmation:"))
    _ = try ProgramRun(arguments + ["again.yaml", "--validate", "C", "--threads", "1"], in: folder.url)
    #expect(try String(contentsOf: folder.file("again.yaml"), encoding: .utf8) == yaml)
    let track = try ProgramRun(
      ["track", "--detections", "det/A.txt", "--fps", "30", "--config", "tuned.yaml", "--quiet"], in: folder.url)
    #expect(track.exitCode == 0, "\(track.errors)")
    // Read as a configuration the file gives the very settings: the scores before a second search are those after the first.
    let second = try ProgramRun(
      arguments + ["second.yaml", "--validate", "C", "--config", "tuned.yaml", "--candidates", "1", "--steps", "0"], in: folder.url)
    #expect(second.exitCode == 0, "\(second.errors)")
    let figures = { (run: ProgramRun, row: String) in
      run.lines.first { $0.hasPrefix(row) }?.split(separator: " ").dropFirst(2).map(String.init)
    }
    #expect(figures(second, "training, before") == figures(run, "training, after"))
    #expect(figures(second, "validation, before") == figures(run, "validation, after"))
    let same = try ProgramRun(arguments + ["same.yaml", "--validate", "A"], in: folder.url)
    #expect(same.exitCode == 65 && same.errors.contains("both the training and the validation"))
    let taken = try ProgramRun(arguments + ["tuned.yaml", "--validate", "C"], in: folder.url)
    #expect(taken.exitCode == 73 && taken.errors.contains("--overwrite"))
    let absent = try ProgramRun(arguments + ["absent.yaml", "--validate", "D"], in: folder.url)
    #expect(absent.exitCode == 66 && absent.errors.contains("where only A, B, C are"))
    let streams = try ProgramRun(arguments + ["streams.yaml", "--validate", "C", "--camera", "det"], in: folder.url)
    #expect(streams.exitCode == 66 && streams.errors.contains("the stream of sequence A in det"))
    #expect(!FileManager.default.fileExists(atPath: folder.file("streams.yaml").path))
  }
}
