import Records
import Video

/// One row a track, written when it ends.
final class SummarySink: TrackSink {
  private let output: OutputSink
  private let lookBack: Double
  /// What an earlier run's sink knew.
  private let known: TrackSummary.Memory?
  private var plane: StabilizedPlane
  private var summary: TrackSummary
  private var text = TextBuffer()
  /// Coasting rows say nothing of where a track was.
  private let rows = RowKinds.seen

  /// - Parameter lookBack: How late rows of earlier frames come, seconds.
  init(_ file: ResumedOutput, lookBack: Double) {
    output = file.output
    known = file.memory?.summary
    self.lookBack = lookBack
    plane = file.memory?.plane ?? StabilizedPlane(memory: lookBack)
    summary = TrackSummary(classes: [], video: "", memory: lookBack)
  }

  func memory() throws -> SinkMemory { SinkMemory(position: try output.position(), plane: plane, summary: summary.memory) }

  func begin(_ header: StreamHeader, isResumed: Bool) throws {
    summary = TrackSummary(classes: header.classes, video: header.source?.uri ?? "", memory: lookBack)
    plane.begin(header)
    if let known { summary.memory = known }
    guard !isResumed else { return }
    TrackSummary.appendHeader(to: &text)
    try flush()
  }

  func frame(_ record: FrameRecord, picture: Frame?) throws {
    plane.add(record)
    add(frame: record.frame, time: record.time, record.tracks)
  }

  func backfill(_ record: BackfillRecord) throws { add(frame: record.frame, time: record.time, record.tracks) }

  func event(_ record: EventRecord) throws {
    guard record.kind == .trackEnd, case .integer(let id)? = record["id"] else { return }
    let reason = if case .text(let reason)? = record["reason"] { reason } else { "" }
    summary.end(id, reason: reason, to: &text)
    try flush()
  }

  func end(_ record: EndRecord) throws {
    summary.endAll(to: &text)
    do {
      try flush()
    } catch {
      // The rows before stay, as whole as they are.
      try? output.close(keepsPart: true)
      throw error
    }
    try output.close(keepsPart: true)
  }

  private func add(frame: Int, time: Double, _ tracks: [TrackRecord]) {
    summary.add(frame: frame, time: time, tracks: tracks.filter { rows.holds($0.observation) }, view: plane[frame])
  }

  private func flush() throws {
    try output.write(text)
    try output.endRecord()
    text.removeAll()
  }
}
