import Geometry

/// Finds objects in frames that come in the order of time.
public protocol Detector {
  /// The names that the detections' class indices point to.
  var classes: [String] { get }
  /// The width in pixels up to which it is given pictures finer than the analysis picture; nil, the default, where that is enough.
  var finestWidth: Int? { get }
  /// Whether it is given the picture in colour (`DetectionInput.color`); false by default.
  var needsColor: Bool { get }
  /// Whether it is given the picture's differences in colour (`DetectionInput.chroma`); false by default.
  var needsChroma: Bool { get }
  /// The detections in a frame, in displayed pixels; their `index` is their position in the list.
  /// - Throws: What failed while the picture was worked on; a picture that shows nothing is no error.
  mutating func detect(_ input: DetectionInput) throws -> [DetectedBox]
  /// What it knows of the frames so far, to go on with another time; nil, the default, where it looks at each frame by itself.
  var memory: (any Encodable)? { get }
  /// Takes over what another detector of the same settings knew.
  /// - Throws: `DecodingError` for what is no such memory.
  mutating func recall(from decoder: any Decoder) throws
}

extension Detector {
  public var memory: (any Encodable)? { nil }
  public mutating func recall(from decoder: any Decoder) throws {}
  public var finestWidth: Int? { nil }
  public var needsColor: Bool { false }
  public var needsChroma: Bool { false }
}
