import Foundation

/// A curve as a picture in SVG: the curve, the range of the data and how many lie under each part.
public struct CurvePicture: Sendable {
  /// What stands above the curve; HTML's own characters are escaped.
  public var title: String
  /// What is drawn.
  public var curve: Curve
  /// Where the curve is drawn.
  public var range: ClosedRange<Double>
  /// Where the data lie; the curve is dashed outside.
  public var dataRange: ClosedRange<Double>?
  /// Numbers of data in equal parts of `range`, drawn as bars along the bottom.
  public var counts: [Int] = []

  private static let size = (width: 480.0, height: 260.0, margin: 46.0)
  private static let points = 240

  /// - Parameters:
  ///   - range: Where the curve is drawn.
  ///   - dataRange: Where the data lie; nil: everywhere.
  ///   - counts: Numbers of data in equal parts of `range`; empty: no bars.
  public init(title: String, curve: Curve, range: ClosedRange<Double>, dataRange: ClosedRange<Double>? = nil, counts: [Int] = []) {
    self.title = title
    self.curve = curve
    self.range = range
    self.dataRange = dataRange
    self.counts = counts
  }

  /// The picture as one `svg` element.
  public var svg: String {
    let positions = (0...Self.points).map {
      lerp(range.lowerBound, range.upperBound, Double($0) / Double(Self.points))
    }
    let values = positions.map { curve.evaluate($0).value }
    let lowest = values.min() ?? 0
    let highest = values.max() ?? 0
    let span = highest > lowest ? highest - lowest : 1
    let width = range.upperBound > range.lowerBound ? range.upperBound - range.lowerBound : 1
    func x(_ position: Double) -> Double {
      Self.size.margin + (position - range.lowerBound) / width * (Self.size.width - 2 * Self.size.margin)
    }
    func y(_ value: Double) -> Double {
      Self.size.height - Self.size.margin - (value - lowest) / span * (Self.size.height - 2 * Self.size.margin)
    }
    var parts = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(Int(Self.size.width)) \(Int(Self.size.height))\">",
      text(Self.size.width / 2, 18, title, anchor: "middle"),
    ]
    parts += bars
    let known = dataRange ?? range
    let pieces: [(ClosedRange<Double>, String)] = [
      (range.lowerBound...max(range.lowerBound, known.lowerBound), " stroke-dasharray=\"4 4\""),
      (known, ""), (min(range.upperBound, known.upperBound)...range.upperBound, " stroke-dasharray=\"4 4\""),
    ]
    for (piece, dash) in pieces {
      let path = zip(positions, values).filter { piece.contains($0.0) }.map { decimal(x($0.0)) + "," + decimal(y($0.1)) }
      guard path.count > 1 else { continue }
      parts.append(
        "<polyline fill=\"none\" stroke=\"#0072b2\" stroke-width=\"2\"\(dash) points=\"\(path.joined(separator: " "))\"/>")
    }
    let bottom = Self.size.height - Self.size.margin + 16
    parts += [
      text(Self.size.margin, bottom, shortText(range.lowerBound), anchor: "middle"),
      text(Self.size.width - Self.size.margin, bottom, shortText(range.upperBound), anchor: "middle"),
      text(Self.size.margin - 6, y(lowest), shortText(lowest), anchor: "end"),
      text(Self.size.margin - 6, y(highest) + 4, shortText(highest), anchor: "end"), "</svg>",
    ]
    return parts.joined(separator: "\n")
  }

  private var bars: [String] {
    let most = Double(counts.max() ?? 0)
    guard most > 0 else { return [] }
    let width = (Self.size.width - 2 * Self.size.margin) / Double(counts.count)
    return counts.enumerated().map { index, count in
      // A quarter of the picture is enough for the bars.
      let height = Double(count) / most * (Self.size.height - 2 * Self.size.margin) / 4
      let left = Self.size.margin + Double(index) * width
      let top = Self.size.height - Self.size.margin - height
      return
        "<rect fill=\"#dddddd\" x=\"\(decimal(left))\" y=\"\(decimal(top))\" width=\"\(decimal(width))\" height=\"\(decimal(height))\"/>"
    }
  }

  private func text(_ x: Double, _ y: Double, _ text: String, anchor: String) -> String {
    let escaped = text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
    return "<text x=\"\(decimal(x))\" y=\"\(decimal(y))\" text-anchor=\"\(anchor)\" font-size=\"11\">\(escaped)</text>"
  }

  private func decimal(_ value: Double) -> String { String(format: "%.1f", value) }
}

extension CubicSpline {
  /// The spline written out: on each interval a cubic of the place t in [0, 1] there, and the lines beyond.
  public func text(_ z: String = "z") -> String {
    var lines: [String] = []
    let left = evaluate(grid.lower)
    lines.append(
      "\(z) < \(shortText(grid.lower)): \(shortText(left.value)) + \(shortText(left.slope))·(\(z) - \(shortText(grid.lower)))")
    for interval in 0..<grid.intervals {
      let start = grid.lower + Double(interval) * grid.step
      let c = bezier(interval: interval).coefficients
      let powers = [c[0], 3 * (c[1] - c[0]), 3 * (c[2] - 2 * c[1] + c[0]), c[3] - 3 * c[2] + 3 * c[1] - c[0]]
      let cubic = Formula(terms: (0...3).map { .power($0) }, factors: powers).text("t")
      lines.append("\(z) in [\(shortText(start)), \(shortText(start + grid.step))]: \(cubic)")
    }
    let right = evaluate(grid.upper)
    lines.append(
      "\(z) > \(shortText(grid.upper)): \(shortText(right.value)) + \(shortText(right.slope))·(\(z) - \(shortText(grid.upper)))")
    return lines.joined(separator: "\n")
  }
}
