/// How far each pixel of the left picture lies to the right of its match in the right one: x_right = x − d, in pixels, row by row.
public struct DisparityMap: Sendable, Equatable {
  /// Pixels in a row.
  public let width: Int
  /// Rows.
  public let height: Int
  /// One disparity a pixel; NaN where none was found.
  public var values: [Float]
  /// Whether the value was measured, and not filled from its surroundings.
  public var isMeasured: [Bool]

  /// - Parameters: As the properties of their names.
  public init(width: Int, height: Int, values: [Float], isMeasured: [Bool]) {
    precondition(values.count == width * height && isMeasured.count == values.count, "a value for each pixel")
    self.width = width
    self.height = height
    self.values = values
    self.isMeasured = isMeasured
  }

  /// The share of pixels that were measured.
  public var measuredShare: Double { Double(isMeasured.count { $0 }) / Double(max(1, values.count)) }

  /// Only what was measured; NaN elsewhere.
  public var measured: DisparityMap {
    var map = self
    for index in values.indices where !isMeasured[index] { map.values[index] = .nan }
    return map
  }
}
