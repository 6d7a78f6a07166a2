import Geometry
import Imaging

/// An object that was seen in earlier frames: where it is, how large, and what it looks like; in working pixels.
///
/// The numbers here were chosen by hand on the sequences that Benchmarks/README.md names under "Motion detector".
struct RememberedObject: Codable {
  private(set) var box: GaussianBox
  /// Against the ground, in working pixels per second.
  private(set) var velocity = Point.zero
  /// Some of its pixels.
  private var samples: [Region.Sample]
  /// The number of its pixels.
  private(set) var area: Int
  /// When it was seen first, in seconds.
  let firstSeen: Double
  /// When the evidence last agreed with it, in seconds.
  var lastSupported: Double
  /// Since when the evidence has shown something else in its place.
  var disputedSince: Double?
  /// Since when its pixels have not been found.
  private(set) var lostSince: Double?
  /// The number of frames whose evidence agreed, and of all since it was seen first.
  private(set) var hits = 1
  private var frames = 1
  private var framesUntilSupport = 1
  /// Where it was seen first in the picture, and where the ground of that place is now.
  private let firstPlace: Point
  private var origin: Point
  /// Another object has taken over what this one showed.
  var isAbsorbed = false
  /// Its pixels as they were seen last, and the centre then.
  private var seen: Seen?

  private struct Seen: Codable {
    var mask: SoftMask
    var center: Point
  }

  /// The centre in the last frame, and its way from the one before.
  private var lastPlace: Point
  private var lastStep = Point.zero
  /// From where it was expected to where its pixels were found, in this frame.
  private var surprise = Point.zero

  init(_ region: Region, time: Double) {
    box = region.box
    samples = region.samples
    area = region.area
    firstSeen = time
    lastSupported = time
    lastPlace = region.box.mean
    firstPlace = region.box.mean
    origin = region.box.mean
    keepMask(of: region)
  }

  /// The upright hull of its box.
  var hull: AxisBox { box.orientedBox.hull }

  /// Its pixels where it is now; nil where nobody asked for them.
  var mask: SoftMask? { seen.map { $0.mask.moved(by: box.mean - $0.center) } }

  /// The share of the frames from the first to the last one whose evidence agreed with it in which it did.
  var seenShare: Double { Double(hits) / Double(framesUntilSupport) }

  /// How far it is from the ground on which it was seen first, in working pixels.
  /// - Parameter knowsScenery: Whether what the camera's motion makes of scenery above the ground does not count.
  func way(knowsScenery: Bool) -> Double {
    Parallax.ownWay(box.mean - origin, ground: knowsScenery ? origin - firstPlace : .zero)
  }

  /// The side of a square of its box's area, in working pixels.
  var side: Double { (box.covariance.determinant.squareRoot() * GaussianBox.momentDivisor).squareRoot() }

  // MARK: Prediction

  /// Moves it with the ground and with its own velocity.
  mutating func move(with ground: Homography, seconds: Double) {
    frames += 1
    guard let moved = ground.transform(box) else { return }
    origin = ground.apply(origin)
    let jacobian = ground.jacobian(at: box.mean)
    box = moved
    velocity = jacobian * velocity
    box.mean += velocity * seconds
    for k in samples.indices { samples[k].offset = jacobian * samples[k].offset }
  }

  /// Ends a frame.
  mutating func remember() {
    lastStep = box.mean - lastPlace
    lastPlace = box.mean
  }

  // MARK: Search

  /// The steps of the search around the prediction, in working pixels.
  private static let nearSteps = [2, 1, 0.5]
  /// Those of a search further away.
  private static let farSteps = [8, 4] + nearSteps
  /// A difference above this share of the greatest one calls for the search further away.
  private static let poorShare = 0.7
  /// A place further away must fit better by this factor.
  private static let farGain = 0.8
  /// A step away from the prediction must pay by so many grey levels: plain content fits everywhere.
  private static let stepGain = 0.15
  /// A pixel's difference counts up to so many grey levels: what is covered must not decide.
  private static let greatestSampleDifference = 40.0
  /// At least one in so many samples must lie in the picture.
  private static let visiblePart = 3
  /// So many hits make an object known enough to be kept out of the background and to be looked for further away: more than two.
  private static let fewHits = 2

  /// Whether it has been seen more than by chance.
  var isEstablished: Bool { hits > Self.fewHits }

  /// Moves it to where its pixels fit best near its predicted place, or further away where they do not fit there.
  /// - Parameter greatestDifference: The mean difference up to which its pixels count as found, in grey levels.
  mutating func find(in frame: Image, time: Double, greatestDifference: Double) {
    let predicted = box.mean
    var (best, least) = descend(from: predicted, steps: Self.nearSteps, frame)
    if least > Self.poorShare * greatestDifference, isEstablished {
      // Where the ground's motion is wrong, an object that the camera follows is still where it was in the picture.
      for start in [predicted, lastPlace + lastStep, lastPlace] {
        let (place, value) = descend(from: start, steps: Self.farSteps, frame)
        if value < Self.farGain * least { (best, least) = (place, value) }
      }
    }
    box.mean = best
    surprise = best - predicted
    lostSince = least <= greatestDifference ? nil : lostSince ?? time
  }

