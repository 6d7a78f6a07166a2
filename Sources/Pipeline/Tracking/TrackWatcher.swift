import Foundation
import Records
import Video

/// Looks on while a run goes. Every call comes from the tracker's own thread and is to return at once.
public protocol TrackWatcher: AnyObject, Sendable {
  /// The run has begun.
  func begin(_ header: StreamHeader)
  /// A record of the stream, as its line.
  func record(_ line: Data)
  /// A frame's record, as its line too.
  ///
  /// - Parameter picture: The frame that it belongs to; nil where there are no pictures.
  func frame(_ record: FrameRecord, line: Data, picture: Frame?)
  /// The run has ended; its last record was told.
  func end()
}

/// Tells a watcher what the files are told.
final class WatchSink: TrackSink {
  private let watcher: any TrackWatcher
  private var encoder = StreamEncoder(classes: [])

  init(_ watcher: any TrackWatcher) { self.watcher = watcher }

  func begin(_ header: StreamHeader, isResumed: Bool) throws {
    encoder = StreamEncoder(classes: header.classes)
    watcher.begin(header)
    watcher.record(line(.header(header)))
  }

  func frame(_ record: FrameRecord, picture: Frame?) throws {
    watcher.frame(record, line: line(.frame(record)), picture: picture)
  }

  func backfill(_ record: BackfillRecord) throws { watcher.record(line(.backfill(record))) }
  func event(_ record: EventRecord) throws { watcher.record(line(.event(record))) }

  func end(_ record: EndRecord) throws {
    watcher.record(line(.end(record)))
    watcher.end()
  }

  func memory() throws -> SinkMemory { throw PipelineError.notResumable(what: "a run that is watched") }

  private func line(_ record: StreamRecord) -> Data { encoder.encode(record) { Data($0) } }
}
