import Records
import Video

/// Tracks as rows of one of the text formats, whole rows after a failure too.
final class TextSink: TrackSink {
  private let output: OutputSink
  private let format: TrackTextWriter.Format
  private var writer: TrackTextWriter
  private var text = TextBuffer()

  /// - Throws: `RecordsError` where the output cannot be created.
  init(path: String, format: TrackTextWriter.Format, policy: OutputSink.Policy, overwrites: Bool) throws {
    output = try OutputSink(path: path, policy: policy, overwrite: overwrites)
    self.format = format
    writer = TrackTextWriter(format: format, classes: [])
  }

  func begin(_ header: StreamHeader) throws {
    writer = TrackTextWriter(format: format, classes: header.classes)
    writer.appendHeader(to: &text)
    try flush()
  }

  func frame(_ record: FrameRecord, picture: Frame?) throws {
    writer.append(frame: record.frame, time: record.time, tracks: record.tracks, to: &text)
    try flush()
  }

  func backfill(_ record: BackfillRecord) throws {
    writer.append(frame: record.frame, time: record.time, tracks: record.tracks, to: &text)
    try flush()
  }

  func end(_ record: EndRecord) throws { try output.close(keepsPart: true) }

  private func flush() throws {
    try output.write(text)
    text.removeAll()
  }
}
