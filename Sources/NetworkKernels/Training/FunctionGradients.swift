import Foundation
import ModelFiles

/// The slope of a function of one number.
package struct Slope: Sendable {
  /// Whether `slope` takes the function's result rather than its argument.
  package let isOfResult: Bool
  package let slope: @Sendable (KernelCall) throws -> @Sendable (Double) -> Double

  static func ofResult(_ slope: @escaping @Sendable (Double) -> Double) -> Slope {
    Slope(isOfResult: true) { _ in slope }
  }
  static func ofArgument(_ slope: @escaping @Sendable (Double) -> Double) -> Slope {
    Slope(isOfResult: false) { _ in slope }
  }
  static func with(_ make: @escaping @Sendable (KernelCall) throws -> @Sendable (Double) -> Double) -> Slope {
    Slope(isOfResult: false, slope: make)
  }
}

/// Slopes of the functions of one number. Where a function has a kink the slope is that of the side that its kernel takes there.
extension Kernels {
  static let functionGradients: [String: Kernel] = [
    // Inputs: gradient of the result, then argument or result as the function's slope wants it; the attribute `of` names the function.
    "FunctionGradient": .one { call in
      let (gradient, place) = (try call.input(0), try call.input(1))
      guard let slope = slopes[try call.string("of", default: "")], gradient.shape == place.shape else {
        throw call.fault("has an unknown function, or tensors of different shapes")
      }
      let function = try slope.slope(call)
      let values = zip(gradient.elements.doubles, place.elements.doubles).map { $0 * function($1) }
      return try call.result(gradient.shape, values, type: gradient.type)
    },
    // Inputs: gradient of the result, argument, and the bounds, each optional. On the bounds the slope is one.
    "ClipGradient": .one { call in
      let (gradient, place) = (try call.input(0), try call.input(1))
      let low = call.optional(2) == nil ? -Double.infinity : try call.number(2)
      let high = call.optional(3) == nil ? Double.infinity : try call.number(3)
      guard gradient.shape == place.shape else { throw call.fault("has tensors of different shapes") }
      let values = zip(gradient.elements.doubles, place.elements.doubles).map { $1 >= low && $1 <= high ? $0 : 0 }
      return try call.result(gradient.shape, values, type: gradient.type)
    },
  ]

  /// By the function's operation.
  package static let slopes: [String: Slope] = [
    "Relu": .ofResult { $0 > 0 ? 1 : 0 }, "Sigmoid": .ofResult { $0 * (1 - $0) }, "Tanh": .ofResult { 1 - $0 * $0 },
    "Exp": .ofResult { $0 }, "Sqrt": .ofResult { 0.5 / $0 }, "Reciprocal": .ofResult { -$0 * $0 },
    "Log": .ofArgument { 1 / $0 }, "Abs": .ofArgument { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 },
    "Sin": .ofArgument { cos($0) }, "Cos": .ofArgument { -sin($0) }, "Tan": .ofArgument { 1 + tan($0) * tan($0) },
    "Sinh": .ofArgument { cosh($0) }, "Cosh": .ofArgument { sinh($0) },
    "Asin": .ofArgument { 1 / (1 - $0 * $0).squareRoot() }, "Acos": .ofArgument { -1 / (1 - $0 * $0).squareRoot() },
    "Atan": .ofArgument { 1 / (1 + $0 * $0) }, "Asinh": .ofArgument { 1 / (1 + $0 * $0).squareRoot() },
    "Acosh": .ofArgument { 1 / ($0 * $0 - 1).squareRoot() }, "Atanh": .ofArgument { 1 / (1 - $0 * $0) },
    "Erf": .ofArgument { 2 / Double.pi.squareRoot() * exp(-$0 * $0) },
    "Softplus": .ofArgument { sigmoid($0) },
    "Softsign": .ofArgument { 1 / ((1 + abs($0)) * (1 + abs($0))) },
    "Mish": .ofArgument { x in
      let t = tanh(softplus(x))
      return t + x * (1 - t * t) * sigmoid(x)
    },
    "HardSwish": .ofArgument { $0 <= -3 ? 0 : $0 >= 3 ? 1 : $0 / 3 + 0.5 },
    "LeakyRelu": .with { call in
      let alpha = try call.float("alpha", default: 0.01)
      return { $0 < 0 ? alpha : 1 }
    },
    "ThresholdedRelu": .with { call in
      let alpha = try call.float("alpha", default: 1)
      return { $0 > alpha ? 1 : 0 }
    },
    "Elu": .with { call in
      let alpha = try call.float("alpha", default: 1)
      return { $0 < 0 ? alpha * exp($0) : 1 }
    },
    "Celu": .with { call in
      let alpha = try call.float("alpha", default: 1)
      return { $0 < 0 ? exp($0 / alpha) : 1 }
    },
    "Selu": .with { call in
      let alpha = try call.float("alpha", default: Double(Float(1.67326319217681884765625)))
      let gamma = try call.float("gamma", default: Double(Float(1.05070102214813232421875)))
      return { $0 < 0 ? gamma * alpha * exp($0) : gamma }
    },
    "HardSigmoid": .with { call in
      let (alpha, beta) = (try call.float("alpha", default: 0.2), try call.float("beta", default: 0.5))
      return { 0...1 ~= alpha * $0 + beta ? alpha : 0 }
    },
    "Gelu": .with { call in try geluSlope(call) },
  ]

  /// Φ(x) + x φ(x), or the derivative of the hyperbolic approximation (Hendrycks and Gimpel 2016).
  private static func geluSlope(_ call: KernelCall) throws -> @Sendable (Double) -> Double {
    switch try call.string("approximate", default: "none") {
    case "none":
      return { 0.5 * (1 + erf($0 / 2.0.squareRoot())) + $0 * exp(-$0 * $0 / 2) / (2 * Double.pi).squareRoot() }
    case "tanh":
      return { x in
        let root = (2 / Double.pi).squareRoot()
        let t = tanh(root * (x + 0.044715 * x * x * x))
        return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * root * (1 + 3 * 0.044715 * x * x)
      }
    case let other: throw call.unsupported("has the approximation '\(other)'")
    }
  }
}
