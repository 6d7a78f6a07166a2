import Foundation

/// One function of the small library that edges are written in.
public enum FormulaTerm: Sendable, Hashable, Codable {
  /// z to the power 0 … 3.
  case power(Int)
  case magnitude
  /// z |z|, friction of a fluid.
  case signedSquare
  case sine(frequency: Double)
  case hyperbolicTangent(scale: Double)
  case exponential(scale: Double)

  /// The term's value, slope and curvature.
  public func evaluate(_ z: Double) -> CurvePoint {
    let sign = z < 0 ? -1.0 : 1.0
    switch self {
    case .power(0): return CurvePoint(value: 1, slope: 0, curvature: 0)
    case .power(1): return CurvePoint(value: z, slope: 1, curvature: 0)
    case .power(2): return CurvePoint(value: z * z, slope: 2 * z, curvature: 2)
    case .power: return CurvePoint(value: z * z * z, slope: 3 * z * z, curvature: 6 * z)
    case .magnitude: return CurvePoint(value: abs(z), slope: sign, curvature: 0)
    case .signedSquare: return CurvePoint(value: z * abs(z), slope: 2 * abs(z), curvature: 2 * sign)
    case .sine(let w):
      return CurvePoint(value: sin(w * z), slope: w * cos(w * z), curvature: -w * w * sin(w * z))
    case .hyperbolicTangent(let s):
      let value = tanh(z / s)
      let slope = (1 - value * value) / s
      return CurvePoint(value: value, slope: slope, curvature: -2 * value * slope / s)
    case .exponential(let s):
      let value = exp(z / s)
      return CurvePoint(value: value, slope: value / s, curvature: value / (s * s))
    }
  }

  /// The number of constants that are chosen with the term: its factor, and its frequency or scale.
  public var constants: Int {
    switch self {
    case .power, .magnitude, .signedSquare: 1
    case .sine, .hyperbolicTangent, .exponential: 2
    }
  }

  /// The term as text of the variable `z`.
  public func text(_ z: String) -> String {
    switch self {
    case .power(0): "1"
    case .power(1): z
    case .power(let n): "\(z)^\(n)"
    case .magnitude: "|\(z)|"
    case .signedSquare: "\(z)·|\(z)|"
    case .sine(let w): "sin(\(shortText(w))·\(z))"
    case .hyperbolicTangent(let s): "tanh(\(z)/\(shortText(s)))"
    case .exponential(let s): "exp(\(z)/\(shortText(s)))"
    }
  }

  /// Whether the term's own constants can be used.
  var isValid: Bool {
    switch self {
    case .power(let n): (0...3).contains(n)
    case .magnitude, .signedSquare: true
    case .sine(let w): w.isFinite && w > 0
    case .hyperbolicTangent(let s), .exponential(let s): s.isFinite && s > 0
    }
  }
}

/// A sum of library terms with factors.
public struct Formula: Sendable, Hashable, Codable {
  /// The functions that are added up.
  public let terms: [FormulaTerm]
  /// One factor a term.
  public private(set) var factors: [Double]

  /// The caller gives as many factors as terms.
  public init(terms: [FormulaTerm], factors: [Double]) {
    precondition(terms.count == factors.count, "a formula has a factor for each term")
    self.terms = terms
    self.factors = factors
  }

  /// Reads a formula from a file.
  ///
  /// - Throws: `SplineError` for another number of factors than of terms, or a constant that cannot be used.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    terms = try container.decode([FormulaTerm].self, forKey: .terms)
    factors = try container.decode([Double].self, forKey: .factors)
    guard terms.count == factors.count else {
      throw SplineError.coefficientCount(found: factors.count, expected: terms.count)
    }
    guard factors.allSatisfy(\.isFinite), terms.allSatisfy(\.isValid) else {
      throw SplineError.notFinite(what: "the constants of a formula")
    }
  }

  /// Replaces the factors by as many others.
  public mutating func set(_ values: some Collection<Double>) {
    precondition(values.count == factors.count, "a formula keeps its number of factors")
    factors = Array(values)
  }

  /// The value, slope and curvature at a position.
  public func evaluate(_ z: Double) -> CurvePoint {
    var point = CurvePoint(value: 0, slope: 0, curvature: 0)
    for (term, factor) in zip(terms, factors) {
      let part = term.evaluate(z)
      point.value += factor * part.value
      point.slope += factor * part.slope
      point.curvature += factor * part.curvature
    }
    return point
  }

  /// The number of constants that were chosen with the formula, as an information criterion counts them.
  public var constants: Int { terms.reduce(0) { $0 + $1.constants } }

  /// The formula as text, such as `0.5035·z + 1.191·z^3`.
  public func text(_ z: String = "z") -> String {
    guard !terms.isEmpty else { return "0" }
    var text = ""
    for (term, factor) in zip(terms, factors) {
      let isNegative = factor < 0
      text += text.isEmpty ? (isNegative ? "-" : "") : (isNegative ? " - " : " + ")
      text += term == .power(0) ? shortText(abs(factor)) : shortText(abs(factor)) + "·" + term.text(z)
    }
    return text
  }
}

/// A number with four significant digits.
func shortText(_ value: Double) -> String { String(format: "%.4g", value) }
