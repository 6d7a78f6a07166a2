import Geometry
import Imaging

/// How much each pixel of a frame differs from the background, as grey pictures (0 no, 255 full evidence).
struct ForegroundEvidence {
  /// Differences from everything that the background shows within a pixel.
  var loose: Image
  /// Differences that a misplaced background cannot explain: beyond its slope over the tolerated distance.
  var strict: Image
  /// Places where the background still shows an object that has left.
  var uncovered: [Bool]
  /// The steepness of the frame.
  let slopes: Image
  /// The least difference that counted, in grey levels.
  let leastDifference: Double

  /// Pixels at the border are not judged: warping spoils them.
  static let border = 4

  /// - Parameters:
  ///   - frame: Grey, slightly blurred.
  ///   - mean: The background's grey values.
  ///   - deviation: Of the frame's grey values where it shows the background.
  init(
    frame: Image, mean: Image, background: BackgroundModel, deviation: Double, settings: MotionDetectorSettings,
    leastArea: Int
  ) throws {
    slopes = try GradientPicture.slopes(of: frame)
    leastDifference = min(settings.greatestLeastDifference, max(settings.leastDifference, 2 * deviation))
    let least = Float(leastDifference)
    let darkest = try mean.morphed(.erosion, .square(3))
    let brightest = try mean.morphed(.dilation, .square(3))
    let meanSlope = try GradientPicture.slopes(of: mean)
    let steepest = try meanSlope.morphed(.dilation, .square(3))
    loose = Image(width: frame.width, height: frame.height, channels: 1)
    strict = loose
    uncovered = [Bool](repeating: false, count: loose.pixels.count)
    let (width, height, border) = (frame.width, frame.height, Self.border)
    guard width > 2 * border, height > 2 * border else { return }
    let tolerance = Float(settings.edgeTolerance) / GradientPicture.scale
    let (age, values, means) = (background.age, frame.pixels, mean.pixels)
    let (low, high, slopesAround) = (darkest.pixels, brightest.pixels, steepest.pixels)
    for y in border..<height - border {
      for i in y * width + border..<(y + 1) * width - border {
        // Most pixels lie within what the background shows around them.
        guard values[i] > high[i] || values[i] < low[i], age[i] > 1 else { continue }
        let value = Float(values[i])
        let share = (max(value - Float(high[i]), Float(low[i]) - value) - 0.6 * least) / least
        guard share > 0 else { continue }
        loose.pixels[i] = UInt8(min(1, share) * 255)
        let excess = abs(value - Float(means[i])) - least - tolerance * Float(slopesAround[i])
        strict.pixels[i] = UInt8(max(0, min(1, excess / least)) * 255)
      }
    }
    try removeGhosts(frame: frame, mean: mean, meanSlope: meanSlope, leastArea: leastArea)
  }

  /// Drops differences whose outline is an edge of the background and not of the frame: what an object uncovers when it leaves.
  private mutating func removeGhosts(frame: Image, mean: Image, meanSlope: Image, leastArea: Int) throws {
    for isBrighter in [true, false] {
      var sided = loose
      for i in sided.pixels.indices {
        let differs = loose.pixels[i] > 76 && (frame.pixels[i] > mean.pixels[i]) == isBrighter
        sided.pixels[i] = differs ? 1 : 0
      }
      let parts = try ConnectedComponents(of: sided, minimumArea: max(1, leastArea / 2))
      for part in parts.components {
        let (now, before) = Self.outlineSlopes(of: part, parts.labels, slopes, meanSlope)
        guard before > 1.3 * now + 0.5 * Double(GradientPicture.scale) else { continue }
        remove(part, parts.labels)
      }
    }
  }

  private mutating func remove(_ part: ConnectedComponents.Component, _ labels: [Int32]) {
    for y in part.top..<part.top + part.height {
      for i in y * loose.width + part.left..<y * loose.width + part.left + part.width where labels[i] == part.label {
        loose.pixels[i] = 0
        strict.pixels[i] = 0
        uncovered[i] = true
      }
    }
  }

  /// The mean slopes of the two pictures along a component's outline.
  private static func outlineSlopes(
    of part: ConnectedComponents.Component, _ labels: [Int32], _ first: Image, _ second: Image
  ) -> (Double, Double) {
    let width = first.width
    var sums = (0, 0)
    var count = 0
    // Evidence keeps away from the border, so every pixel here has its four neighbours.
    for y in part.top..<part.top + part.height {
      for i in y * width + part.left..<y * width + part.left + part.width where labels[i] == part.label {
        let isInner =
          labels[i - 1] == part.label && labels[i + 1] == part.label
          && labels[i - width] == part.label && labels[i + width] == part.label
        guard !isInner else { continue }
        sums.0 += Int(first.pixels[i])
        sums.1 += Int(second.pixels[i])
        count += 1
      }
    }
    return count > 0 ? (Double(sums.0) / Double(count), Double(sums.1) / Double(count)) : (0, 0)
  }
}

/// The steepness of a grey picture.
enum GradientPicture {
  /// A value of the result for each grey level per pixel.
  static let scale: Float = 4

  /// The length of the gradient, `scale` times grey levels per pixel, at most 255; 0 at the border.
  static func slopes(of picture: Image) throws -> Image { try picture.steepness(scale: scale) }
}
