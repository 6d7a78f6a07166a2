internal import COpenCV

/// Finds and describes the features of pictures.
public final class FeatureExtractor {
  /// The kinds of features.
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// Oriented FAST corners with rotated binary tests (Rublee et al., 2011): fast.
    case orb
    /// Blobs of a nonlinear scale space with binary descriptors (Alcantarilla et al., 2013): more exact, ten times slower.
    case akaze
  }

  /// How features are found.
  public struct Settings: Hashable, Sendable {
    /// The kind that is looked for.
    public var kind: Kind
    /// The most features of one picture.
    public var maximumCount: Int
    /// Features are kept evenly over a grid of this many cells, the strongest of each cell first.
    public var gridColumns: Int
    /// Rows of that grid.
    public var gridRows: Int
    /// ORB: the number of scales, 1.2 apart. AKAZE: the number of octaves.
    public var levels: Int
    /// ORB: the contrast of a corner in grey levels. AKAZE: the response of a blob.
    public var threshold: Double

    /// - Parameters:
    ///   - levels: Nil for 8 scales of ORB, OpenCV's default, or 4 octaves of AKAZE, likewise.
    ///   - threshold: Nil for 10 grey levels, half of OpenCV's FAST, as much of a picture is plain; or 0.001, its AKAZE's.
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

  /// What it was made with.
  public let settings: Settings
  private let handle: OpaquePointer

  /// - Throws: `ImagingError` for settings that the library refuses.
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
