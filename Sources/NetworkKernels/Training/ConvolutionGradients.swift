import ModelFiles

/// Gradients of `Conv` over its input and its weights; attributes are the convolution's own.
///
/// With y[o] = Σ w[o, m, cell] · x[m, place(o, cell)] both are the same sum read for another factor.
extension Kernels {
  static let convolutionGradients: [String: Kernel] = [
    // Inputs: gradient of the result, weights, the input (for its shape).
    "ConvDataGradient": .one { call in
      let (slope, weight, like) = (try call.input(0), try call.input(1), try call.input(2))
      let sum = try ConvolutionSum(call, input: like.shape, weight: weight.shape, result: slope.shape)
      let (slopes, weights) = (slope.elements.doubles, weight.elements.doubles)
      var result = [Double](repeating: 0, count: try call.count(like.shape))
      sum.forEachProduct { input, kernel, output in result[input] += weights[kernel] * slopes[output] }
      return try call.result(like.shape, result, type: slope.type)
    },
    // Inputs: the input, gradient of the result, weights (for their shape). Outputs: gradients of the weights and of the bias.
    "ConvWeightGradient": Kernel { call in
      let (input, slope, like) = (try call.input(0), try call.input(1), try call.input(2))
      let sum = try ConvolutionSum(call, input: input.shape, weight: like.shape, result: slope.shape)
      let (values, slopes) = (input.elements.doubles, slope.elements.doubles)
      var result = [Double](repeating: 0, count: try call.count(like.shape))
      sum.forEachProduct { input, kernel, output in result[kernel] += values[input] * slopes[output] }
      let (channels, plane) = (slope.shape[1], slope.shape[2...].reduce(1, *))
      var bias = [Double](repeating: 0, count: channels)
      for (place, value) in slopes.enumerated() { bias[place / plane % channels] += value }
      return [
        try call.result(like.shape, result, type: slope.type), try call.result([channels], bias, type: slope.type),
      ]
    },
  ]
}

/// The products of a convolution: which input meets which weight in which output.
private struct ConvolutionSum {
  let windows: Windows
  let batch: Int
  let inputChannels: Int
  let weight: [Int]
  let groups: Int

  init(_ call: KernelCall, input: [Int], weight: [Int], result: [Int]) throws {
    groups = try call.int("group", default: 1)
    guard input.count >= 3, weight.count == input.count, result.count == input.count, groups > 0, weight[0] % groups == 0,
      weight[1].multipliedReportingOverflow(by: groups) == (input[1], false), result[0] == input[0], result[1] == weight[0]
    else { throw call.fault("has an input, weights and a result that do not fit each other") }
    windows = try Windows(call, input: Array(input[2...]), kernel: Array(weight[2...]))
    guard windows.output == Array(result[2...]) else {
      throw call.fault("has a gradient of \(Tensor.text(result)) for a result of \(Tensor.text(windows.output))")
    }
    (batch, inputChannels, self.weight) = (input[0], input[1], weight)
  }

  /// Calls `body` with the places of input, weight and output of every product.
  func forEachProduct(_ body: (Int, Int, Int) -> Void) {
    let (inputPlane, outputPlane) = (windows.input.reduce(1, *), windows.output.reduce(1, *))
    let cells = windows.kernel.reduce(1, *)
    let perGroup = weight[0] / groups
    Windows.forEachPosition(windows.output) { place, position in
      let entries = windows.cells(at: position)
      for image in 0..<batch {
        for channel in 0..<weight[0] {
          let output = (image * weight[0] + channel) * outputPlane + place
          for member in 0..<weight[1] {
            let input = (image * inputChannels + channel / perGroup * weight[1] + member) * inputPlane
            let kernel = (channel * weight[1] + member) * cells
            for entry in entries { body(input + entry.place, kernel + entry.cell, output) }
          }
        }
      }
    }
  }
}
