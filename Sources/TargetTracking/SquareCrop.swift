internal import Geometry
package import Imaging
package import ModelFiles

/// A square part of a picture, brought to another size.
package struct SquareCrop: Equatable, Sendable {
  /// Its left border in the picture, pixels; it may lie outside.
  package var left: Double
  /// Its top border.
  package var top: Double
  /// Its side in pixels of the picture, above 0.
  package var side: Double

  /// - Parameters: As the properties of their names.
  package init(left: Double, top: Double, side: Double) { (self.left, self.top, self.side) = (left, top, side) }

  /// A square around a place's middle.
  init(around place: TargetPlace, side: Double) {
    self.init(left: place.center.x - side / 2, top: place.center.y - side / 2, side: side)
  }

  /// The crop as [1, 3, size, size] of the picture's channels, 0…255, interpolated between the centres of pixels without averaging, as
  /// siamese trackers are trained with.
  ///
  /// - Parameters:
  ///   - size: Of the result, pixels.
  ///   - border: What lies outside the picture, a value a channel.
  package func planes(of picture: Image, size: Int, border: SIMD3<Float>) throws -> Tensor {
    precondition(picture.channels == 3, "a picture in colour")
    let columns = axis(from: left, size: size, limit: picture.width)
    let rows = axis(from: top, size: size, limit: picture.height)
    var values = [Float](repeating: 0, count: 3 * size * size)
    values.withUnsafeMutableBufferPointer { values in
      picture.pixels.withUnsafeBufferPointer { pixels in
        // A place of an axis is -1 for outside, else below the picture's side.
        func value(_ x: Int, _ y: Int, _ channel: Int) -> Float {
          x < 0 || y < 0 ? border[channel] : Float(pixels[(y * picture.width + x) * 3 + channel])
        }
        for y in 0..<size {
          let row = rows[y]
          for x in 0..<size {
            let column = columns[x]
            if row.low >= 0, row.high >= 0, column.low >= 0, column.high >= 0 {
              let (upper, lower) = (row.low * picture.width, row.high * picture.width)
              let (a, b) = ((upper + column.low) * 3, (upper + column.high) * 3)
              let (c, d) = ((lower + column.low) * 3, (lower + column.high) * 3)
              for channel in 0..<3 {
                let (near, far) = (Float(pixels[a + channel]), Float(pixels[c + channel]))
                let above = near + (Float(pixels[b + channel]) - near) * column.share
                let below = far + (Float(pixels[d + channel]) - far) * column.share
                values[(channel * size + y) * size + x] = above + (below - above) * row.share
              }
              continue
            }
            for channel in 0..<3 {
              let (a, b) = (value(column.low, row.low, channel), value(column.high, row.low, channel))
              let (c, d) = (value(column.low, row.high, channel), value(column.high, row.high, channel))
              let (upper, lower) = (a + (b - a) * column.share, c + (d - c) * column.share)
              values[(channel * size + y) * size + x] = upper + (lower - upper) * row.share
            }
          }
        }
      }
    }
    return try Tensor(shape: [1, 3, size, size], values)
  }

  /// Two neighbouring pixels and the second one's share; -1 for one outside the picture.
  private struct Sample {
    var low: Int
    var high: Int
    var share: Float
  }

  private func axis(from start: Double, size: Int, limit: Int) -> [Sample] {
    (0..<size).map { place in
      let center = start + (Double(place) + 0.5) * side / Double(size) - 0.5
      // What interpolates between two pixels of the crop must not reach across its own border, as if it had been cut out first.
      let bounded = min(max(center, start), start + max(0, side - 1))
      let floor = bounded.rounded(.down)
      let low = Int(bounded: floor, in: -1...limit)
      func inside(_ index: Int) -> Int { (0..<limit).contains(index) ? index : -1 }
      let isNear = floor >= -1 && floor <= Double(limit)
      return Sample(
        low: isNear ? inside(low) : -1, high: isNear ? inside(low + 1) : -1, share: Float(bounded - floor))
    }
  }
}

extension Image {
  /// The mean of each channel of a picture in colour.
  var meanColor: SIMD3<Float> {
    var sums = SIMD3<Int>.zero
    pixels.withUnsafeBufferPointer { pixels in
      for index in stride(from: 0, to: pixels.count, by: 3) {
        sums &+= SIMD3(Int(pixels[index]), Int(pixels[index + 1]), Int(pixels[index + 2]))
      }
    }
    let count = Float(max(1, width * height))
    return SIMD3(Float(sums.x), Float(sums.y), Float(sums.z)) / count
  }
}
