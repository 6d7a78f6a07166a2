/// A tensor within an ONNX file; its numbers stay in the file until they are asked for.
public struct ONNXTensor: Sendable {
  /// The name of the value that it gives; empty within an attribute.
  public var name = ""
  /// The sizes of the axes as the file has them, not checked before `tensor(folder:)`.
  public var shape: [Int64] = []
  /// ONNX's number of the element type (`TensorProto.DataType`).
  public var dataType: Int64 = 0
  var raw: ByteRegion?
  var floats: [Float] = []
  var doubles: [Double] = []
  /// Of `int32_data`, `int64_data` or `uint64_data`.
  var integers: [Int64] = []
  var stringCount = 0
  /// Keys and values of external data; not empty where the numbers lie in another file.
  var external: [String: String] = [:]
  var isExternal = false

  /// The element type; nil for text, complex numbers, 8-bit floats and 4-bit integers.
  public static func elementType(_ dataType: Int64) -> ElementType? {
    switch dataType {
    case 1: .float32
    case 2: .uint8
    case 3: .int8
    case 4: .uint16
    case 5: .int16
    case 6: .int32
    case 7: .int64
    case 9: .bool
    case 10: .float16
    case 11: .float64
    case 12: .uint32
    case 13: .uint64
    case 16: .bfloat16
    default: nil
    }
  }

  /// The number that ONNX has for an element type, as in the attribute `to` of Cast.
  public static func dataType(_ type: ElementType) -> Int64 {
    (1...16).first { elementType($0) == type } ?? 0
  }

  /// The numbers.
  ///
  /// - Parameter folder: The model's folder, the only one from which external data are read.
  /// - Throws: `ModelFileError` for an unread type, a number of elements that is not the shape's, or external data outside the folder.
  public func tensor(folder: ExternalData) throws -> Tensor {
    let label = name.isEmpty ? "a tensor without a name" : "tensor '\(name)'"
    guard let type = ONNXTensor.elementType(dataType) else {
      throw ModelFileError(
        .unsupported, "\(label) has the data type \(dataType), which is not read; convert it to float or integer.")
    }
    let shape = try shape.map { size in
      guard let size = Int(exactly: size) else { throw ModelFileError.malformed("\(label) has a size of \(size).") }
      return size
    }
    let count = try Tensor.elementCount(of: shape)
    let elements = try elements(type: type, byteCount: count * type.byteCount, folder: folder, label: label)
    guard elements.count == count else {
      throw ModelFileError.malformed(
        "\(label) of shape \(Tensor.text(shape)) holds \(elements.count) numbers instead of \(count); fetch the file again.")
    }
    return try Tensor(shape: shape, elements: elements)
  }

  private func elements(type: ElementType, byteCount: Int, folder: ExternalData, label: String) throws -> Elements {
    if isExternal || !external.isEmpty {
      let region = try folder.region(external, byteCount: byteCount, label: label)
      return try region.withBytes { try Elements(bytes: $0, type: type) }
    }
    if let raw { return try raw.withBytes { try Elements(bytes: $0, type: type) } }
    switch type {
    case .float32: return .float32(floats)
    case .float64: return .float64(doubles)
    // Half floats lie in `int32_data` as bit patterns.
    case .float16: return .float16(integers.map { Float16(bitPattern: UInt16(truncatingIfNeeded: $0)) })
    case .bfloat16: return .bfloat16(integers.map { BFloat16(bitPattern: UInt16(truncatingIfNeeded: $0)) })
    default: return .from(integers, type: type)
    }
  }
}
