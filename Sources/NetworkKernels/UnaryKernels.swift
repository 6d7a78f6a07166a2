import Foundation
import ModelFiles

/// Functions of one number, element by element.
extension Kernels {
  static let unary: [String: Kernel] = [
    "Abs": whole({ abs($0) }, { $0 == .min ? $0 : abs($0) }), "Neg": whole({ -$0 }, { 0 &- $0 }),
    "Sign": whole({ $0.isNaN ? $0 : ($0 > 0 ? 1 : $0 < 0 ? -1 : 0) }, { $0.signum() }),
    "Acos": of { acos($0) }, "Acosh": of { acosh($0) }, "Asin": of { asin($0) }, "Asinh": of { asinh($0) },
    "Atan": of { atan($0) }, "Atanh": of { atanh($0) }, "Cos": of { cos($0) }, "Cosh": of { cosh($0) }, "Sin": of { sin($0) },
    "Sinh": of { sinh($0) }, "Tan": of { tan($0) }, "Tanh": of { tanh($0) }, "Erf": of { erf($0) }, "Exp": of { exp($0) },
    "Log": of { log($0) }, "Sqrt": of { $0.squareRoot() }, "Reciprocal": of { 1 / $0 }, "Ceil": of { $0.rounded(.up) },
    "Floor": of { $0.rounded(.down) }, "Round": of { $0.rounded(.toNearestOrEven) },
    "Not": test(boolean: { !$0 }), "IsNaN": test(float: { $0.isNaN }),
    "IsInf": .one { call in
      let positive = try call.flag("detect_positive", default: true)
      let negative = try call.flag("detect_negative", default: true)
      let tensor = try call.input(0)
      let values = tensor.elements.doubles.map { $0.isInfinite && ($0 > 0 ? positive : negative) }
      return try Tensor(shape: tensor.shape, values)
    },
    "BitwiseNot": .one { call in
      let tensor = try call.input(0)
      guard let values = tensor.elements.integers, tensor.type != .bool else { throw call.fault("needs integers") }
      return try Tensor(shape: tensor.shape, elements: .from(values.map { ~$0 }, type: tensor.type))
    },
  ]

  /// A function of floats.
  static func of(_ function: @escaping @Sendable (Double) -> Double) -> Kernel {
    .one { call in
      let tensor = try call.input(0)
      guard tensor.type.isFloat else { throw call.fault("needs floats, not \(tensor.type.rawValue)") }
      return try call.result(tensor.shape, tensor.elements.doubles.map(function), type: tensor.type)
    }
  }

  /// A function of floats and of integers.
  private static func whole(
    _ function: @escaping @Sendable (Double) -> Double, _ integer: @escaping @Sendable (Int64) -> Int64
  ) -> Kernel {
    .one { call in
      let tensor = try call.input(0)
      if let values = tensor.elements.integers {
        // Unsigned 64-bit integers are never negative.
        let result = tensor.type == .uint64 ? values : values.map(integer)
        return try Tensor(shape: tensor.shape, elements: .from(result, type: tensor.type))
      }
      return try call.result(tensor.shape, tensor.elements.doubles.map(function), type: tensor.type)
    }
  }

  private static func test(boolean: @escaping @Sendable (Bool) -> Bool) -> Kernel {
    .one { call in
      let tensor = try call.input(0)
      guard let values = tensor.values(Bool.self) else { throw call.fault("needs booleans, not \(tensor.type.rawValue)") }
      return try Tensor(shape: tensor.shape, values.map(boolean))
    }
  }

  private static func test(float: @escaping @Sendable (Double) -> Bool) -> Kernel {
    .one { call in
      let tensor = try call.input(0)
      return try Tensor(shape: tensor.shape, tensor.elements.doubles.map(float))
    }
  }
}
