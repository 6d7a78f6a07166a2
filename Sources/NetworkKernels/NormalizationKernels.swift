import Foundation
import ModelFiles

/// Normalisations, and the softmax family. Variances are biased, and the addend stands inside the root.
extension Kernels {
  static let normalizations: [String: Kernel] = [
    "BatchNormalization": Kernel { call in
      guard try !call.flag("training_mode") else { throw call.unsupported("computes statistics of training") }
      let input = try call.floats(0)
      guard input.rank >= 2, (1...4).allSatisfy({ call.optional($0)?.count == input.shape[1] }) else {
        throw call.fault("has statistics that do not fit its channels")
      }
      let (scale, shift) = (try call.input(1).elements.doubles, try call.input(2).elements.doubles)
      let (mean, variance) = (try call.input(3).elements.doubles, try call.input(4).elements.doubles)
      let epsilon = try call.float("epsilon", default: 1e-5)
      let view = AxisView(input.shape, axis: 1)
      let values = input.elements.doubles
      let result = values.indices.map { place in
        let channel = place / view.inner % view.size
        return (values[place] - mean[channel]) / (variance[channel] + epsilon).squareRoot() * scale[channel] + shift[channel]
      }
      return [try call.result(input.shape, result, type: input.type)]
    },
    "LayerNormalization": Kernel { call in
      let input = try call.floats(0)
      let axis = try call.axis(try call.int("axis", default: -1), rank: input.rank)
      let view = AxisView(input.shape, flattenedFrom: axis)
      let inner = Array(input.shape[axis...])
      let scale = try parameter(call, 1, onto: inner) ?? []
      let shift = try parameter(call, 2, onto: inner)
      let groups = Standardized(input.elements.doubles, size: view.size, epsilon: try call.float("epsilon", default: 1e-5))
      let values = groups.values.indices.map { groups.values[$0] * scale[$0 % view.size] + (shift?[$0 % view.size] ?? 0) }
      let reduced = Array(input.shape[..<axis]) + [Int](repeating: 1, count: inner.count)
      return [
        try call.result(input.shape, values, type: input.type), try call.result(reduced, groups.means, type: .float32),
        try call.result(reduced, groups.inverseDeviations, type: .float32),
      ]
    },
    "InstanceNormalization": .one { call in
      let input = try call.floats(0)
      guard input.rank >= 3, call.optional(1)?.count == input.shape[1], call.optional(2)?.count == input.shape[1] else {
        throw call.fault("has parameters that do not fit its channels")
      }
      let (scale, shift) = (try call.input(1).elements.doubles, try call.input(2).elements.doubles)
      let plane = input.shape[2...].reduce(1, *)
      let groups = Standardized(input.elements.doubles, size: plane, epsilon: try call.float("epsilon", default: 1e-5))
      let values = groups.values.indices.map { place in
        let channel = place / plane % input.shape[1]
        return groups.values[place] * scale[channel] + shift[channel]
      }
      return try call.result(input.shape, values, type: input.type)
    },
    "GroupNormalization": .one { call in
      let input = try call.floats(0)
      let groupCount = try call.int("num_groups", default: 1)
      guard input.rank >= 3, groupCount > 0, input.shape[1] % groupCount == 0 else {
        throw call.fault("has groups that do not fit")
      }
      // Version 18 had one scale a group; since 21 there is one a channel.
      let perChannel = call.version >= 21
      let (scale, shift) = (try call.input(1).elements.doubles, try call.input(2).elements.doubles)
      let expected = perChannel ? input.shape[1] : groupCount
      guard scale.count == expected, shift.count == expected else { throw call.fault("needs \(expected) scales and shifts") }
      let plane = input.shape[2...].reduce(1, *)
      let size = plane * (input.shape[1] / groupCount)
      let groups = Standardized(input.elements.doubles, size: size, epsilon: try call.float("epsilon", default: 1e-5))
      let values = groups.values.indices.map { place in
        let index = perChannel ? place / plane % input.shape[1] : place / max(1, size) % groupCount
        return groups.values[place] * scale[index] + shift[index]
      }
      return try call.result(input.shape, values, type: input.type)
    },
    "MeanVarianceNormalization": .one { call in
      let input = try call.floats(0)
      let axes = try call.axes(try call.ints("axes") ?? [0, 2, 3], rank: input.rank)
      let reduction = Reduction(input.shape, axes: axes)
      let values = input.elements.doubles
      var result = values
      for group in 0..<reduction.groupCount {
        let members = reduction.members(of: group)
        let mean = members.reduce(0) { $0 + values[$1] } / Double(members.count)
        let variance = members.reduce(0) { $0 + (values[$1] - mean) * (values[$1] - mean) } / Double(members.count)
        for place in members { result[place] = (values[place] - mean) / (variance.squareRoot() + 1e-9) }
      }
      return try call.result(input.shape, result, type: input.type)
    },
    "LpNormalization": .one { call in
      let power = try call.int("p", default: 2)
      return try alongAxis(call, axis: try call.int("axis", default: -1)) { values in
        let norm = power == 1 ? values.reduce(0) { $0 + abs($1) } : values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return norm == 0 ? values.map { _ in 0 } : values.map { $0 / norm }
      }
    },
    "LRN": .one { call in
      let size = try call.int("size", default: 1)
      let (alpha, beta) = (try call.float("alpha", default: 1e-4), try call.float("beta", default: 0.75))
      let bias = try call.float("bias", default: 1)
      guard size > 0, try call.input(0).rank >= 2 else { throw call.fault("has a window of \(size) channels") }
      return try alongAxis(call, axis: 1) { values in
        values.indices.map { channel in
          let low = max(0, channel - (size - 1) / 2)
          // Written so that no size overflows.
          let high = size / 2 >= values.count - 1 - channel ? values.count - 1 : channel + size / 2
          let sum = values[low...high].reduce(0) { $0 + $1 * $1 }
          return values[channel] / pow(bias + alpha / Double(size) * sum, beta)
        }
      }
    },
    "Softmax": .one { call in try softmaxFamily(call, softmax) },
    "LogSoftmax": .one { call in
      try softmaxFamily(call) { values in
        let top = values.max() ?? 0
        let sum = log(values.reduce(0) { $0 + exp($1 - top) })
        return values.map { $0 - top - sum }
      }
    },
    "Hardmax": .one { call in
      try softmaxFamily(call) { values in
        let first = values.indices.max { values[$0] < values[$1] || (values[$0] == values[$1] && $0 > $1) }
        return values.indices.map { $0 == first ? 1 : 0 }
      }
    },
  ]

