import Records

/// A named value of a metric.
public struct MetricField: Sendable, Equatable {
  /// What a figure can be.
  public enum Value: Sendable, Equatable {
    /// A count.
    case integer(Int)
    /// A number in its own unit.
    case real(Double)
    /// A ratio, at most 1.
    case ratio(Double)
    /// One ratio a threshold.
    case curve([Double])
    /// One count a threshold.
    case counts([Int])
  }

  /// The name that the figure has in TrackEval.
  public var name: String
  /// What it is.
  public var value: Value

  /// A figure.
  public init(_ name: String, _ value: Value) {
    self.name = name
    self.value = value
  }

  /// The value as one number: the plain mean of what has one value a threshold.
  public var scalar: Double {
    switch value {
    case .integer(let value): Double(value)
    case .real(let value), .ratio(let value): value
    case .curve(let values): values.reduce(0, +) / Double(max(1, values.count))
    case .counts(let values): Double(values.reduce(0, +)) / Double(max(1, values.count))
    }
  }

  /// Whether the figure is a ratio, which people read in per cent.
  var isRatio: Bool {
    switch value {
    case .ratio, .curve: true
    case .integer, .real, .counts: false
    }
  }

  /// The value with every digit; a list where there is one value a threshold.
  public var jsonValue: JSONValue {
    switch value {
    case .integer(let value): .integer(value)
    case .real(let value), .ratio(let value): .real(value)
    case .curve(let values): JSONValue(values)
    case .counts(let values): JSONValue(values)
    }
  }

  /// The class average of one field: counts are summed, real values averaged without weights.
  static func classAverage(_ values: [Value]) -> Value {
    let count = Double(max(1, values.count))
    switch values.first {
    case .integer:
      return .integer(values.reduce(0) { if case .integer(let value) = $1 { $0 + value } else { $0 } })
    case .counts(let first):
      return .counts(
        values.reduce(into: Array(repeating: 0, count: first.count)) { sum, value in
          if case .counts(let counts) = value { for index in sum.indices { sum[index] += counts[index] } }
        })
    case .curve(let first):
      let sum = values.reduce(into: Array(repeating: 0.0, count: first.count)) { sum, value in
        if case .curve(let curve) = value { for index in sum.indices { sum[index] += curve[index] } }
      }
      return .curve(sum.map { $0 / count })
    case .ratio:
      return .ratio(values.reduce(0) { if case .ratio(let value) = $1 { $0 + value } else { $0 } } / count)
    case .real, nil:
      return .real(values.reduce(0) { if case .real(let value) = $1 { $0 + value } else { $0 } } / count)
    }
  }
}
