import Foundation
import Geometry
import Records
import TestSupport
import Testing

@testable import TrajectoryEvaluation

/// Positions without rotations: what they tell is measured, the rest is refused.
@Suite struct PositionsTests {
  private static let truth = "0 0 0 0 0 0 0 1\n1 1 0 0 0 0 0.6 0.8\n2 2 0 0 0 0 0 1\n"

  private func evaluate(
    _ result: String, _ change: (inout TrajectorySequenceEvaluation.Settings) -> Void = { _ in }
  ) throws -> TrajectorySequenceEvaluation {
    let scratch = try ScratchFolder()
    var settings = TrajectorySequenceEvaluation.Settings()
    change(&settings)
    return try TrajectorySequenceEvaluation(
      truth: try TrajectoryFiles.read(try scratch.write(Self.truth, to: "t.txt"), side: "truth"),
      result: try TrajectoryFiles.read(try scratch.write(result, to: "r.txt"), side: "result"), settings: settings)
  }

  /// Each position lies 3 and 4 metres off, and their steps are as long as the truth's.
  @Test func translationsAreMeasuredAndRotationsAreNot() throws {
    for result in ["0 3 4 0 0 0 0 0\n1 4 4 0 0 0 0 0\n2 5 4 0 0 0 0 0\n", "0 3 4 0\n1 4 4 0\n2 5 4 0\n"] {
      let evaluation = try evaluate(result)
      #expect(evaluation.rows.map(\.kind) == ["APE", "RPE"])
      #expect(evaluation.rows.map(\.relation) == [.translation, .pointDistance])
      #expect(
        evaluation.rows[0].errors.allSatisfy { abs($0 - 5) < 1e-12 } && evaluation.rows[1].errors.allSatisfy { abs($0) < 1e-12 })
    }
  }

  @Test func refusesWhatNeedsRotations() {
    let positions = "0 3 4 0\n1 4 4 0\n2 5 4 0\n"
    #expect(throws: TrajectoryProblem.relationsNeedRotations([.angleDegrees])) {
      try evaluate(positions) { $0.relations = [.angleDegrees] }
    }
    #expect(throws: TrajectoryProblem.alignmentNeedsRotations) { try evaluate(positions) { $0.comparison.alignment = .origin } }
  }
}
