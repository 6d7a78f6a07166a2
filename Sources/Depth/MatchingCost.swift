import Foundation
import Imaging

/// What it costs to match two pixels: how much their colours differ and how much their surroundings do, each bounded.
///
/// Source: X. Mei, X. Sun, M. Zhou, S. Jiao, H. Wang, X. Zhang, "On building an accurate stereo matching system on graphics hardware", ICCV workshops
/// 2011, section 3.1, with its constants.
enum MatchingCost {
  /// At this mean difference of the channels, in grey levels, the cost of the colour has reached 63 % of its most.
  private static let colorScale = 10.0
  /// At this many different bits the cost of the surroundings has.
  private static let censusScale = 30.0
  /// Half the census window: 9 × 7 pixels without the middle, 62 bits.
  private static let reachX = 4
  private static let reachY = 3

  /// The costs of all disparities; beyond the left border the right picture goes on with its border's pixels.
  static func volume(left: Image, right: Image, disparities: Int) -> CostVolume {
    let (width, height, channels) = (left.width, left.height, left.channels)
    var volume = CostVolume(width: width, height: height, disparities: disparities)
    let (leftCensus, rightCensus) = (census(grey(left), width, height), census(grey(right), width, height))
    let (colorCosts, censusCosts) = tables(channels: channels)
    volume.values.withUnsafeMutableBufferPointer { costs in
      left.pixels.withUnsafeBufferPointer { a in
        right.pixels.withUnsafeBufferPointer { b in
          // Both pictures have one size, which the caller has checked; x − d is kept inside the row.
          for y in 0..<height {
            for x in 0..<width {
              let pixel = y * width + x
              for d in 0..<disparities {
                let other = y * width + max(0, x - d)
                var difference = 0
                for channel in 0..<channels {
                  difference += abs(Int(a[pixel * channels + channel]) - Int(b[other * channels + channel]))
                }
                let bits = (leftCensus[pixel] ^ rightCensus[other]).nonzeroBitCount
                costs[pixel * disparities + d] = colorCosts[difference] + censusCosts[bits]
              }
            }
          }
        }
      }
    }
    return volume
  }

  /// The costs of sums of the channels' differences, and of numbers of different bits.
  private static func tables(channels: Int) -> (color: [Float], census: [Float]) {
    (
      (0...255 * channels).map { Float(1 - exp(-Double($0) / Double(channels) / colorScale)) },
      (0...64).map { Float(1 - exp(-Double($0) / censusScale)) }
    )
  }

  /// What it costs to match each pixel with the same one of another picture.
  static func costs(_ image: Image, _ other: Image) -> [Float] {
    let channels = image.channels
    let (colorCosts, censusCosts) = tables(channels: channels)
    let (a, b) = (
      census(grey(image), image.width, image.height), census(grey(other), image.width, image.height)
    )
    return (0..<image.width * image.height).map { pixel in
      var difference = 0
      for index in pixel * channels..<(pixel + 1) * channels {
        difference += abs(Int(image.pixels[index]) - Int(other.pixels[index]))
      }
      return colorCosts[difference] + censusCosts[(a[pixel] ^ b[pixel]).nonzeroBitCount]
    }
  }

  /// The sum of the channels: a grey level up to a factor.
  private static func grey(_ image: Image) -> [Int16] {
    (0..<image.width * image.height).map { pixel in
      (0..<image.channels).reduce(Int16(0)) { $0 + Int16(image.pixels[pixel * image.channels + $1]) }
    }
  }

  /// For each pixel which of its surroundings are darker than it is (R. Zabih and J. Woodfill, 1994); borders are replicated.
  private static func census(_ grey: [Int16], _ width: Int, _ height: Int) -> [UInt64] {
    var result = [UInt64](repeating: 0, count: width * height)
    for y in 0..<height {
      for x in 0..<width {
        let middle = grey[y * width + x]
        var bits: UInt64 = 0
        for v in -reachY...reachY {
          let row = min(max(y + v, 0), height - 1) * width
          for u in -reachX...reachX where u != 0 || v != 0 {
            bits = bits << 1 | (grey[row + min(max(x + u, 0), width - 1)] < middle ? 1 : 0)
          }
        }
        result[y * width + x] = bits
      }
    }
    return result
  }
}
