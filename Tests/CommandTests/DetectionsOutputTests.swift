import Foundation
import Testing

/// `track --detections-output`: what was detected, to be tracked again.
@Suite struct DetectionsOutputTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    let made = try run("synthesize", "fixed", "-o", "v.mp4", "--size", "320x180", "--duration", "2", "--seed", "3", "-q")
    #expect(made.exitCode == 0, "\(made.errors)")
  }

  private func run(_ arguments: String...) throws -> ProgramRun { try ProgramRun(arguments, in: folder.url) }

  private func text(_ name: String) throws -> String { try String(contentsOf: folder.file(name), encoding: .utf8) }

  /// The numbers of every row of every track: frame, id, box, velocity, existence.
  private func rows(_ name: String) throws -> [[Double]] {
    try text(name).split(separator: "\n").dropFirst().map { line in
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
      return [0, 2, 6, 7, 8, 9, 10, 13, 14].map { Double(fields[$0]) ?? -1 }
    }
  }

  @Test func whatWasDetectedIsTrackedAgainAlike() throws {
    let first = try run("track", "v.mp4", "--detections-output", "d.csv", "--csv", "a.csv", "-o", "a.ndjson", "-q")
    #expect(first.exitCode == 0, "\(first.errors)")
    // The motion detector's scores are probabilities; those of files are usually taken for something surer.
    _ = try folder.write("tracker:\n  high_score: 0.2\n  neutral_score: 0.2\n  low_score: 0.01\n  doubt_weight: 1\n", "scores.yaml")
    let second = try run(
      "track", "v.mp4", "--detections", "d.csv", "--config", "scores.yaml", "--csv", "b.csv", "-o", "b.ndjson", "-q")
    #expect(second.exitCode == 0, "\(second.errors)")
    let (before, after) = try (rows("a.csv"), rows("b.csv"))
    #expect(before.count > 20 && before.count == after.count)
    // The text has each number to the last digit; the stream's own are rounded to hundredths.
    for (one, other) in zip(before, after) { #expect(zip(one, other).allSatisfy { abs($0 - $1) < 0.021 }, "\(one) \(other)") }
  }

  @Test func detectionsGivenAreWrittenAgainToTheLastDigit() throws {
    _ = try folder.write("frame,score,cx_px,cy_px,w_px,h_px\n0,0.71,20.125,31.5,40,20\n2,0.5,22.0625,31.5,40,20\n", "in.csv")
    let made = try run("track", "--detections", "in.csv", "--fps", "10", "--detections-output", "out.csv", "-o", "o.ndjson", "-q")
    #expect(made.exitCode == 0, "\(made.errors)")
    let lines = try text("out.csv").split(separator: "\n").dropFirst()
      .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    #expect(lines.map { $0[0] } == ["0", "2"] && lines.map { $0[3] } == ["0.71", "0.5"])
    #expect(lines.map { $0[4] } == ["20.125", "22.0625"] && lines.allSatisfy { $0.suffix(3) == ["", "", ""] })
  }

  @Test(arguments: [("d.mot.txt", 10), ("d.txt", 13), ("d.mot-obb-angle.txt", 9)])
  func theNameTellsTheFormat(_ name: String, columns: Int) throws {
    let made = try run("track", "v.mp4", "--detections-output", name, "-o", "a.ndjson", "-q", "--start", "1")
    #expect(made.exitCode == 0, "\(made.errors)")
    let lines = try text(name).split(separator: "\n").map { $0.split(separator: ",") }
    #expect(!lines.isEmpty && lines.allSatisfy { $0.count == columns })
    // From the first picture on, though the run begins a second later.
    #expect(lines.allSatisfy { Double($0[0]) ?? 0 > 20 })
  }

  @Test func aNameWithoutFormatIsRefused() throws {
    let refused = try run("track", "v.mp4", "--detections-output", "d.json", "-o", "a.ndjson")
    #expect(refused.exitCode == 64 && refused.errors.contains("tells no format"), "\(refused.errors)")
  }

  @Test func itNeverReplacesTheDetectionsThatAreRead() throws {
    _ = try folder.write("1,-1,10,20,40,30,0.95\n", "in.txt")
    let refused = try run("track", "v.mp4", "--detections", "in.txt", "--detections-output", "in.txt", "--overwrite")
    #expect(refused.exitCode == 73 && refused.errors.contains("would replace the detections"), "\(refused.errors)")
    #expect(try text("in.txt") == "1,-1,10,20,40,30,0.95\n")
  }
}
