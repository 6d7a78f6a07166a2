import Foundation
import Geometry

/// Spots of difference as detections, beside those of the background model: which of them stand for an object of their own, and how surely.
struct SmallObjects {
  let spots: [SpotMemory.Entry]
  /// From the picture that the spots are of to displayed pixels.
  let scale: WorkingScale
  /// Of the displayed picture, in pixels.
  let displaySize: (width: Int, height: Int)

  /// Spots are neighbours within this share of the picture's width along both axes: leaves in the wind, waves and edges that parallax
  /// moves give many.
  private static let neighbourhood = 0.1
  /// The surroundings of a large box that are its own, at each side: a share of its sides and pixels, for blur and what it has just left.
  private static let fringe = (share: 0.15, pixels: 3.0)
  /// A spot and a large box of each of which the other covers more than this share are the same thing.
  private static let same = 0.5

  /// What the larger boxes and the spots show together.
  ///
  /// A spot that is most of a larger box speaks for it, so the box has the better of both scores; any other within it or at its fringe is
  /// part of it and says nothing of whether the box is one object, two or an object with its shadow; all others stand for objects of
  /// their own.
  /// Spots that show one extent are one object.
  /// - Parameter large: Detections in displayed pixels; the small ones are numbered after them.
  func joined(with large: [DetectedBox]) -> [DetectedBox] {
    let hulls = large.map { $0.box.orientedBox.hull }
    let fringes = hulls.map { $0.grown(by: Self.fringe.share, pixels: Self.fringe.pixels) }
    var found = large
    var owners: [Int: Int] = [:]
    for (spot, neighbours) in zip(spots, neighbourCounts) {
      let hull = scale.displayed(GaussianBox(spot.box)).orientedBox.hull
      let score = Self.score(of: spot, neighbours: neighbours)
      if fringes.contains(where: { $0.intersectionArea(with: hull) > 0 }) {
        for (k, outer) in hulls.enumerated() where min(hull.coveredShare(by: outer), outer.coveredShare(by: hull)) > Self.same {
          found[k].score = max(found[k].score, score)
        }
      } else {
        if let owner = spot.shown.flatMap({ owners[$0] }) {
          found[owner].score = max(found[owner].score, score)
          continue
        }
        if let shown = spot.shown { owners[shown] = found.count }
        let error = CenterError.spot.covariance(of: spot.extended, velocity: spot.velocity)
        let box = scale.displayed(spot.extended)
        found.append(
          DetectedBox(
            box: box, score: score, centerCovariance: scale.displayed(error), index: found.count,
            mask: spot.mask?.displayed(scale.displayPerPixel, width: displaySize.width, height: displaySize.height, of: box)))
      }
    }
    return found
  }

  /// Weights of the evidence in natural log-odds, by logistic regression on the 14 training clips of flying-objects that
  /// Benchmarks/README.md names: every spot is a sample, right where its centre lies in the truth box, and a clip's samples together
  /// weigh the root of their number. Doublings count: of the strength, of the neighbours, of the time since the spot was seen first, and
  /// of its side in pixels, against which a peak must be the higher the larger it is.
  private static let weights = (strength: 2.2, neighbours: -1.5, age: 0.5, seen: 2.0, side: -1.1, constant: -1.1)
  /// The age of a new spot, in seconds: a frame of 30 a second.
  private static let leastAge = 1.0 / 30

  private static func score(of spot: SpotMemory.Entry, neighbours: Int) -> Double {
    let evidence =
      weights.strength * log2(spot.strength) + weights.neighbours * log2(Double(neighbours + 1))
      + weights.age * log2(spot.lastSeen - spot.firstSeen + leastAge) + weights.seen * Double(spot.hits) / Double(spot.frames)
      + weights.side * log2(max(1, spot.side)) + weights.constant
    return 1 / (1 + exp(-evidence))
  }

  /// How many other spots lie near each one.
  private var neighbourCounts: [Int] {
    let reach = Self.neighbourhood * Double(scale.width)
    return spots.indices.map { i in
      spots.indices.reduce(0) { count, j in
        let offset = spots[j].box.center - spots[i].box.center
        return count + (i != j && abs(offset.x) < reach && abs(offset.y) < reach ? 1 : 0)
      }
    }
  }
}

extension AxisBox {
  /// The box with each side longer at both ends by a share of it and by pixels.
  fileprivate func grown(by share: Double, pixels: Double) -> AxisBox {
    let (x, y) = (share * width + pixels, share * height + pixels)
    return AxisBox(left: left - x, top: top - y, width: width + 2 * x, height: height + 2 * y)
  }
}
