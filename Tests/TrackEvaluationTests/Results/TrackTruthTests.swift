import Foundation
import Geometry
import TestSupport
import Testing

@testable import TrackEvaluation

@Suite struct TrackTruthTests {
  /// The quick comparison of a search gives the scores of the whole evaluation.
  @Test func agreesWithTheEvaluationOfFiles() throws {
    let scratch = try ScratchFolder()
    var generator = TestRandom(seed: 9)
    var truth = ""
    var result = ""
    var rows = TrackRows()
    for frame in 1...50 {
      for id in 1...6 {
        let left = Double(100 * id + generator.index(below: 5))
        truth += "\(frame),\(id),\(left),50,40,80,\(id == 3 ? 0 : 1),-1,-1,-1\n"
        guard generator.index(below: 8) > 0 else { continue }
        let x = left + Double(generator.index(below: 30))
        result += "\(frame),\(id + 10),\(x),50,40,80,1,-1,-1,-1\n"
        rows.add(id: id + 10, box: OrientedBox(AxisBox(left: x, top: 50, width: 40, height: 80)))
      }
      rows.endFrame()
    }
    let files = TrackSequenceFiles(
      name: "s", truth: try scratch.write(truth, to: "gt.txt"), result: try scratch.write(result, to: "s.txt"))
    let whole = try #require(try TrackEvaluator.evaluate(files, TrackEvaluationOptions()).classes.first).scores
    let quick = try TrackTruth(path: files.truth, name: "s", className: nil).scores(rows, metrics: Set(TrackMetric.allCases))
    for (a, b) in zip(whole.fields, quick.fields) { #expect(abs(a.scalar - b.scalar) < 1e-9, "\(a.name)") }
  }
}
