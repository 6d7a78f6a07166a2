internal import Imaging

/// Colour in three stripes of a crop, one under the other: for each a histogram of hue (weighed by how coloured a pixel is, the rest counted as
/// grey) and one of value, by their square roots, so that the scalar product of two is the mean Bhattacharyya coefficient of their histograms.
///
/// Of a grey picture all of the first histogram is grey, which tells nothing and is gone once a mean is taken off: value alone remains.
/// Columns count the less the nearer they lie to the sides, where a box holds what is behind the object.
enum StripeHistogram {
  /// The crop's size in pixels: as many samples as a small object has pixels.
  static let width = 16, height = 24
  private static let stripes = 3
  private static let hues = 8
  private static let values = 8
  /// Hues, grey, values.
  private static let bins = hues + 1 + values
  /// Numbers of an embedding.
  static let dimension = stripes * bins

  private static let columnWeights: [Float] = (0..<width).map { column in
    let offset = 2 * (Float(column) + 0.5) / Float(width) - 1
    return 1 - offset * offset
  }

  /// The unit vector of a crop of blue, green and red, `width` × `height`.
  static func embedding(_ crop: Image) -> [Float] {
    precondition(crop.width == width && crop.height == height && crop.channels == 3, "a crop of the histogram's size in colour")
    var sums = [Float](repeating: 0, count: dimension)
    for row in 0..<height {
      let start = row * stripes / height * bins
      for column in 0..<width {
        let place = (row * width + column) * 3
        add(
          (Float(crop.pixels[place]), Float(crop.pixels[place + 1]), Float(crop.pixels[place + 2])), weight: columnWeights[column],
          to: &sums, from: start)
      }
    }
    // Each of the two histograms of a stripe sums to the pixels' weight; six of them make the square of the length.
    let pixels = Float(height / stripes) * columnWeights.reduce(0, +)
    let unit = 1 / (pixels * Float(2 * stripes))
    return sums.map { ($0 * unit).squareRoot() }
  }

  private static func add(_ color: (blue: Float, green: Float, red: Float), weight: Float, to sums: inout [Float], from start: Int)
  {
    let (blue, green, red) = color
    let (most, least) = (max(blue, green, red), min(blue, green, red))
    let chroma = (most - least) / 255
    sums[start + hues] += weight * (1 - chroma)
    if chroma > 0 {
      let place = hue(color, most: most, range: most - least) * Float(hues)
      // Bounded: a hue is in 0…1.
      let bin = min(Int(place), hues - 1)
      let share = min(1, place - Float(bin))
      sums[start + bin] += weight * chroma * (1 - share)
      sums[start + (bin + 1) % hues] += weight * chroma * share
    }
    // Between the middles of two bins a value counts in both; bounded: a value is in 0…1.
    let place = min(max(most / 255 * Float(values) - 0.5, 0), Float(values - 1))
    let bin = min(Int(place), values - 2)
    let share = place - Float(bin)
    sums[start + hues + 1 + bin] += weight * (1 - share)
    sums[start + hues + 2 + bin] += weight * share
  }

  /// The hue of HSV over its circle, in 0…1.
  private static func hue(_ color: (blue: Float, green: Float, red: Float), most: Float, range: Float) -> Float {
    let (blue, green, red) = color
    let sextants: Float =
      if most == red { (green - blue) / range } else if most == green { 2 + (blue - red) / range } else {
        4 + (red - green) / range
      }
    return (sextants < 0 ? sextants + 6 : sextants) / 6
  }
}
