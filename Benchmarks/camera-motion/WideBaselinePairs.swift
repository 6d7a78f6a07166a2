import Foundation
import Geometry
import Imaging
import Orientation

/// The pairs 1-2 … 1-6 of three sequences with true homographies (protocol in the folder's README).
struct WideBaselinePairs {
  let folder: String

  func run() throws {
    for features in FeatureExtractor.Kind.allCases {
      let estimator = try HomographyEstimator(settings: HomographyEstimator.Settings(features: features))
      print("\n\(features.rawValue): mean corner error in pixels (matches/inliers), or the reason of a refusal")
      print("| | 1-2 | 1-3 | 1-4 | 1-5 | 1-6 |\n|---|---|---|---|---|---|")
      var solved = 0
      var wrong = 0
      for sequence in ["graf", "boat", "bikes"] {
        var row = "| \(sequence) |"
        for index in 2...6 {
          let (text, error) = try measure(sequence, index, estimator)
          row += " \(text) |"
          if let error { if error < 5 { solved += 1 } else { wrong += 1 } }
        }
        print(row)
      }
      print("solved (under 5 px): \(solved) of 15; reported but wrong: \(wrong)")
    }
  }

  /// The same pairs with the second picture in other light: gain and gamma from half to twice, and ramps to two fifths of the light across it.
  func runInOtherLight() throws {
    let estimator = try HomographyEstimator(settings: HomographyEstimator.Settings(features: .orb))
    print("| light | under 5 px | refused | wrong | worst px | refused only in this light |\n|---|---|---|---|---|---|")
    var usual: Set<String> = []
    for light in Light.all {
      var (refused, errors): ([String], [Double]) = ([], [])
      for sequence in ["graf", "boat", "bikes"] {
        for index in 2...6 {
          let error = try measure(sequence, index, estimator, light: light).error
          if let error { errors.append(error) } else { refused.append("\(sequence) 1-\(index)") }
        }
      }
      if case .usual = light { usual = Set(refused) }
      let (right, worst) = (errors.count { $0 < 5 }, String(format: "%.2f", errors.max() ?? 0))
      let lost = refused.filter { !usual.contains($0) }.joined(separator: ", ")
      print("| \(light.name) | \(right) | \(refused.count) | \(errors.count - right) | \(worst) | \(lost) |")
    }
    try compareUnrelated(estimator)
  }

  /// Pictures of different sequences in the same lights: there is no map, so each one that is reported is wrong.
  private func compareUnrelated(_ estimator: HomographyEstimator) throws {
    let sequences = ["graf", "boat", "bikes"]
    var (pairs, reported) = (0, 0)
    for light in Light.all {
      for (first, second) in zip(sequences, sequences[1...] + [sequences[0]]) {
        let estimate = try estimator.estimate(from: picture(first, 1), to: lit(picture(second, 1), light))
        pairs += 1
        reported += estimate.homography == nil ? 0 : 1
      }
    }
    print("\n\(pairs) pairs of unrelated pictures in these lights: a map for \(reported)")
  }

  /// A change of light.
  private enum Light {
    case usual
    case gain(Double)
    case gamma(Double)
    /// From full light down to two fifths in this direction, across the whole picture.
    case ramp(Point)

    static let all: [Light] =
      [.usual] + [0.5, 0.7, 1.4, 2].map { .gain($0) } + [0.5, 0.7, 1.4, 2].map { .gamma($0) }
      + [Point(1, 0), Point(-1, 0), Point(0, 1), Point(0, -1)].map { .ramp($0) }

    var name: String {
      switch self {
      case .usual: "as it is"
      case .gain(let factor): "gain \(factor)"
      case .gamma(let exponent): "gamma \(exponent)"
      case .ramp(let direction): "ramp along \(direction.x), \(direction.y)"
      }
    }

    /// What it makes of a grey level at a place, in shares of the picture's sides.
    func level(_ level: Double, at place: Point) -> Double {
      switch self {
      case .usual: return level
      case .gain(let factor): return factor * level
      case .gamma(let exponent): return 255 * pow(level / 255, exponent)
      case .ramp(let direction):
        let way = (place - Point(0.5, 0.5)).dot(direction) + 0.5
        return (1 - 0.6 * way) * level
      }
    }
  }

  private func lit(_ picture: Image, _ light: Light) -> Image {
    var result = picture
    for y in 0..<picture.height {
      for x in 0..<picture.width {
        let place = Point(Double(x) / Double(picture.width), Double(y) / Double(picture.height))
        let level = light.level(Double(picture[x, y]), at: place)
        // Bounded: by 0 and 255; lights of levels are numbers.
        result[x, y] = UInt8(max(0, min(255, level.rounded())))
      }
    }
    return result
  }

  private func measure(
    _ sequence: String, _ index: Int, _ estimator: HomographyEstimator, light: Light = .usual
  ) throws -> (text: String, error: Double?) {
    let first = try picture(sequence, 1)
    let estimate = try estimator.estimate(from: first, to: lit(picture(sequence, index), light))
    let counts = "(\(estimate.matches)/\(estimate.inliers))"
    guard let homography = estimate.homography else {
      return ("refused: \(estimate.rejection?.rawValue ?? "") \(counts)", nil)
    }
    let truth = try truth(sequence, index)
    // The protocol's corners are the centres of the corner pixels.
    let (w, h) = (Double(first.width) - 0.5, Double(first.height) - 0.5)
    let error = [Point(0.5, 0.5), Point(w, 0.5), Point(w, h), Point(0.5, h)].reduce(0) { sum, corner in
      let place = homography.apply(corner) - Point(0.5, 0.5)
      return sum + (place - truth.apply(corner - Point(0.5, 0.5))).length / 4
    }
    return (String(format: "%.2f ", error) + counts, error)
  }

  private func picture(_ sequence: String, _ index: Int) throws -> Image {
    let path = "\(folder)/\(sequence)/img\(index).jpg"
    return try ImageFile.decode([UInt8](Data(contentsOf: URL(fileURLWithPath: path))), named: path)
  }

  /// The true map in the file's coordinates, whose origin is the centre of the first pixel.
  private func truth(_ sequence: String, _ index: Int) throws -> Homography {
    let text = try String(contentsOfFile: "\(folder)/\(sequence)/H1to\(index)p", encoding: .utf8)
    let numbers = text.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
    guard let homography = Homography(rowMajor: numbers) else { throw CocoaError(.fileReadCorruptFile) }
    return homography
  }
}
