import Foundation
import Geometry
import Imaging

/// Cuts shadows off the objects that cast them.
///
/// A shadow darkens the background by nearly one factor over its whole area and keeps its texture; an object shows other ratios side by
/// side. Only a shadow that hangs on something else is cut: a region that is dark throughout stays whole, for it may be a dark object.
struct ShadowCutter {
  /// Logarithms of frame over background that can be shadow.
  private static let ratios: ClosedRange<Float> = -1.6 ... -0.2
  /// The greatest variance of the logarithm within 5×5 pixels.
  private static let greatestVariance: Float = 0.006
  /// The share of a region that must be shadow, and that must be left, for a cut.
  private static let leastShadow = 0.12
  private static let leastRest = 0.12
  /// How far ratios of one shadow may lie from their median.
  private static let spread: Float = 0.35

  private let logarithms: [Float]
  /// 255 where the frame is a uniformly darkened background.
  private let isDarkened: [Bool]
  private let width: Int
  private let height: Int

  init(frame: Image, mean: Image) {
    width = frame.width
    height = frame.height
    let table = (0...255).map { Foundation.log(Float($0) + 4) }
    var logarithms = [Float](repeating: 0, count: frame.pixels.count)
    for i in logarithms.indices { logarithms[i] = table[Int(frame.pixels[i])] - table[Int(mean.pixels[i])] }
    self.logarithms = logarithms
    isDarkened = Self.uniform(logarithms, width: width, height: height)
  }

  private static func uniform(_ values: [Float], width: Int, height: Int) -> [Bool] {
    var result = [Bool](repeating: false, count: values.count)
    guard width > 4, height > 4 else { return result }
    for y in 2..<height - 2 {
      for x in 2..<width - 2 where ratios.contains(values[y * width + x]) {
        var sum: Float = 0
        var squares: Float = 0
        for row in y - 2...y + 2 {
          for i in row * width + x - 2...row * width + x + 2 {
            sum += values[i]
            squares += values[i] * values[i]
          }
        }
        let average = sum / 25
        result[y * width + x] = squares / 25 - average * average < greatestVariance
      }
    }
    return result
  }

  /// Removes the shadows from a mask.
  /// - Parameter gap: The element that closes what is left of an object.
  func cut(_ mask: Image, leastArea: Int, gap: Int) throws -> Image {
    var result = mask
    let parts = try ConnectedComponents(of: mask, minimumArea: leastArea)
    for part in parts.components {
      guard let rest = try rest(of: part, parts.labels, gap: gap) else { continue }
      for y in 0..<part.height {
        let row = (part.top + y) * width + part.left
        for x in 0..<part.width where parts.labels[row + x] == part.label {
          result.pixels[row + x] = rest.pixels[y * part.width + x]
        }
      }
    }
    return result
  }

  /// What is left of a region without its shadow, within the region's hull; nil where nothing is to be cut.
  private func rest(of part: ConnectedComponents.Component, _ labels: [Int32], gap: Int) throws -> Image? {
    var core: [Float] = []
    forEachPixel(of: part, labels) { i, _ in if isDarkened[i] { core.append(logarithms[i]) } }
    guard Double(core.count) >= Self.leastShadow * Double(part.area), !core.isEmpty else { return nil }
    core.sort()
    let median = core[core.count / 2]
    var shadow = Image(width: part.width, height: part.height, channels: 1)
    forEachPixel(of: part, labels) { i, place in
      if isDarkened[i], abs(logarithms[i] - median) < Self.spread { shadow.pixels[place] = 255 }
    }
    // The rim of a shadow is softer than its inside.
    let rim = try shadow.morphed(.dilation, .disk(7))
    var rest = Image(width: part.width, height: part.height, channels: 1)
    forEachPixel(of: part, labels) { i, place in
      let isRim = rim.pixels[place] != 0 && logarithms[i] < -0.1 && logarithms[i] < 0.4 * median
      if shadow.pixels[place] == 0, !isRim { rest.pixels[place] = 255 }
    }
    rest = try rest.morphed(.opening, .square(3)).morphed(.closing, .disk(gap))
    let left = rest.pixels.reduce(into: 0) { $0 += $1 == 0 ? 0 : 1 }
    return Double(left) >= Self.leastRest * Double(part.area) ? rest : nil
  }

  private func forEachPixel(
    of part: ConnectedComponents.Component, _ labels: [Int32], _ body: (_ index: Int, _ place: Int) -> Void
  ) {
    for y in 0..<part.height {
      let row = (part.top + y) * width + part.left
      for x in 0..<part.width where labels[row + x] == part.label { body(row + x, y * part.width + x) }
    }
  }
}
