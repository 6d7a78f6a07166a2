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

  // The numbers here were chosen by hand on the sequences that Benchmarks/README.md names under "Motion detector".

  /// Evidence above this, of 255, counts: more likely than not.
  static let half: UInt8 = 127
  /// So many pixels along the border are not judged: warping spoils them.
  static let border = 4
  /// The least difference is so many deviations of the frame from the background.
  private static let deviationsAsked = 2.0
  /// Evidence grows from this share of the least difference on, over one least difference.
  private static let onset: Float = 0.6
  /// Loose evidence above this, of 255, takes part in the search for ghosts: 30 %.
  private static let ghostEvidence: UInt8 = 76
  /// A ghost's outline is steeper in the background than in the frame by this factor, plus `ghostMargin`.
  private static let ghostRatio = 1.3
  /// In grey levels per pixel: what noise makes of a plain outline.
  private static let ghostMargin = 0.5

  /// - Parameters:
  ///   - frame: Grey, slightly blurred, of the background's size like all pictures here.
  ///   - mean: The background's grey values.
  ///   - chroma: The differences in colour of frame and background; nil for pictures without colour.
  ///   - deviation: Of the frame's grey values where it shows the background.
  ///   - leastArea: Of an object, in pixels.
  init(
    frame: Image, mean: Image, chroma: (frame: ChromaPictures, mean: ChromaPictures)? = nil, background: BackgroundModel,
    deviation: Double, settings: MotionDetectorSettings, leastArea: Int
  ) throws {
    slopes = try GradientPicture.slopes(of: frame)
    leastDifference = min(settings.greatestLeastDifference, max(settings.leastDifference, Self.deviationsAsked * deviation))
    let meanSlope = try GradientPicture.slopes(of: mean)
    loose = Image(width: frame.width, height: frame.height, channels: 1)
    strict = loose
    uncovered = [Bool](repeating: false, count: loose.pixels.count)
    guard frame.width > 2 * Self.border, frame.height > 2 * Self.border else { return }
    add(
      try PlaneDifference(frame: frame, mean: mean, meanSlope: meanSlope, least: Float(leastDifference)), age: background.age,
      settings)
    if let chroma {
      for (frame, mean) in [(chroma.frame.blue, chroma.mean.blue), (chroma.frame.red, chroma.mean.red)] {
        // The noise of a colour is its own: coding smooths it more than it does grey values.
        let deviation = PlaneDifference.deviation(of: frame, from: mean, age: background.age)
        let least = min(settings.greatestLeastDifference, max(settings.leastDifference, Self.deviationsAsked * deviation))
        add(
          try PlaneDifference(frame: frame, mean: mean, meanSlope: GradientPicture.slopes(of: mean), least: Float(least)),
          age: background.age, settings)
      }
    }
    try removeGhosts(frame: frame, mean: mean, meanSlope: meanSlope, leastArea: leastArea)
  }

  /// Drops what a mask holds.
  mutating func remove(_ mask: Image) {
    for i in mask.pixels.indices where mask.pixels[i] != 0 {
      loose.pixels[i] = 0
      strict.pixels[i] = 0
    }
  }

  /// Adds the evidence of one plane; where there are several the strongest counts.
  private mutating func add(_ plane: PlaneDifference, age: [Float], _ settings: MotionDetectorSettings) {
    let tolerance = Float(settings.edgeTolerance) / GradientPicture.scale
    let (values, means, least) = (plane.frame.pixels, plane.mean.pixels, plane.least)
    let (low, high, slopesAround) = (plane.darkest.pixels, plane.brightest.pixels, plane.steepest.pixels)
    plane.frame.grid.forEachPixel(margin: Self.border) { _, _, i in
      // Most pixels lie within what the background shows around them.
      guard values[i] > high[i] || values[i] < low[i], age[i] > 1 else { return }
      let value = Float(values[i])
      let share = (max(value - Float(high[i]), Float(low[i]) - value) - Self.onset * least) / least
      guard share > 0 else { return }
      // Bounded: a share is 0 or more, and a number.
      loose.pixels[i] = max(loose.pixels[i], UInt8(min(1, share) * 255))
      let excess = abs(value - Float(means[i])) - least - tolerance * Float(slopesAround[i])
      // Bounded: by 0 and 1.
      strict.pixels[i] = max(strict.pixels[i], UInt8(max(0, min(1, excess / least)) * 255))
    }
  }

  /// Drops differences whose outline is an edge of the background and not of the frame: what an object uncovers when it leaves.
  private mutating func removeGhosts(frame: Image, mean: Image, meanSlope: Image, leastArea: Int) throws {
    for isBrighter in [true, false] {
      var sided = loose
      for i in sided.pixels.indices {
        let differs = loose.pixels[i] > Self.ghostEvidence && (frame.pixels[i] > mean.pixels[i]) == isBrighter
        sided.pixels[i] = differs ? 1 : 0
      }
      let parts = try ConnectedComponents(of: sided, minimumArea: max(1, leastArea / 2))
      for part in parts.components {
        let (now, before) = Self.outlineSlopes(of: part, in: parts, slopes, meanSlope)
        guard before > Self.ghostRatio * now + Self.ghostMargin * Double(GradientPicture.scale) else { continue }
        parts.forEachPixel(of: part) { _, _, i in
          loose.pixels[i] = 0
          strict.pixels[i] = 0
          uncovered[i] = true
        }
      }
    }
  }

  /// The mean slopes of the two pictures along a component's outline, in `GradientPicture`'s unit.
  private static func outlineSlopes(
    of part: ConnectedComponents.Component, in parts: ConnectedComponents, _ first: Image, _ second: Image
  ) -> (Double, Double) {
    let (labels, width) = (parts.labels, parts.grid.width)
    var sums = (0, 0)
    var count = 0
    // Evidence keeps away from the border, so every pixel here has its four neighbours.
    parts.forEachPixel(of: part) { _, _, i in
      let isInner =
        labels[i - 1] == part.label && labels[i + 1] == part.label
        && labels[i - width] == part.label && labels[i + width] == part.label
      guard !isInner else { return }
      sums.0 += Int(first.pixels[i])
      sums.1 += Int(second.pixels[i])
      count += 1
    }
    return count > 0 ? (Double(sums.0) / Double(count), Double(sums.1) / Double(count)) : (0, 0)
  }
}
