import Foundation
import Geometry
import Imaging

/// Cuts shadows off the objects that cast them.
///
/// A shadow darkens the background by nearly one factor over its whole area and keeps its texture; an object shows other ratios side by
/// side. Only a shadow that hangs on something else is cut: a region that is dark throughout stays whole, for it may be a dark object.
struct ShadowCutter {
  // The numbers here were chosen by hand on the sequences that Benchmarks/README.md names under "Motion detector".

  /// Logarithms of frame over background that can be shadow: 0.2 to 0.82 of the brightness.
  private static let ratios: ClosedRange<Float> = -1.6 ... -0.2
  /// The greatest variance of the logarithm within the window: a deviation of 8 % of the brightness.
  private static let greatestVariance: Float = 0.006
  /// How far the window reaches to each side, in working pixels: 5×5 of them.
  private static let reach = 2
  /// The share of a region that must be shadow for a cut.
  private static let leastShadow = 0.12
  /// The share of a region that must be left after a cut.
  private static let leastRest = 0.12
  /// How far the logarithms of one shadow may lie from their median.
  private static let spread: Float = 0.35
  /// Added to grey values before the logarithm, in levels, so that noise in the dark does not become large ratios.
  private static let darkLevel: Float = 4
  /// The element, in working pixels, by which a shadow is grown to reach its rim, which is softer than its inside.
  private static let rimElement = 7
  /// The rim is darker than this logarithm, and than this share of the shadow's own.
  private static let rimLogarithm: Float = -0.1
  private static let rimShare: Float = 0.4
  /// The element, in working pixels, that removes crumbs of the cut.
  private static let crumbElement = 3

  private let logarithms: [Float]
  /// True where the frame is a uniformly darkened background.
  private let isDarkened: [Bool]

  /// - Parameters:
  ///   - frame: Grey.
  ///   - mean: The background's grey values, of the same size.
  init(frame: Image, mean: Image) {
    let table = (0...UInt8.max).map { Foundation.log(Float($0) + Self.darkLevel) }
    var logarithms = [Float](repeating: 0, count: frame.pixels.count)
    for i in logarithms.indices { logarithms[i] = table[Int(frame.pixels[i])] - table[Int(mean.pixels[i])] }
    self.logarithms = logarithms
    isDarkened = Self.uniform(logarithms, frame.grid)
  }

  /// Whether each pixel's ratio can be shadow and varies little around it; false where the window does not fit.
  private static func uniform(_ logarithms: [Float], _ grid: PixelGrid) -> [Bool] {
    var result = [Bool](repeating: false, count: logarithms.count)
    let windowCount = Float((2 * reach + 1) * (2 * reach + 1))
    logarithms.withUnsafeBufferPointer { values in
      // One value for each pixel of the grid; the margin keeps the window inside.
      grid.forEachPixel(margin: reach) { _, _, index in
        guard ratios.contains(values[index]) else { return }
        var sum: Float = 0
        var squares: Float = 0
        grid.forEachNeighbour(of: index, reach: reach) { i in
          sum += values[i]
          squares += values[i] * values[i]
        }
        let average = sum / windowCount
        result[index] = squares / windowCount - average * average < greatestVariance
      }
    }
    return result
  }

  /// Removes the shadows from a mask.
  /// - Parameters:
  ///   - leastArea: Smaller regions stay as they are, in pixels.
  ///   - gap: The element that closes what is left of an object.
  func cut(_ mask: Image, leastArea: Int, gap: Int) throws -> Image {
    var result = mask
    let parts = try ConnectedComponents(of: mask, minimumArea: leastArea)
    for part in parts.components {
      guard let rest = try rest(of: part, in: parts, gap: gap) else { continue }
      parts.forEachPixel(of: part) { x, y, index in
        result.pixels[index] = rest.pixels[(y - part.top) * part.width + x - part.left]
      }
    }
    return result
  }

  /// What is left of a region without its shadow, within the region's hull; nil where nothing is to be cut.
  private func rest(of part: ConnectedComponents.Component, in parts: ConnectedComponents, gap: Int) throws -> Image? {
    var core: [Float] = []
    parts.forEachPixel(of: part) { _, _, index in if isDarkened[index] { core.append(logarithms[index]) } }
    guard Double(core.count) >= Self.leastShadow * Double(part.area), !core.isEmpty else { return nil }
    core.sort()
    let median = core[core.count / 2]
    func place(_ x: Int, _ y: Int) -> Int { (y - part.top) * part.width + x - part.left }
    var shadow = Image(width: part.width, height: part.height, channels: 1)
    parts.forEachPixel(of: part) { x, y, index in
      if isDarkened[index], abs(logarithms[index] - median) < Self.spread { shadow.pixels[place(x, y)] = .max }
    }
    let rim = try shadow.morphed(.dilation, .disk(Self.rimElement))
    var rest = Image(width: part.width, height: part.height, channels: 1)
    parts.forEachPixel(of: part) { x, y, index in
      let here = place(x, y)
      let isRim =
        rim.pixels[here] != 0 && logarithms[index] < Self.rimLogarithm && logarithms[index] < Self.rimShare * median
      if shadow.pixels[here] == 0, !isRim { rest.pixels[here] = .max }
    }
    rest = try rest.morphed(.opening, .square(Self.crumbElement)).morphed(.closing, .disk(gap))
    let left = rest.pixels.reduce(into: 0) { $0 += $1 == 0 ? 0 : 1 }
    return Double(left) >= Self.leastRest * Double(part.area) ? rest : nil
  }
}
