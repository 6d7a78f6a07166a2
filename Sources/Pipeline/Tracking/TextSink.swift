import Records
import Video

/// Tracks as rows of one of the text formats, those that were asked for; whole rows after a failure too.
final class TextSink: TrackSink {
  private let output: OutputSink
  private let format: TrackTextWriter.Format
  private let rows: RowKinds
  private var writer: TrackTextWriter
  private var text = TextBuffer()
  /// Only CSV has places in it.
  private var plane: StabilizedPlane?

  /// - Parameter lookBack: How late rows of earlier frames come, seconds.
  init(_ file: ResumedOutput, format: TrackTextWriter.Format, rows: RowKinds, lookBack: Double) {
    output = file.output
    self.format = format
    self.rows = rows
    writer = TrackTextWriter(format: format, classes: [])
    if format == .csv { plane = file.memory?.plane ?? StabilizedPlane(memory: lookBack) }
  }

  func memory() throws -> SinkMemory { SinkMemory(position: try output.position(), plane: plane) }

  func begin(_ header: StreamHeader, isResumed: Bool) throws {
    writer = TrackTextWriter(format: format, classes: header.classes, video: header.source?.uri ?? "")
    plane?.begin(header)
    guard !isResumed else { return }
    writer.appendHeader(to: &text)
    try flush()
  }

  func frame(_ record: FrameRecord, picture: Frame?) throws {
    plane?.add(record)
    try write(frame: record.frame, time: record.time, record.tracks)
  }

  func backfill(_ record: BackfillRecord) throws {
    try write(frame: record.frame, time: record.time, record.tracks)
  }

  func end(_ record: EndRecord) throws { try output.close(keepsPart: true) }

  private func write(frame: Int, time: Double, _ tracks: [TrackRecord]) throws {
    let held = tracks.filter { rows.holds($0.observation) }
    writer.append(frame: frame, time: time, tracks: held, view: held.isEmpty ? nil : plane?[frame], to: &text)
    try flush()
  }

  private func flush() throws {
    try output.write(text)
    try output.endRecord()
    text.removeAll()
  }
}
