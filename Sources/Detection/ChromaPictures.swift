import Imaging

/// The colour of a picture without its brightness: the blue and the red difference of YCbCr, 128 for grey, as grey pictures of one size.
public struct ChromaPictures: Sendable, Equatable {
  /// The blue difference.
  public var blue: Image
  /// The red difference.
  public var red: Image

  /// Two grey pictures of one size.
  public init(blue: Image, red: Image) {
    precondition(blue.grid == red.grid && blue.channels == 1 && red.channels == 1, "two grey pictures of one size")
    self.blue = blue
    self.red = red
  }

  /// The same at another size, in pixels.
  func resized(width: Int, height: Int) throws -> ChromaPictures {
    guard (blue.width, blue.height) != (width, height) else { return self }
    return ChromaPictures(blue: try blue.resized(width: width, height: height), red: try red.resized(width: width, height: height))
  }

  /// Both differences of a pixel, 0 for grey; they are rounded and kept within −128 and 127 when they are set.
  subscript(index: Int) -> SIMD2<Float> {
    get { SIMD2(Float(blue.pixels[index]), Float(red.pixels[index])) - 128 }
    set {
      // Bounded: by 0 and 255; differences are numbers.
      blue.pixels[index] = UInt8(max(0, min(255, newValue.x + 128.5)))
      red.pixels[index] = UInt8(max(0, min(255, newValue.y + 128.5)))
    }
  }
}
