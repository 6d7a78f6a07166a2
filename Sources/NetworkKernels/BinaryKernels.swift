import Foundation
import ModelFiles

/// Arithmetic of two tensors, broadcast onto each other.
extension Kernels {
  static let binary: [String: Kernel] = [
    "Add": arithmetic({ $0 + $1 }, { .of($0 &+ $1) }),
    "Sub": arithmetic({ $0 - $1 }, { .of($0 &- $1) }),
    "Mul": arithmetic({ $0 * $1 }, { .of($0 &* $1) }),
    "Div": arithmetic({ $0 / $1 }, { .quotient($0, $1) }),
    "Mod": modulus,
    "Pow": power,
    "Max": folded(floats: { $0.isNaN || $1.isNaN ? .nan : max($0, $1) }, { max($0, $1) }),
    "Min": folded(floats: { $0.isNaN || $1.isNaN ? .nan : min($0, $1) }, { min($0, $1) }),
    "Sum": folded(floats: { $0 + $1 }, { $0 &+ $1 }),
    "Mean": .one { call in
      let (shape, sum) = try total(call, type: try call.input(0).type) { $0 + $1 }
      return try call.result(shape, sum.map { $0 / Double(call.inputs.count) }, type: try call.input(0).type)
    },
    "PRelu": arithmetic({ $0 < 0 ? $0 * $1 : $0 }, { .of($0 < 0 ? $0 &* $1 : $0) }, isOneSided: true),
    "BitShift": .one { call in
      let isLeft = try call.string("direction", default: "LEFT") == "LEFT"
      return try integers(call) { value, shift in
        let bits = UInt64(bitPattern: value)
        guard shift >= 0, shift < 64 else { return 0 }
        return Int64(bitPattern: isLeft ? bits << UInt64(shift) : bits >> UInt64(shift))
      }
    },
    "BitwiseAnd": .one { try integers($0) { $0 & $1 } },
    "BitwiseOr": .one { try integers($0) { $0 | $1 } },
    "BitwiseXor": .one { try integers($0) { $0 ^ $1 } },
  ]

  /// Two inputs with their common shape and, for each element of it, its place in each input.
  struct Pair {
    let left: Tensor
    let right: Tensor
    let shape: [Int]
    let leftPlaces: [Int]
    let rightPlaces: [Int]
  }

  static func pair(_ call: KernelCall, sameType: Bool = true, isOneSided: Bool = false) throws -> Pair {
    let left = try call.input(0)
    var right = try call.input(1)
    guard !sameType || left.type == right.type else {
      throw call.fault("has inputs of the types \(left.type.rawValue) and \(right.type.rawValue), which must be the same")
    }
    if call.version < 7, left.shape != right.shape { right = try aligned(right, to: left, call) }
    guard let shape = Broadcasting.shape([left.shape, right.shape]), !isOneSided || shape == left.shape else {
      let shapes = "\(Tensor.text(left.shape)) and \(Tensor.text(right.shape))"
      throw call.fault("has inputs of the shapes \(shapes), which do not broadcast")
    }
    _ = try call.count(shape)
    return Pair(
      left: left, right: right, shape: shape, leftPlaces: Broadcasting.places(left.shape, to: shape),
      rightPlaces: Broadcasting.places(right.shape, to: shape))
  }

  /// Before version 7 the right input was aligned at an axis of the left one, and only when the node asked for it.
  private static func aligned(_ right: Tensor, to left: Tensor, _ call: KernelCall) throws -> Tensor {
    let isChannels = call.node.operation == "PRelu"
    guard try isChannels || call.flag("broadcast") else { throw call.fault("has inputs of different shapes and no 'broadcast'") }
    guard let axis = isChannels ? min(1, left.rank - 1) : try call.int("axis"), right.count > 1 else { return right }
    let start = try call.axis(axis, rank: left.rank)
    guard start + right.rank <= left.rank else { throw call.fault("aligns its input 1 beyond its input 0") }
    return try right.reshaped(right.shape + [Int](repeating: 1, count: left.rank - start - right.rank))
  }

  /// The result of integer arithmetic; a division by zero has none.
  enum IntegerResult {
    case of(Int64)
    case undefined

    /// Towards zero.
    static func quotient(_ left: Int64, _ right: Int64) -> IntegerResult {
      guard right != 0 else { return .undefined }
      return .of(left.dividedReportingOverflow(by: right).partialValue)
    }
  }

  private static func arithmetic(
    _ floats: @escaping @Sendable (Double, Double) -> Double,
    _ integers: @escaping @Sendable (Int64, Int64) -> IntegerResult, isOneSided: Bool = false
  ) -> Kernel {
    .one { call in
      let pair = try pair(call, isOneSided: isOneSided)
      guard let left = pair.left.elements.integers, let right = pair.right.elements.integers else {
        let (left, right) = (pair.left.elements.doubles, pair.right.elements.doubles)
        let values = zip(pair.leftPlaces, pair.rightPlaces).map { floats(left[$0], right[$1]) }
        return try call.result(pair.shape, values, type: pair.left.type)
      }
      if pair.left.type == .uint64, call.node.operation == "Div" { return try unsigned(pair, call) }
      let values = try zip(pair.leftPlaces, pair.rightPlaces).map { place, other in
        guard case .of(let value) = integers(left[place], right[other]) else { throw call.fault("divides an integer by zero") }
        return value
      }
      return try Tensor(shape: pair.shape, elements: .from(values, type: pair.left.type))
    }
  }

