import Foundation
import Geometry

/// How surely a region stands for an object: by its size, how steadily it is seen, and how far it has gone against the ground.
enum RegionScore {
  /// Weights in natural log-odds, by logistic regression on the regions of the five presets of `sextant synthesize` with seeds 1 and 2 and of
  /// the training clips of DAVIS and TLD (docs/motion-detector.md, "How surely a region is an object"): right is a region with an
  /// IoU of at least .3 with a truth box, and a clip's regions together weigh the root of their number.
  private static let weights = (size: 0.32, unsupported: -8.0, seen: 4.5, way: 1.5, constant: -6.8)

  /// - Parameter leastArea: Of an object, in working pixels.
  static func score(of sighting: ObjectMemory.Sighting, leastArea: Int) -> Double {
    let sides = sighting.box.covariance.determinant.squareRoot() * GaussianBox.momentDivisor
    let evidence =
      weights.size * log2(Double(max(1, sighting.area)) / Double(leastArea)) + weights.unsupported * sighting.unsupported
      + weights.seen * sighting.seenShare
      + weights.way * log2(1 + sighting.wandered / max(1, sides.squareRoot())) + weights.constant
    return 1 / (1 + exp(-evidence))
  }
}
