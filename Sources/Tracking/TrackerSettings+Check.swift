/// A tracker's setting that no tracker can work with.
public struct TrackingError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The setting's name as in a configuration file.
  public let setting: String
  /// The value that was given.
  public let value: Double
  /// What is allowed.
  public let expectation: String

  /// One sentence: the setting, its value and what is allowed.
  public var description: String {
    "cannot set up the tracker: \(setting) is \(value), it must be \(expectation)"
  }
}

extension TrackerSettings {
  private enum Kind: String {
    case probability = "from 0 to 1"
    case positive = "above 0 and finite"
    case notNegative = "0 or more and finite"
  }

  /// Checks every number.
  ///
  /// - Throws: `TrackingError` for the first one that is out of its range.
  public func check() throws(TrackingError) {
    for (name, value, kind) in numbers {
      let isFine =
        switch kind {
        case .probability: value >= 0 && value <= 1
        case .positive: value > 0 && value.isFinite
        case .notNegative: value >= 0 && value.isFinite
        }
      guard isFine else { throw TrackingError(setting: name, value: value, expectation: kind.rawValue) }
    }
    for time in forecastTimes where !(time >= 0 && time.isFinite) {
      throw TrackingError(setting: "forecastTimes", value: time, expectation: Kind.notNegative.rawValue)
    }
  }

  private var numbers: [(String, Double, Kind)] {
    [
      ("centerAcceleration", centerAcceleration, .positive), ("sizeAcceleration", sizeAcceleration, .positive),
      ("formAcceleration", formAcceleration, .positive),
      ("accelerationAnisotropy", accelerationAnisotropy, .probability), ("initialSpeed", initialSpeed, .positive),
      ("initialSizeRate", initialSizeRate, .positive), ("initialFormRate", initialFormRate, .positive),
      ("velocityFading", velocityFading, .positive), ("registrationError", registrationError, .notNegative),
      ("largestShift", largestShift, .notNegative), ("largestUnknownShift", largestUnknownShift, .notNegative),
      ("centerError", centerError, .positive),
      ("pixelError", pixelError, .notNegative), ("sideError", sideError, .positive),
      ("angleError", angleError, .notNegative), ("gateProbability", gateProbability, .probability),
      ("tolerance", tolerance, .notNegative), ("sizeTolerance", sizeTolerance, .notNegative),
      ("shapeWeight", shapeWeight, .notNegative),
      ("rarityWeight", rarityWeight, .notNegative), ("doubtWeight", doubtWeight, .notNegative),
      ("maximumCost", maximumCost, .positive),
      ("highScore", highScore, .probability), ("lowScore", lowScore, .probability),
      ("neutralScore", neutralScore, .probability), ("scoreWeight", scoreWeight, .notNegative),
      ("evidenceInterval", evidenceInterval, .notNegative),
      ("detectionProbability", detectionProbability, .probability),
      ("birthProbability", birthProbability, .probability), ("confirmation", confirmation, .probability),
      ("reporting", reporting, .probability), ("reportingUnseen", reportingUnseen, .probability),
      ("ending", ending, .probability), ("keptShare", keptShare, .probability), ("timeToHide", timeToHide, .positive),
      ("timeHidden", timeHidden, .positive),
      ("timeToFade", timeToFade, .positive), ("timeToLeave", timeToLeave, .positive),
      ("maximumGap", maximumGap, .notNegative), ("maximumTentativeGap", maximumTentativeGap, .notNegative),
      ("maximumUncertainty", maximumUncertainty, .positive), ("coasting", coasting, .notNegative),
      ("interpolation", interpolation, .notNegative),
    ]
  }
}
