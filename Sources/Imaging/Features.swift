internal import COpenCV
public import Geometry

/// A point that can be recognised in another picture.
public struct Feature: Hashable, Sendable {
  /// In pixels of the picture that it was found in.
  public var position: Point
  /// The diameter of the described patch in pixels.
  public var size: Double
  /// The direction of the patch in radians, from the x axis towards the y axis.
  public var angle: Double
  /// The scale at which it was found; 0 is the finest.
  public var octave: Int
}

/// The features of one picture with their descriptors; used again for the next one without new memory.
public final class FeatureSet {
  let handle: OpaquePointer
  /// The features in the order of the matches' indices.
  public private(set) var features: [Feature] = []

  public init() throws(ImagingError) {
    var handle: OpaquePointer?
    try OpenCVCall.check("make a list of features") { sxcv_features_create(&handle, $0) }
    self.handle = try OpenCVCall.made(handle, "make a list of features")
  }

  deinit { sxcv_features_destroy(handle) }

  public var count: Int { features.count }

  /// Copies the key points after an extraction into the handle.
  fileprivate func readBack() {
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

/// Finds and describes the features of pictures.
public final class FeatureExtractor {
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// Oriented FAST corners with rotated binary tests (Rublee et al., 2011): fast.
    case orb
    /// Blobs of a nonlinear scale space with binary descriptors (Alcantarilla et al., 2013): more exact, ten times slower.
    case akaze
  }

  public struct Settings: Hashable, Sendable {
    public var kind: Kind
    /// The most features of one picture.
    public var maximumCount: Int
    /// Features are kept evenly over a grid of this many cells, the strongest of each cell first.
    public var gridColumns: Int
    public var gridRows: Int
    /// ORB: the number of scales, 1.2 apart. AKAZE: the number of octaves.
    public var levels: Int
    /// ORB: the contrast of a corner in grey levels. AKAZE: the response of a blob.
    public var threshold: Double

    public init(
      kind: Kind, maximumCount: Int = 1_000, gridColumns: Int = 10, gridRows: Int = 6, levels: Int? = nil,
      threshold: Double? = nil
    ) {
      self.kind = kind
      self.maximumCount = maximumCount
      self.gridColumns = gridColumns
      self.gridRows = gridRows
      self.levels = levels ?? (kind == .orb ? 8 : 4)
      self.threshold = threshold ?? (kind == .orb ? 10 : 0.001)
    }

    /// How much coarser each octave's positions are than those of the one before.
    public var scalePerOctave: Double { kind == .orb ? 1.2 : 2 }
  }

  public let settings: Settings
  private let handle: OpaquePointer

  public init(settings: Settings) throws(ImagingError) {
    self.settings = settings
    let native = sxcv_extractor_settings(
      kind: Int32(settings.kind == .orb ? SXCV_ORB : SXCV_AKAZE), maximum_count: Int32(clamping: settings.maximumCount),
      grid_columns: Int32(clamping: settings.gridColumns), grid_rows: Int32(clamping: settings.gridRows),
      levels: Int32(clamping: settings.levels), threshold: settings.threshold)
    var handle: OpaquePointer?
    try OpenCVCall.check("make a detector of features") { sxcv_extractor_create(native, &handle, $0) }
    self.handle = try OpenCVCall.made(handle, "make a detector of features")
  }

  deinit { sxcv_extractor_destroy(handle) }

  /// Replaces the content of `features` by those of a grey picture. Equal input gives equal output; a picture without texture gives none.
  public func extract(_ image: Image, into features: FeatureSet) throws(ImagingError) {
    try OpenCVCall.check("find features") { message in
      image.withView { sxcv_extract(handle, $0, features.handle, message) }
    }
    features.readBack()
  }
}
