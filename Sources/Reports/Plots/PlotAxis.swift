import Foundation
import Geometry

/// One axis of a plot: its range in values, where it lies in the picture, and round numbers to label.
struct PlotAxis {
  let range: ClosedRange<Double>
  let start: Double
  let end: Double

  /// The place of a value in the picture.
  func place(_ value: Double) -> Double {
    let span = range.upperBound - range.lowerBound
    return span > 0 ? start + (value - range.lowerBound) / span * (end - start) : (start + end) / 2
  }

  /// Values whose distance is a smaller share of their size than this are one up to rounding: errors of 1e-16 in sums of some millions.
  private static let leastShare = 1e-9

  /// The range around finite values; wider where all are one up to rounding, so that ticks have round numbers between them.
  static func range(of values: some Sequence<Double>) -> ClosedRange<Double> {
    var low = Double.infinity
    var high = -Double.infinity
    for value in values where value.isFinite {
      low = min(low, value)
      high = max(high, value)
    }
    guard low <= high else { return 0...1 }
    let size = max(abs(low), abs(high))
    guard high - low <= leastShare * size else { return low...high }
    let margin = max(0.5, 2 * leastShare * size)
    return (low - margin)...(high + margin)
  }

  /// Four to ten round numbers within the range: multiples of 1, 2 or 5 times a power of ten.
  var ticks: [Double] {
    let span = range.upperBound - range.lowerBound
    guard span > 0, span.isFinite else { return [range.lowerBound] }
    let magnitude = pow(10, floor(log10(span / 5)))
    let step = [1.0, 2, 5, 10].map { $0 * magnitude }.first { span / $0 <= 7 } ?? 10 * magnitude
    let first = (range.lowerBound / step).rounded(.up)
    let last = (range.upperBound / step + 1e-9).rounded(.down)
    // A step that is lost in the rounding of the bounds would give the same number several times.
    let isVisible = step > 0 && range.lowerBound + step > range.lowerBound && range.upperBound - step < range.upperBound
    guard isVisible, last >= first, last - first < 100 else { return [range.lowerBound] }
    return stride(from: first, through: last, by: 1).map { $0 * step }
  }

  /// A tick as text, with as many decimals as its neighbours need.
  func label(_ tick: Double) -> String {
    let ticks = self.ticks
    let step = ticks.count > 1 ? abs(ticks[1] - ticks[0]) : 1
    // The logarithm of a step of 0 is infinite.
    let decimals = Int(bounded: ceil(-log10(step) - 1e-9), in: 0...6)
    return DecimalText.fixed(tick, decimals: decimals) ?? ""
  }
}
