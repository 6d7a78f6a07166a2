import Foundation
import ModelFiles

/// Steps between floats and small integers.
extension Kernels {
  static let quantizations: [String: Kernel] = [
    "QuantizeLinear": .one { call in
      let (input, scale) = (try call.input(0), try call.input(1))
      let zero = try call.optional(2) ?? Tensor(shape: scale.shape, elements: .zeros(scale.count, type: .uint8))
      guard let bounds = bounds(zero.type) else { throw call.unsupported("makes \(zero.type.rawValue)") }
      let (scales, offsets) = try parameters(call, input.shape, scale, zero)
      // In 32-bit floats, as the definition has it: where the quotient is a tie depends on it.
      let values = input.elements.floats
      let result = values.indices.map { place in
        let quotient = Double((values[place] / Float(scales(place))).rounded(.toNearestOrEven))
        return quotient.isNaN ? 0 : min(max(quotient + offsets(place), bounds.lowerBound), bounds.upperBound)
      }
      return try call.result(input.shape, result, type: zero.type)
    },
    "DequantizeLinear": .one { call in
      let (input, scale) = (try call.input(0), try call.input(1))
      let (scales, offsets) = try parameters(call, input.shape, scale, call.optional(2))
      let values = input.elements.doubles
      return try call.result(
        input.shape, values.indices.map { (values[$0] - offsets($0)) * scales($0) }, type: scale.type)
    },
    "DynamicQuantizeLinear": Kernel { call in
      let values = try call.input(0).elements.floats
      let (low, high) = (min(values.min() ?? 0, 0), max(values.max() ?? 0, 0))
      let scale = low == high ? 1 : (high - low) / 255
      let zero = min(max((-low / scale).rounded(.toNearestOrEven), 0), 255)
      // Bounded: both numbers lie in [0, 255] or are no numbers, which become 0.
      let result = values.map { value -> UInt8 in
        let level = (value / scale).rounded(.toNearestOrEven) + zero
        return level.isNaN ? 0 : UInt8(min(max(level, 0), 255))
      }
      return [
        // Bounded: zero lies in [0, 255] or is no number.
        try Tensor(shape: try call.input(0).shape, result), Tensor(scalar: scale), Tensor(scalar: zero.isNaN ? 0 : UInt8(zero)),
      ]
    },
  ]

  /// The range of an integer type that quantisation makes.
  private static func bounds(_ type: ElementType) -> ClosedRange<Double>? {
    switch type {
    case .uint8: 0...255
    case .int8: -128...127
    case .uint16: 0...65535
    case .int16: -32768...32767
    default: nil
    }
  }

  /// Scale and zero point of each place: one for all, one for each place of the axis, or one for each block along it.
  private static func parameters(
    _ call: KernelCall, _ shape: [Int], _ scale: Tensor, _ zero: Tensor?
  ) throws -> (scale: (Int) -> Double, zero: (Int) -> Double) {
    let scales = scale.elements.doubles
    let zeros = zero?.elements.doubles ?? scales.map { _ in 0 }
    guard zeros.count == scales.count else { throw call.fault("has another number of zero points than of scales") }
    guard try call.int("block_size", default: 0) == 0 else { throw call.unsupported("quantises in blocks") }
    if scales.count == 1 { return ({ _ in scales[0] }, { _ in zeros[0] }) }
    let axis = try call.axis(try call.int("axis", default: 1), rank: shape.count)
    guard scales.count == shape[axis] else { throw call.fault("has \(scales.count) scales for \(Tensor.text(shape))") }
    let view = AxisView(shape, axis: axis)
    return ({ scales[$0 / view.inner % view.size] }, { zeros[$0 / view.inner % view.size] })
  }

  /// Integer sums brought to the output's scale and zero point.
  static func requantized(
    _ call: KernelCall, _ shape: [Int], _ sums: [Double], channelAxis: Int, scales: (Tensor, Tensor, Tensor), zero: Tensor
  ) throws -> Tensor {
    guard let bounds = bounds(zero.type), zero.count == 1, scales.0.count == 1, scales.2.count == 1 else {
      throw call.unsupported("has scales or zero points of its input or output by channel")
    }
    let (input, output) = (scales.0.elements.floats[0], scales.2.elements.floats[0])
    let factors = scales.1.elements.floats.map { input * $0 / output }
    let channels = shape.isEmpty ? 1 : shape[channelAxis]
    guard factors.count == 1 || factors.count == channels else {
      throw call.fault("has \(factors.count) scales for \(channels) channels")
    }
    let inner = shape.isEmpty ? 1 : shape[(channelAxis + 1)...].reduce(1, *)
    let offset = zero.elements.doubles[0]
    let values = sums.indices.map { place in
      let factor = factors[factors.count == 1 ? 0 : place / inner % channels]
      let level = Double((Float(sums[place]) * factor).rounded(.toNearestOrEven)) + offset
      return level.isNaN ? 0 : min(max(level, bounds.lowerBound), bounds.upperBound)
    }
    return try call.result(shape, values, type: zero.type)
  }
}
