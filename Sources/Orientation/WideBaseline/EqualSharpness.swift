import Geometry
import Imaging

/// Brings two pictures of the same things to the same sharpness: the sharper one is blurred.
///
/// Corners of a sharp picture are none where the other one is out of focus, moved while it was exposed, or saw them from further away; at the
/// sharpness of the worse one both show the same.
struct EqualSharpness {
  /// In columns and rows of both: whether the pixel shows anything in both.
  let isSeen: (Int, Int) -> Bool

  /// A picture is sharper than another one from this ratio of their sharpness on.
  private static let leastRatio = 1.2
  /// Deviations of the blurs that are tried, in pixels: half an octave apart.
  private static let blurs = [0.5, 0.71, 1, 1.41, 2, 2.83, 4, 5.66, 8]
  /// Every so many rows and columns one pixel is measured.
  private static let spacing = 2

  /// The two pictures, of one size and grey, the sharper one blurred to the other's sharpness.
  func made(of first: Image, _ second: Image) throws(ImagingError) -> (Image, Image) {
    let (one, other) = (sharpness(of: first), sharpness(of: second))
    guard one > 0, other > 0 else { return (first, second) }
    if one > Self.leastRatio * other { return (try blurred(first, to: other), second) }
    if other > Self.leastRatio * one { return (first, try blurred(second, to: one)) }
    return (first, second)
  }

  private func blurred(_ picture: Image, to sharpness: Double) throws(ImagingError) -> Image {
    var result = picture
    for blur in Self.blurs {
      result = try picture.gaussianBlurred(sigma: blur)
      if self.sharpness(of: result) <= sharpness { break }
    }
    return result
  }

  /// The mean slope from pixel to pixel over the deviation of the grey values, both over what is seen: no change of gain or offset changes it.
  private func sharpness(of picture: Image) -> Double {
    var (count, sum, squares, slopes) = (0.0, 0.0, 0.0, 0.0)
    for y in stride(from: 0, to: picture.height - 1, by: Self.spacing) {
      for x in stride(from: 0, to: picture.width - 1, by: Self.spacing) where isSeen(x, y) && isSeen(x + 1, y + 1) {
        let value = Double(picture[x, y])
        count += 1
        sum += value
        squares += value * value
        slopes += abs(Double(picture[x + 1, y]) - value) + abs(Double(picture[x, y + 1]) - value)
      }
    }
    let deviation = max(0, squares * count - sum * sum).squareRoot()
    return deviation > 0 ? slopes / deviation : 0
  }
}
