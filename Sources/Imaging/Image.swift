/// An 8-bit picture: grey (1 channel) or blue, green, red (3 channels).
///
/// Rows lie one after the other without gaps (the stride is `width * channels`), the first one on top. In coordinates the picture spans
/// [0, width] × [0, height] and the centre of the first pixel is (0.5, 0.5). OpenCV's convention (that centre is (0, 0)) never leaves this module.
public struct Image: Sendable, Equatable {
  /// Pixels in a row.
  public let width: Int
  /// Rows.
  public let height: Int
  /// 1 or 3.
  public let channels: Int
  /// `height * width * channels` values. Changing the number of values is a programmer's mistake.
  public var pixels: [UInt8]

  /// The longest side that the operations of this module accept.
  public static let maximumSide = 32_767
  /// The most pixels that they accept: 512 MB of grey.
  public static let maximumPixelCount = 1 << 29

  /// A black picture.
  public init(width: Int, height: Int, channels: Int) {
    self.init(
      width: width, height: height, channels: channels,
      pixels: [UInt8](repeating: 0, count: max(0, width) * max(0, height) * channels))
  }

  /// A picture of given values; their number must be `width * height * channels`.
  public init(width: Int, height: Int, channels: Int, pixels: [UInt8]) {
    precondition(Image.isUsableSize(width: width, height: height), Image.sizeComplaint(width: width, height: height))
    precondition(channels == 1 || channels == 3, "an image has 1 or 3 channels")
    precondition(pixels.count == width * height * channels, "an image needs as many values as it has samples")
    self.width = width
    self.height = height
    self.channels = channels
    self.pixels = pixels
  }

  /// Whether an image may have this size. Sizes from files are to be tested by this before an image is made.
  public static func isUsableSize(width: Int, height: Int) -> Bool {
    width > 0 && height > 0 && width <= maximumSide && height <= maximumSide && width * height <= maximumPixelCount
  }

  /// What is wrong with a size that an image may not have, for an error.
  public static func sizeComplaint(width: Int, height: Int) -> String {
    "a size of \(width)×\(height) is outside 1×1 to \(maximumSide)×\(maximumSide) or over \(maximumPixelCount) pixels"
  }

  /// The value of one sample; the position must be inside.
  @inlinable
  public subscript(x: Int, y: Int, channel: Int = 0) -> UInt8 {
    get { pixels[(y * width + x) * channels + channel] }
    set { pixels[(y * width + x) * channels + channel] = newValue }
  }
}
