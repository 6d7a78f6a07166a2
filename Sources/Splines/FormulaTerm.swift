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
