import Records
import Video

/// Tracks as rows of one of the text formats, those that were asked for; whole rows after a failure too.
final class TextSink: TrackSink {
  private let output: OutputSink
  private let format: TrackTextWriter.Format
  private let rows: RowKinds
  private var writer: TrackTextWriter
  private var text = TextBuffer()

  /// - Throws: `RecordsError` where the output cannot be created.
  init(path: String, format: TrackTextWriter.Format, rows: RowKinds, policy: OutputSink.Policy, overwrites: Bool) throws {
    output = try OutputSink(path: path, policy: policy, overwrite: overwrites)
    self.format = format
    self.rows = rows
    writer = TrackTextWriter(format: format, classes: [])
  }

  func begin(_ header: StreamHeader) throws {
    writer = TrackTextWriter(format: format, classes: header.classes)
    writer.appendHeader(to: &text)
    try flush()
  }

  func frame(_ record: FrameRecord, picture: Frame?) throws {
    try write(frame: record.frame, time: record.time, record.tracks)
  }

  func backfill(_ record: BackfillRecord) throws {
    try write(frame: record.frame, time: record.time, record.tracks)
  }

  func end(_ record: EndRecord) throws { try output.close(keepsPart: true) }

  private func write(frame: Int, time: Double, _ tracks: [TrackRecord]) throws {
    writer.append(frame: frame, time: time, tracks: tracks.filter { rows.holds($0.observation) }, to: &text)
    try flush()
  }

  private func flush() throws {
    try output.write(text)
    text.removeAll()
  }
}
