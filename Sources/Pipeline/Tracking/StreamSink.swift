import Records
import Video

/// The stream of records, flushed record by record, so that a reader never waits for a frame that is done.
final class StreamSink: TrackSink {
  /// How much of a packed live stream a kill can take.
  static let packedInterval = Duration.seconds(5)

  private let output: OutputSink
  private var encoder = StreamEncoder(classes: [])

  init(_ file: ResumedOutput) { output = file.output }

  func begin(_ header: StreamHeader, isResumed: Bool) throws {
    encoder = StreamEncoder(classes: header.classes)
    if !isResumed { try write(.header(header)) }
  }

  func memory() throws -> SinkMemory { SinkMemory(position: try output.position()) }

  func frame(_ record: FrameRecord, picture: Frame?) throws { try write(.frame(record)) }
  func backfill(_ record: BackfillRecord) throws { try write(.backfill(record)) }
  func event(_ record: EventRecord) throws { try write(.event(record)) }

  func end(_ record: EndRecord) throws {
    do {
      try write(.end(record))
    } catch {
      // The records before stay, as whole as they are.
      try? output.close(keepsPart: true)
      throw error
    }
    try output.close(keepsPart: true)
  }

  private func write(_ record: StreamRecord) throws {
    try encoder.encode(record) { try output.write($0) }
    try output.flush()
  }
}
