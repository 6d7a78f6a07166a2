import Foundation

/// One parameter of a search: its name, its range, and whether it is searched by its logarithm.
public struct TunedParameter: Sendable, Equatable {
  /// The name that the setting has in a configuration file.
  public var name: String
  /// The least and the greatest value, in the setting's unit.
  public var range: ClosedRange<Double>
  /// Steps are ratios instead of differences; the range lies above 0.
  public var isLogarithmic: Bool
  /// Where the search begins.
  public var start: Double

  /// A parameter with its range.
  public init(_ name: String, _ range: ClosedRange<Double>, isLogarithmic: Bool = false, start: Double) {
    precondition(!isLogarithmic || range.lowerBound > 0, "a logarithmic range lies above 0")
    self.name = name
    self.range = range
    self.isLogarithmic = isLogarithmic
    self.start = min(max(start, range.lowerBound), range.upperBound)
  }

  /// The value at a share of the range.
  func value(at share: Double) -> Double {
    let share = min(1, max(0, share))
    guard isLogarithmic else { return range.lowerBound + share * (range.upperBound - range.lowerBound) }
    return range.lowerBound * pow(range.upperBound / range.lowerBound, share)
  }

  /// The share of the range at a value.
  func share(of value: Double) -> Double {
    guard range.lowerBound < range.upperBound else { return 0 }
    let share =
      isLogarithmic
      ? log(value / range.lowerBound) / log(range.upperBound / range.lowerBound)
      : (value - range.lowerBound) / (range.upperBound - range.lowerBound)
    return min(1, max(0, share))
  }
}

/// The parameters of a search, mapped to the unit cube in which it moves.
public struct ParameterSpace: Sendable, Equatable {
  /// The parameters in the order of their values.
  public var parameters: [TunedParameter]

  /// A space of parameters.
  public init(_ parameters: [TunedParameter]) {
    self.parameters = parameters
  }

  /// The values that a search begins with.
  public var start: [Double] { parameters.map { $0.share(of: $0.start) } }

  /// The parameters' values at a point of the unit cube.
  public func values(at point: [Double]) -> [Double] { zip(parameters, point).map { $0.value(at: $1) } }
}
