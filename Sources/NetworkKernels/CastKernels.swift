import ModelFiles

/// Changes of the element type: floats to integers drop the fraction, integers to smaller ones keep the low bits.
extension Kernels {
  static let casts: [String: Kernel] = [
    "Cast": .one { call in
      guard let number = try call.int("to"), let type = ONNXTensor.elementType(Int64(number)) else {
        throw call.unsupported("makes the data type \(try call.int("to") ?? 0)")
      }
      return try cast(try call.input(0), to: type)
    },
    "CastLike": .one { call in try cast(try call.input(0), to: try call.input(1).type) },
  ]

  private static func cast(_ tensor: Tensor, to type: ElementType) throws -> Tensor {
    if tensor.type == type { return tensor }
    if let integers = tensor.elements.integers, !(tensor.type == .uint64 && type.isFloat) {
      return try Tensor(shape: tensor.shape, elements: .from(integers, type: type))
    }
    if case .float32(let values) = tensor.elements, type == .bfloat16 {
      return try Tensor(shape: tensor.shape, values.map { BFloat16($0) })
    }
    let doubles = tensor.elements.doubles
    if type.isFloat || type == .bool || type == .int64 || type == .uint64 {
      return try Tensor(shape: tensor.shape, elements: .from(doubles, type: type))
    }
    // Small integers take the low bits of the whole number, as compiled C code does.
    guard case .int64(let whole) = Elements.from(doubles, type: .int64) else { return tensor }
    return try Tensor(shape: tensor.shape, elements: .from(whole, type: type))
  }
}
