import Foundation
import Testing

/// The modules below name what can be set in words; the command adds the option behind them.
@Suite struct EvaluationSettingTests {
  private static let truth = (1...20).map { "\($0),1,100,50,40,80,1,-1,-1,-1\n" }.joined()

  @Test func whatAnEvaluationOfTracksNamesCarriesItsOption() throws {
    let folder = try TemporaryFolder()
    let truth = try folder.write(Data(Self.truth.utf8), "gt.txt")
    let beyond = try ProgramRun(["evaluate", "tracks", "--truth", truth, "--result", truth, "--frames", "100-200"])
    #expect(beyond.exitCode == 64)
    #expect(beyond.errors.contains("the range of frames (--frames) 100-200"), "\(beyond.errors)")
    let foreign = try ProgramRun(
      ["evaluate", "tracks", "--truth", truth, "--result", truth, "--preprocess", "mot", "--classes", "car"])
    #expect(foreign.exitCode == 65)
    #expect(foreign.errors.contains("choose none as the preprocessing (--preprocess)"), "\(foreign.errors)")
  }

  @Test func whatAnEvaluationOfTrajectoriesNamesCarriesItsOption() throws {
    let folder = try TemporaryFolder()
    func path(_ name: String, from start: Int) throws -> String {
      try folder.write(Data((0..<5).map { "\(start + $0) \($0) 0 0 0 0 0 1\n" }.joined().utf8), name)
    }
    let run = try ProgramRun(
      ["evaluate", "trajectory", "--truth", path("a.txt", from: 0), "--result", path("b.txt", from: 1000)])
    #expect(run.exitCode == 65)
    #expect(run.errors.contains("the offset of the result's times (--time-offset)"), "\(run.errors)")
    #expect(run.errors.contains("the largest difference of times (--max-difference)"), "\(run.errors)")
  }
}
