/// A place between pixels: its four neighbours and their weights.
///
/// Coordinates are this package's; the neighbours are clamped to the picture, so their indices are always inside it.
struct BilinearSample {
  let topLeft: Int
  let topRight: Int
  let bottomLeft: Int
  let bottomRight: Int
  let alongX: Float
  let alongY: Float

  /// Nil for a place outside the picture, whose sides must be at least 1.
  @inline(__always)
  init?(x: Float, y: Float, width: Int, height: Int) {
    guard x >= 0, y >= 0, x <= Float(width), y <= Float(height) else { return nil }
    let column = x - 0.5
    let row = y - 0.5
    let left = Self.floor(column)
    let top = Self.floor(row)
    alongX = column - Float(left)
    alongY = row - Float(top)
    let x0 = max(0, Int(left))
    let y0 = max(0, Int(top)) * width
    let x1 = min(width - 1, Int(left) + 1)
    let y1 = min(height - 1, Int(top) + 1) * width
    topLeft = y0 + x0
    topRight = y0 + x1
    bottomLeft = y1 + x0
    bottomRight = y1 + x1
  }

  /// The greatest whole number up to a value of at least −1, which the guard above bounds: without the call that rounding is
  /// on processors of the oldest kind.
  @inline(__always)
  private static func floor(_ value: Float) -> Int32 {
    // Bounded: by the guard and the sides of a picture.
    value < 0 ? -1 : Int32(value)
  }

  /// The value at the place, from a plane of the size that the sample was made for; so for the others.
  @inline(__always)
  func value(of plane: UnsafeBufferPointer<Float>) -> Float {
    let top = plane[topLeft] + alongX * (plane[topRight] - plane[topLeft])
    let bottom = plane[bottomLeft] + alongX * (plane[bottomRight] - plane[bottomLeft])
    return top + alongY * (bottom - top)
  }

  @inline(__always)
  func value(of pixels: UnsafeBufferPointer<UInt8>) -> Float {
    let top = Float(pixels[topLeft]) * (1 - alongX) + Float(pixels[topRight]) * alongX
    let bottom = Float(pixels[bottomLeft]) * (1 - alongX) + Float(pixels[bottomRight]) * alongX
    return top * (1 - alongY) + bottom * alongY
  }

  /// The index of the nearest pixel.
  @inline(__always)
  var nearest: Int {
    alongY < 0.5 ? (alongX < 0.5 ? topLeft : topRight) : (alongX < 0.5 ? bottomLeft : bottomRight)
  }

  @inline(__always)
  func value<Value: Blendable>(of plane: UnsafeBufferPointer<Value>) -> Value {
    let top = plane[topLeft].lanes + (plane[topRight].lanes - plane[topLeft].lanes) * alongX
    let bottom = plane[bottomLeft].lanes + (plane[bottomRight].lanes - plane[bottomLeft].lanes) * alongX
    return Value(lanes: top + (bottom - top) * alongY)
  }
}
