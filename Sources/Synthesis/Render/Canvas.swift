import Geometry

/// The picture while it is painted: colour, which object, how near, and where shadow falls; one value a pixel, row by row.
struct Canvas: Sendable {
  /// A pixel's colour: blue, green, red in [0, 1], and one unused value that makes four lanes.
  typealias Pixel = SIMD4<Float>

  let width: Int
  let height: Int
  var colors: [Pixel]
  /// The id of the labelled or unlabelled object that is seen, 0 for none.
  var ids: [UInt16]
  /// 1 over the depth along the optical axis, per metre; 0 for the sky.
  var inverseDepths: [Float]
  /// The share of the pixel in the shadow of anything, and of high things only, which falls on low ones too.
  var shades: [Float]
  var highShades: [Float]

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    let count = width * height
    colors = Array(repeating: .zero, count: count)
    ids = Array(repeating: 0, count: count)
    inverseDepths = Array(repeating: 0, count: count)
    shades = Array(repeating: 0, count: count)
    highShades = Array(repeating: 0, count: count)
  }

  mutating func clearShades() {
    for i in shades.indices { shades[i] = 0 }
    for i in highShades.indices { highShades[i] = 0 }
  }
}

/// 1 over depth as a function of the pixel: a plane in space has a·x + b·y + c.
typealias DepthPlane = SIMD4<Float>

extension SurfaceColor {
  var pixel: Canvas.Pixel { Canvas.Pixel(Float(blue), Float(green), Float(red), 0) }

  func lit(_ factor: Double) -> Canvas.Pixel { pixel * Float(factor) }
}
