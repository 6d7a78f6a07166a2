import Reports
import Testing

@testable import TrackEvaluation

@Suite struct TrackTablesTests {
  /// Also those that only `--columns` shows, under the headings that tables give them.
  @Test func everyFieldOfTracksHasAMeaning() {
    let scores = RandomSequence(seed: 3).scores()
    let part = TrackClassEvaluation(className: nil, scores: scores, oriented: OrientedTrackScores(), events: [], timelines: [])
    let sequence = TrackSequenceEvaluation(
      name: "s", frames: 30, firstFrame: 1, classes: [part], similarity: .iou, preprocessing: .none, warnings: [])
    let table = TrackTables.sequences(
      TrackResultEvaluation(name: "r", sequences: [sequence]), className: nil, hasEveryField: true)
    #expect(table.columns.count > 45)
    for column in table.columns.dropFirst() { #expect(MetricGlossary.definition(of: column.name) != nil, "\(column.name)") }
    for name in OrientedTrackScores().fields.map(\.name) { #expect(MetricGlossary.definition(of: name) != nil, "\(name)") }
  }
}
