import Geometry

/// COCO's annotations or results, with or without videos: boxes in a table, and what COCO adds to them.
///
/// The table's frames are places in the list of images, its class numbers are category ids; `difficult` holds `iscrowd`, `ids` the
/// objects' `track_id`, `instance_id` or `attributes.track_id` (never the annotation's own id), a box with a rotation
/// (`attributes.rotation`, or a fifth number of `bbox`) makes all boxes oriented.
public struct COCODataset: Sendable {
  /// The shape that an annotation gives beside its box.
  public enum Segmentation: Sendable, Hashable {
    /// Polygons in pixels.
    case polygons([[Point]])
    case mask(RunLengthMask)
  }

  /// The boxes, one row an annotation or result.
  public var table: BoxTable
  /// COCO's ids of the images, by frame.
  public var imageIDs: [Int] { table.imageRecords.map(\.id) }
  /// Width and height of the images in pixels, by frame; zeros where the file says nothing.
  public var imageSizes: [(width: Int, height: Int)] { table.imageRecords.map { ($0.width, $0.height) } }
  /// The shape of each row; empty unless they were asked for.
  public var segmentations: [Segmentation?] = []

  /// A larger file is refused: its parsed form must fit the memory.
  public static let maximumBytes = 1 << 30

  /// Reads annotations (an object with images, annotations, categories) or results (a list of boxes with scores).
  ///
  /// - Parameters:
  ///   - truth: The annotations that results belong to: their images and categories are taken over. Without it images and categories
  ///     of results are named by their numbers.
  ///   - keepsSegmentations: Whether polygons and masks are kept.
  public static func read(
    path: String, truth: COCODataset? = nil, keepsSegmentations: Bool = false,
    options: BoxReadingOptions = .init()
  ) throws(RecordsError) -> COCODataset {
    try JSONBoxes.dataset(try LineReader(path: path), options, truth: truth, keepsSegmentations: keepsSegmentations)
  }

  /// Reads the bytes of such a file.
  public static func read(
    bytes: some Collection<UInt8>, name: String, truth: COCODataset? = nil, keepsSegmentations: Bool = false,
    options: BoxReadingOptions = .init()
  ) throws(RecordsError) -> COCODataset {
    try JSONBoxes.dataset(
      LineReader(ByteSource(bytes: bytes, name: name)), options, truth: truth, keepsSegmentations: keepsSegmentations)
  }
}
