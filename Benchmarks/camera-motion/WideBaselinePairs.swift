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

  private func measure(
    _ sequence: String, _ index: Int, _ estimator: HomographyEstimator
  ) throws -> (text: String, error: Double?) {
    let first = try picture(sequence, 1)
    let estimate = try estimator.estimate(from: first, to: picture(sequence, index))
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
