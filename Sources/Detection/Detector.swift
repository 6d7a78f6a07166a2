import Geometry
import Imaging

/// What a detector is given of a frame.
public struct DetectionInput: Sendable {
  /// The grey analysis picture: the whole field of view, mostly reduced.
  public var image: Image
  /// Size of the displayed picture in pixels; detections are in its coordinates.
  public var displayWidth: Int
  public var displayHeight: Int
  /// The camera's motion since the frame that the detector was given last, in displayed pixels.
  public var motion: CameraMotion
  /// Seconds from the start of the stream.
  public var time: Double
  /// The frame's number in the source, from 0.
  public var ordinal: Int

  public init(image: Image, displayWidth: Int, displayHeight: Int, motion: CameraMotion, time: Double, ordinal: Int) {
    self.image = image
    self.displayWidth = displayWidth
    self.displayHeight = displayHeight
    self.motion = motion
    self.time = time
    self.ordinal = ordinal
  }
}

/// Finds objects in frames that come in the order of time.
public protocol Detector {
  /// The names that the detections' class indices point to.
  var classes: [String] { get }
  /// The detections in a frame, in displayed pixels; their `index` is their position in the list.
  mutating func detect(_ input: DetectionInput) throws -> [DetectedBox]
  /// Forgets everything about earlier frames.
  mutating func reset()
}