  /// Goes to the best of the eight neighbours, with ever smaller steps (in pixels).
  private func descend(from start: Point, steps: [Double], _ frame: Image) -> (Point, Double) {
    var best = start
    var least = cost(at: best, frame)
    for step in steps {
      let center = best
      for dy in -1...1 {
        for dx in -1...1 where dx != 0 || dy != 0 {
          let place = center + Point(Double(dx), Double(dy)) * step
          let value = cost(at: place, frame)
          if value < least - Self.stepGain {
            least = value
            best = place
          }
        }
      }
    }
    return (best, least)
  }

  /// The mean difference of its pixels from the frame's with its centre at a place, in grey levels.
  private func cost(at center: Point, _ frame: Image) -> Double {
    var sum = 0.0
    var count = 0
    frame.pixels.withUnsafeBufferPointer { pixels in
      // Samples are clamped to the picture, whose pixels these are.
      for sample in samples {
        let place = center + sample.offset
        guard
          let neighbours = BilinearSample(
            x: Float(place.x), y: Float(place.y), width: frame.width, height: frame.height)
        else { continue }
        sum += min(Self.greatestSampleDifference, abs(Double(neighbours.value(of: pixels) - sample.value)))
        count += 1
      }
    }
    return count * Self.visiblePart > samples.count && count > 0 ? sum / Double(count) : .infinity
  }

  // MARK: Evidence

  /// The share by which a region corrects the shape of an object that is new.
  private static let firstShapeRate = 0.6
  /// The share of a correction of the place that the velocity takes over, for each frame's duration.
  private static let velocityRate = 0.4
  /// Frames are never taken to be nearer in time, in seconds.
  static let leastSeconds = 1e-3

  /// Takes in a region that agrees with it.
  mutating func support(with region: Region, time: Double, seconds: Double, _ settings: ObjectMemorySettings) {
    let rate = isEstablished ? settings.shapeRate : Self.firstShapeRate
    let correction = (region.box.mean - box.mean) * settings.placeRate
    box.mean += correction
    velocity = velocity + correction * (Self.velocityRate / max(seconds, Self.leastSeconds))
    if let old = LogCovariance(box.covariance), let new = LogCovariance(region.box.covariance) {
      box.covariance =
        LogCovariance(
          p: old.p + rate * (new.p - old.p), q: old.q + rate * (new.q - old.q), r: old.r + rate * (new.r - old.r)
        ).covariance
    }
    samples = region.samples.map { Region.Sample(offset: $0.offset + (region.box.mean - box.mean), value: $0.value) }
    area = region.area
    keepMask(of: region)
    settle(time)
    hits += 1
  }

  /// Whether it stands still on evidence: it has gone its own length by itself, so that it is no ghost, its pixels are found, nothing
  /// else is seen in its place, and most of it still differs from the background.
  /// - Parameters:
  ///   - evidence: How surely pixels differ from the background, 0 to 255.
  ///   - knowsScenery: As for `way`.
  func stands(on evidence: Image, knowsScenery: Bool) -> Bool {
    guard lostSince == nil, disputedSince == nil, way(knowsScenery: knowsScenery) >= side else { return false }
    var differing = 0
    for sample in samples {
      let place = box.mean + sample.offset
      guard evidence.contains(place) else { continue }
      // Bounded: by the picture, just checked.
      if evidence[Int(place.x), Int(place.y)] > ForegroundEvidence.half { differing += 1 }
    }
    return 2 * differing > samples.count
  }

  /// Goes on with what its own pixels tell, as if a region agreed with it.
  mutating func stand(time: Double, seconds: Double) {
    velocity = velocity + surprise * (Self.velocityRate / max(seconds, Self.leastSeconds))
    settle(time)
    hits += 1
  }

  /// Becomes what the evidence shows in its place.
  mutating func replace(by region: Region, time: Double) {
    box = region.box
    samples = region.samples
    area = region.area
    keepMask(of: region)
    settle(time)
  }

  /// The pixels are those of the region where it is, whatever the box has been smoothed to.
  private mutating func keepMask(of region: Region) { seen = region.mask.map { Seen(mask: $0, center: box.mean) } }

  private mutating func settle(_ time: Double) {
    lastSupported = time
    framesUntilSupport = frames
    disputedSince = nil
    lostSince = nil
  }
}

extension Image {
  /// Whether a point lies in the picture.
  fileprivate func contains(_ place: Point) -> Bool {
    place.x >= 0 && place.y >= 0 && place.x < Double(width) && place.y < Double(height)
  }
}