  static func softmax(_ values: [Double]) -> [Double] {
    let top = values.max() ?? 0
    let powers = values.map { exp($0 - top) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }

  /// Until version 12 these work on all axes from `axis` on (1 unless told), since 13 on one axis (the last unless told).
  private static func softmaxFamily(_ call: KernelCall, _ function: ([Double]) -> [Double]) throws -> Tensor {
    if call.version >= 13 { return try alongAxis(call, axis: try call.int("axis", default: -1), function) }
    let input = try call.floats(0)
    let asked = try call.int("axis", default: 1)
    let axis = asked == input.rank ? asked : try call.axis(asked, rank: input.rank)
    let flat = try input.reshaped([input.shape[..<axis].reduce(1, *), input.shape[axis...].reduce(1, *)])
    let result = try alongAxis(KernelCall(node: call.node, inputs: [flat]), axis: 1, function)
    return try result.reshaped(input.shape)
  }

  private static func alongAxis(_ call: KernelCall, axis: Int, _ function: ([Double]) -> [Double]) throws -> Tensor {
    let input = try call.floats(0)
    let view = AxisView(input.shape, axis: try call.axis(axis, rank: input.rank))
    let values = input.elements.doubles
    var result = values
    for outer in 0..<view.outer {
      for inner in 0..<view.inner {
        let start = outer * view.size * view.inner + inner
        let line = function((0..<view.size).map { values[start + $0 * view.inner] })
        for (index, value) in line.enumerated() { result[start + index * view.inner] = value }
      }
    }
    return try call.result(input.shape, result, type: input.type)
  }

  /// A parameter broadcast to the normalised axes.
  private static func parameter(_ call: KernelCall, _ index: Int, onto shape: [Int]) throws -> [Double]? {
    guard let tensor = call.optional(index) else { return nil }
    guard Broadcasting.shape([tensor.shape, shape]) == shape else {
      throw call.fault("has a parameter of shape \(Tensor.text(tensor.shape)) for \(Tensor.text(shape))")
    }
    let values = tensor.elements.doubles
    return Broadcasting.places(tensor.shape, to: shape).map { values[$0] }
  }
}

/// Groups of `size` neighbours, each less its mean and divided by its deviation.
struct Standardized {
  var values: [Double]
  var means: [Double] = []
  var inverseDeviations: [Double] = []

  init(_ source: [Double], size: Int, epsilon: Double) {
    values = source
    guard size > 0 else { return }
    for start in stride(from: 0, to: source.count, by: size) {
      let group = source[start..<start + size]
      let mean = group.reduce(0, +) / Double(size)
      let variance = group.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(size)
      let factor = 1 / (variance + epsilon).squareRoot()
      for place in group.indices { values[place] = (source[place] - mean) * factor }
      means.append(mean)
      inverseDeviations.append(factor)
    }
  }
}
