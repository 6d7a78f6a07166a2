internal import Geometry
public import Imaging

/// Looks for flat things in whole pictures, without any expectation of where they are.
public final class PlaneSearch {
  private let extractor: FeatureExtractor
  private let search: FeatureSearch
  private let features: FeatureSet
  /// What is looked at, and how much smaller than the picture it is.
  private var looked: (picture: Image, full: Image, scale: Double)?

  // Features are kept evenly over the picture; blobs of a nonlinear scale space, as between views of a plane from afar, and fainter ones than
  // there: a target is a small part of the picture.
  private static let extraction = FeatureExtractor.Settings(
    kind: .akaze, maximumCount: 4_000, gridColumns: 16, gridRows: 12, threshold: 0.0003)
  /// Larger pictures are looked at in this width, pixels: time rises with the area, and a target of a tenth of it still has features.
  private static let greatestWidth = 1_280
  /// Samples: enough for 12 % of right pairs, as most features of the picture are not the target's: ln(0.001)/ln(1 − 0.12⁴).
  private static let samples = 30_000

  /// - Parameter seed: Of the random sampling: equal input gives equal output.
  /// - Throws: `ImagingError` where the library has no memory.
  public init(seed: UInt64 = 0) throws {
    extractor = try FeatureExtractor(settings: PlaneSearch.extraction)
    search = try FeatureSearch(PlaneSearch.extraction, fitter: RobustFitter(seed: seed, maximumIterations: PlaneSearch.samples))
    features = try FeatureSet()
  }

  /// Takes the picture that is searched next.
  ///
  /// - Parameter picture: Grey.
  /// - Throws: `ImagingError` for failures of the library.
  public func look(at picture: Image) throws {
    let scale = min(1, Double(PlaneSearch.greatestWidth) / Double(picture.width))
    // Bounded: by the picture's own sides.
    let (width, height) = (
      Int(bounded: (Double(picture.width) * scale).rounded(), in: 1...picture.width),
      Int(bounded: (Double(picture.height) * scale).rounded(), in: 1...picture.height)
    )
    let smaller = scale < 1 ? try picture.resized(width: width, height: height) : picture
    try extractor.extract(smaller, into: features)
    looked = (smaller, picture, Double(width) / Double(picture.width))
  }

  /// Where a plane is in that picture; nil where it is not seen.
  ///
  /// - Throws: `ImagingError` for failures of the library.
  public func find(_ plane: KnownPlane) throws -> KnownPlane.Sighting? {
    guard let looked else { return nil }
    let own = try plane.described(by: extractor)
    let both = (first: own.features, second: features)
    let scalings = (FrameScaling(own.picture), FrameScaling(looked.picture))
    guard let fit = try search.fit(both, scalings) else { return nil }
    let places = fit.fit.inliers.map { scalings.0.unscaled(fit.pairs[$0].source) }
    let (width, height) = (Double(own.picture.width), Double(own.picture.height))
    let rough = scalings.0.unscaled(fit.fit.homography, to: scalings.1)
    guard KnownPlane.test.rejection(of: rough, points: places, matches: fit.pairs.count, width: width, height: height) == nil,
      let fromOwn = own.toOwn.inverse
    else { return nil }
    let closer = try search.guided(fit, both, scalings)
    let toFull = Homography.scaling(1 / looked.scale, 1 / looked.scale)
    return try plane.align(toFull * scalings.0.unscaled(closer.fit.homography, to: scalings.1) * fromOwn, in: looked.full)
  }
}
