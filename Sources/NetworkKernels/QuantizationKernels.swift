import Foundation
import ModelFiles

/// Steps between floats and small integers.
extension Kernels {
  static let quantizations: [String: Kernel] = [
    "QuantizeLinear": .one { call in
      let (input, scale) = (try call.input(0), try call.input(1))
      let zero = try call.optional(2) ?? Tensor(shape: scale.shape, elements: .zeros(scale.count, type: .uint8))
      guard let bounds = bounds(zero.type) else { throw call.unsupported("makes \(zero.type.rawValue)") }
      if let bytes = try bytes(call, input, scale, zero) { return bytes }
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
      if let numbers = try numbers(call, input, scale, call.optional(2)) { return numbers }
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

  /// Bytes on one grid, which is what networks hold where the processor computes in none: the same numbers as the general way makes, in a loop
  /// that costs as much as what lies around it; nil for all others.
  private static func bytes(_ call: KernelCall, _ input: Tensor, _ scale: Tensor, _ zero: Tensor) throws -> Tensor? {
    guard scale.count == 1, zero.count == 1, try call.int("block_size", default: 0) == 0,
      case .float32(let values) = input.elements, let step = scale.elements.floats.first
    else { return nil }
    // Adding and taking away 1.5 · 2²³ rounds to the nearest whole number, of two to the even one, for all that is smaller than 2²²; without a call.
    let (shift, reach): (Float, Float) = (12_582_912, 1_048_576)
    func level(_ value: Float, _ zero: Float, _ low: Float, _ high: Float) -> Float {
      let quotient = value / step
      let near = quotient > reach ? reach : quotient < -reach ? -reach : quotient
      let level = (near + shift) - shift + zero
      return level > high ? high : level >= low ? level : quotient.isNaN ? 0 : low
    }
    switch zero.elements {
    case .uint8(let zeros):
      let zero = Float(zeros[0])
      // Bounded: within the range of the type.
      return try Tensor(shape: input.shape, values.map { UInt8(level($0, zero, 0, 255)) })
    case .int8(let zeros):
      let zero = Float(zeros[0])
      // Bounded: within the range of the type.
      return try Tensor(shape: input.shape, values.map { Int8(level($0, zero, -128, 127)) })
    default: return nil
    }
  }

  /// Numbers of bytes on one grid, from a table; nil for all others.
  private static func numbers(_ call: KernelCall, _ input: Tensor, _ scale: Tensor, _ zero: Tensor?) throws -> Tensor? {
    guard scale.count == 1, scale.type == .float32, zero?.count ?? 1 == 1, try call.int("block_size", default: 0) == 0 else {
      return nil
    }
    let (step, offset) = (scale.elements.doubles[0], zero?.elements.doubles[0] ?? 0)
    let table = (0...255).map { Float((Double($0) - offset) * step) }
    switch input.elements {
    case .uint8(let bytes): return try Tensor(shape: input.shape, bytes.map { table[Int($0)] })
    case .int8(let bytes):
      let signed = table.indices.map { Float((Double(Int8(truncatingIfNeeded: $0)) - offset) * step) }
      return try Tensor(shape: input.shape, bytes.map { signed[Int(UInt8(bitPattern: $0))] })
    default: return nil
    }
  }

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
