import Foundation
import ModelFiles

/// Activations: functions of one number with fixed parameters. Formulas and default parameters are those of ONNX's operator pages.
extension Kernels {
  static let activations: [String: Kernel] = [
    "Relu": .one { call in
      let tensor = try call.input(0)
      if let values = tensor.elements.integers {
        return try Tensor(shape: tensor.shape, elements: .from(values.map { max(0, $0) }, type: tensor.type))
      }
      return try call.result(tensor.shape, tensor.elements.doubles.map { $0 < 0 ? 0 : $0 }, type: tensor.type)
    },
    "Sigmoid": of { sigmoid($0) },
    "Softplus": of { softplus($0) },
    "Softsign": of { $0 / (1 + abs($0)) },
    "Mish": of { $0 * tanh(softplus($0)) },
    "HardSwish": of { $0 * min(max($0 / 6 + 0.5, 0), 1) },
    "LeakyRelu": with { call in
      let alpha = try call.float("alpha", default: 0.01)
      return { $0 < 0 ? alpha * $0 : $0 }
    },
    "ThresholdedRelu": with { call in
      let alpha = try call.float("alpha", default: 1)
      return { $0 > alpha ? $0 : 0 }
    },
    "Elu": with { call in
      let alpha = try call.float("alpha", default: 1)
      return { $0 < 0 ? alpha * expm1($0) : $0 }
    },
    "Celu": with { call in
      let alpha = try call.float("alpha", default: 1)
      return { max(0, $0) + min(0, alpha * expm1($0 / alpha)) }
    },
    "Selu": with { call in
      let alpha = try call.float("alpha", default: Double(Float(1.67326319217681884765625)))
      let gamma = try call.float("gamma", default: Double(Float(1.05070102214813232421875)))
      return { $0 < 0 ? gamma * alpha * expm1($0) : gamma * $0 }
    },
    "HardSigmoid": with { call in
      let alpha = try call.float("alpha", default: 0.2)
      let beta = try call.float("beta", default: 0.5)
      return { min(max(alpha * $0 + beta, 0), 1) }
    },
    "Shrink": with { call in
      let bias = try call.float("bias", default: 0)
      let lambda = try call.float("lambd", default: 0.5)
      return { $0 < -lambda ? $0 + bias : $0 > lambda ? $0 - bias : 0 }
    },
    "Gelu": with { call in
      switch try call.string("approximate", default: "none") {
      case "none": return { 0.5 * $0 * (1 + erf($0 / 2.0.squareRoot())) }
      case "tanh": return { 0.5 * $0 * (1 + tanh((2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0))) }
      case let other: throw call.unsupported("has the approximation '\(other)'")
      }
    },
  ]

  static func sigmoid(_ value: Double) -> Double { value < 0 ? exp(value) / (1 + exp(value)) : 1 / (1 + exp(-value)) }

  /// log(1 + exp(x)) without overflow.
  static func softplus(_ value: Double) -> Double { max(value, 0) + log1p(exp(-abs(value))) }

  private static func with(_ make: @escaping @Sendable (KernelCall) throws -> (Double) -> Double) -> Kernel {
    .one { call in
      let tensor = try call.input(0)
      let function = try make(call)
      // Shrink alone is defined for integers too.
      guard tensor.type.isFloat || call.node.operation == "Shrink" else {
        throw call.fault("needs floats, not \(tensor.type.rawValue)")
      }
      return try call.result(tensor.shape, tensor.elements.doubles.map(function), type: tensor.type)
    }
  }
}
