import ModelFiles

/// Gradients of pooling; attributes are the pooling's own.
extension Kernels {
  static let poolingGradients: [String: Kernel] = [
    // Inputs: gradient of the result, the input. The first of equal greatest cells gets the gradient, as MaxPool's indices have it.
    "MaxPoolGradient": .one { call in
      let values = try call.input(1).elements.doubles
      return try spread(call) { cells, plane in
        guard var best = cells.first else { return [] }
        for cell in cells where values[plane + cell] > values[plane + best] { best = cell }
        return [(best, 1)]
      }
    },
    // Inputs: gradient of the result, the input (for its shape).
    "AveragePoolGradient": .one { call in
      let isCounted = try call.flag("count_include_pad")
      let cellCount = (try call.ints("kernel_shape") ?? []).reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue }
      if isCounted, try call.flag("ceil_mode") { throw call.unsupported("counts padding and rounds up") }
      return try spread(call) { cells, _ in
        let share = 1 / Double(isCounted ? cellCount : cells.count)
        return cells.map { ($0, share) }
      }
    },
  ]

  /// Adds to each input cell its share of the gradient of every window that holds it.
  ///
  /// - Parameter shares: For the cells of a window (places in the plane, ascending) and the plane's first place, who gets how much.
  private static func spread(_ call: KernelCall, _ shares: ([Int], Int) -> [(place: Int, share: Double)]) throws -> Tensor {
    let (gradient, input) = (try call.input(0), try call.input(1))
    guard let kernel = try call.ints("kernel_shape"), input.rank == kernel.count + 2,
      kernel.allSatisfy({ $0 > 0 && $0 <= ModelLimits.elements })
    else { throw call.fault("has no kernel_shape that fits an input of \(input.rank) axes") }
    let windows = try Windows(call, input: Array(input.shape[2...]), kernel: kernel, isCeiling: try call.flag("ceil_mode"))
    guard gradient.shape == Array(input.shape[..<2]) + windows.output else {
      throw call.fault("has a gradient of \(Tensor.text(gradient.shape)) that does not fit its input")
    }
    let slopes = gradient.elements.doubles
    var result = [Double](repeating: 0, count: try call.count(input.shape))
    let (plane, outputPlane) = (windows.input.reduce(1, *), windows.output.reduce(1, *))
    Windows.forEachPosition(windows.output) { place, position in
      let cells = windows.cells(at: position).map(\.place).sorted()
      for channel in 0..<input.shape[0] * input.shape[1] {
        let slope = slopes[channel * outputPlane + place]
        for entry in shares(cells, channel * plane) { result[channel * plane + entry.place] += slope * entry.share }
      }
    }
    return try call.result(input.shape, result, type: gradient.type)
  }
}
