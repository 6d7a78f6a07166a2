import Foundation
import ModelFiles

/// Batch normalization in training, and gradients of normalizations and of the softmax family.
extension Kernels {
  static let normalizationGradients: [String: Kernel] = [
    // Inputs: the input, scale, shift. Outputs: the result, and mean and (biased) variance of each channel in this batch.
    "BatchNormalization": Kernel { call in
      let input = try call.input(0)
      let channels = try Channels(call, input.shape)
      let (scale, shift) = (try call.input(1).elements.doubles, try call.input(2).elements.doubles)
      guard scale.count == channels.count, shift.count == channels.count else { throw call.fault("has parameters that do not fit") }
      let values = input.elements.doubles
      let means = channels.means(values) { values[$0] }
      let variances = channels.means(values) { (values[$0] - means[channels.of($0)]) * (values[$0] - means[channels.of($0)]) }
      let epsilon = try call.float("epsilon", default: 1e-5)
      let factors = zip(scale, variances).map { $0 / ($1 + epsilon).squareRoot() }
      let result = values.indices.map { place in
        let channel = channels.of(place)
        return (values[place] - means[channel]) * factors[channel] + shift[channel]
      }
      return [
        try call.result(input.shape, result, type: input.type), try call.result([channels.count], means, type: input.type),
        try call.result([channels.count], variances, type: input.type),
      ]
    },
    // Inputs: gradient of the result, the input, scale, mean, variance. Outputs: gradients of input, scale and shift. With `is_frozen`
    // mean and variance are constants.
    "BatchNormalizationGradient": Kernel { call in try batchGradient(call) },
    // Inputs: gradient of the result, the input, scale. Outputs: gradients of input, scale and shift. Attributes are LayerNormalization's.
    "LayerNormalizationGradient": Kernel { call in try layerGradient(call) },
    // Inputs: gradient of the result, the result: y (dy − Σ dy y).
    "SoftmaxGradient": .one { call in
      try alongRows(call) { slope, result in
        let sum = zip(slope, result).reduce(0) { $0 + $1.0 * $1.1 }
        return zip(slope, result).map { $1 * ($0 - sum) }
      }
    },
    // Inputs: gradient of the result, the result: dy − exp(y) Σ dy.
    "LogSoftmaxGradient": .one { call in
      try alongRows(call) { slope, result in
        let sum = slope.reduce(0, +)
        return zip(slope, result).map { $0 - exp($1) * sum }
      }
    },
  ]

  /// Tensors of [batch, channels, …].
  private struct Channels {
    let count: Int
    let inner: Int
    let perChannel: Int

    init(_ call: KernelCall, _ shape: [Int]) throws {
      guard shape.count >= 2, !shape.contains(0) else { throw call.fault("needs an input with channels and at least one number") }
      (count, inner) = (shape[1], shape[2...].reduce(1, *))
      perChannel = shape[0] * inner
    }

    func of(_ place: Int) -> Int { place / inner % count }

    func means(_ values: [Double], _ term: (Int) -> Double) -> [Double] {
      sums(values.count, term).map { $0 / Double(perChannel) }
    }

    func sums(_ places: Int, _ term: (Int) -> Double) -> [Double] {
      var sums = [Double](repeating: 0, count: count)
      for place in 0..<places { sums[of(place)] += term(place) }
      return sums
    }
  }

  /// dx = g/σ (dy − mean dy − x̂ mean(dy x̂)), means over batch and space (Ioffe and Szegedy 2015, section 3).
  private static func batchGradient(_ call: KernelCall) throws -> [Tensor?] {
    let (slope, input) = (try call.input(0), try call.input(1))
    let channels = try Channels(call, input.shape)
    let given = try (2...4).map { try call.input($0).elements.doubles }
    guard slope.shape == input.shape, given.allSatisfy({ $0.count == channels.count }) else {
      throw call.fault("has tensors that do not fit each other")
    }
    let (slopes, values) = (slope.elements.doubles, input.elements.doubles)
    let epsilon = try call.float("epsilon", default: 1e-5)
    let inverse = given[2].map { 1 / ($0 + epsilon).squareRoot() }
    let standard = values.indices.map { (values[$0] - given[1][channels.of($0)]) * inverse[channels.of($0)] }
    let scaleSlope = channels.sums(values.count) { slopes[$0] * standard[$0] }
    let shiftSlope = channels.sums(values.count) { slopes[$0] }
    let weight = try call.flag("is_frozen") ? 0 : 1 / Double(channels.perChannel)
    let result = values.indices.map { place in
      let channel = channels.of(place)
      let centred = slopes[place] - weight * (shiftSlope[channel] + standard[place] * scaleSlope[channel])
      return given[0][channel] * inverse[channel] * centred
    }
    return [
      try call.result(input.shape, result, type: slope.type), try call.result([channels.count], scaleSlope, type: slope.type),
      try call.result([channels.count], shiftSlope, type: slope.type),
    ]
  }

  /// dx = (d − mean d − x̂ mean(d x̂))/σ with d = g dy, means over a group (Ba, Kiros and Hinton 2016).
  private static func layerGradient(_ call: KernelCall) throws -> [Tensor?] {
    let (slope, input, scale) = (try call.input(0), try call.input(1), try call.input(2))
    let axis = try call.axis(try call.int("axis", default: -1), rank: input.rank)
    let inner = Array(input.shape[axis...])
    guard slope.shape == input.shape, scale.shape == inner, !inner.contains(0) else {
      throw call.fault("has tensors that do not fit each other")
    }
    let size = inner.reduce(1, *)
    let groups = Standardized(input.elements.doubles, size: size, epsilon: try call.float("epsilon", default: 1e-5))
    let (slopes, scales) = (slope.elements.doubles, scale.elements.doubles)
    var scaleSlope = [Double](repeating: 0, count: size)
    var shiftSlope = scaleSlope
    var result = [Double](repeating: 0, count: slopes.count)
    for start in stride(from: 0, to: slopes.count, by: size) {
      var (mean, product) = (0.0, 0.0)
      for place in 0..<size {
        let (dy, standard) = (slopes[start + place], groups.values[start + place])
        scaleSlope[place] += dy * standard
        shiftSlope[place] += dy
        mean += dy * scales[place] / Double(size)
        product += dy * scales[place] * standard / Double(size)
      }
      let inverse = groups.inverseDeviations[start / size]
      for place in 0..<size {
        let centred = slopes[start + place] * scales[place] - mean - groups.values[start + place] * product
        result[start + place] = centred * inverse
      }
    }
    return [
      try call.result(input.shape, result, type: slope.type), try call.result(inner, scaleSlope, type: slope.type),
      try call.result(inner, shiftSlope, type: slope.type),
    ]
  }

  /// A function of the two inputs' numbers along the attribute's axis.
  private static func alongRows(_ call: KernelCall, _ function: ([Double], [Double]) -> [Double]) throws -> Tensor {
    let (first, second) = (try call.input(0), try call.input(1))
    guard first.shape == second.shape, first.rank > 0 else { throw call.fault("has tensors of different shapes") }
    let axis = try call.axis(try call.int("axis", default: -1), rank: first.rank)
    let view = AxisView(first.shape, axis: axis)
    let (left, right) = (first.elements.doubles, second.elements.doubles)
    var result = left
    for outer in 0..<view.outer {
      for inner in 0..<view.inner {
        let places = (0..<view.size).map { (outer * view.size + $0) * view.inner + inner }
        for (place, value) in zip(places, function(places.map { left[$0] }, places.map { right[$0] })) { result[place] = value }
      }
    }
    return try call.result(first.shape, result, type: first.type)
  }
}
