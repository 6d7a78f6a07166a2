import Geometry
import Imaging

/// A homography in single precision, for loops over pixels.
struct PixelMap {
  private let a, b, c, d, e, f, g, h, i: Float

  init(_ m: Homography) {
    (a, b, c) = (Float(m.h11), Float(m.h12), Float(m.h13))
    (d, e, f) = (Float(m.h21), Float(m.h22), Float(m.h23))
    (g, h, i) = (Float(m.h31), Float(m.h32), Float(m.h33))
  }

  @inline(__always)
  func apply(_ x: Float, _ y: Float) -> (x: Float, y: Float) {
    let scale = 1 / (g * x + h * y + i)
    return ((a * x + b * y + c) * scale, (d * x + e * y + f) * scale)
  }

  /// Hands each pixel of a grid to the body, row by row, with what surrounds the place that its middle is mapped to.
  /// - Parameter body: Gets the pixel's position, and nil for a place outside the grid.
  @inline(__always)
  func forEachSample(on grid: PixelGrid, _ body: (_ index: Int, _ sample: BilinearSample?) -> Void) {
    grid.forEachPixel { x, y, index in
      let place = apply(Float(x) + 0.5, Float(y) + 0.5)
      body(index, BilinearSample(x: place.x, y: place.y, width: grid.width, height: grid.height))
    }
  }
}
