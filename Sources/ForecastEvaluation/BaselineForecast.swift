import Geometry

/// Forecasts that need no model: the floors that a forecast has to beat.
public enum BaselineForecast: String, Sendable, CaseIterable {
  /// The last step is repeated.
  case constantVelocity = "constant-velocity"
  /// The agent stays where it is.
  case still
  /// The least-squares line through the observed positions is followed.
  case line

  /// The positions of the next steps after equally spaced observed ones; the last position throughout for fewer than two.
  public func predict(_ observed: [Point], steps: Int) -> [Point] {
    guard let last = observed.last, steps > 0 else { return [] }
    guard observed.count > 1 else { return Array(repeating: last, count: steps) }
    switch self {
    case .still:
      return Array(repeating: last, count: steps)
    case .constantVelocity:
      let step = last - observed[observed.count - 2]
      return (1...steps).map { last + step * Double($0) }
    case .line:
      let n = Double(observed.count)
      let middle = (n - 1) / 2
      let mean = observed.reduce(Point.zero, +) / n
      var slope = Point.zero
      var spread = 0.0
      for (index, point) in observed.enumerated() {
        slope += (point - mean) * (Double(index) - middle)
        spread += (Double(index) - middle) * (Double(index) - middle)
      }
      return (1...steps).map { mean + slope / spread * (n - 1 + Double($0) - middle) }
    }
  }
}
