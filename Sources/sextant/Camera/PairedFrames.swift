import Depth
import Imaging
import Video

/// The frames of two inputs, two by two.
struct PairedFrames {
  private let left: any VideoSource
  private let right: any VideoSource
  private let names: (left: String, right: String)

  /// - Throws: `VideoError`, and `DepthError.sizesDiffer` where the first pictures have different sizes.
  init(left: String, right: String) throws {
    names = (left, right)
    self.left = try VideoSources.open(left)
    self.right = try VideoSources.open(right)
    let (a, b) = (self.left.information, self.right.information)
    guard a.width == b.width, a.height == b.height else {
      throw DepthError.sizesDiffer(left: "\(a.width)×\(a.height)", right: "\(b.width)×\(b.height)")
    }
  }

  /// The size of the pictures in pixels.
  var size: (width: Int, height: Int) { (left.information.width, left.information.height) }
  /// nil where unknown.
  var frameCount: Int? { left.information.frameCount }

  /// Ends the reading.
  func cancel() {
    left.cancel()
    right.cancel()
  }

  /// The next two frames; nil at the end of both.
  ///
  /// - Throws: `DepthError.unpaired` where one input ends before the other.
  func next() throws -> (left: Frame, right: Frame)? {
    let (a, b) = (try PairedFrames.frame(of: left), try PairedFrames.frame(of: right))
    guard let a, let b else {
      guard a == nil, b == nil else {
        let (short, long) = a == nil ? (names.left, names.right) : (names.right, names.left)
        throw DepthError.unpaired(detail: "\(short) ends before \(long); give pictures taken at the same moments")
      }
      return nil
    }
    return (a, b)
  }

  private static func frame(of source: any VideoSource) throws -> Frame? {
    while let item = try source.next() {
      if case .frame(let frame) = item { return frame }
    }
    return nil
  }
}

extension Frame {
  /// The displayed picture in colour.
  func color() throws -> Image {
    let (pixels, width, height) = try bgr()
    return Image(width: width, height: height, channels: 3, pixels: pixels)
  }
}
