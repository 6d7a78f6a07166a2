import Geometry
import Imaging

/// What a detector is given of a frame.
public struct DetectionInput: Sendable {
  /// The grey analysis picture: the whole field of view, mostly reduced.
  public var image: Image
  /// The same at a higher resolution, up to the width that the detector asks for (`Detector.finestWidth`); nil where there is none.
  public var fine: Image?
  /// The displayed picture in colour, at its own size; nil where the detector does not ask for it (`Detector.needsColor`).
  public var color: Image?
  /// The picture's differences in colour, reduced; nil where it has none, or the detector does not ask for them (`Detector.needsChroma`).
  public var chroma: ChromaPictures?
  /// The value of black in the grey pictures.
  public var black: UInt8
  /// Width of the displayed picture in pixels; detections are in its coordinates.
  public var displayWidth: Int
  /// Height of the displayed picture in pixels.
  public var displayHeight: Int
  /// The camera's motion since the frame that the detector was given last, in displayed pixels.
  public var motion: CameraMotion
  /// Seconds from the start of the stream.
  public var time: Double
  /// The frame's number in the source, from 0.
  public var ordinal: Int

  /// - Parameters: As the properties of their names.
  public init(
    image: Image, fine: Image? = nil, color: Image? = nil, chroma: ChromaPictures? = nil, black: UInt8 = 0, displayWidth: Int,
    displayHeight: Int, motion: CameraMotion, time: Double, ordinal: Int
  ) {
    self.image = image
    self.fine = fine
    self.color = color
    self.chroma = chroma
    self.black = black
    self.displayWidth = displayWidth
    self.displayHeight = displayHeight
    self.motion = motion
    self.time = time
    self.ordinal = ordinal
  }
}
