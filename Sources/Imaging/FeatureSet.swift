internal import COpenCV
import Geometry

/// The features of one picture with their descriptors; used again for the next one without new memory.
public final class FeatureSet {
  let handle: OpaquePointer
  /// The features in the order of the matches' indices.
  public private(set) var features: [Feature] = []

  /// An empty list.
  /// - Throws: `ImagingError` where the library has no memory.
  public init() throws(ImagingError) {
    var handle: OpaquePointer?
    try OpenCVCall.check("make a list of features") { sxcv_features_create(&handle, $0) }
    self.handle = try OpenCVCall.made(handle, "make a list of features")
  }

  deinit { sxcv_features_destroy(handle) }

  /// The number of features.
  public var count: Int { features.count }

  /// Copies the key points after an extraction into the handle.
  func readBack() {
    var count = 0
    let start = sxcv_features_borrow(handle, &count)
    features.removeAll(keepingCapacity: true)
    // The face lends `count` key points until the next extraction.
    for point in UnsafeBufferPointer(start: start, count: count) {
      features.append(
        Feature(
          position: Point(Double(point.x) + 0.5, Double(point.y) + 0.5), size: Double(point.size),
          angle: Double(point.angle) * .pi / 180, octave: Int(point.octave)))
    }
  }
}
