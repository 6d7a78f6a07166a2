import Foundation

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
