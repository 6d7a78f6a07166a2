public import Geometry
public import Imaging

/// How a flat thing moved from one picture to the next, by points on it that are followed.
public final class PlaneFlow {
  private var pyramids: (past: ImagePyramid, present: ImagePyramid)
  private let fitter = RobustFitter(seed: 0)
  /// The pictures that were taken so far, two at most.
  private var pictures = 0

  /// Windows of 21 pixels over five scales follow motions of some 80 pixels.
  private static let settings = OpticalFlow.Settings(window: 21, levels: 4)
  /// Points that do not come back to within so many pixels were not followed.
  private static let returning = 1.0
  /// The deviation of a followed point, pixels.
  private static let deviation = 0.7
  /// With fewer points nothing is said: three for each two parameters.
  private static let fewest = 12
  /// The least share of the points that has to move as one.
  private static let leastShare = 0.5

  /// - Throws: `ImagingError` where the library has no memory.
  public init() throws {
    func pyramid() throws -> ImagePyramid {
      try ImagePyramid(levels: PlaneFlow.settings.levels, maximumWindow: PlaneFlow.settings.window)
    }
    pyramids = (try pyramid(), try pyramid())
  }

  /// Takes the next picture.
  ///
  /// - Parameter picture: Grey, all of one size.
  /// - Throws: `ImagingError` for failures of the library.
  public func advance(to picture: Image) throws {
    pyramids = (pyramids.present, pyramids.past)
    try pyramids.present.fill(picture)
    pictures = min(2, pictures + 1)
  }

  /// The map from the last picture to the present one that most points moved by; nil where they do not move as one plane.
  ///
  /// - Parameters:
  ///   - points: On the thing, in pixels of the last picture.
  ///   - guess: Where the thing would be by what is known of its motion and the camera's.
  /// - Throws: `ImagingError` for failures of the library.
  public func motion(of points: [Point], guess: Homography) throws -> Homography? {
    guard pictures == 2, points.count >= PlaneFlow.fewest else { return nil }
    let settings = PlaneFlow.settings
    let there = try OpticalFlow.track(
      points, guesses: points.map(guess.apply), from: pyramids.past, to: pyramids.present, settings: settings)
    let arrived = zip(points, there).compactMap { point, end in end.map { (point, $0) } }
    let back = try OpticalFlow.track(
      arrived.map(\.1), guesses: arrived.map(\.0), from: pyramids.present, to: pyramids.past, settings: settings)
    let pairs = zip(arrived, back).compactMap { pair, origin -> Correspondence? in
      guard let origin, (origin - pair.0).length <= PlaneFlow.returning else { return nil }
      return Correspondence(source: pair.0, target: pair.1, sourceDeviation: 0, targetDeviation: PlaneFlow.deviation)
    }
    return fitted(pairs, of: points.count)
  }

  private func fitted(_ pairs: [Correspondence], of count: Int) -> Homography? {
    guard pairs.count >= PlaneFlow.fewest, let first = pairs.first?.source else { return nil }
    let (xs, ys) = (pairs.map(\.source.x), pairs.map(\.source.y))
    // Coordinates in which the points lie around 0 and within some units, wherever in the picture they are.
    let origin = Point(xs.min() ?? first.x, ys.min() ?? first.y)
    let reach = Point((xs.max() ?? first.x) - origin.x, (ys.max() ?? first.y) - origin.y)
    guard max(reach.x, reach.y) > 0 else { return nil }
    let scaling = FrameScaling(width: reach.x, height: reach.y)
    let scaled = pairs.map { pair in
      var moved = pair
      (moved.source, moved.target) = (pair.source - origin, pair.target - origin)
      return scaling.scaled(moved, to: scaling)
    }
    for family in [RobustFitter.Family.homography, .similarity] {
      guard let fit = fitter.fit(family, to: scaled), Double(fit.inliers.count) >= PlaneFlow.leastShare * Double(count) else {
        continue
      }
      return .translation(origin) * scaling.unscaled(fit.homography, to: scaling) * .translation(.zero - origin)
    }
    return nil
  }
}
