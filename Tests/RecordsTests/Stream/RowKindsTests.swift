import Foundation
import Geometry
import Records
import Testing

@Suite struct RowKindsTests {
  @Test func theTableSaysWhichRowsEachKindHolds() {
    let held = RowKinds.allCases.map { kinds in TrackRecord.Observation.allCases.filter { kinds.holds($0) }.map(\.rawValue) }
    #expect(
      held == [
        ["observed", "smoothed"], ["observed", "smoothed", "interpolated"], ["observed", "smoothed", "interpolated", "predicted"],
      ])
  }

  private func record(_ id: Int, _ observation: TrackRecord.Observation) -> TrackRecord {
    TrackRecord(id: id, box: OrientedBox(center: Point(50, 40), width: 20, height: 10, angle: 0), observation: observation)
  }

  /// Track 1 coasts twice; one of these rows is filled in later, the other is said to be left out.
  @Test func aStreamReadAsBoxesLeavesCoastingRowsOutAndSaysHowMany() throws {
    var encoder = StreamEncoder(classes: ["object"])
    var text: [UInt8] = []
    let records: [StreamRecord] = [
      .header(StreamHeader(program: "test", classes: ["object"])),
      .frame(FrameRecord(frame: 0, time: 0, tracks: [record(1, .observed)])),
      .frame(FrameRecord(frame: 1, time: 0.1, tracks: [record(1, .predicted)])),
      .frame(FrameRecord(frame: 2, time: 0.2, tracks: [record(1, .observed), record(2, .observed)])),
      .backfill(BackfillRecord(frame: 1, time: 0.1, tracks: [record(1, .interpolated)])),
      .frame(FrameRecord(frame: 3, time: 0.3, tracks: [record(1, .predicted), record(2, .observed)])),
      .end(EndRecord(frames: 4, tracks: 2, status: .complete)),
    ]
    for record in records { encoder.encode(record) { text.append(contentsOf: $0) } }
    let tracks = try BoxTableReader.read(bytes: text, name: "s.ndjson", options: .init(role: .result))
    #expect(tracks.frames == [0, 2, 2, 1, 3] && tracks.ids == [1, 1, 2, 1, 2])
    #expect(tracks.warnings == ["1 coasting row, which no detection stands behind, left out"])
    let detections = try BoxTableReader.read(bytes: text, name: "s.ndjson", options: .init(role: .detections))
    #expect(detections.frames == [0, 2, 2, 3])
  }
}
