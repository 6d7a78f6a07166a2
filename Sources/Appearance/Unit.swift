/// Vectors of length 1.
enum Unit {
  /// The vector at length 1; nil for one of no length, or that is not finite.
  static func vector(_ values: [Float]) -> [Float]? {
    let squares = values.reduce(Float(0)) { $0 + $1 * $1 }
    guard squares.isFinite, squares > .leastNormalMagnitude else { return nil }
    let scale = 1 / squares.squareRoot()
    return values.map { $0 * scale }
  }
}
