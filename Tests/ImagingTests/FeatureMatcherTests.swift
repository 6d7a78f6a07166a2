import Geometry
import Imaging
import Testing

@Suite struct FeatureMatcherTests {
  /// Noise that is smooth enough to have corners at several scales.
  static func picture(width: Int = 400, height: Int = 300, seed: UInt64 = 5) throws -> Image {
    try ImageResizeTests.noise(width: width / 8, height: height / 8, channels: 1, seed: seed)
      .resized(width: width, height: height)
  }

  static func features(_ image: Image, _ settings: FeatureExtractor.Settings) throws -> FeatureSet {
    let features = try FeatureSet()
    try FeatureExtractor(settings: settings).extract(image, into: features)
    return features
  }

  @Test(arguments: FeatureExtractor.Kind.allCases) func aPictureMatchesItself(kind: FeatureExtractor.Kind) throws {
    let image = try Self.picture()
    let settings = FeatureExtractor.Settings(kind: kind, maximumCount: 300)
    let (first, second) = (try Self.features(image, settings), try Self.features(image, settings))
    #expect(first.count > 100 && first.features == second.features)
    let matches = try FeatureMatcher().match(first, second, settings: FeatureMatcher.Settings(ratio: 1))
    #expect(matches.allSatisfy { $0.distance == 0 && first.features[$0.first].position == second.features[$0.second].position })
    #expect(matches.count > first.count * 9 / 10)
  }

  @Test(arguments: FeatureExtractor.Kind.allCases) func featuresMoveWithThePicture(kind: FeatureExtractor.Kind) throws {
    let image = try Self.picture()
    let map = Homography(0.9, -0.3, 60, 0.3, 0.9, -20, 0, 0, 1)
    let settings = FeatureExtractor.Settings(kind: kind, maximumCount: 400)
    let first = try Self.features(image, settings)
    let second = try Self.features(image.warped(by: map, border: .replicated), settings)
    let matches = try FeatureMatcher().match(first, second, settings: FeatureMatcher.Settings())
    let near = matches.filter {
      (map.apply(first.features[$0.first].position) - second.features[$0.second].position).length < 3
    }
    #expect(near.count > 60 && near.count * 10 > matches.count * 8)
    // Positions carry no bias: a confused convention, or coarse scales taken as they come, would shift them by half a pixel and more.
    let mean =
      near.reduce(Point.zero) {
        $0 + second.features[$1.second].position - map.apply(first.features[$1.first].position)
      } / Double(near.count)
    #expect(mean.length < 0.3)
  }

  @Test func keptFeaturesAreSpreadOverTheGrid() throws {
    let settings = FeatureExtractor.Settings(kind: .orb, maximumCount: 120, gridColumns: 4, gridRows: 3)
    let features = try Self.features(Self.picture(), settings)
    #expect(features.count <= 120 && features.count >= 96)
    var cells = [Int](repeating: 0, count: 12)
    for feature in features.features {
      cells[Int(feature.position.y / 100) * 4 + Int(feature.position.x / 100)] += 1
    }
    #expect(cells.allSatisfy { $0 >= 6 && $0 <= 12 })
  }

  @Test func aPredictionWithARadiusGivesTheMatchesWithinIt() throws {
    let image = try Self.picture()
    let shift = Homography.translation(Point(13, -6))
    let settings = FeatureExtractor.Settings(kind: .orb, maximumCount: 300)
    let first = try Self.features(image, settings)
    let second = try Self.features(image.warped(by: shift, border: .replicated), settings)
    let matcher = try FeatureMatcher()
    let guided = try matcher.match(
      first, second, settings: FeatureMatcher.Settings(prediction: shift, radius: 5, ratio: 1))
    #expect(guided.count > 120)
    for match in guided {
      let expected = shift.apply(first.features[match.first].position)
      #expect((second.features[match.second].position - expected).length <= 5.001)
    }
    let elsewhere = Homography.translation(Point(2_000, 2_000))
    #expect(
      try matcher.match(first, second, settings: FeatureMatcher.Settings(prediction: elsewhere, radius: 5)).isEmpty)
    let wide = FeatureMatcher.Settings(prediction: .identity, radius: 10_000)
    #expect(try matcher.match(first, second, settings: wide) == matcher.match(first, second, settings: .init()))
  }

  @Test func ignoredFeaturesTakeNoPart() throws {
    let image = try Self.picture()
    let settings = FeatureExtractor.Settings(kind: .orb, maximumCount: 200)
    let (first, second) = (try Self.features(image, settings), try Self.features(image, settings))
    let marks = (0..<first.count).map { UInt8($0 % 2) }
    let matches = try FeatureMatcher().match(first, second, ignoring: marks, settings: FeatureMatcher.Settings())
    #expect(!matches.isEmpty && matches.allSatisfy { $0.first % 2 == 0 })
  }

  @Test func picturesWithoutTextureHaveNoFeatures() throws {
    for kind in FeatureExtractor.Kind.allCases {
      let settings = FeatureExtractor.Settings(kind: kind)
      #expect(try Self.features(Image(width: 300, height: 200, channels: 1), settings).count == 0)
      #expect(try Self.features(Image(width: 3, height: 1, channels: 1), settings).count == 0)
    }
    #expect(throws: ImagingError.self) {
      try Self.features(Image(width: 300, height: 200, channels: 3), FeatureExtractor.Settings(kind: .orb))
    }
    #expect(throws: ImagingError.self) {
      try FeatureExtractor(settings: FeatureExtractor.Settings(kind: .orb, maximumCount: 0))
    }
  }

  @Test func handlesAreMadeAndFreedWithoutTrouble() throws {
    let image = try Self.picture(width: 120, height: 90)
    for index in 0..<10_000 {
      let features = try FeatureSet()
      _ = try FeatureMatcher()
      _ = try ImagePyramid(levels: 2, maximumWindow: 9)
      if index % 500 == 0 {
        try FeatureExtractor(settings: FeatureExtractor.Settings(kind: .orb)).extract(image, into: features)
      }
    }
  }
}
