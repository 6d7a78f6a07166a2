import Geometry
import ModelFiles

/// Layers that are there in training alone.
extension Kernels {
  static let trainingLayers: [String: Kernel] = [
    // The input, through which no gradient flows.
    "StopGradient": .one { call in try call.input(0) },
    // Ones of the input's shape: the gradient of a sum, with which a differentiated graph begins. With `is_double` they are 64-bit floats.
    "GradientStart": .one { call in
      let shape = try call.input(0).shape
      let ones = [Double](repeating: 1, count: try call.count(shape))
      return try call.result(shape, ones, type: try call.flag("is_double") ? .float64 : .float32)
    },
    // Inputs: the input, the generator's state (one 64-bit integer). Each number is zero with probability `ratio`, else divided by
    // 1 − ratio (Srivastava et al. 2014, inverted). Which ones depends on state and place alone, so that the gradient is the same
    // operation on the result's gradient.
    "Dropout": .one { call in
      let input = try call.input(0)
      let ratio = try call.float("ratio", default: 0.5)
      guard 0..<1 ~= ratio else { throw call.fault("has a ratio of \(ratio), which must be at least 0 and below 1") }
      let state = UInt64(bitPattern: Int64(try call.integer(1)))
      let factor = 1 / (1 - ratio)
      let values = input.elements.doubles.enumerated().map { place, value in
        SplitMix64.uniform(state: state, place: place) >= ratio ? value * factor : 0
      }
      return try call.result(input.shape, values, type: input.type)
    },
  ]
}

extension SplitMix64 {
  /// The number in [0, 1) that the generator of a state gives at its `place`th call.
  package static func uniform(state: UInt64, place: Int) -> Double {
    var generator = SplitMix64(seed: state &+ UInt64(truncatingIfNeeded: place) &* 0x9E37_79B9_7F4A_7C15)
    return generator.uniform()
  }
}
