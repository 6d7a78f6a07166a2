import Imaging

/// What the motion detector goes by, as a picture in colour that a network can look at: red is the grey frame, green how fast each place moves
/// against the ground, blue how much it differs from the background.
///
/// None of the three tells a direction, so that a turned or mirrored picture is one of a turned or mirrored scene.
enum EvidencePicture {
  /// The speed that shows as half of white, in errors of the flow where the ground stands still: what is faster is hardly an error.
  private static let middleError: Float = 4
  /// The least error of the flow, in working pixels a frame: that of inverse search on pictures without noise.
  private static let leastError: Float = 0.05

  /// - Parameters:
  ///   - frame: The grey working picture.
  ///   - evidence: How it differs from the background.
  ///   - field: How its places move.
  static func picture(_ frame: Image, _ evidence: ForegroundEvidence, _ field: MotionField) -> Image {
    let noise = Float(field.noise(slopes: evidence.slopes, differences: evidence.loose))
    let middle = middleError * max(leastError, noise)
    // Bounded: a speed is 0 or more, so that its share is below 1.
    let speeds = field.speeds.map { UInt8(255 * $0 / ($0 + middle)) }
    var picture = Image(width: frame.width, height: frame.height, channels: 3)
    let grid = frame.grid
    picture.pixels.withUnsafeMutableBufferPointer { pixels in
      // Three values for each pixel of the grid; the others have one, and the field clamps places to itself.
      grid.forEachPixel { x, y, index in
        pixels[3 * index] = evidence.loose.pixels[index]
        pixels[3 * index + 1] = speeds[field.index(x: x, y: y)]
        pixels[3 * index + 2] = frame.pixels[index]
      }
    }
    return picture
  }
}
