import Geometry

/// Tracks of masks, row by row as a MOTS text has them.
public struct MaskTracks: Sendable {
  /// One mask of one object.
  public struct Row: Sendable {
    /// From 0.
    public var frame: Int32
    /// The object's identity as the file has it.
    public var id: Int32
    /// 1 car, 2 pedestrian, 10 a region to ignore.
    public var classNumber: Int32
    /// Which pixels it covers.
    public var mask: RunLengthMask
  }

  /// The masks in the file's order.
  public var rows: [Row] = []

  /// No masks.
  public init() {}
}
