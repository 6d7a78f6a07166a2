public import Imaging

/// How the camera's motion is estimated. Frames are analysed at the size of `AnalysisSize`.
public struct CameraMotionSettings: Sendable, Codable, Hashable {
  /// The kind of features that frames are matched by.
  public var features: FeatureExtractor.Kind
  /// The most features of a frame. 850 of 640×360 leave time for 120 frames a second on two cores; more add little precision (chosen
  /// by hand on the moving cameras of Benchmarks/README.md, "Camera motion").
  public var maximumFeatures: Int
  /// The seed of the random sampling.
  public var seed: UInt64

  /// - Parameters: As the properties of their names.
  public init(features: FeatureExtractor.Kind = .orb, maximumFeatures: Int = 850, seed: UInt64 = 0) {
    self.features = features
    self.maximumFeatures = maximumFeatures
    self.seed = seed
  }
}
