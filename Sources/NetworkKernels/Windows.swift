import ModelFiles

/// How windows slide over the spatial axes in convolutions and pooling, checked.
package struct Windows {
  package let input: [Int]
  package let kernel: [Int]
  package let strides: [Int]
  package let dilations: [Int]
  /// Begin of every axis, then end of every axis.
  package var pads: [Int]
  package let output: [Int]

  var rank: Int { kernel.count }

  /// - Parameters:
  ///   - input: Sizes of the spatial axes.
  ///   - isCeiling: Whether a window that does not fit whole is kept, unless it begins in the end padding.
  package init(_ call: KernelCall, input: [Int], kernel: [Int], isCeiling: Bool = false) throws {
    let rank = kernel.count
    guard rank > 0, input.count == rank, kernel.allSatisfy({ $0 > 0 }) else {
      throw call.fault("has a kernel of shape \(Tensor.text(kernel)) for an input of \(input.count) spatial axes")
    }
    let (strides, dilations) = try Windows.steps(call, kernel: kernel)
    var pads = try call.ints("pads") ?? [Int](repeating: 0, count: 2 * rank)
    // Extents stay far below overflow.
    guard pads.count == 2 * rank, pads.allSatisfy({ $0 >= 0 && $0 <= ModelLimits.elements }) else {
      throw call.fault("has pads \(pads) for \(rank) axes")
    }
    var output: [Int] = []
    let mode = try call.string("auto_pad", default: "NOTSET")
    for axis in 0..<rank {
      let extent = (kernel[axis] - 1) * dilations[axis] + 1
      switch mode {
      case "NOTSET", "": break
      case "VALID": (pads[axis], pads[rank + axis]) = (0, 0)
      case "SAME_UPPER", "SAME_LOWER":
        let size = (input[axis] + strides[axis] - 1) / strides[axis]
        let total = max(0, (size - 1) * strides[axis] + extent - input[axis])
        let begin = mode == "SAME_UPPER" ? total / 2 : total - total / 2
        (pads[axis], pads[rank + axis]) = (begin, total - begin)
      default: throw call.unsupported("has auto_pad '\(mode)'")
      }
      let span = input[axis] + pads[axis] + pads[rank + axis] - extent
      guard span >= 0 else { throw call.fault("has a kernel that is larger than its padded input on axis \(axis + 2)") }
      var size = span / strides[axis] + 1
      if isCeiling {
        size = (span + strides[axis] - 1) / strides[axis] + 1
        if (size - 1) * strides[axis] >= input[axis] + pads[axis] { size -= 1 }
      }
      output.append(size)
    }
    (self.input, self.kernel, self.strides, self.dilations, self.pads, self.output) =
      (input, kernel, strides, dilations, pads, output)
  }

  /// The strides and dilations of a kernel of these sizes, which a node that declares its kernel must agree with.
  static func steps(_ call: KernelCall, kernel: [Int]) throws -> (strides: [Int], dilations: [Int]) {
    if let declared = try call.ints("kernel_shape"), declared != kernel {
      throw call.fault("declares a kernel of \(Tensor.text(declared)), and its weights have one of \(Tensor.text(kernel))")
    }
    let rank = kernel.count
    let strides = try call.ints("strides") ?? [Int](repeating: 1, count: rank)
    let dilations = try call.ints("dilations") ?? [Int](repeating: 1, count: rank)
    // Extents stay far below overflow.
    guard
      strides.count == rank, dilations.count == rank,
      (strides + dilations).allSatisfy({ $0 > 0 && $0 <= ModelLimits.elements })
    else { throw call.fault("has strides \(strides) and dilations \(dilations) for \(rank) axes") }
    return (strides, dilations)
  }

  /// The outputs along an axis whose window cell `cell` lies inside the input; it reads at output · stride + offset.
  func range(axis: Int, cell: Int) -> (outputs: Range<Int>, offset: Int) {
    let offset = cell * dilations[axis] - pads[axis]
    let first = offset >= 0 ? 0 : (-offset + strides[axis] - 1) / strides[axis]
    let end = input[axis] - offset
    let last = end <= 0 ? 0 : (end + strides[axis] - 1) / strides[axis]
    let upper = min(last, output[axis])
    return (min(first, upper)..<upper, offset)
  }

  /// For one output position the input cells inside the input, as (place in the input plane, cell of the kernel).
  func cells(at position: [Int]) -> [(place: Int, cell: Int)] {
    var result = [(place: 0, cell: 0)]
    for axis in 0..<rank {
      var next: [(place: Int, cell: Int)] = []
      for cell in 0..<kernel[axis] {
        let index = position[axis] * strides[axis] + cell * dilations[axis] - pads[axis]
        guard index >= 0, index < input[axis] else { continue }
        for entry in result { next.append((entry.place * input[axis] + index, entry.cell * kernel[axis] + cell)) }
      }
      result = next
    }
    return result
  }

  /// Calls `body` with every output position in row-major order.
  static func forEachPosition(_ sizes: [Int], _ body: (_ index: Int, _ position: [Int]) throws -> Void) rethrows {
    let count = sizes.reduce(1, *)
    guard count > 0 else { return }
    var position = [Int](repeating: 0, count: sizes.count)
    for index in 0..<count {
      try body(index, position)
      for axis in sizes.indices.reversed() {
        position[axis] += 1
        if position[axis] < sizes[axis] { break }
        position[axis] = 0
      }
    }
  }
}
