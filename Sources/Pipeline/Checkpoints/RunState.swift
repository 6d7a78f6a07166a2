import Checkpoints
import Records
import Video

/// All that a run knows at one place of the recording.
struct RunState: Codable {
  /// What the tracker saw in a frame, for the camera stage.
  struct Feedback: Codable {
    var sequence: Int
    var objects: KnownObjects
  }

  var source: SourcePosition
  var camera: CameraStage.Memory
  var detection: [UInt8]
  var tracking: TrackingStage.Memory
  /// Of the last frames, as many as the camera stage is still to ask for.
  var feedback: [Feedback]
  var lastSeconds: Double
  var lastOrdinal: Int
}

/// What a sink knows: where its file is, and what it has summed up.
struct SinkMemory: Codable {
  var position: OutputPosition
  var plane: StabilizedPlane?
  var summary: TrackSummary.Memory?
}
