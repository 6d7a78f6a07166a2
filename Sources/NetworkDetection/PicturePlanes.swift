internal import Geometry
public import Imaging
public import ModelFiles

/// How pixels become the numbers of a network's input.
public struct PictureRule: Sendable, Equatable {
  /// How the picture is brought to the input's size.
  public let fitting: PictureFitting
  /// Red, green, blue; otherwise blue, green, red.
  public let isRGB: Bool
  /// What the bytes are divided by.
  public let divisor: Float

  /// The grey of what lies around the picture, in bytes; the value that the YOLO networks are trained with.
  static let margin: Float = 114

  /// - Parameter divisor: 255 for networks that read 0…1.
  public init(fitting: PictureFitting, isRGB: Bool, divisor: Float) {
    (self.fitting, self.isRGB, self.divisor) = (fitting, isRGB, divisor)
  }

  /// A picture of blue, green and red as [1, 3, height, width].
  ///
  /// - Returns: The tensor, and where the picture lies in it.
  /// - Throws: `ImagingError` for a size that cannot be used.
  public func planes(_ picture: Image, width: Int, height: Int) throws -> (tensor: Tensor, fit: PictureFit) {
    let fit = PictureFit(fitting, picture: (picture.width, picture.height), input: (width, height))
    // Stretched pictures are averaged over areas where they shrink, as the makers of such networks do; all others are interpolated.
    let source = try fitting == .stretched ? picture.resized(width: width, height: height) : picture
    var values = [Float](repeating: PictureRule.margin / divisor, count: 3 * width * height)
    if (source.width, source.height) == (fit.width, fit.height) {
      let numbers = (0...255).map { Float($0) / divisor }
      for channel in 0..<3 {
        copy(
          &values, from: (channel * height + fit.top) * width + fit.left, stride: width, source, isRGB ? 2 - channel : channel,
          numbers)
      }
      return (try Tensor(shape: [1, 3, height, width], values), fit)
    }
    let columns = BilinearAxis(from: source.width, to: fit.width)
    let rows = BilinearAxis(from: source.height, to: fit.height)
    for channel in 0..<3 {
      let plane = (isRGB ? 2 - channel : channel)
      PictureRule.fill(
        &values, from: channel * width * height + fit.top * width + fit.left, stride: width, source, plane, columns, rows)
    }
    if divisor != 1 { PictureRule.divide(&values, by: divisor, fit, width: width, height: height) }
    return (try Tensor(shape: [1, 3, height, width], values), fit)
  }

  /// A picture whose numbers are known already, at its own size: red, green and blue in 0…1, plane by plane, as [1, 3, height, width].
  ///
  /// - Parameter values: 3 · width · height.
  package func planes(unit values: ArraySlice<Float>, width: Int, height: Int) throws -> Tensor {
    let (count, scale) = (width * height, 255 / divisor)
    let channels = (0..<3).flatMap { channel in
      values.dropFirst((isRGB ? channel : 2 - channel) * count).prefix(count)
    }
    return try Tensor(shape: [1, 3, height, width], scale == 1 ? channels : channels.map { $0 * scale })
  }

  /// Takes one channel as it is: the usual case, of pictures of the input's size, in a third of the time.
  ///
  /// - Parameter numbers: What each of the 256 values becomes.
  private func copy(
    _ values: inout [Float], from start: Int, stride: Int, _ source: Image, _ channel: Int, _ numbers: [Float]
  ) {
    values.withUnsafeMutableBufferPointer { values in
      source.pixels.withUnsafeBufferPointer { pixels in
        numbers.withUnsafeBufferPointer { numbers in
          // The picture's part lies inside the input, and the table has a number for each byte.
          for row in 0..<source.height {
            let (target, first) = (start + row * stride, row * source.width * source.channels + channel)
            for column in 0..<source.width { values[target + column] = numbers[Int(pixels[first + column * source.channels])] }
          }
        }
      }
    }
  }

  /// Interpolates one channel between the centres of pixels.
  private static func fill(
    _ values: inout [Float], from start: Int, stride: Int, _ source: Image, _ channel: Int, _ columns: BilinearAxis,
    _ rows: BilinearAxis
  ) {
    let pitch = source.width * source.channels
    values.withUnsafeMutableBufferPointer { values in
      source.pixels.withUnsafeBufferPointer { pixels in
        // Places are at most width - 1 and height - 1 of the source, and the target's part lies inside the input.
        for row in 0..<rows.count {
          let (upper, lower, below) = (rows.low[row] * pitch + channel, rows.high[row] * pitch + channel, rows.share[row])
          let target = start + row * stride
          for column in 0..<columns.count {
            let (near, far) = (columns.low[column] * source.channels, columns.high[column] * source.channels)
            let beside = columns.share[column]
            let (a, b) = (Float(pixels[upper + near]), Float(pixels[upper + far]))
            let (c, d) = (Float(pixels[lower + near]), Float(pixels[lower + far]))
            let (top, bottom) = (a + (b - a) * beside, c + (d - c) * beside)
            values[target + column] = top + (bottom - top) * below
          }
        }
      }
    }
  }

  /// Divides what came from the picture; what lies around it is divided already.
  private static func divide(_ values: inout [Float], by divisor: Float, _ fit: PictureFit, width: Int, height: Int) {
    for plane in 0..<3 {
      for row in fit.top..<fit.top + fit.height {
        let start = (plane * height + row) * width + fit.left
        for place in start..<start + fit.width { values[place] /= divisor }
      }
    }
  }
}

/// For each place of a resized axis the two places that it lies between, and how near it is to the second one.
package struct BilinearAxis {
  package private(set) var low: [Int] = []
  package private(set) var high: [Int] = []
  package private(set) var share: [Float] = []
  package var count: Int { low.count }

  package init(from source: Int, to target: Int) {
    for place in 0..<target {
      let center = (Double(place) + 0.5) * Double(source) / Double(target) - 0.5
      let first = Int(bounded: center.rounded(.down), in: 0...max(0, source - 1))
      low.append(first)
      high.append(min(first + 1, source - 1))
      share.append(Float(min(1, max(0, center - Double(first)))))
    }
  }
}
