import Foundation
import ModelFiles

/// Operations that make tensors out of shapes and numbers.
extension Kernels {
  static let generators: [String: Kernel] = [
    "ConstantOfShape": .one { call in
      let shape = try call.integers(0)
      let count = try call.count(shape)
      guard case .tensor(let value)? = call.node.attributes["value"] else {
        return try Tensor(shape: shape, [Float](repeating: 0, count: count))
      }
      guard value.count == 1 else { throw call.fault("repeats \(value.count) numbers instead of one") }
      return try Tensor(shape: shape, elements: value.elements.taking([Int](repeating: 0, count: count)))
    },
    "Range": .one { call in
      let (start, limit, step) = (try call.number(0), try call.number(1), try call.number(2))
      let count = max(0, ((limit - start) / step).rounded(.up))
      guard step != 0, count <= Double(ModelLimits.elements) else {
        throw call.fault("counts from \(start) to \(limit) by \(step)")
      }
      let type = try call.input(0).type
      // Bounded: by the guard; `max` turns a count that is no number into 0.
      return try call.result([Int(count)], (0..<Int(count)).map { start + Double($0) * step }, type: type)
    },
    "EyeLike": .one { call in
      let input = try call.input(0)
      let offset = try call.int("k", default: 0)
      guard input.rank == 2 else { throw call.fault("needs a matrix") }
      let type = try call.int("dtype").map { ONNXTensor.elementType(Int64($0)) } ?? input.type
      guard let type else { throw call.unsupported("makes a data type that is not read") }
      let columns = input.shape[1]
      let values = (0..<input.count).map { $0 % columns - $0 / columns == offset ? 1.0 : 0 }
      return try call.result(input.shape, values, type: type)
    },
    "HannWindow": window { 0.5 - 0.5 * cos($0) },
    "HammingWindow": window { 25.0 / 46 - 21.0 / 46 * cos($0) },
    "BlackmanWindow": window { 0.42 - 0.5 * cos($0) + 0.08 * cos(2 * $0) },
    "Det": .one { call in
      let input = try call.input(0)
      guard input.rank >= 2, input.shape[input.rank - 1] == input.shape[input.rank - 2] else {
        throw call.fault("needs square matrices")
      }
      let size = input.shape[input.rank - 1]
      let values = input.elements.doubles
      let shape = Array(input.shape.dropLast(2))
      let results = (0..<shape.reduce(1, *)).map { index in
        determinant(Array(values[index * size * size..<(index + 1) * size * size]), size: size)
      }
      return try call.result(shape, results, type: input.type)
    },
  ]

  private static func window(_ function: @escaping @Sendable (Double) -> Double) -> Kernel {
    .one { call in
      let size = try call.integer(0)
      let isPeriodic = try call.flag("periodic", default: true)
      guard let type = ONNXTensor.elementType(Int64(try call.int("output_datatype", default: 1))), size >= 0 else {
        throw call.fault("has a size or type out of range")
      }
      _ = try call.count([size])
      let span = Double(isPeriodic ? size : size - 1)
      return try call.result([size], (0..<size).map { function(2 * .pi * Double($0) / max(span, 1)) }, type: type)
    }
  }

  /// By elimination with the largest pivot of each column.
  private static func determinant(_ matrix: [Double], size: Int) -> Double {
    var m = matrix
    var result = 1.0
    for column in 0..<size {
      let pivot = (column..<size).max { abs(m[$0 * size + column]) < abs(m[$1 * size + column]) } ?? column
      guard m[pivot * size + column] != 0 else { return 0 }
      if pivot != column {
        for index in 0..<size { m.swapAt(pivot * size + index, column * size + index) }
        result = -result
      }
      result *= m[column * size + column]
      for row in column + 1..<size {
        let factor = m[row * size + column] / m[column * size + column]
        for index in column..<size { m[row * size + index] -= factor * m[column * size + index] }
      }
    }
    return result
  }
}