  private static func unsigned(_ pair: Pair, _ call: KernelCall) throws -> Tensor {
    guard let left = pair.left.values(UInt64.self), let right = pair.right.values(UInt64.self) else {
      throw call.fault("needs unsigned integers")
    }
    guard !right.contains(0) else { throw call.fault("divides an integer by zero") }
    return try Tensor(shape: pair.shape, zip(pair.leftPlaces, pair.rightPlaces).map { left[$0] / right[$1] })
  }

  private static func integers(_ call: KernelCall, _ function: (Int64, Int64) -> Int64) throws -> Tensor {
    let pair = try pair(call)
    guard let left = pair.left.elements.integers, let right = pair.right.elements.integers else {
      throw call.fault("needs integers")
    }
    let values = zip(pair.leftPlaces, pair.rightPlaces).map { function(left[$0], right[$1]) }
    return try Tensor(shape: pair.shape, elements: .from(values, type: pair.left.type))
  }

  /// The remainder: of the divisor's sign, or of the dividend's with `fmod`.
  private static let modulus = Kernel.one { call in
    let isTruncated = try call.flag("fmod")
    let pair = try pair(call)
    guard let left = pair.left.elements.integers, let right = pair.right.elements.integers else {
      let (left, right) = (pair.left.elements.doubles, pair.right.elements.doubles)
      let values = zip(pair.leftPlaces, pair.rightPlaces).map { place, other in
        let rest = fmod(left[place], right[other])
        return isTruncated || rest == 0 || (rest < 0) == (right[other] < 0) ? rest : rest + right[other]
      }
      return try call.result(pair.shape, values, type: pair.left.type)
    }
    let values = try zip(pair.leftPlaces, pair.rightPlaces).map { place, other -> Int64 in
      let divisor = right[other]
      guard divisor != 0 else { throw call.fault("divides an integer by zero") }
      if pair.left.type == .uint64 {
        return Int64(bitPattern: UInt64(bitPattern: left[place]) % UInt64(bitPattern: divisor))
      }
      let rest = left[place].remainderReportingOverflow(dividingBy: divisor).partialValue
      return isTruncated || rest == 0 || (rest < 0) == (divisor < 0) ? rest : rest &+ divisor
    }
    return try Tensor(shape: pair.shape, elements: .from(values, type: pair.left.type))
  }

  private static let power = Kernel.one { call in
    let pair = try pair(call, sameType: false)
    if let left = pair.left.elements.integers, let right = pair.right.elements.integers {
      let values = zip(pair.leftPlaces, pair.rightPlaces).map { integerPower(left[$0], right[$1]) }
      return try Tensor(shape: pair.shape, elements: .from(values, type: pair.left.type))
    }
    let (left, right) = (pair.left.elements.doubles, pair.right.elements.doubles)
    let values = zip(pair.leftPlaces, pair.rightPlaces).map { pow(left[$0], right[$1]) }
    return try call.result(pair.shape, values, type: pair.left.type)
  }

  /// By repeated squaring, wrapped as the type's product is.
  private static func integerPower(_ base: Int64, _ exponent: Int64) -> Int64 {
    if exponent < 0 { return base == 1 ? 1 : base == -1 ? (exponent % 2 == 0 ? 1 : -1) : 0 }
    var result: Int64 = 1
    var factor = base
    var rest = exponent
    while rest > 0 {
      if rest & 1 == 1 { result = result &* factor }
      factor = factor &* factor
      rest >>= 1
    }
    return result
  }

  /// Any number of inputs, one after the other.
  private static func folded(
    floats: @escaping @Sendable (Double, Double) -> Double, _ integers: @escaping @Sendable (Int64, Int64) -> Int64
  ) -> Kernel {
    .one { call in
      let type = try call.input(0).type
      guard !type.isFloat else {
        let (shape, values) = try total(call, type: type, floats)
        return try call.result(shape, values, type: type)
      }
      let (shape, places) = try places(call, type: type)
      var result: [Int64] = []
      for (index, places) in places.enumerated() {
        // An offset keeps the order of unsigned 64-bit integers, whose bits are seen as signed ones.
        let isOrder = type == .uint64 && call.node.operation != "Sum"
        let values = (try call.input(index).elements.integers ?? []).map { isOrder ? $0 ^ .min : $0 }
        result = index == 0 ? places.map { values[$0] } : zip(result, places).map { integers($0, values[$1]) }
        if index == call.inputs.count - 1, isOrder { result = result.map { $0 ^ .min } }
      }
      return try Tensor(shape: shape, elements: .from(result, type: type))
    }
  }

  private static func total(
    _ call: KernelCall, type: ElementType, _ function: (Double, Double) -> Double
  ) throws -> ([Int], [Double]) {
    let (shape, places) = try places(call, type: type)
    var result: [Double] = []
    for (index, places) in places.enumerated() {
      let values = try call.input(index).elements.doubles
      result = index == 0 ? places.map { values[$0] } : zip(result, places).map { function($0, values[$1]) }
    }
    return (shape, result)
  }

  private static func places(_ call: KernelCall, type: ElementType) throws -> ([Int], [[Int]]) {
    let tensors = try call.inputs.indices.map { try call.input($0) }
    guard tensors.allSatisfy({ $0.type == type }), let shape = Broadcasting.shape(tensors.map(\.shape)) else {
      throw call.fault("has inputs of types or shapes that do not fit each other")
    }
    _ = try call.count(shape)
    return (shape, tensors.map { Broadcasting.places($0.shape, to: shape) })
  }
}
