import Imaging

/// Which pixels around each one probably lie at its depth: a cross of four arms that end where the colour changes.
///
/// Source: K. Zhang, J. Lu, G. Lafruit, "Cross-based local stereo matching using orthogonal integral images", 2009, with the rule for arms and the
/// constants of Mei et al. (2011), section 3.2.
struct CrossSupport {
  /// The longest arm in pixels, and the length beyond which the colour must agree better.
  private static let longest = 34
  private static let long = 17
  /// The greatest difference of any channel along an arm, in grey levels, and along its part beyond `long`.
  private static let difference = 20
  private static let strictDifference = 6

  let width: Int
  let height: Int
  /// The arms' lengths: pixels to the left, right, up and down.
  let left: [Int32]
  let right: [Int32]
  let up: [Int32]
  let down: [Int32]

  init(_ image: Image) {
    width = image.width
    height = image.height
    left = Self.arms(image, -1, 0)
    right = Self.arms(image, 1, 0)
    up = Self.arms(image, 0, -1)
    down = Self.arms(image, 0, 1)
  }

  private static func arms(_ image: Image, _ stepX: Int, _ stepY: Int) -> [Int32] {
    var result = [Int32](repeating: 0, count: image.width * image.height)
    image.grid.forEachPixel { x, y, index in
      var length = 0
      while length < longest {
        let (column, row) = (x + (length + 1) * stepX, y + (length + 1) * stepY)
        guard column >= 0, row >= 0, column < image.width, row < image.height else { break }
        let place = row * image.width + column
        let before = place - stepX - stepY * image.width
        let apart = colorDistance(image, index, place)
        // The nearest neighbour always belongs to it, so that no support is a single pixel.
        let isNear = length == 0
        guard isNear || (apart < difference && colorDistance(image, before, place) < difference) else { break }
        guard length < long || apart < strictDifference else { break }
        length += 1
      }
      result[index] = Int32(length)
    }
    return result
  }

  /// The greatest difference of the channels of two pixels, given by their positions.
  @inline(__always)
  static func colorDistance(_ image: Image, _ a: Int, _ b: Int) -> Int {
    var most = 0
    for channel in 0..<image.channels {
      most = max(most, abs(Int(image.pixels[a * image.channels + channel]) - Int(image.pixels[b * image.channels + channel])))
    }
    return most
  }

  // MARK: - Sums

  /// The mean cost over each pixel's support, `iterations` times, the direction that comes first changing each time.
  func aggregate(_ volume: inout CostVolume, iterations: Int) {
    var counts = [Float](repeating: 1, count: width * height)
    for iteration in 0..<iterations {
      let isRowFirst = iteration % 2 == 0
      for pass in 0..<2 {
        if (pass == 0) == isRowFirst { sumAlongRows(&volume, &counts) } else { sumAlongColumns(&volume, &counts) }
      }
      volume.values.withUnsafeMutableBufferPointer { values in
        for pixel in counts.indices {
          let scale = 1 / counts[pixel]
          for index in pixel * volume.disparities..<(pixel + 1) * volume.disparities { values[index] *= scale }
          counts[pixel] = 1
        }
      }
    }
  }

  private func sumAlongRows(_ volume: inout CostVolume, _ counts: inout [Float]) {
    for y in 0..<height {
      sum(&volume, &counts, first: y * width, step: 1, length: width, before: left, after: right)
    }
  }

  private func sumAlongColumns(_ volume: inout CostVolume, _ counts: inout [Float]) {
    for x in 0..<width {
      sum(&volume, &counts, first: x, step: width, length: height, before: up, after: down)
    }
  }

  /// Replaces each pixel of a line by the sum of those from `before` pixels before it to `after` behind it.
  private func sum(
    _ volume: inout CostVolume, _ counts: inout [Float], first: Int, step: Int, length: Int, before: [Int32], after: [Int32]
  ) {
    let disparities = volume.disparities
    // Sums from the line's start; entry i holds what comes before its pixel i.
    var sums = [Float](repeating: 0, count: (length + 1) * disparities)
    var countSums = [Float](repeating: 0, count: length + 1)
    volume.values.withUnsafeMutableBufferPointer { values in
      sums.withUnsafeMutableBufferPointer { sums in
        // Lines lie within the volume; arms end at the border, so every entry read is one of length + 1.
        for place in 0..<length {
          let pixel = (first + place * step) * disparities
          let entry = place * disparities
          for d in 0..<disparities { sums[entry + disparities + d] = sums[entry + d] + values[pixel + d] }
          countSums[place + 1] = countSums[place] + counts[first + place * step]
        }
        for place in 0..<length {
          let index = first + place * step
          let (from, to) = (place - Int(before[index]), place + Int(after[index]) + 1)
          let (low, high, pixel) = (from * disparities, to * disparities, index * disparities)
          for d in 0..<disparities { values[pixel + d] = sums[high + d] - sums[low + d] }
          counts[index] = countSums[to] - countSums[from]
        }
      }
    }
  }
}
