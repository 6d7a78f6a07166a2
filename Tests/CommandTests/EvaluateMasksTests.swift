import Foundation
import Testing

/// `sextant evaluate masks`: what it prints, its exit codes and what it says of bad input.
@Suite struct EvaluateMasksTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @discardableResult
  private func write(_ bytes: Data, _ name: String) throws -> String {
    URL(fileURLWithPath: try folder.write(bytes, name)).deletingLastPathComponent().path
  }

  private func evaluate(_ arguments: String...) throws -> ProgramRun { try ProgramRun(["evaluate", "masks"] + arguments) }

  // MARK: Semantic segmentation

  @Test func resultsStandSideBySide() throws {
    let truth = [[UInt8](repeating: 0, count: 6) + [1, 1, 1, 9], [UInt8](repeating: 1, count: 10)]
    for (index, labels) in truth.enumerated() {
      try write(MaskPicture.grey(labels, width: 5), "truth/\(index).png")
      try write(MaskPicture.grey(labels, width: 5), "same/\(index).png")
      try write(MaskPicture.grey(labels.map { _ in 0 }, width: 5), "sky/\(index).png")
    }
    let page = folder.file("report.html")
    let run = try evaluate(
      "--truth", folder.file("truth").path, "--compare", folder.file("same").path, folder.file("sky").path, "--class-names",
      write(Data("sky\nroad\n".utf8), "names.txt") + "/names.txt", "--csv", "--report", page.path)
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(
      run.lines == [
        "result,class,pixels,IoU,accuracy,pixel_accuracy", "same,sky,6,1.0,1.0,", "same,road,13,1.0,1.0,",
        "same,mean,19,1.0,1.0,1.0",
        "sky,sky,6,\(6.0 / 19),1.0,", "sky,road,13,0.0,0.0,", "sky,mean,19,\(3.0 / 19),0.5,\(6.0 / 19)",
      ])
    let html = try String(contentsOf: page, encoding: .utf8)
    #expect(html.contains("draws of the 2 pictures") && html.contains("labels from 2 of the truth, 1 pixels left out"))
    #expect(html.contains("IoU by class") && !html.contains("http://") && !html.contains("https://"))
  }

  @Test func masksNameWhatIsMissing() throws {
    let truth = try write(Data("x".utf8), "truth/a.txt")
    let nothing = try evaluate("--truth", truth, "--result", truth)
    #expect(nothing.exitCode == 66 && nothing.errors.contains("*.png"))
    for name in ["0", "1"] { try write(MaskPicture.grey([0, 1, 2, 1], width: 2), "truth/\(name).png") }
    let other = try write(MaskPicture.grey([0, 1, 2, 1], width: 2), "other/7.png")
    let unpaired = try evaluate("--truth", truth, "--result", other)
    #expect(unpaired.exitCode == 66 && unpaired.errors.contains("0.png, 1.png"))
    try write(MaskPicture.grey([0, 1, 2, 1], width: 2), "other/0.png")
    let one = try evaluate("--truth", truth, "--result", other)
    #expect(one.exitCode == 0 && one.errors.contains("the result lacks 1.png"))
    let strict = try evaluate("--truth", truth, "--result", other, "--strict")
    #expect(strict.exitCode == 66 && strict.errors.contains("1 of the truth's 2 pictures") && strict.errors.contains("1.png"))
    try write(MaskPicture.grey([0, 1, 2, 1], width: 2), "other/1.png")
    let surplus = try evaluate("--truth", truth, "--result", other)
    #expect(surplus.exitCode == 0 && surplus.errors.contains("no truth: 7.png"))
    #expect(try evaluate("--truth", truth, "--result", folder.file("nowhere").path).exitCode == 66)
    #expect(try evaluate("--truth", truth, "--result", folder.file("other/0.png").path).exitCode == 65)
  }

  @Test func picturesThatAreNoMasksAreNamed() throws {
    let truth = try write(MaskPicture.grey([0, 1, 2, 1], width: 2), "truth/a.png")
    let broken = MaskPicture.grey([0, 1, 2, 1], width: 2)
    for (name, bytes, said) in [
      ("text", Data("not a picture".utf8), "not a PNG"), ("empty", Data(), "not a PNG"),
      ("half", Data(broken.prefix(45)), "cannot be decoded"),
      ("size", MaskPicture.grey([0, 1], width: 2), "2 x 1 pixels"),
      ("deep", MaskPicture.grey([0, 0, 0, 1, 0, 2, 0, 1], width: 2, depth: 16), "16 bits"),
      ("color", MaskPicture.grey([UInt8](repeating: 1, count: 12), width: 2, colorType: 2), "in colour"),
    ] {
      let run = try evaluate("--truth", truth, "--result", write(bytes, "\(name)/a.png"))
      #expect(run.exitCode == 65 && run.errors.contains("a.png") && run.errors.contains(said), "\(name): \(run.errors)")
    }
  }

  @Test func optionsThatDoNotFitAreUsageErrors() throws {
    let truth = try write(MaskPicture.grey([0, 1, 2, 1], width: 2), "truth/a.png")
    for options in [
      ["--class-count", "0"], ["--void", "300"], ["--binary"], ["--protocol", "unsupervised", "--void", "1"],
      ["--fail-below", "nonsense=1"],
    ] {
      #expect(try ProgramRun(["evaluate", "masks", "--truth", truth, "--result", truth] + options).exitCode == 64, "\(options)")
    }
    #expect(try evaluate("--truth", truth).exitCode == 64)
    let void = try evaluate("--truth", truth, "--result", truth, "--void", "0", "1", "2")
    #expect(void.exitCode == 65 && void.errors.contains("void"))
    #expect(try evaluate("--truth", truth, "--result", truth, "--fail-below", "miou=1,pixel_accuracy=1,2=1").exitCode == 0)
    #expect(try evaluate("--truth", truth, "--result", truth, "--class-names", folder.file("none").path).exitCode == 66)
  }

  @Test(.enabled(if: SharedData.isPresent)) func masksOfTheRoadScenesAgainstThemselvesArePerfect() throws {
    let labels = SharedData.path("camvid/val/labels")
    let run = try evaluate(
      "--truth", labels, "--result", labels, "--class-names", SharedData.path("camvid/classes.csv"), "--void", "11", "--csv",
      "--fail-below", "miou=1")
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.lines.count == 13)
    #expect(run.lines.contains { $0.hasPrefix("Bicyclist,") && $0.contains(",1.0,1.0,") })
  }

  // MARK: Masks in video

  @Test func sequencesOfMasksAreCompared() throws {
    // Two objects of which the second is missed, in two sequences of four frames; one frame has no result.
    let truth = (0..<400).map { index -> UInt8 in index % 20 < 6 ? 1 : index % 20 > 12 ? 2 : 0 }
    for sequence in ["a", "b"] {
      for frame in 0..<4 {
        try write(MaskPicture.grey(truth, width: 20), "truth/\(sequence)/\(frame).png")
        try write(MaskPicture.grey(truth, width: 20), "same/\(sequence)/\(frame).png")
        if frame != 1 { try write(MaskPicture.grey(truth.map { $0 == 1 ? 1 : 0 }, width: 20), "part/\(sequence)/\(frame).png") }
      }
    }
    let page = folder.file("report.html")
    let run = try evaluate(
      "--truth", folder.file("truth").path, "--compare", folder.file("same").path, folder.file("part").path, "--protocol",
      "semi-supervised",
      "--json", "--report", page.path)
    #expect(run.exitCode == 0 && run.errors.contains("1 of 4 frames of b have no result (first 1)"), "\(run.errors)")
    let found = try #require(JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    let results = try #require(found["results"] as? [[String: Any]])
    let part = try #require(results[1]["evaluation"] as? [String: Any])
    let mean = try #require(part["mean"] as? [String: Any])
    // Frames 1 and 2 count; the first object is found in one of them, the second in none.
    #expect(mean["J&F"] as? Double == 0.25 && mean["frames"] as? Int == 8)
    let sequences = try #require(part["sequences"] as? [[String: Any]])
    #expect(sequences.count == 2 && sequences[0]["objects"] as? Int == 2 && sequences[0]["J_mean"] as? Double == 0.25)
    let frames = try #require(part["frames"] as? [[String: Any]])
    #expect(frames[0]["J"] as? [Double] == [0, 1] && frames[0]["frames"] as? [String] == ["1", "2"])
    let html = try String(contentsOf: page, encoding: .utf8)
    #expect(html.contains("draws of the 2 sequences") && html.contains("a, object 2") && html.contains("first and the last frame"))
    let limit = try evaluate(
      "--truth", folder.file("truth").path, "--result", folder.file("part").path, "--protocol", "unsupervised", "--fail-below",
      "j&f=0.9", "--quiet")
    #expect(limit.exitCode == 5)
  }

  @Test func masksOf255AreAskedAbout() throws {
    let labels = (0..<100).map { UInt8($0 % 10 < 4 ? 255 : 0) }
    for frame in 0..<3 { try write(MaskPicture.grey(labels, width: 10), "truth/\(frame).png") }
    let truth = folder.file("truth").path
    let run = try evaluate("--truth", truth, "--result", truth, "--protocol", "unsupervised")
    #expect(run.exitCode == 65 && run.errors.contains("--binary"))
    let binary = try evaluate("--truth", truth, "--result", truth, "--protocol", "unsupervised", "--binary", "--csv")
    #expect(binary.exitCode == 0 && binary.lines.last?.hasPrefix("mean,1,3,1.0,") == true, "\(binary.errors)")
  }

  // MARK: A stream of tracks

  /// Two frames of 4×2 pixels whose left half is the object; of the tracks one covers it once, the other is elsewhere. By hand: J is the mean
  /// of 1 and 0.
  @Test func aStreamOfTracksIsAResult() throws {
    let truth = try write(MaskPicture.grey([255, 255, 0, 0, 255, 255, 0, 0], width: 4), "truth/00000.png")
    try write(MaskPicture.grey([255, 255, 0, 0, 255, 255, 0, 0], width: 4), "truth/00001.png")
    func frame(_ number: Int, _ tracks: [(id: Int, counts: String)]) -> String {
      let rows = tracks.map {
        #"{"id":\#($0.id),"class":"object","state":"confirmed","box":{"cx":1,"cy":1,"w":2,"h":2,"angle":null,"angle_sd":null},"#
          + #""observed":true,"observation":"observed","mask":{"size":[2,4],"counts":\#($0.counts)}}"#
      }
      return #"{"record":"frame","frame":\#(number),"time":\#(number),"tracks":[\#(rows.joined(separator: ","))]}"# + "\n"
    }
    let text = frame(0, [(5, "[0,4,4]"), (9, "[6,2]")]) + frame(1, [(9, "[6,2]")])
    let stream = try folder.write(Data(text.utf8), "tracks.ndjson")
    let run = try evaluate("--truth", truth, "--result", stream, "--protocol", "unsupervised", "--binary", "--csv")
    #expect(run.exitCode == 0, "\(run.errors)")
    let columns = run.lines.first?.split(separator: ",").map(String.init) ?? []
    let mean = run.lines.last?.split(separator: ",", omittingEmptySubsequences: false).map(String.init) ?? []
    #expect(columns.firstIndex(of: "J_mean").map { mean[$0] } == "0.5", "\(run.output)")
    let labels = try evaluate("--truth", truth, "--result", stream, "--protocol", "semi-supervised")
    #expect(labels.exitCode == 64 && labels.errors.contains("--protocol unsupervised"))
    let plain = try folder.write(Data(frame(0, []).utf8), "plain.ndjson")
    let none = try evaluate("--truth", truth, "--result", plain, "--protocol", "unsupervised")
    #expect(none.exitCode != 0 && none.errors.contains("--masks"))
  }
}

