import Foundation
import Splines

/// A motion as a JSON file; docs/motion-models.md, "The file of a motion", describes it.
public enum LearnedMotionFile {
  /// The value of `format`, raised with every change that older programs cannot read.
  public static let format = "sextant-motion/1"
  /// That of a motion whose curves look at the trend.
  public static let formatWithTrend = "sextant-motion/2"
  /// A longer file is no motion.
  public static let maximumBytes = 1 << 20
  /// Deeper nesting is none either.
  private static let maximumDepth = 16
  /// The state that this program's filter has.
  static let state = ["x", "y", "vx", "vy"]
  /// What the curves look at in each format.
  static let features = [
    format: ["speed", "departure", "alignment", "growth"],
    formatWithTrend: ["speed", "departure", "alignment", "growth", "trend", "trend_alignment"],
  ]

  /// Why a file is no motion, to be read after its name.
  public struct Problem: Error, Sendable, Equatable, CustomStringConvertible {
    /// One sentence's end.
    public let description: String
  }

  private struct Content: Codable {
    var format: String
    var state: [String]
    var features: [String]
    var unit: LearnedMotion.Unit
    var floorSpeed, memorySeconds, noise, alongNoise, relativeError, absoluteError, initialSpeed: Double
    /// Files of before have none.
    var lastingError: Double?
    var grids: [SplineGrid]
    var outputs: [OutputContent]

    enum CodingKeys: String, CodingKey {
      case format, state, features, unit, noise, grids, outputs
      case floorSpeed = "floor_speed"
      case memorySeconds = "memory_seconds"
      case alongNoise = "along_noise"
      case relativeError = "relative_error"
      case absoluteError = "absolute_error"
      case lastingError = "lasting_error"
      case initialSpeed = "initial_speed"
    }
  }

  private struct OutputContent: Codable {
    var name: String
    var constant: Double
    /// The coefficients by feature.
    var curves: [[Double]]
  }

  private struct Head: Codable {
    var format: String
    var state: [String]
    var features: [String]
  }

  /// The same motion gives the same bytes.
  public static func encode(_ motion: LearnedMotion) throws -> Data {
    let curves = motion.curves
    let kind = curves.seesTrend ? formatWithTrend : format
    let outputs = curves.outputs.map { output in
      let values = curves[output]
      return OutputContent(
        name: "\(output)", constant: curves.constants[output.rawValue],
        curves: curves.grids.indices.map { Array(values[curves.range(of: $0)]) })
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    var data = try encoder.encode(
      Content(
        format: kind, state: state, features: features[kind] ?? [], unit: motion.unit, floorSpeed: motion.floorSpeed,
        memorySeconds: motion.memorySeconds, noise: motion.noise, alongNoise: motion.alongNoise,
        relativeError: motion.relativeError, absoluteError: motion.absoluteError, initialSpeed: motion.initialSpeed,
        lastingError: motion.lastingError, grids: curves.grids, outputs: outputs))
    data.append(UInt8(ascii: "\n"))
    return data
  }

  /// - Throws: `Problem` for what is not a motion of this program's state, or not a stable one.
  public static func decode(_ data: Data) throws(Problem) -> LearnedMotion {
    guard data.count <= maximumBytes else { throw Problem(description: "it has more than \(maximumBytes) bytes") }
    guard depth(of: data) <= maximumDepth else { throw Problem(description: "it is nested more than \(maximumDepth) deep") }
    guard let head = try? JSONDecoder().decode(Head.self, from: data) else {
      throw Problem(description: "it is not JSON with a format, state and features; give a file of 'sextant train motion'")
    }
    guard let features = LearnedMotionFile.features[head.format] else {
      throw Problem(description: "its format is \(head.format.prefix(40)), not \(format) or \(formatWithTrend)")
    }
    guard head.state == state else {
      throw Problem(
        description: "its state has \(head.state.count) numbers (\(shown(head.state))), and this filter's has \(state.count) "
          + "(\(shown(state))); train it with this version")
    }
    guard head.features == features else {
      throw Problem(description: "its curves are of \(shown(head.features)), not of \(shown(features)); train it with this version")
    }
    guard let content = try? JSONDecoder().decode(Content.self, from: data) else {
      throw Problem(description: "a part is missing, of another type, or not finite")
    }
    let motion = try motion(content)
    if let problem = motion.problem { throw Problem(description: problem) }
    return motion
  }

  private static func shown(_ names: [String]) -> String { names.prefix(12).map { String($0.prefix(20)) }.joined(separator: ", ") }

  private static func motion(_ content: Content) throws(Problem) -> LearnedMotion {
    guard content.grids.count == content.features.count, content.grids.allSatisfy({ $0.intervals <= 256 }) else {
      throw Problem(
        description: "it has \(content.grids.count) grids of up to 256 intervals where \(content.features.count) are needed")
    }
    var curves = MotionCurves(grids: content.grids, constants: .zero)
    let names = curves.outputs.map { "\($0)" }
    guard content.outputs.map(\.name) == names else {
      throw Problem(description: "its outputs are \(shown(content.outputs.map(\.name))), not \(shown(names))")
    }
    for (output, values) in zip(curves.outputs, content.outputs) {
      guard values.curves.map(\.count) == content.grids.map(\.coefficientCount) else {
        throw Problem(description: "the curves of '\(values.name)' have other numbers of coefficients than its grids")
      }
      curves.constants[output.rawValue] = values.constant
      curves[output] = values.curves.flatMap { $0 }
    }
    var motion = LearnedMotion(
      unit: content.unit, fading: 1, grids: content.grids, floorSpeed: content.floorSpeed, memorySeconds: content.memorySeconds,
      noise: content.noise, relativeError: content.relativeError, absoluteError: content.absoluteError,
      initialSpeed: content.initialSpeed)
    motion.alongNoise = content.alongNoise
    motion.lastingError = content.lastingError ?? 0
    motion.curves = curves
    return motion
  }

  /// An upper bound of the nesting: brackets in strings count too, and a motion's strings hold none.
  private static func depth(of data: Data) -> Int {
    var (depth, deepest) = (0, 0)
    for byte in data {
      if byte == UInt8(ascii: "[") || byte == UInt8(ascii: "{") {
        depth += 1
        deepest = max(deepest, depth)
      } else if byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}") {
        depth -= 1
      }
    }
    return deepest
  }
}
