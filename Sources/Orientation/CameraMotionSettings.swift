public import Imaging

/// How the camera's motion is estimated.
public struct CameraMotionSettings: Sendable, Codable, Hashable {
  /// The kind of features that frames are matched by.
  public var features: FeatureExtractor.Kind
  /// The most features of a frame.
  public var maximumFeatures: Int
  /// Frames that are wider are shrunk to this many pixels before anything is looked for.
  public var analysisWidth: Int
  /// The seed of the random sampling.
  public var seed: UInt64

  public init(
    features: FeatureExtractor.Kind = .orb, maximumFeatures: Int = 850, analysisWidth: Int = 640, seed: UInt64 = 0
  ) {
    self.features = features
    self.maximumFeatures = maximumFeatures
    self.analysisWidth = analysisWidth
    self.seed = seed
  }
}
