import Detection
import Foundation
import Geometry
import Imaging
import Video

/// One frame on its way through the stages: each stage fills in its part.
struct FrameWork: Sendable {
  /// The number of frames processed before this one, without holes where frames were dropped; set by the camera stage.
  var sequence = 0
  let frame: Frame
  /// When the frame left the decoder.
  let arrival: ContinuousClock.Instant
  /// The wall clock at that moment, of a live source; nil of others.
  var received: Date?
  /// The grey picture that the camera's motion and the detections are found in.
  let image: Image
  /// Frames that a live source gave before this one and that were dropped.
  var droppedBefore = 0
  /// The camera's motion from the previous frame that was processed; set by the camera stage.
  var motion = CameraMotion.first
  /// What the detector found, nil where it was not asked; set by the detection stage.
  var detections: [DetectedBox]?
}

/// What travels between the stages.
enum WorkItem: Sendable {
  case frame(FrameWork)
  /// Something happened to the source before the next frame.
  case event(SourceEvent)
  /// The stages are to note what they know, each behind what came before this.
  case checkpoint(StageMemories)
  /// A stage before failed; nothing follows.
  case failure(any Error)

  var isFrame: Bool { if case .frame = self { true } else { false } }

  /// Takes over the count of a frame that was dropped before this item.
  mutating func absorb(dropped: WorkItem) {
    guard case .frame(let lost) = dropped, case .frame(var kept) = self else { return }
    kept.droppedBefore += lost.droppedBefore + 1
    self = .frame(kept)
  }
}
