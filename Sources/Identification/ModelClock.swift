/// How a model's state moves from one sample to the next.
public enum ModelClock: Sendable, Hashable, Codable {
  /// What the input does between two samples.
  public enum Hold: String, Sendable, Hashable, Codable {
    /// It keeps the value of the sample before.
    case constant
    /// It goes straight to the next sample.
    case linear
  }

  /// The map gives the next sample's state.
  case discrete
  /// The map gives the state's rate of change, followed by Runge–Kutta steps of fourth order: the least number of equal steps, none longer
  /// than `maximumStep` seconds, in `sampleTime` seconds.
  case continuous(sampleTime: Double, maximumStep: Double, hold: Hold)

  /// The number and the length of the steps between two samples.
  var steps: (count: Int, length: Double) {
    guard case .continuous(let sampleTime, let maximumStep, _) = self else { return (1, 1) }
    let count = max(1, min((sampleTime / maximumStep - 1e-9).rounded(.up), 10_000))
    // Bounded: between 1 and 10,000.
    return (Int(count), sampleTime / count)
  }
}
