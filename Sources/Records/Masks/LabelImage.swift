/// A picture of labels: one index a pixel, row by row from the top left.
public struct LabelImage: Sendable, Equatable {
  /// Pixels in a row.
  public let width: Int
  /// The number of rows.
  public let height: Int
  /// width × height labels.
  public var labels: [UInt8]

  /// The caller gives width × height labels, row by row from the top left.
  public init(width: Int, height: Int, labels: [UInt8]) {
    precondition(width > 0 && height > 0 && labels.count == width * height, "one label a pixel")
    self.width = width
    self.height = height
    self.labels = labels
  }
}
