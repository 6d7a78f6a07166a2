import Geometry

/// Pictures of digits in made fonts, for proofs that a network learns: turned, scaled and noisy, the same on every machine.
///
/// A font is a deformation of the digits' skeletons, a slant, a width, and an elliptic pen; fonts 0 ..< 40 are to train with, the five after
/// them are held out.
public struct DigitPictures: Sendable {
  /// Pixels of a side.
  public static let side = 28
  /// Fonts to train with.
  public static let trainingFonts = 0..<40
  /// Fonts that no training sees.
  public static let heldOutFonts = 40..<45
  private let fonts: [Font]

  /// - Parameter seed: Of the fonts.
  public init(seed: UInt64 = 1) {
    fonts = (0..<DigitPictures.heldOutFonts.upperBound).map { Font(seed: seed &* 1000 &+ UInt64($0)) }
  }

  /// One picture, row-major: 1 where the pen was, 0 elsewhere, and noise of deviation 0.2.
  ///
  /// - Parameter seed: Of the turn (within ±30°), the scale (0.7 to 1.3), the place (within a pixel) and the noise.
  public func picture(of digit: Int, font: Int, seed: UInt64) -> [Float] {
    var random = SplitMix64(seed: seed)
    let turn = (2 * random.uniform() - 1) * .pi / 6
    let scale = 0.7 + 0.6 * random.uniform()
    let shift = (2 * random.uniform() - 1, 2 * random.uniform() - 1)
    // A digit of scale 1 is 17 pixels high, so that the largest one, turned, stays inside.
    let height = 17 * scale
    let segments = fonts[font].segments[digit].map { segment -> Segment in
      Segment(
        DigitPictures.placed(segment.start, turn, height, shift), DigitPictures.placed(segment.end, turn, height, shift))
    }
    let pen = fonts[font].pen
    let (half, thinness) = (pen.half * height, pen.thinness)
    var squares = [Double](repeating: .infinity, count: DigitPictures.side * DigitPictures.side)
    for segment in segments { segment.lower(&squares, side: DigitPictures.side, reach: half + 1, thinness: thinness) }
    return squares.map { square in
      // The edge of the pen is one pixel soft.
      let ink = square.isFinite ? min(1, max(0, half - square.squareRoot() + 0.5)) : 0
      return Float(ink + 0.2 * DigitPictures.normal(&random))
    }
  }

  private static func placed(_ point: (Double, Double), _ turn: Double, _ height: Double, _ shift: (Double, Double)) -> (
    Double, Double
  ) {
    let (c, s) = (Cosine.of(turn), Cosine.of(turn - .pi / 2))
    let (x, y) = ((point.0 - 0.5) * height, (point.1 - 0.5) * height)
    let middle = Double(side) / 2
    return (middle + shift.0 + c * x - s * y, middle + shift.1 + s * x + c * y)
  }

  /// A sum of twelve even numbers, which is nearly normal and needs no function that differs between machines.
  private static func normal(_ random: inout SplitMix64) -> Double { (0..<12).reduce(-6) { sum, _ in sum + random.uniform() } }
}

/// A stroke's straight part.
private struct Segment {
  let start: (Double, Double)
  let end: (Double, Double)

  init(_ start: (Double, Double), _ end: (Double, Double)) { (self.start, self.end) = (start, end) }

  /// Lowers the squares of distances, of the pixels within reach, to those from this part; for a pen that is `thinness` as high as it is
  /// wide.
  func lower(_ squares: inout [Double], side: Int, reach: Double, thinness: Double) {
    let (dx, dy) = (end.0 - start.0, (end.1 - start.1) / thinness)
    let inverse = 1 / max(dx * dx + dy * dy, 1e-12)
    let columns = Segment.pixels(start.0, end.0, reach, side)
    for row in Segment.pixels(start.1, end.1, reach, side) {
      let py = (Double(row) + 0.5 - start.1) / thinness
      for column in columns {
        let px = Double(column) + 0.5 - start.0
        let share = min(1, max(0, (px * dx + py * dy) * inverse))
        let (x, y) = (px - share * dx, py - share * dy)
        squares[row * side + column] = min(squares[row * side + column], x * x + y * y)
      }
    }
  }

  /// The pixels of an axis within reach of both ends and what is between.
  private static func pixels(_ a: Double, _ b: Double, _ reach: Double, _ side: Int) -> Range<Int> {
    let (low, high) = (min(a, b) - reach, max(a, b) + reach)
    // Bounded: within the picture.
    let first = Int(min(max(low, 0), Double(side)))
    // Bounded: within the picture.
    return first..<max(first, Int(min(max(high.rounded(.up), 0), Double(side))))
  }
}

