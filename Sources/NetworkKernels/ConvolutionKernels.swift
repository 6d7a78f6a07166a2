import ModelFiles

/// Convolutions (correlations, as ONNX has them) of any number of spatial axes, and their transposes.
extension Kernels {
  static let convolutions: [String: Kernel] = [
    "Conv": .one { call in
      let (input, weight) = (try call.floats(0), try call.floats(1))
      let sums = try convolve(call, input, weight, input.elements.doubles, weight.elements.doubles)
      return try call.result(sums.shape, sums.adding(try bias(call, 2, count: weight.shape[0])), type: input.type)
    },
    "ConvTranspose": .one { call in try transposed(call) },
    "ConvInteger": .one { call in
      let (input, weight) = (try call.input(0), try call.input(1))
      let sums = try convolve(
        call, input, weight, try centred(call, input, zero: call.optional(2), axis: nil),
        try centred(call, weight, zero: call.optional(3), axis: 0))
      return try call.result(sums.shape, sums.values, type: .int32)
    },
    "QLinearConv": .one { call in
      let (input, weight) = (try call.input(0), try call.input(3))
      let sums = try convolve(
        call, input, weight, try centred(call, input, zero: call.optional(2), axis: nil),
        try centred(call, weight, zero: call.optional(5), axis: 0))
      let values = sums.adding(try bias(call, 8, count: weight.shape[0]))
      return try requantized(
        call, sums.shape, values, channelAxis: 1, scales: (try call.input(1), try call.input(4), try call.input(6)),
        zero: try call.input(7))
    },
  ]

  /// Sums of products by [batch, channel, position].
  struct ConvolutionSums {
    let shape: [Int]
    var values: [Double]

    func adding(_ bias: [Double]?) -> [Double] {
      guard let bias else { return values }
      let plane = shape[2...].reduce(1, *)
      return values.indices.map { values[$0] + bias[$0 / plane % shape[1]] }
    }
  }

  private static func bias(_ call: KernelCall, _ index: Int, count: Int) throws -> [Double]? {
    guard let bias = call.optional(index) else { return nil }
    guard bias.shape == [count] else { throw call.fault("has a bias of shape \(Tensor.text(bias.shape)) for \(count) channels") }
    return bias.elements.doubles
  }

  /// Integers less their zero point, which is one number or one for each place of `axis`.
  static func centred(_ call: KernelCall, _ tensor: Tensor, zero: Tensor?, axis: Int?) throws -> [Double] {
    let values = tensor.elements.doubles
    guard let zero else { return values }
    let offsets = zero.elements.doubles
    if offsets.count == 1 { return values.map { $0 - offsets[0] } }
    guard let axis, axis < tensor.rank, offsets.count == tensor.shape[axis] else {
      throw call.fault("has \(offsets.count) zero points for a tensor of shape \(Tensor.text(tensor.shape))")
    }
    let view = AxisView(tensor.shape, axis: axis)
    return values.indices.map { values[$0] - offsets[$0 / view.inner % view.size] }
  }

  private static func convolve(
    _ call: KernelCall, _ input: Tensor, _ weight: Tensor, _ values: [Double], _ weights: [Double]
  ) throws -> ConvolutionSums {
    let groups = try call.int("group", default: 1)
    guard
      input.rank >= 3, weight.rank == input.rank, groups > 0, weight.shape[0] % groups == 0,
      weight.shape[1].multipliedReportingOverflow(by: groups) == (input.shape[1], false)
    else {
      let shapes = "\(Tensor.text(input.shape)) and weights \(Tensor.text(weight.shape)) in \(groups) groups"
      throw call.fault("has an input \(shapes), which do not fit each other")
    }
    let windows = try Windows(call, input: Array(input.shape[2...]), kernel: Array(weight.shape[2...]))
    let shape = [input.shape[0], weight.shape[0]] + windows.output
    var result = [Double](repeating: 0, count: try call.count(shape))
    let plane = PlaneCorrelation(windows)
    let perGroup = weight.shape[0] / groups
    let cells = windows.kernel.reduce(1, *)
    for batch in 0..<shape[0] {
      for channel in 0..<shape[1] {
        let target = (batch * shape[1] + channel) * plane.outputCount
        for member in 0..<weight.shape[1] {
          let source = (batch * input.shape[1] + channel / perGroup * weight.shape[1] + member) * plane.inputCount
          let kernel = (channel * weight.shape[1] + member) * cells
          plane.add(values, at: source, weights, at: kernel, to: &result, at: target)
        }
      }
    }
    return ConvolutionSums(shape: shape, values: result)
  }

