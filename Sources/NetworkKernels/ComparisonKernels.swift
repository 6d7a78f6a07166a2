import ModelFiles

/// Comparisons, logic, and the choice by a condition.
extension Kernels {
  static let comparisons: [String: Kernel] = [
    "Equal": comparison({ $0 == $1 }, { $0 == $1 }),
    "Greater": comparison({ $0 > $1 }, { $0 > $1 }),
    "GreaterOrEqual": comparison({ $0 >= $1 }, { $0 >= $1 }),
    "Less": comparison({ $0 < $1 }, { $0 < $1 }),
    "LessOrEqual": comparison({ $0 <= $1 }, { $0 <= $1 }),
    "And": logic { $0 && $1 },
    "Or": logic { $0 || $1 },
    "Xor": logic { $0 != $1 },
    "Where": .one { call in
      guard let condition = try call.input(0).values(Bool.self) else { throw call.fault("needs booleans as its input 0") }
      let tensors = [try call.input(0), try call.input(1), try call.input(2)]
      guard let shape = Broadcasting.shape(tensors.map(\.shape)) else { throw call.fault("has shapes that do not broadcast") }
      _ = try call.count(shape)
      let places = tensors.map { Broadcasting.places($0.shape, to: shape) }
      guard let both = Elements.joined([tensors[1].elements, tensors[2].elements]) else {
        throw call.fault("has inputs of different types")
      }
      let chosen = places[0].indices.map { condition[places[0][$0]] ? places[1][$0] : tensors[1].count + places[2][$0] }
      return try Tensor(shape: shape, elements: both.taking(chosen))
    },
    "Clip": .one { call in
      let tensor = try call.input(0)
      let isInput = call.version >= 11
      let low = isInput ? try call.optional(1).map { _ in try call.number(1) } : try call.float("min", default: -.infinity)
      let high = isInput ? try call.optional(2).map { _ in try call.number(2) } : try call.float("max", default: .infinity)
      if let values = tensor.elements.integers {
        // Bounds are of the tensor's own type.
        let bottom = call.optional(1)?.elements.integers?.first ?? .min
        let top = call.optional(2)?.elements.integers?.first ?? .max
        return try Tensor(shape: tensor.shape, elements: .from(values.map { min(max($0, bottom), top) }, type: tensor.type))
      }
      let values = tensor.elements.doubles.map { $0.isNaN ? $0 : min(max($0, low ?? -.infinity), high ?? .infinity) }
      return try call.result(tensor.shape, values, type: tensor.type)
    },
  ]

  private static func comparison(
    _ floats: @escaping @Sendable (Double, Double) -> Bool, _ integers: @escaping @Sendable (Int64, Int64) -> Bool
  ) -> Kernel {
    .one { call in
      let pair = try pair(call)
      guard let left = pair.left.elements.integers, let right = pair.right.elements.integers else {
        let (left, right) = (pair.left.elements.doubles, pair.right.elements.doubles)
        return try Tensor(shape: pair.shape, zip(pair.leftPlaces, pair.rightPlaces).map { floats(left[$0], right[$1]) })
      }
      // An offset keeps the order of unsigned 64-bit integers, whose bits are seen as signed ones.
      let offset: Int64 = pair.left.type == .uint64 ? .min : 0
      let values = zip(pair.leftPlaces, pair.rightPlaces).map { integers(left[$0] ^ offset, right[$1] ^ offset) }
      return try Tensor(shape: pair.shape, values)
    }
  }

  private static func logic(_ function: @escaping @Sendable (Bool, Bool) -> Bool) -> Kernel {
    .one { call in
      let pair = try pair(call)
      guard let left = pair.left.values(Bool.self), let right = pair.right.values(Bool.self) else {
        throw call.fault("needs booleans")
      }
      return try Tensor(shape: pair.shape, zip(pair.leftPlaces, pair.rightPlaces).map { function(left[$0], right[$1]) })
    }
  }
}
