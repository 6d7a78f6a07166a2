/// A picture of labels: one index a pixel, row by row from the top left.
public struct LabelImage: Sendable, Equatable {
  public let width: Int
  public let height: Int
  /// width × height labels.
  public var labels: [UInt8]

  public init(width: Int, height: Int, labels: [UInt8]) {
    precondition(width > 0 && height > 0 && labels.count == width * height, "one label a pixel")
    self.width = width
    self.height = height
    self.labels = labels
  }
}
