import Geometry

/// One frame for the tracker.
public struct TrackerInput: Sendable {
  /// The frame's number, from 0.
  public var ordinal: Int
  /// Seconds from the start of the stream.
  public var time: Double
  /// Nil where the detector was not asked: tracks then go on without being judged by their absence.
  public var detections: [DetectedBox]?
  /// The camera's motion from the previous frame given to the tracker to this one; nil where there are no pictures to tell it.
  public var motion: CameraMotion?
  /// Size of the displayed picture in pixels; 0 where it is not known, and then nothing counts as outside.
  public var width: Double
  /// Likewise.
  public var height: Double

  /// - Parameters:
  ///   - ordinal: The frame's number, rising.
  ///   - time: Seconds, rising.
  ///   - detections: nil where the detector did not run on this frame.
  ///   - motion: From the frame before to this one; nil where it is not estimated.
  ///   - width, height: Of the displayed picture in pixels; 0 where they are not known.
  public init(
    ordinal: Int, time: Double, detections: [DetectedBox]?, motion: CameraMotion? = nil, width: Double = 0,
    height: Double = 0
  ) {
    self.ordinal = ordinal
    self.time = time
    self.detections = detections
    self.motion = motion
    self.width = width
    self.height = height
  }
}
