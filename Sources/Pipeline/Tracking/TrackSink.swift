import Geometry
import Records
import Video

/// A file that a tracking run writes: told of everything that happens, in the order of the stream.
protocol TrackSink: AnyObject {
  /// - Parameter isResumed: Whether the file holds the header already.
  func begin(_ header: StreamHeader, isResumed: Bool) throws
  /// What the detector found in a frame that it was asked about, before the frame's record, which may be held for what follows.
  ///
  /// - Parameter frame: The ordinal from 0.
  func detections(_ detections: [DetectedBox], frame: Int) throws
  /// - Parameter picture: The frame that the record belongs to; nil where there are no pictures.
  func frame(_ record: FrameRecord, picture: Frame?) throws
  func backfill(_ record: BackfillRecord) throws
  func event(_ record: EventRecord) throws
  /// The last call: completes the file. Also made after a failure, with what is known.
  func end(_ record: EndRecord) throws
  /// Where another run can go on; what was written is on the disk then. Only asked of sinks that were opened for it.
  func memory() throws -> SinkMemory
}

extension TrackSink {
  func detections(_ detections: [DetectedBox], frame: Int) throws {}
  func backfill(_ record: BackfillRecord) throws {}
  func event(_ record: EventRecord) throws {}
}
