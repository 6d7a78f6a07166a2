import Geometry
import Motion

/// Finds the part of a detector's error that lasts: what must be added to the filter's uncertainty for its ellipses to hold the truth.
///
/// A box that is cut off on the same side in frame after frame has innovations like any other; only the truth tells. The lasting error is
/// the least with which nine of ten true centres of the tracks learned from lie in the 90 % ellipses one frame ahead.
enum LastingErrorFit {
  /// Halvings of the range, to a ten-thousandth of a side.
  private static let halvings = 14
  /// A detector whose error lasts by more than a side finds nothing.
  private static let largest = 1.0

  /// The motion with its lasting error; unchanged where no boxes with truth tell it.
  static func fitted(_ law: LearnedMotion, to sequences: [MotionSequence]) -> LearnedMotion {
    let forecasts = nextForecasts(law, sequences)
    guard !forecasts.isEmpty else { return law }
    func held(_ error: Double) -> Bool {
      let inside = forecasts.count { forecast in
        let lasting = error * forecast.side
        let covariance = forecast.truth.covariance + .identity * (lasting * lasting)
        return PlanarInnovation(residual: forecast.truth.residual, covariance: covariance).normalizedSquare
          <= PlanarInnovation.nineTenths
      }
      return 10 * inside >= 9 * forecasts.count
    }
    var (low, high) = (0.0, largest)
    guard !held(low) else { return law }
    for _ in 0..<halvings {
      let middle = (low + high) / 2
      if held(middle) { high = middle } else { low = middle }
    }
    var fitted = law
    fitted.lastingError = high
    return fitted
  }

  private static func nextForecasts(
    _ law: LearnedMotion, _ sequences: [MotionSequence]
  ) -> [(truth: PlanarInnovation, side: Double)] {
    var forecasts: [(truth: PlanarInnovation, side: Double)] = []
    for sequence in sequences {
      var follower = SequenceFollower(sequence.boxes, law, learnsNoise: true)
      while let (row, due, _) = follower.next() {
        for forecast in due where BoxForecastScores.frames[forecast.horizon] == 1 {
          let truth = forecast.filter.innovation(ofTruth: row.truth.center, lastingError: 0)
          forecasts.append((truth, forecast.filter.motion.meanSide))
        }
      }
    }
    return forecasts
  }
}
