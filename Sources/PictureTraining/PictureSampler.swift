internal import Foundation
internal import Geometry

/// Fills squares of a batch with changed pictures.
enum PictureSampler {
  /// The grey around pictures, as `track` puts it around letter boxes, of 255.
  private static let margin: Float = 114

  /// Writes red, green and blue of a rectangle with the change's centre in its middle, [3, height, width] in 0…1.
  ///
  /// - Parameters:
  ///   - room: 3 · width · height numbers.
  ///   - random: Of the noise.
  static func fill(
    _ room: UnsafeMutableBufferPointer<Float>, _ pixels: TrainingPixels, _ change: PictureChange, width: Int, height: Int,
    _ random: inout SplitMix64
  ) {
    let count = width * height
    precondition(room.count == 3 * count, "a rectangle has three planes")
    for channel in 0..<pixels.channels {
      let plane = UnsafeMutableBufferPointer(rebasing: room[channel * count..<(channel + 1) * count])
      sample(plane, pixels, channel, change, columns: width, rows: height)
      shade(plane, change, &random)
    }
    // A grey picture is the same in all channels, its noise too.
    for channel in pixels.channels..<3 {
      for place in 0..<count { room[channel * count + place] = room[place] }
    }
  }

  /// Writes a part of a square.
  ///
  /// - Parameter room: The square's 3 · side² numbers.
  static func fill(
    _ room: UnsafeMutableBufferPointer<Float>, side: Int, _ pixels: TrainingPixels, _ change: PictureChange, _ part: SquarePart,
    _ random: inout SplitMix64
  ) {
    write(room, side: side, pixels, change, part, &random) { _ in 1 }
  }

  /// Writes an object with its margin over a part of a square: whole within its box, and less and less up to the margin's end.
  ///
  /// - Parameters:
  ///   - room: The square's 3 · side² numbers.
  ///   - object: In pixels of the square.
  static func paste(
    _ room: UnsafeMutableBufferPointer<Float>, side: Int, _ pixels: TrainingPixels, _ change: PictureChange, _ part: SquarePart,
    object: OrientedBox, _ random: inout SplitMix64
  ) {
    let (c, s) = (Float(cos(object.angle)), Float(sin(object.angle)))
    let (x, y) = (Float(object.center.x), Float(object.center.y))
    let half = (Float(object.width / 2), Float(object.height / 2))
    let margin = Float(SquareComposer.margin)
    write(room, side: side, pixels, change, part, &random) { pixel in
      let (dx, dy) = (pixel.x - x, pixel.y - y)
      let reach = max(abs(c * dx + s * dy) / half.0, abs(c * dy - s * dx) / half.1)
      return min(1, max(0, (margin - reach) / (margin - 1)))
    }
  }

  /// Mixes what a change shows into a part of a square.
  ///
  /// - Parameter share: How much of it, by the middle of a pixel of the square.
  private static func write(
    _ room: UnsafeMutableBufferPointer<Float>, side: Int, _ pixels: TrainingPixels, _ change: PictureChange, _ part: SquarePart,
    _ random: inout SplitMix64, share: ((x: Float, y: Float)) -> Float
  ) {
    precondition(
      part.x >= 0 && part.y >= 0 && part.x + part.width <= side && part.y + part.height <= side && room.count == 3 * side * side,
      "a part lies within its square")
    var values = [Float](repeating: 0, count: 3 * part.width * part.height)
    values.withUnsafeMutableBufferPointer { fill($0, pixels, change, width: part.width, height: part.height, &random) }
    for row in 0..<part.height {
      for column in 0..<part.width {
        let (x, y): (Int, Int) = (part.x + column, part.y + row)
        let weight = share((Float(x) + 0.5, Float(y) + 0.5))
        for channel in 0..<3 {
          let place: Int = (channel * side + y) * side + x
          let value: Float = values[(channel * part.height + row) * part.width + column]
          let former: Float = room[place]
          room[place] = weight == 1 ? value : former + weight * (value - former)
        }
      }
    }
  }

  private static func sample(
    _ plane: UnsafeMutableBufferPointer<Float>, _ pixels: TrainingPixels, _ channel: Int, _ change: PictureChange,
    columns: Int, rows: Int
  ) {
    let (origin, right, down) = change.source(width: columns, height: rows)
    let (width, height) = (pixels.width, pixels.height)
    pixels.planes.withUnsafeBufferPointer { values in
      let start = channel * width * height
      for row in 0..<rows {
        // The middle of the first pixel of the row, in pixel centres of the picture.
        let begin = origin + down * (Double(row) + 0.5) + right * 0.5
        var (x, y) = (Float(begin.x - 0.5), Float(begin.y - 0.5))
        for column in 0..<columns {
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
          plane[row * columns + column] = value
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
