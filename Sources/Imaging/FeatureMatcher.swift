internal import COpenCV
public import Geometry

/// Pairs the features of two pictures that are each other's nearest in Hamming distance.
public final class FeatureMatcher {
  /// What two features must fulfil to be a pair.
  public struct Settings: Hashable, Sendable {
    /// Where the features of the first picture are expected in the second; nil for everywhere.
    public var prediction: Homography?
    /// How far from its expected place a feature may lie, in pixels; without meaning where nothing is predicted.
    public var radius: Double
    /// The best distance must be at most this share of the best one at another place; 1 switches the test off.
    public var ratio: Double
    /// The most bits that may differ.
    public var maximumDistance: Int
    /// The greatest difference of octaves; nil for any.
    public var maximumOctaveDifference: Int?

    /// - Parameters: As the properties of their names.
    public init(
      prediction: Homography? = nil, radius: Double = 0, ratio: Double = 0.8, maximumDistance: Int = 80,
      maximumOctaveDifference: Int? = nil
    ) {
      self.prediction = prediction
      self.radius = radius
      self.ratio = ratio
      self.maximumDistance = maximumDistance
      self.maximumOctaveDifference = maximumOctaveDifference
    }
  }

  private let handle: OpaquePointer
  private var buffer: [sxcv_match] = []

  /// - Throws: `ImagingError` where the library has no memory.
  public init() throws(ImagingError) {
    var handle: OpaquePointer?
    try OpenCVCall.check("make a matcher of features") { sxcv_matcher_create(&handle, $0) }
    self.handle = try OpenCVCall.made(handle, "make a matcher of features")
  }

  deinit { sxcv_matcher_destroy(handle) }

  /// The matches by rising index of the first feature.
  /// - Parameter ignored: One value for each feature of the first picture: 1 for those that take no part; nil for none.
  public func match(
    _ first: FeatureSet, _ second: FeatureSet, ignoring ignored: [UInt8]? = nil, settings: Settings
  ) throws(ImagingError) -> [FeatureMatch] {
    precondition(ignored == nil || ignored?.count == first.count, "one mark for each feature of the first picture")
    if buffer.count < first.count {
      buffer = [sxcv_match](repeating: sxcv_match(), count: first.count)
    }
    var count = 0
    let prediction = settings.prediction?.inPixelCentres.rowMajor
    try OpenCVCall.check("match features") { message in
      withOptionalPointer(prediction) { matrix in
        withOptionalPointer(ignored) { marks in
          let native = sxcv_match_settings(
            prediction: matrix, radius: settings.radius, ratio: settings.ratio,
            maximum_distance: Int32(clamping: settings.maximumDistance),
            maximum_octave_difference: Int32(clamping: settings.maximumOctaveDifference ?? -1))
          return sxcv_match_features(
            handle, first.handle, second.handle, marks, native, &buffer, buffer.count, &count, message)
        }
      }
    }
    return buffer[..<count].map {
      FeatureMatch(first: Int($0.first), second: Int($0.second), distance: Int($0.distance))
    }
  }

  /// Lends the elements of an array, or nothing where there is none.
  private func withOptionalPointer<T, R>(_ array: [T]?, _ body: (UnsafePointer<T>?) -> R) -> R {
    guard let array else { return body(nil) }
    return array.withUnsafeBufferPointer { body($0.baseAddress) }
  }
}
