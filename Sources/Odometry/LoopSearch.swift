import Geometry
import Imaging

/// Recognises places that the camera saw before, by the features of pictures along its way (ORB, each against each; no vocabulary).
final class LoopSearch {
  /// A place that was seen again: the map from the later camera to the earlier one, x ↦ s R x + t, in the earlier one's unit.
  struct Match {
    var earlier: Int
    var later: Int
    var measured: PoseGraph.Similarity
    var supportCount: Int
  }

  /// A picture of the way.
  private struct View {
    var frame: Int
    var features: FeatureSet
    /// Where each feature lies in the camera's frame; nil where no measured points are near.
    var places: [Vector3?]
  }

  private static let featureCount = 500
  /// At most so many views are kept; beyond them every other one goes, and half as many come.
  static let mostViews = 256
  /// A view is made once the middle point has gone this share of the width.
  private static let viewShift = 0.2
  /// Views nearer than this are no loop: their pictures overlap.
  private static let leastGap = 6
  /// A feature is as far away as the measured points within this distance, in pixels, where they differ by less than the share.
  private static let nearPixels = 15.0, depthSpread = 0.1
  private static let leastMatches = 30, leastSupport = 25
  /// One of so many features is looked for in all views, and all of them in so many views: a picture with the least matches has five of the sample's.
  private static let sampleStep = 6, mostCompared = 4
  /// A feature is found within so many pixels of its place.
  private static let fitDistance = 3.0

  private let camera: CameraModel
  private let isStereo: Bool
  private let extractor: FeatureExtractor
  private let matcher: FeatureMatcher
  private var views: [View] = []
  private var spacing = LoopSearch.viewShift
  /// How far the middle point has gone since the last view, as a share of the width.
  private var way = Double.infinity
  private(set) var matches: [Match] = []
  /// The views that are kept.
  var viewCount: Int { views.count }

  init(rig: CameraRig) throws {
    camera = rig.left
    isStereo = rig.right != nil
    extractor = try FeatureExtractor(settings: FeatureExtractor.Settings(kind: .orb, maximumCount: Self.featureCount))
    matcher = try FeatureMatcher()
  }

  /// Begins anew: the unit of length is another one.
  func forgetViews() { (views, way) = ([], .infinity) }

  /// Takes a key frame: looks whether it was seen before.
  ///
  /// - Parameters:
  ///   - shift: How far the middle point has gone since the last key frame, as a share of the width.
  ///   - points: Measured points in the picture, and where they lie in the camera's frame.
  func add(_ image: Image, frame: Int, shift: Double, points: [(pixel: Point, place: Vector3)]) throws {
    way += shift
    guard way >= spacing else { return }
    way = 0
    let features = try FeatureSet()
    try extractor.extract(image, into: features)
    let view = View(frame: frame, features: features, places: places(of: features, points))
    if let match = try seenBefore(view) { matches.append(match) }
    views.append(view)
    if views.count > Self.mostViews {
      views = views.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
      spacing *= 2
    }
  }

  private func places(of features: FeatureSet, _ points: [(pixel: Point, place: Vector3)]) -> [Vector3?] {
    features.features.map { feature in
      let near = points.filter { ($0.pixel - feature.position).squaredLength < Self.nearPixels * Self.nearPixels }.map(\.place.z)
      guard let least = near.min(), let most = near.max(), most - least <= Self.depthSpread * least,
        let ray = camera.ray(feature.position)
      else { return nil }
      return ray * (near.reduce(0, +) / Double(near.count))
    }
  }

  private func seenBefore(_ view: View) throws -> Match? {
    let settings = FeatureMatcher.Settings(maximumDistance: 60)
    var best: (view: View, pairs: [FeatureMatch])?
    for earlier in try promising(view, settings) {
      let pairs = try matcher.match(earlier.features, view.features, settings: settings)
      if pairs.count >= Self.leastMatches, pairs.count > best?.pairs.count ?? 0 { best = (earlier, pairs) }
    }
    guard let best else { return nil }
    return try verified(best.view, view, best.pairs)
  }

  /// The views in which most of some features are found, in the order of the way: all features against those of all views would take longer the longer the
  /// way is.
  private func promising(_ view: View, _ settings: FeatureMatcher.Settings) throws -> [View] {
    let earlier = views.dropLast(Self.leastGap)
    guard earlier.count > Self.mostCompared else { return Array(earlier) }
    let ignored = (0..<view.features.count).map { UInt8($0 % Self.sampleStep == 0 ? 0 : 1) }
    let counts = try earlier.map { try matcher.match(view.features, $0.features, ignoring: ignored, settings: settings).count }
    // Of equal counts the earlier one, whose link corrects more of the way.
    let order = counts.indices.filter { counts[$0] > 0 }.sorted { (counts[$1], $0) < (counts[$0], $1) }
    return order.prefix(Self.mostCompared).sorted().map { earlier[earlier.startIndex + $0] }
  }

  /// The place from which the later view sees the earlier one's points, where many agree, and how the units compare.
  private func verified(_ earlier: View, _ later: View, _ pairs: [FeatureMatch]) throws -> Match? {
    let pixel = 2 / (camera.focalX + camera.focalY)
    let sights = pairs.compactMap { pair -> (sight: PoseRefinement.Sight, depth: Double?)? in
      guard let place = earlier.places[pair.first], let ray = camera.ray(later.features.features[pair.second].position) else {
        return nil
      }
      return (PoseRefinement.Sight(point: place, left: ray), later.places[pair.second]?.z)
    }
    guard sights.count >= Self.leastSupport else { return nil }
    let settings = PoseSolver.Settings(threshold: Self.fitDistance * pixel)
    guard let rough = try PoseSolver.pose(of: sights.map(\.sight.point), seenAlong: sights.map(\.sight.left), settings: settings)
    else {
      return nil
    }
    let refinement = PoseRefinement(scale: pixel, rightFromLeft: nil)
    let fits = zip(sights, rough.fits).filter(\.1).map(\.0)
    guard fits.count >= Self.leastSupport, 2 * fits.count >= sights.count,
      let pose = refinement.refined(rough.cameraFromWorld, fits.map(\.sight))?.cameraFromWorld
    else { return nil }
    let ratios = fits.compactMap { fit in fit.depth.map { (pose * fit.sight.point).z / $0 } }.sorted()
    guard isStereo || ratios.count >= Self.leastSupport / 2 else { return nil }
    let scale = isStereo ? 1 : ratios[ratios.count / 2]
    guard scale > 0, scale.isFinite else { return nil }
    return Match(
      earlier: earlier.frame, later: later.frame, measured: PoseGraph.Similarity(pose: pose.inverse, scale: scale),
      supportCount: fits.count)
  }
}
