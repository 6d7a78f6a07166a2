import Foundation
import ModelFiles
import NetworkGraph

/// Convolutions, pooling, sampling and recurrent layers.
extension OutlineRules {
  static let windows: [String: OutlineRule] = {
    var rules: [String: OutlineRule] = [
      "Conv": { given in try convolved(given, weights: 1, type: try given.outline(0).type) },
      "ConvInteger": { given in try convolved(given, weights: 1, type: .int32) },
      "QLinearConv": { given in try convolved(given, weights: 3, type: try given.outline(7).type) },
      "ConvTranspose": { given in
        let (source, kernel) = (try given.outline(0), try given.shape(1))
        guard source.shape.count == kernel.count, kernel.count > 2 else {
          throw given.call.fault("has weights of another number of axes")
        }
        let groups = try given.call.int("group", default: 1)
        guard groups > 0, kernel[0] % groups == 0, kernel[0] == source.shape[1] else {
          throw given.call.fault("has weights \(Tensor.text(kernel)) in \(groups) groups for \(Tensor.text(source.shape))")
        }
        let windows = try TransposedWindows(given.call, input: Array(source.shape[2...]), kernel: Array(kernel[2...]))
        return [TensorOutline(source.type, [source.shape[0], kernel[1] * groups] + windows.output)]
      },
      "MaxUnpool": { given in
        guard given.optional(2) != nil, given.isKnown(2) else { return [nil] }
        return [TensorOutline(try given.outline(0).type, try given.call.integers(2))]
      },
      "GridSample": { given in
        let (source, grid) = (try given.outline(0), try given.shape(1))
        guard source.shape.count == 4, grid.count == 4 else { throw given.call.unsupported("samples other than pictures") }
        return [TensorOutline(source.type, Array(source.shape[..<2]) + grid[1..<3])]
      },
      "RoiAlign": { given in
        let (source, regions) = (try given.outline(0), try given.shape(1))
        guard source.shape.count == 4, regions.count == 2 else { throw given.call.fault("has regions that do not fit its input") }
        let sides = [try given.call.int("output_height", default: 1), try given.call.int("output_width", default: 1)]
        return [TensorOutline(source.type, [regions[0], source.shape[1]] + sides)]
      },
    ]
    for name in ["Resize", "Upsample"] {
      rules[name] = { given in
        guard given.outlines.indices.dropFirst().allSatisfy(given.isKnown) else { return [nil] }
        return [TensorOutline(try given.outline(0).type, try ResizePlan(given.call, shape: given.shape(0)).output)]
      }
    }
    for name in ["MaxPool", "AveragePool", "LpPool"] { rules[name] = { try pooled($0) } }
    for name in ["GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool"] {
      rules[name] = { given in
        let source = try given.outline(0)
        return [TensorOutline(source.type, source.shape.indices.map { $0 < 2 ? source.shape[$0] : 1 })]
      }
    }
    for name in ["RNN", "GRU", "LSTM"] { rules[name] = { try recurrent($0, isLSTM: name == "LSTM") } }
    return rules
  }()

  private static func convolved(_ given: OutlineCall, weights: Int, type: ElementType) throws -> [TensorOutline?] {
    let (shape, kernel) = (try given.shape(0), try given.shape(weights))
    guard shape.count == kernel.count, kernel.count > 2 else {
      throw given.call.fault("has weights \(Tensor.text(kernel)) for an input \(Tensor.text(shape))")
    }
    let groups = try given.call.int("group", default: 1)
    // As many groups as channels at most, so that the product stays small.
    guard groups > 0, kernel[0] % groups == 0, kernel[1] * groups == shape[1] else {
      throw given.call.fault("has weights \(Tensor.text(kernel)) in \(groups) groups for an input \(Tensor.text(shape))")
    }
    let windows = try Windows(given.call, input: Array(shape[2...]), kernel: Array(kernel[2...]))
    return [TensorOutline(type, [shape[0], kernel[0]] + windows.output)]
  }

