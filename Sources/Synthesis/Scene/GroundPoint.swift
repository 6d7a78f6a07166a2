/// A point of the ground plane in metres.
///
/// The world has x and y on the ground and z down, so that seen from above y lies clockwise of x as in an image;
/// a ground heading is an angle from x towards y. Heights above the ground are −z.
public struct GroundPoint: Codable, Hashable, Sendable {
  /// Metres.
  public var x: Double
  /// Metres.
  public var y: Double

  /// The point (x, y) of the ground.
  public init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }

  init(_ vector: SIMD2<Double>) {
    self.init(vector.x, vector.y)
  }

  var vector: SIMD2<Double> { SIMD2(x, y) }
  var isFinite: Bool { x.isFinite && y.isFinite }
}

extension SIMD2<Double> {
  var length: Double { (x * x + y * y).squareRoot() }
}
