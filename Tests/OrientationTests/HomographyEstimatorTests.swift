import Foundation
import Geometry
import Imaging
import Orientation
import Testing

@Suite struct HomographyEstimatorTests {
  /// `../shared/data/oxford-affine` beside the package, nil where it is not there.
  static let folder: URL? = {
    let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let folder = package.deletingLastPathComponent().appendingPathComponent("shared/data/oxford-affine")
    return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
  }()

  @Test(arguments: FeatureExtractor.Kind.allCases) func findsALargeTurnWithZoom(features: FeatureExtractor.Kind) throws {
    let first = try Scene.frame(Scene.ground(), Scene.window)
    let truth =
      Homography.translation(Point(300, 200)) * Homography(0.35, -0.45, 0, 0.45, 0.35, 0, 2e-4, 1e-4, 1)
      * .translation(Point(-320, -180))
    let second = try first.warped(by: truth, width: 600, height: 400)
    let estimator = try HomographyEstimator(settings: HomographyEstimator.Settings(features: features))
    let found = try #require(try estimator.estimate(from: first, to: second).homography)
    for corner in [Point(0, 0), Point(640, 0), Point(640, 360), Point(0, 360)] {
      #expect((found.apply(corner) - truth.apply(corner)).length < 0.5)
    }
  }

  /// What a change of light makes of a grey level at a share of the picture's width.
  static let lights: [@Sendable (Double, Double) -> Double] = [
    { level, _ in 0.5 * level }, { level, _ in 2 * level }, { level, _ in 255 * (level / 255).squareRoot() },
    { level, _ in level * level / 255 }, { level, x in (0.4 + 0.6 * x) * level }, { level, x in (1 - 0.6 * x) * level + 40 * x },
  ]

  @Test(arguments: lights.indices) func lightDoesNotHideTheMap(index: Int) throws {
    let first = try Scene.frame(Scene.ground(), Scene.window)
    let truth =
      Homography.translation(Point(300, 200)) * Homography(0.6, -0.45, 0, 0.45, 0.6, 0, 2e-4, 1e-4, 1)
      * .translation(Point(-320, -180))
    var second = try first.warped(by: truth, width: 600, height: 400)
    for y in 0..<400 {
      for x in 0..<600 {
        let level = Self.lights[index](Double(second[x, y]), Double(x) / 600)
        second[x, y] = UInt8(min(255, max(0, level.rounded())))
      }
    }
    let estimator = try HomographyEstimator(settings: HomographyEstimator.Settings(features: .orb))
    let estimate = try estimator.estimate(from: first, to: second)
    let found = try #require(estimate.homography, "\(String(describing: estimate.rejection))")
    for corner in [Point(0, 0), Point(640, 0), Point(640, 360), Point(0, 360)] {
      #expect((found.apply(corner) - truth.apply(corner)).length < 0.5)
    }
  }

  @Test(arguments: [0.4, 1.0, 1.6]) func blurInAnotherLightDoesNotHideTheMap(gain: Double) throws {
    let first = try Scene.frame(Scene.ground(), Scene.window)
    let truth = Homography.translation(Point(20, 10)) * Homography(0.98, -0.05, 0, 0.05, 0.98, 0, 0, 0, 1)
    var second = try first.warped(by: truth, width: 640, height: 360).gaussianBlurred(sigma: 3)
    for i in second.pixels.indices { second.pixels[i] = UInt8(min(255, (gain * Double(second.pixels[i])).rounded())) }
    let estimator = try HomographyEstimator(settings: HomographyEstimator.Settings(features: .orb))
    let found = try #require(try estimator.estimate(from: first, to: second).homography)
    for corner in [Point(0, 0), Point(640, 0), Point(640, 360), Point(0, 360)] {
      #expect((found.apply(corner) - truth.apply(corner)).length < 1)
    }
  }

  @Test func unrelatedPicturesAreRefusedWithAReason() throws {
    let first = try Scene.frame(Scene.ground(), Scene.window)
    let second = try Scene.frame(Scene.textured(seed: 2), Scene.window)
    let estimator = try HomographyEstimator(settings: HomographyEstimator.Settings(features: .orb))
    for other in [second, Scene.constant(7), ImageNoise.make(width: 640, height: 360, seed: 2)] {
      let estimate = try estimator.estimate(from: first, to: other)
      #expect(estimate.homography == nil && estimate.rejection != nil)
    }
  }

  /// The mean distance of the first picture's corners from where the file's homography puts them, in pixels; nil for a refusal.
  private func error(_ sequence: String, _ index: Int, _ estimator: HomographyEstimator, _ folder: URL) throws -> Double? {
    func picture(_ number: Int) throws -> Image {
      try ImageFile.decode([UInt8](Data(contentsOf: folder.appendingPathComponent("\(sequence)/img\(number).jpg"))))
    }
    let first = try picture(1)
    guard let found = try estimator.estimate(from: first, to: picture(index)).homography else { return nil }
    let text = try String(contentsOf: folder.appendingPathComponent("\(sequence)/H1to\(index)p"), encoding: .utf8)
    let truth = try #require(
      Homography(rowMajor: text.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }))
    let half = Point(0.5, 0.5)
    let (w, h) = (Double(first.width) - 1, Double(first.height) - 1)
    return [Point(0, 0), Point(w, 0), Point(w, h), Point(0, h)].reduce(0) {
      $0 + (found.apply($1 + half) - half - truth.apply($1)).length / 4
    }
  }

  @Test(
    .enabled(if: folder != nil, "needs ../shared/data/oxford-affine beside the package"),
    arguments: FeatureExtractor.Kind.allCases)
  func solvesWideBaselinesOrRefusesThem(features: FeatureExtractor.Kind) throws {
    let folder = try #require(Self.folder)
    let estimator = try HomographyEstimator(settings: HomographyEstimator.Settings(features: features))
    var solved = 0
    for sequence in ["graf", "boat", "bikes"] {
      for index in 2...6 {
        guard let error = try error(sequence, index, estimator, folder) else { continue }
        #expect(error < 5, "\(sequence) 1-\(index) is reported but wrong")
        solved += 1
      }
    }
    #expect(solved >= 14)
  }
}