  private static func transposed(_ call: KernelCall) throws -> Tensor {
    let (input, weight) = (try call.floats(0), try call.floats(1))
    let groups = try call.int("group", default: 1)
    guard input.rank >= 3, weight.rank == input.rank, groups > 0, input.shape[1] == weight.shape[0], weight.shape[0] % groups == 0,
      weight.shape[1] <= ModelLimits.elements / groups
    else { throw call.fault("has an input \(Tensor.text(input.shape)) and weights \(Tensor.text(weight.shape)) that do not fit") }
    let windows = try TransposedWindows(call, input: Array(input.shape[2...]), kernel: Array(weight.shape[2...]))
    let channels = weight.shape[1] * groups
    let shape = [input.shape[0], channels] + windows.output
    var result = [Double](repeating: 0, count: try call.count(shape))
    let (values, weights) = (input.elements.doubles, weight.elements.doubles)
    let inputPlane = windows.input.reduce(1, *)
    let outputPlane = windows.output.reduce(1, *)
    let cells = windows.kernel.reduce(1, *)
    let perGroup = weight.shape[0] / groups
    Windows.forEachPosition(windows.input) { place, position in
      let targets = windows.targets(of: position)
      for batch in 0..<shape[0] {
        for channel in 0..<input.shape[1] {
          let value = values[(batch * input.shape[1] + channel) * inputPlane + place]
          for member in 0..<weight.shape[1] {
            let kernel = (channel * weight.shape[1] + member) * cells
            let target = (batch * channels + channel / perGroup * weight.shape[1] + member) * outputPlane
            for entry in targets { result[target + entry.place] += value * weights[kernel + entry.cell] }
          }
        }
      }
    }
    let sums = ConvolutionSums(shape: shape, values: result)
    return try call.result(shape, sums.adding(try bias(call, 2, count: channels)), type: input.type)
  }
}

/// The correlation of one plane with one kernel, added to an output plane.
private struct PlaneCorrelation {
  let windows: Windows
  let inputCount: Int
  let outputCount: Int

  init(_ windows: Windows) {
    self.windows = windows
    inputCount = windows.input.reduce(1, *)
    outputCount = windows.output.reduce(1, *)
  }

  func add(_ values: [Double], at source: Int, _ weights: [Double], at kernel: Int, to result: inout [Double], at target: Int) {
    let last = windows.rank - 1
    let stride = windows.strides[last]
    Windows.forEachPosition(windows.kernel) { cell, position in
      let weight = weights[kernel + cell]
      let ranges = position.indices.map { windows.range(axis: $0, cell: position[$0]) }
      let row = ranges[last]
      guard !row.outputs.isEmpty else { return }
      Windows.forEachPosition(ranges.dropLast().map(\.outputs.count)) { _, step in
        var (from, to) = (0, 0)
        for axis in 0..<last {
          let output = ranges[axis].outputs.lowerBound + step[axis]
          from = from * windows.input[axis] + output * windows.strides[axis] + ranges[axis].offset
          to = to * windows.output[axis] + output
        }
        from = source + from * windows.input[last] + row.offset
        to = target + to * windows.output[last]
        for output in row.outputs { result[to + output] += weight * values[from + output * stride] }
      }
    }
  }
}

/// Where a transposed convolution puts the products of an input cell.
package struct TransposedWindows {
  package let input: [Int]
  package let kernel: [Int]
  package let strides: [Int]
  package let dilations: [Int]
  package let begins: [Int]
  package let output: [Int]

  package init(_ call: KernelCall, input: [Int], kernel: [Int]) throws {
    let rank = kernel.count
    guard kernel.allSatisfy({ $0 > 0 }), !input.contains(0) else { throw call.fault("has an empty kernel or input") }
    let (strides, dilations) = try Windows.steps(call, kernel: kernel)
    let pads = try call.ints("pads") ?? [Int](repeating: 0, count: 2 * rank)
    let extra = try call.ints("output_padding") ?? [Int](repeating: 0, count: rank)
    let asked = try call.ints("output_shape").map { Array($0.suffix(rank)) }
    let mode = try call.string("auto_pad", default: "NOTSET")
    guard pads.count == 2 * rank, extra.count == rank, asked == nil || asked?.count == rank,
      (pads + extra + (asked ?? [])).allSatisfy({ $0 >= 0 && $0 <= ModelLimits.elements })
    else { throw call.fault("has pads, output_padding or output_shape that do not fit \(rank) axes") }
    var begins: [Int] = []
    var output: [Int] = []
    for axis in 0..<rank {
      let full = strides[axis] * (input[axis] - 1) + extra[axis] + (kernel[axis] - 1) * dilations[axis] + 1
      var size = full - pads[axis] - pads[rank + axis]
      var begin = pads[axis]
      if let asked { size = asked[axis] } else if mode.hasPrefix("SAME") { size = input[axis] * strides[axis] }
      if asked != nil || mode.hasPrefix("SAME") {
        let total = max(0, full - size)
        begin = mode == "SAME_UPPER" ? total / 2 : total - total / 2
      }
      guard size > 0 else { throw call.fault("has an empty output on axis \(axis + 2)") }
      begins.append(begin)
      output.append(size)
    }
    (self.input, self.kernel, self.strides, self.dilations, self.begins, self.output) =
      (input, kernel, strides, dilations, begins, output)
  }

  /// For one input position the output cells inside the output, as (place in the output plane, cell of the kernel).
  func targets(of position: [Int]) -> [(place: Int, cell: Int)] {
    var result = [(place: 0, cell: 0)]
    for axis in kernel.indices {
      var next: [(place: Int, cell: Int)] = []
      for entry in result {
        for cell in 0..<kernel[axis] {
          let index = position[axis] * strides[axis] + cell * dilations[axis] - begins[axis]
          guard index >= 0, index < output[axis] else { continue }
          next.append((entry.place * output[axis] + index, entry.cell * kernel[axis] + cell))
        }
      }
      result = next
    }
    return result
  }
}
