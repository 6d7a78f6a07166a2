import Geometry
import Orientation

/// The second stage: how the camera moved since the previous frame, with the known objects left out.
final class CameraStage: MiddleStage {
  private let settings: CameraMotionSettings
  private let feedback: LaggedFeedback<KnownObjects>
  private let timings: StageTimings
  private var estimator: CameraMotionEstimator?
  private var size: (width: Int, height: Int) = (0, 0)
  private var frames = 0
  private var previousTime = 0.0
  /// The last motions, the latest last: those between a frame that the tracker has answered and the one before the present.
  private var recentMotions: [Homography] = []

  init(settings: CameraMotionSettings, feedback: LaggedFeedback<KnownObjects>, timings: StageTimings) {
    self.settings = settings
    self.feedback = feedback
    self.timings = timings
  }

  /// What it knows of the frames so far.
  struct Memory: Sendable, Codable {
    var estimator: CameraMotionMemory?
    var width: Int
    var height: Int
    var frames: Int
    var previousTime: Double
    var recentMotions: [Homography]
  }

  var memory: Memory {
    Memory(
      estimator: estimator?.memory, width: size.width, height: size.height, frames: frames, previousTime: previousTime,
      recentMotions: recentMotions)
  }

  func note(in memories: inout StageMemories) { memories.camera = memory }

  /// Goes on as another stage of the same settings would.
  ///
  /// - Throws: `ImagingError` for a memory whose parts do not belong together.
  func recall(_ memory: Memory) throws {
    size = (memory.width, memory.height)
    (frames, previousTime, recentMotions) = (memory.frames, memory.previousTime, memory.recentMotions)
    guard let known = memory.estimator else { return }
    let estimator = try CameraMotionEstimator(settings: settings, displayWidth: size.width, displayHeight: size.height)
    try estimator.recall(known)
    self.estimator = estimator
  }

  private func remember(_ work: FrameWork) {
    previousTime = work.frame.seconds
    recentMotions.append(work.motion.homography)
    if recentMotions.count >= feedback.lag { recentMotions.removeFirst() }
  }

  /// Fills in the motion. A picture of another size is a cut: what was known is in pixels of another picture.
  func process(_ work: inout FrameWork) throws {
    work.sequence = frames
    frames += 1
    // Waiting for the tracker is not this stage's work, so it stays out of its time.
    let known = feedback.value(for: work.sequence)
    try timings.measure(.cameraMotion) {
      let isAnother = estimator != nil && size != (work.frame.width, work.frame.height)
      if estimator == nil || isAnother {
        size = (work.frame.width, work.frame.height)
        estimator = try CameraMotionEstimator(settings: settings, displayWidth: size.width, displayHeight: size.height)
      }
      let objects = known?.boxes(after: recentMotions, at: previousTime) ?? []
      if let estimator { work.motion = try estimator.estimate(work.image, masking: objects) }
      if isAnother { work.motion.status = .cut }
      remember(work)
    }
  }
}
