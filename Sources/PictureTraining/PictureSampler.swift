internal import Foundation
internal import Geometry

/// Fills squares of a batch with changed pictures.
enum PictureSampler {
  /// The grey around pictures, as `track` puts it around letter boxes, of 255.
  private static let margin: Float = 114

  /// Writes red, green and blue of a square, [3, side, side] in 0…1.
  ///
  /// - Parameters:
  ///   - room: 3 · side² numbers.
  ///   - random: Of the noise.
  static func fill(
    _ room: UnsafeMutableBufferPointer<Float>, _ pixels: TrainingPixels, _ change: PictureChange, side: Int,
    _ random: inout SplitMix64
  ) {
    let count = side * side
    precondition(room.count == 3 * count, "a square has three planes")
    for channel in 0..<pixels.channels {
      let plane = UnsafeMutableBufferPointer(rebasing: room[channel * count..<(channel + 1) * count])
      sample(plane, pixels, channel, change, side: side)
      shade(plane, change, &random)
    }
    // A grey picture is the same in all channels, its noise too.
    for channel in pixels.channels..<3 {
      for place in 0..<count { room[channel * count + place] = room[place] }
    }
  }

  private static func sample(
    _ plane: UnsafeMutableBufferPointer<Float>, _ pixels: TrainingPixels, _ channel: Int, _ change: PictureChange, side: Int
  ) {
    let (origin, right, down) = change.source(side: side)
    let (width, height) = (pixels.width, pixels.height)
    pixels.planes.withUnsafeBufferPointer { values in
      let start = channel * width * height
      for row in 0..<side {
        // The middle of the first pixel of the row, in pixel centres of the picture.
        let begin = origin + down * (Double(row) + 0.5) + right * 0.5
        var (x, y) = (Float(begin.x - 0.5), Float(begin.y - 0.5))
        for column in 0..<side {
          let (left, top) = (x.rounded(.down), y.rounded(.down))
          var value = margin
          // Only places with all four neighbours in the picture are read.
          if left >= 0, top >= 0, left < Float(width - 1), top < Float(height - 1) {
            let place = start + Int(top) * width + Int(left)  // Bounded: both are below the picture's sides.
            let (a, b) = (Float(values[place]), Float(values[place + 1]))
            let (c, d) = (Float(values[place + width]), Float(values[place + width + 1]))
            let (upper, lower) = (a + (b - a) * (x - left), c + (d - c) * (x - left))
            value = upper + (lower - upper) * (y - top)
          }
          plane[row * side + column] = value
          x += Float(right.x)
          y += Float(right.y)
        }
      }
    }
  }

  private static func shade(_ plane: UnsafeMutableBufferPointer<Float>, _ change: PictureChange, _ random: inout SplitMix64) {
    if change.exponent != 1 { bend(plane, exponent: change.exponent) }
    let (gain, shift) = (Float(change.gain) / 255, Float(0.5 + change.offset - 0.5 * change.gain))
    for place in plane.indices { plane[place] = gain * plane[place] + shift }
    if change.noise > 0 {
      // The sum of four even numbers has the variance 1/3: near enough to a bell, at the cost of one draw.
      let size = Float(change.noise * 3.squareRoot() / 32_768)
      for place in plane.indices {
        let bits = random.next()
        let sum = (0..<4).reduce(Int32(0)) { $0 + Int32(Int16(truncatingIfNeeded: bits >> (16 * UInt64($1)))) }
        plane[place] += size * Float(sum) / 2
      }
    }
    for place in plane.indices { plane[place] = min(1, max(0, plane[place])) }
  }

  /// Raises values of 0…255 to a power, as shares of white, by a table of whole greys and straight lines between them.
  private static func bend(_ plane: UnsafeMutableBufferPointer<Float>, exponent: Double) {
    let table = (0...255).map { Float(255 * pow(Double($0) / 255, exponent)) } + [255]
    for place in plane.indices {
      let value = min(255, max(0, plane[place]))
      let grey = Int(value)  // Bounded: from 0 to 255.
      plane[place] = table[grey] + (table[grey + 1] - table[grey]) * (value - Float(grey))
    }
  }
}
