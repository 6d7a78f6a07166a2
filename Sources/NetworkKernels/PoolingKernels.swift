import Foundation
import ModelFiles

/// Pooling over windows and over whole planes.
extension Kernels {
  static let pooling: [String: Kernel] = [
    "MaxPool": Kernel { call in try maximum(call) },
    "AveragePool": .one { call in
      let counted = try call.flag("count_include_pad")
      return try pooled(call) { values, windows, position in
        values.isEmpty ? 0 : values.reduce(0, +) / Double(counted ? paddedCount(windows, position) : values.count)
      }
    },
    "LpPool": .one { call in
      let power = Double(try call.int("p", default: 2))
      return try pooled(call) { values, _, _ in pow(values.reduce(0) { $0 + pow(abs($1), power) }, 1 / power) }
    },
    "GlobalAveragePool": global { $0.reduce(0, +) / Double($0.count) },
    "GlobalMaxPool": global { $0.max() ?? -.infinity },
    "GlobalLpPool": .one { call in
      let power = Double(try call.int("p", default: 2))
      return try overPlanes(call) { pow($0.reduce(0) { $0 + pow(abs($1), power) }, 1 / power) }
    },
    "MaxUnpool": .one { call in
      let (input, places) = (try call.input(0), try call.integers(1))
      guard let kernel = try call.ints("kernel_shape"), input.rank == kernel.count + 2, places.count == input.count else {
        throw call.fault("has a kernel or indices that do not fit its input")
      }
      let (strides, _) = try Windows.steps(call, kernel: kernel)
      let pads = try call.ints("pads") ?? [Int](repeating: 0, count: 2 * kernel.count)
      guard pads.count == 2 * kernel.count, (kernel + pads).allSatisfy({ $0 >= 0 && $0 <= ModelLimits.elements }) else {
        throw call.fault("has a kernel or pads out of range")
      }
      let sizes = kernel.indices.map { axis in
        (input.shape[axis + 2] - 1) * strides[axis] + kernel[axis] - pads[axis] - pads[axis + kernel.count]
      }
      let shape = try call.optionalIntegers(2) ?? Array(input.shape[..<2]) + sizes
      let count = try call.count(shape)
      // Indices count in a result without the asked shape's additional room.
      let inner = Array(input.shape[..<2]) + sizes
      let innerCount = try call.count(inner)
      guard shape.count == inner.count, zip(shape, inner).allSatisfy({ $0 >= $1 }), places.allSatisfy({ 0..<innerCount ~= $0 })
      else {
        throw call.fault("has an index or a shape that is out of range")
      }
      let strided = Strides.places(inner, strides: Strides.of(shape))
      let zeros = Elements.zeros(count, type: input.type)
      guard let elements = zeros.replacing(places.map { strided[$0] }, with: input.elements) else {
        throw call.fault("has a wrong type")
      }
      return try Tensor(shape: shape, elements: elements)
    },
  ]

  private static func windows(_ call: KernelCall, _ input: Tensor) throws -> Windows {
    guard let kernel = try call.ints("kernel_shape"), input.rank == kernel.count + 2 else {
      throw call.fault("has no kernel_shape that fits an input of \(input.rank) axes")
    }
    let isCeiling = try call.flag("ceil_mode")
    guard kernel.allSatisfy({ $0 > 0 && $0 <= ModelLimits.elements }) else { throw call.fault("has a kernel out of range") }
    return try Windows(call, input: Array(input.shape[2...]), kernel: kernel, isCeiling: isCeiling)
  }

  /// Cells of a window inside the padded input; those that only rounding up added do not count.
  private static func paddedCount(_ windows: Windows, _ position: [Int]) -> Int {
    position.indices.reduce(1) { product, axis in
      let end = windows.input[axis] + windows.pads[windows.rank + axis]
      let inside = (0..<windows.kernel[axis]).count { cell in
        position[axis] * windows.strides[axis] + cell * windows.dilations[axis] - windows.pads[axis] < end
      }
      return product * inside
    }
  }

  private static func pooled(_ call: KernelCall, _ function: ([Double], Windows, [Int]) -> Double) throws -> Tensor {
    let input = try call.floats(0)
    let windows = try windows(call, input)
    let values = input.elements.doubles
    let shape = Array(input.shape[..<2]) + windows.output
    var result = [Double](repeating: 0, count: try call.count(shape))
    let (plane, outputPlane) = (windows.input.reduce(1, *), windows.output.reduce(1, *))
    Windows.forEachPosition(windows.output) { place, position in
      let cells = windows.cells(at: position)
      for channel in 0..<input.shape[0] * input.shape[1] {
        result[channel * outputPlane + place] = function(cells.map { values[channel * plane + $0.place] }, windows, position)
      }
    }
    return try call.result(shape, result, type: input.type)
  }

  private static func maximum(_ call: KernelCall) throws -> [Tensor?] {
    let input = try call.input(0)
    let windows = try windows(call, input)
    let values = input.elements.doubles
    let shape = Array(input.shape[..<2]) + windows.output
    let count = try call.count(shape)
    var result = [Double](repeating: -.infinity, count: count)
    var places = [Int64](repeating: 0, count: count)
    let (plane, outputPlane) = (windows.input.reduce(1, *), windows.output.reduce(1, *))
    // Places count with the last axis innermost, or with the first spatial one where the node asks for columns.
    let isColumnMajor = try call.flag("storage_order")
    let order = isColumnMajor ? columnOrder(windows.input) : nil
    Windows.forEachPosition(windows.output) { place, position in
      let cells = windows.cells(at: position).sorted { $0.place < $1.place }
      for channel in 0..<input.shape[0] * input.shape[1] {
        let target = channel * outputPlane + place
        for cell in cells {
          let value = values[channel * plane + cell.place]
          guard value > result[target] || value.isNaN || cell.place == cells[0].place else { continue }
          result[target] = value
          places[target] = Int64(channel * plane + (order?[cell.place] ?? cell.place))
        }
      }
    }
    let type = input.type
    let pooled =
      type.isFloat
      ? try call.result(shape, result, type: type)
      // Bounded: the greatest of integers of this type is one of them.
      : try Tensor(shape: shape, elements: .from(result.map { $0.isFinite ? Int64($0) : 0 }, type: type))
    return [pooled, try Tensor(shape: shape, places)]
  }

  private static func columnOrder(_ sizes: [Int]) -> [Int] {
    var strides: [Int] = []
    var stride = 1
    for size in sizes {
      strides.append(stride)
      stride *= size
    }
    return Strides.places(sizes, strides: strides)
  }

  private static func global(_ function: @escaping @Sendable (ArraySlice<Double>) -> Double) -> Kernel {
    .one { call in try overPlanes(call, function) }
  }

  private static func overPlanes(_ call: KernelCall, _ function: (ArraySlice<Double>) -> Double) throws -> Tensor {
    let input = try call.floats(0)
    guard input.rank >= 3 else { throw call.fault("needs an input of at least three axes") }
    let values = input.elements.doubles
    let plane = input.shape[2...].reduce(1, *)
    let planes = (0..<input.shape[0] * input.shape[1]).map { function(values[$0 * plane..<($0 + 1) * plane]) }
    let shape = Array(input.shape[..<2]) + [Int](repeating: 1, count: input.rank - 2)
    return try call.result(shape, planes, type: input.type)
  }
}
