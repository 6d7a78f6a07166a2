import Geometry
public struct MotionDetector: Detector, Sendable {
  public static let classes = ["object"]
  public init() {}
  public var classes: [String] { Self.classes }
  public mutating func detect(_ input: DetectionInput) throws -> [DetectedBox] { [] }
  public mutating func reset() {}
}
