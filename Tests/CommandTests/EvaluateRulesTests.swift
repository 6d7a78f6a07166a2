import Foundation
import Testing

/// Which sequences and columns an evaluation takes, and what it says of files that are not whole.
@Suite struct EvaluateRulesTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for name in ["A", "B", "C"] {
      _ = try folder.write(rows(1...20), "truth/\(name).txt")
      _ = try folder.write(rows(1...20), "good/\(name).txt")
      if name != "B" { _ = try folder.write(rows(1...10), "half/\(name).txt") }
    }
  }

  /// Three objects on straight paths.
  private func rows(_ frames: ClosedRange<Int>) -> String {
    frames.map { t in (1...3).map { "\(t),\($0),\(120 * $0 + 2 * t),50,40,80,1,-1,-1,-1\n" }.joined() }.joined()
  }

  private func evaluate(_ arguments: String...) throws -> ProgramRun {
    try ProgramRun(["evaluate", "tracks", "--truth", "truth"] + arguments, in: folder.url)
  }

  @Test func onlyTheChosenSequencesAreRead() throws {
    let run = try evaluate("--result", "half", "--sequences", "C,A", "--strict", "--csv")
    #expect(run.exitCode == 0 && !run.errors.contains("sequence B"), "\(run.errors)")
    #expect(run.lines.dropFirst().map { $0.split(separator: ",")[2] } == ["A", "C", "COMBINED"])
    let blanks = try evaluate("--result", "half", "--sequences", "A", "C", "--csv", "--quiet")
    #expect(blanks.output == run.output)
  }

  @Test(arguments: [
    (["--sequences", "a"], "did you mean A?"), (["--sequences", "A,BB"], "there is no sequence 'BB'; there are A, B, C"),
    (["--columns", "hoat"], "there is no column 'hoat'"), (["--columns", "hoat"], "did you mean HOTA?"),
    (["--columns", "hota,idsww"], "did you mean IDSW?"), (["--columns", ","], "names no column"),
    (["--columns", "hota", "--json"], "give one of the two"),
  ]) func unknownNamesAreRefusedWithTheNearest(arguments: [String], said: String) throws {
    let run = try ProgramRun(["evaluate", "tracks", "--truth", "truth", "--result", "good"] + arguments, in: folder.url)
    #expect(run.exitCode == 64 && run.errors.contains(said) && run.output.isEmpty, "\(run.errors)")
  }

  @Test func onlyTheChosenColumnsAreShownInTheirOrder() throws {
    let run = try evaluate("--result", "good", "--columns", "idf1,hota,clr_tp,moda")
    #expect(run.exitCode == 0)
    #expect(run.lines[1].split(separator: " ").map(String.init) == ["sequence", "IDF1", "HOTA", "TP", "MODA"])
    #expect(run.lines.last?.split(separator: " ").map(String.init) == ["COMBINED", "100.000", "100.000", "180", "100.000"])
    let csv = try evaluate("--result", "good", "--columns", "idf1,tp", "--csv")
    #expect(csv.lines[0] == "result,class,sequence,IDF1,CLR_TP" && csv.lines.last == "good,all,COMBINED,1.0,180")
    let compared = try evaluate("--compare", "good", "half", "--columns", "hota", "--quiet")
    let rows = compared.lines.drop { !$0.hasPrefix("comparison") }.dropFirst(3)
    #expect(rows.count == 1 && rows.first?.contains("HOTA") == true)
  }

  @Test func aMissingFileIsToldAndRefusedWhenStrict() throws {
    let run = try evaluate("--result", "half")
    #expect(run.exitCode == 0 && run.errors.contains("half has no file of sequence B; it counts as empty"), "\(run.errors)")
    let strict = try evaluate("--result", "half", "--strict")
    #expect(strict.exitCode == 66 && strict.errors.contains("the result of sequence B in half") && strict.output.isEmpty)
  }

  /// Half of two sequences and none of the third are found: the table of the result and the comparison say the same figure.
  @Test func everyTableHasRatiosInPerCent() throws {
    let run = try evaluate("--compare", "good", "half", "--columns", "clr_re,mota", "--quiet")
    let titles = run.lines.filter { $0.contains("per cent") }
    #expect(titles.count == 3, "\(run.output)")
    let combined = run.lines.filter { $0.hasPrefix("COMBINED") }.map { $0.split(separator: " ").map(String.init) }
    #expect(combined == [["COMBINED", "100.000", "100.000"], ["COMBINED", "33.333", "33.333"]])
    let row = try #require(run.lines.last).split(separator: " ").map(String.init)
    #expect(row.prefix(5) == ["all", "MOTA", "100.000", "33.333", "-66.667"])
  }

  @Test func everyWarningOfAComparisonNamesItsResults() throws {
    _ = try folder.write(rows(1...20), "good/X.txt")
    let run = try evaluate("--compare", "good", "half", "truth", "--report", "page.html")
    let warnings = run.errors.split(separator: "\n").map(String.init)
    #expect(run.exitCode == 0 && warnings.count >= 4)
    for warning in warnings {
      #expect(["good: ", "half: ", "truth: "].contains { warning.hasPrefix("sextant: warning: " + $0) }, "\(warning)")
    }
    let page = try String(contentsOf: folder.file("page.html"), encoding: .utf8)
    #expect(page.contains("<li>half: half has no file of sequence B"))
  }

  /// A line that two results have alike is printed once, with both names.
  @Test func aWarningOfSeveralResultsIsPrintedOnce() throws {
    _ = try folder.write("[Sequence]\nname=A\nseqLength=90\nimWidth=640\nimHeight=480\n", "own/A/seqinfo.ini")
    _ = try folder.write(rows(1...20), "own/A/gt/gt.txt")
    let run = try ProgramRun(
      ["evaluate", "tracks", "--truth", "own", "--compare", "good/A.txt", "half/C.txt"], in: folder.url)
    let stated = run.errors.split(separator: "\n").filter { $0.contains("stated to have 90 frames") }
    #expect(run.exitCode == 0 && stated.count == 1, "\(run.errors)")
    #expect(stated.first?.contains("A.txt, C.txt: ") == true)
  }

  @Test func aStreamThatWasCutOffIsReadAndTold() throws {
    let detections = (1...20).map { t in (1...3).map { "\(t),-1,\(120 * $0 + 2 * t),50,40,80,0.9\n" }.joined() }.joined()
    _ = try folder.write(detections, "det.txt")
    let track = try ProgramRun(
      ["track", "--detections", "det.txt", "--fps", "30", "-q", "-o", "whole.ndjson"], in: folder.url)
    #expect(track.exitCode == 0)
    let lines = try String(contentsOf: folder.file("whole.ndjson"), encoding: .utf8).split(separator: "\n")
    #expect(lines.last?.contains("\"record\":\"end\"") == true)
    // What a power cut leaves: no end, and a last line that stops in its middle.
    let cut = lines.dropLast().joined(separator: "\n") + "\n"
    _ = try folder.write(cut, "cut.ndjson.part")
    _ = try folder.write(cut, "streams/A.ndjson.part")
    let truth = ["evaluate", "tracks", "--truth", "truth/A.txt", "--csv", "--result"]
    let expected = try ProgramRun(truth + ["whole.ndjson"], in: folder.url)
    // Of a folder one sequence alone may have one file.
    #expect(try evaluate("--sequences", "A", "--result", "whole.ndjson", "--csv").output == expected.output)
    let run = try ProgramRun(truth + ["cut.ndjson.part"], in: folder.url)
    #expect(run.exitCode == 0 && run.errors.contains("cut off"), "\(run.errors)")
    let figures = { (run: ProgramRun) in run.lines.last?.split(separator: ",").dropFirst() }
    #expect(figures(run) == figures(expected) && figures(run)?.isEmpty == false)
    let inFolder = try evaluate("--sequences", "A", "--result", "streams", "--csv")
    #expect(inFolder.exitCode == 0 && inFolder.errors.contains("cut off"), "\(inFolder.errors)")
    #expect(figures(inFolder) == figures(expected))
    let boxes = try ProgramRun(
      ["evaluate", "boxes", "--truth", "truth/A.txt", "--result", "cut.ndjson.part"], in: folder.url)
    #expect(boxes.exitCode == 0 && boxes.errors.contains("cut off"), "\(boxes.errors)")
  }
}