/// PNG files written without compression.
enum MaskPicture {
  /// - Parameter bytes: The rows' bytes, as many a pixel as depth and colour type ask for.
  static func grey(_ bytes: [UInt8], width: Int, depth: UInt8 = 8, colorType: UInt8 = 0) -> Data {
    let rowLength = width * Int(depth) / 8 * (colorType == 2 ? 3 : 1)
    let height = bytes.count / rowLength
    // Each row behind the number of its filter, none.
    let rows = (0..<height).flatMap { [0] + bytes[($0 * rowLength)..<(($0 + 1) * rowLength)] }
    var header = number(UInt32(width)) + number(UInt32(height))
    header += [depth, colorType, 0, 0, 0]
    let length = UInt16(rows.count)
    let stored: [UInt8] = [0x78, 1, 1, UInt8(length & 255), UInt8(length >> 8), UInt8(~length & 255), UInt8(~length >> 8)]
    let file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    return Data(file + chunk("IHDR", header) + chunk("IDAT", stored + rows + number(adler(rows))) + chunk("IEND", []))
  }

  private static func number(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }

  private static func chunk(_ name: String, _ bytes: [UInt8]) -> [UInt8] {
    let body = Array(name.utf8) + bytes
    var remainder = UInt32.max
    for byte in body {
      remainder ^= UInt32(byte)
      for _ in 0..<8 { remainder = remainder & 1 == 1 ? remainder >> 1 ^ 0xEDB8_8320 : remainder >> 1 }
    }
    return number(UInt32(bytes.count)) + body + number(~remainder)
  }

  private static func adler(_ bytes: [UInt8]) -> UInt32 {
    var (a, b) = (UInt32(1), UInt32(0))
    for byte in bytes {
      a = (a + UInt32(byte)) % 65521
      b = (b + a) % 65521
    }
    return b << 16 | a
  }
}
