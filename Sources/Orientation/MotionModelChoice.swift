import Foundation
import Geometry

/// Chooses the simplest motion that explains pairs of points: none, a similarity, a homography.
enum MotionModelChoice {
  /// The parameters of each model.
  private static let parameters = (similarity: 4.0, homography: 8.0)

  /// The model with the smallest Bayesian information criterion, Σ min(d², gate) + k ln(2n), k its parameters (docs/camera-motion.md).
  ///
  /// - Parameters:
  ///   - fit: The homography of the pairs (scaled coordinates), whose deviations must be those of the noise.
  ///   - allowsStatic: Whether the identity is a candidate.
  ///   - allowsHomography: Whether the homography is one; where the pairs lie in one part of the picture it would run wild in the others.
  static func choose(
    _ fit: RobustFit, pairs: [Correspondence], allowsStatic: Bool, allowsHomography: Bool = true
  ) -> (fit: RobustFit, isStatic: Bool) {
    let penalty = Foundation.log(Double(2 * pairs.count))
    var best = (fit: fit, isStatic: false)
    var criterion = allowsHomography ? fit.cost + parameters.homography * penalty : .infinity
    if let model = HomographyRefinement.similarity(fit.homography, on: pairs, using: fit.inliers),
      let similarity = RobustFitter.score(model, pairs, limit: .infinity),
      similarity.cost + parameters.similarity * penalty < criterion
    {
      best.fit = similarity
      criterion = similarity.cost + parameters.similarity * penalty
    }
    if allowsStatic, let still = RobustFitter.score(.identity, pairs, limit: .infinity), still.cost < criterion {
      best = (still, true)
    }
    return best
  }
}