/// What all digits of a font have in common.
private struct Font {
  /// For each digit its strokes, y down, about within the unit square.
  let segments: [[Segment]]
  /// Half the pen's width in heights of a digit, and its height over its width.
  let pen: (half: Double, thinness: Double)

  init(seed: UInt64) {
    var random = SplitMix64(seed: SplitMix64.mixed(seed))
    func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * random.uniform() }
    let (width, slant) = (uniform(0.65, 1), uniform(-0.08, 0.3))
    pen = (uniform(0.035, 0.085), uniform(0.55, 1))
    segments = (0..<10).map { digit in
      Skeleton.strokes(of: digit, variant: random.next(below: 2)).flatMap { stroke -> [Segment] in
        let moved = stroke.map { point -> (Double, Double) in
          let (x, y) = (point.0 + uniform(-0.015, 0.015), point.1 + uniform(-0.015, 0.015))
          return (0.5 + (x - 0.5) * width + (0.5 - y) * slant, y)
        }
        return zip(moved, moved.dropFirst()).map { Segment($0, $1) }
      }
    }
  }
}

/// The digits' lines before a font deforms them.
private enum Skeleton {
  /// Points of each stroke, y down.
  static func strokes(of digit: Int, variant: Int) -> [[(Double, Double)]] {
    let isFirst = variant == 0
    switch digit {
    case 0: return [arc(0.5, 0.5, 0.33, 0.45, 0, 360)]
    case 1:
      let stem = [(0.28, 0.25), (0.52, 0.05), (0.52, 0.95)]
      return isFirst ? [stem] : [stem, [(0.28, 0.95), (0.76, 0.95)]]
    case 2: return [arc(0.5, 0.32, 0.3, 0.27, 180, 380) + [(0.2, 0.95), (0.82, 0.95)]]
    case 3:
      let bottom = arc(0.46, 0.69, 0.32, 0.26, -90, 150)
      return isFirst ? [arc(0.46, 0.25, 0.28, 0.2, -150, 90), bottom] : [[(0.2, 0.05), (0.75, 0.05), (0.46, 0.43)], bottom]
    case 4:
      return isFirst
        ? [[(0.66, 0.95), (0.66, 0.05), (0.15, 0.66), (0.88, 0.66)]]
        : [[(0.3, 0.05), (0.2, 0.55), (0.85, 0.55)], [(0.66, 0.3), (0.66, 0.95)]]
    case 5: return [[(0.76, 0.05), (0.3, 0.05), (0.25, 0.46)] + arc(0.46, 0.66, 0.31, 0.28, -130, 145)]
    case 6: return [arc(0.5, 0.67, 0.29, 0.27, 0, 360), six(isFirst)]
    case 7:
      let main = [(0.18, 0.05), (0.82, 0.05), (0.4, 0.95)]
      return isFirst ? [main] : [main, [(0.35, 0.5), (0.75, 0.5)]]
    case 8: return [arc(0.5, 0.27, 0.24, 0.21, 0, 360), arc(0.5, 0.71, 0.3, 0.24, 0, 360)]
    default: return [arc(0.5, 0.67, 0.29, 0.27, 0, 360), six(isFirst)].map { $0.map { (1 - $0.0, 1 - $0.1) } }
    }
  }

  /// The upper stroke of a six.
  private static func six(_ isCurved: Bool) -> [(Double, Double)] {
    isCurved ? arc(0.62, 0.6, 0.41, 0.55, 180, 275) : [(0.66, 0.05), (0.25, 0.55)]
  }

  /// Part of an ellipse, angles in degrees from x towards y (down).
  private static func arc(_ x: Double, _ y: Double, _ a: Double, _ b: Double, _ from: Double, _ to: Double) -> [(Double, Double)] {
    let parts = 14
    return (0...parts).map { part in
      let angle = (from + (to - from) * Double(part) / Double(parts)) * .pi / 180
      return (x + a * Cosine.of(angle), y + b * Cosine.of(angle - .pi / 2))
    }
  }
}

/// The cosine by its series, so that the pictures are the same on every machine.
private enum Cosine {
  static func of(_ angle: Double) -> Double {
    let turns = (angle / (2 * .pi)).rounded()
    let x = angle - turns * 2 * .pi
    var (term, sum) = (1.0, 1.0)
    // Sixteen terms leave less than 1e-15 for |x| ≤ π.
    for step in 1...16 {
      term *= -x * x / Double((2 * step - 1) * (2 * step))
      sum += term
    }
    return sum
  }
}