  private static func pooled(_ given: OutlineCall) throws -> [TensorOutline?] {
    let source = try given.outline(0)
    guard source.shape.count > 2, let kernel = try given.call.ints("kernel_shape") else {
      throw given.call.fault("lacks its kernel")
    }
    let windows = try Windows(
      given.call, input: Array(source.shape[2...]), kernel: kernel, isCeiling: try given.call.flag("ceil_mode"))
    let shape = Array(source.shape[..<2]) + windows.output
    return [TensorOutline(source.type, shape), TensorOutline(.int64, shape)]
  }

  private static func recurrent(_ given: OutlineCall, isLSTM: Bool) throws -> [TensorOutline?] {
    let (source, weights) = (try given.outline(0), try given.shape(2))
    guard source.shape.count == 3, weights.count == 3 else {
      throw given.call.fault("has an input or weights of another number of axes")
    }
    let isBatchFirst = try given.call.int("layout", default: 0) == 1
    let (length, batch) = isBatchFirst ? (source.shape[1], source.shape[0]) : (source.shape[0], source.shape[1])
    let (directions, size) = (weights[0], weights[2])
    let whole = isBatchFirst ? [batch, length, directions, size] : [length, directions, batch, size]
    let state = TensorOutline(source.type, isBatchFirst ? [batch, directions, size] : [directions, batch, size])
    return [TensorOutline(source.type, whole), state] + (isLSTM ? [state] : [])
  }

  // MARK: Products

  static let products: [String: OutlineRule] = [
    "MatMul": { given in [TensorOutline(try given.outline(0).type, try product(given, 0, 1))] },
    "MatMulInteger": { given in [TensorOutline(.int32, try product(given, 0, 1))] },
    "QLinearMatMul": { given in [TensorOutline(try given.outline(7).type, try product(given, 0, 3))] },
    "Gemm": { given in
      let (left, right) = (try given.shape(0), try given.shape(1))
      guard left.count == 2, right.count == 2 else { throw given.call.fault("multiplies what are no matrices") }
      let (a, b) = (
        try given.call.flag("transA") ? [left[1], left[0]] : left, try given.call.flag("transB") ? [right[1], right[0]] : right
      )
      guard a[1] == b[0] else { throw given.call.fault("multiplies \(Tensor.text(a)) by \(Tensor.text(b))") }
      return [TensorOutline(try given.outline(0).type, [a[0], b[1]])]
    },
    "Einsum": { try summed($0) },
    "Det": { given in [TensorOutline(try given.outline(0).type, Array(try given.shape(0).dropLast(2)))] },
  ]

  /// Every letter of the result has the size that it has in the inputs; nil where an ellipsis stands for axes.
  private static func summed(_ given: OutlineCall) throws -> [TensorOutline?] {
    let equation = try given.call.string("equation", default: "").filter { $0 != " " }
    guard !equation.contains("."), let arrow = equation.range(of: "->") else { return [nil] }
    var sizes: [Character: Int] = [:]
    for (place, letters) in equation[..<arrow.lowerBound].split(separator: ",", omittingEmptySubsequences: false).enumerated() {
      let shape = try given.shape(place)
      guard shape.count == letters.count else { throw given.call.fault("names \(letters.count) axes of \(shape.count)") }
      for (letter, size) in zip(letters, shape) { sizes[letter] = max(sizes[letter] ?? 1, size) }
    }
    let shape = try equation[arrow.upperBound...].map { letter -> Int in
      guard let size = sizes[letter] else { throw given.call.fault("names the axis \(letter) only in its result") }
      return size
    }
    return [TensorOutline(try given.outline(0).type, shape)]
  }

  private static func product(_ given: OutlineCall, _ left: Int, _ right: Int) throws -> [Int] {
    let (a, b) = (try given.shape(left), try given.shape(right))
    let (wideA, wideB) = (a.count == 1 ? [1] + a : a, b.count == 1 ? b + [1] : b)
    guard let inner = wideA.last, wideB.count >= 2, inner == wideB[wideB.count - 2],
      let batch = Broadcasting.shape([Array(wideA.dropLast(2)), Array(wideB.dropLast(2))])
    else { throw given.call.fault("multiplies \(Tensor.text(a)) by \(Tensor.text(b))") }
    return batch + (a.count == 1 ? [] : [wideA[wideA.count - 2]]) + (b.count == 1 ? [] : [wideB[wideB.count - 1]])
  }
}
