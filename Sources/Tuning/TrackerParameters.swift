import Tracking

/// The tracker's settings that a search may move, with the range of each.
///
/// A new one is one line in `all`; its name is the setting's key in a configuration file.
public enum TrackerParameters {
  struct Parameter {
    var name: String
    var path: WritableKeyPath<TrackerSettings, Double>
    var range: ClosedRange<Double>
    var isLogarithmic = false
  }

  static var all: [Parameter] {
    [
      Parameter(name: "highScore", path: \.highScore, range: 0.2...0.95),
      Parameter(name: "lowScore", path: \.lowScore, range: 0.02...0.6),
      Parameter(name: "neutralScore", path: \.neutralScore, range: 0.3...0.97),
      Parameter(name: "scoreWeight", path: \.scoreWeight, range: 0.2...3, isLogarithmic: true),
      Parameter(name: "birthProbability", path: \.birthProbability, range: 0.02...0.8),
      Parameter(name: "detectionProbability", path: \.detectionProbability, range: 0.6...0.995),
      Parameter(name: "confirmation", path: \.confirmation, range: 0.4...0.99),
      Parameter(name: "reporting", path: \.reporting, range: 0.1...0.95),
      Parameter(name: "coasting", path: \.coasting, range: 0.05...2, isLogarithmic: true),
      Parameter(name: "maximumGap", path: \.maximumGap, range: 0.3...6, isLogarithmic: true),
      Parameter(name: "maximumCost", path: \.maximumCost, range: 2...30, isLogarithmic: true),
      Parameter(name: "tolerance", path: \.tolerance, range: 0.03...1, isLogarithmic: true),
      Parameter(name: "shapeWeight", path: \.shapeWeight, range: 0.1...4, isLogarithmic: true),
      Parameter(name: "centerAcceleration", path: \.centerAcceleration, range: 0.2...10, isLogarithmic: true),
      Parameter(name: "sizeAcceleration", path: \.sizeAcceleration, range: 0.1...6, isLogarithmic: true),
      Parameter(name: "initialSpeed", path: \.initialSpeed, range: 0.5...20, isLogarithmic: true),
      Parameter(name: "centerError", path: \.centerError, range: 0.005...0.2, isLogarithmic: true),
      Parameter(name: "sideError", path: \.sideError, range: 0.005...0.3, isLogarithmic: true),
    ]
  }

  /// The names of all parameters that can be searched.
  public static var names: [String] { all.map(\.name) }

  /// The space of the named parameters around settings; nil where a name is not one.
  static func space(_ names: [String], around settings: TrackerSettings) -> ParameterSpace? {
    let chosen = names.compactMap { name in all.first { $0.name == name } }
    guard chosen.count == names.count else { return nil }
    return ParameterSpace(
      chosen.map { TunedParameter($0.name, $0.range, isLogarithmic: $0.isLogarithmic, start: settings[keyPath: $0.path]) })
  }

  /// Settings with the named parameters replaced.
  static func settings(_ base: TrackerSettings, _ names: [String], _ values: [Double]) -> TrackerSettings {
    var settings = base
    for (name, value) in zip(names, values) {
      if let parameter = all.first(where: { $0.name == name }) { settings[keyPath: parameter.path] = value }
    }
    return settings
  }
}
