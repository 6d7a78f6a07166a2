import ModelFiles
import NetworkGraph

/// Operations that move numbers or only name them anew.
extension OutlineRules {
  static let movements: [String: OutlineRule] = {
    var rules: [String: OutlineRule] = [
      "Transpose": { given in
        let source = try given.outline(0)
        let rank = source.shape.count
        let order = try given.call.axes(try given.call.ints("perm") ?? Array((0..<rank).reversed()), rank: rank)
        guard order.count == rank else { throw given.call.fault("has an order of \(order.count) axes for \(rank)") }
        return [TensorOutline(source.type, order.map { source.shape[$0] })]
      },
      "Reshape": { given in
        let source = try given.outline(0)
        guard given.call.version < 5 || given.isKnown(1) else { return [nil] }
        let asked = given.call.version < 5 ? try given.call.ints("shape") ?? [] : try given.call.integers(1)
        let zeroCopies = try !given.call.flag("allowzero")
        return [TensorOutline(source.type, try Kernels.reshaped(given.call, source.shape, asked, zeroCopies: zeroCopies))]
      },
      "Concat": { try joined($0) },
      "Split": { given in
        guard given.isKnown(1) else { return given.call.node.outputs.map { _ in nil } }
        let source = try given.outline(0)
        let axis = try given.call.axis(try given.call.int("axis", default: 0), rank: source.shape.count)
        return try Kernels.splitSizes(given.call, size: source.shape[axis]).map { size in
          var shape = source.shape
          shape[axis] = size
          return TensorOutline(source.type, shape)
        }
      },
      "Slice": { given in
        guard given.outlines.indices.dropFirst().allSatisfy(given.isKnown) else { return [nil] }
        let source = try given.outline(0)
        return [TensorOutline(source.type, try Kernels.slices(given.call, shape: source.shape).map(\.count))]
      },
      "Expand": { given in
        guard given.isKnown(1) else { return [nil] }
        let source = try given.outline(0)
        guard let shape = Broadcasting.shape([source.shape, try given.call.integers(1)]) else {
          throw given.call.fault("cannot bring \(Tensor.text(source.shape)) to its shape")
        }
        return [TensorOutline(source.type, shape)]
      },
      "Tile": { given in
        guard given.isKnown(1) else { return [nil] }
        let (source, repeats) = (try given.outline(0), try given.call.integers(1))
        guard repeats.count == source.shape.count, repeats.allSatisfy({ 0...ModelLimits.elements ~= $0 }) else {
          throw given.call.fault("has \(repeats.count) repeats for \(source.shape.count) axes")
        }
        return [TensorOutline(source.type, zip(source.shape, repeats).map { $0 * $1 })]
      },
      "Pad": { try padded($0) },
      "Gather": { given in
        let (source, places) = (try given.outline(0), try given.shape(1))
        let axis = try given.call.axis(try given.call.int("axis", default: 0), rank: source.shape.count)
        return [TensorOutline(source.type, Array(source.shape[..<axis]) + places + Array(source.shape[(axis + 1)...]))]
      },
      "GatherElements": { given in [TensorOutline(try given.outline(0).type, try given.shape(1))] },
      "GatherND": { given in
        let (source, places) = (try given.outline(0), try given.shape(1))
        let batch = try given.call.int("batch_dims", default: 0)
        guard let depth = places.last, 0...source.shape.count ~= batch, batch + depth <= source.shape.count else {
          throw given.call.fault("has indices \(Tensor.text(places)) for \(Tensor.text(source.shape))")
        }
        return [TensorOutline(source.type, Array(places.dropLast()) + Array(source.shape[(batch + depth)...]))]
      },
      "DepthToSpace": { given in try blocks(given) { [$0[0], $0[1] / ($1 * $1), $0[2] * $1, $0[3] * $1] } },
      "SpaceToDepth": { given in try blocks(given) { [$0[0], $0[1] * $1 * $1, $0[2] / $1, $0[3] / $1] } },
    ]
    for name in ["Flatten", "Squeeze", "Unsqueeze"] { rules[name] = { try renamed($0) } }
    return rules
  }()

  private static func joined(_ given: OutlineCall) throws -> [TensorOutline?] {
    let first = try given.outline(0)
    let shapes = try given.outlines.indices.map(given.shape)
    let isModern = given.call.version >= 4
    let axis = try given.call.axis(try given.call.int("axis", default: isModern ? 0 : 1), rank: first.shape.count)
    var shape = first.shape
    for other in shapes {
      let fits = other.count == shape.count && shape.indices.allSatisfy { $0 == axis || other[$0] == first.shape[$0] }
      guard fits else { throw given.call.fault("joins the shapes \(Tensor.text(first.shape)) and \(Tensor.text(other))") }
    }
    shape[axis] = shapes.reduce(0) { $0 + $1[axis] }
    return [TensorOutline(first.type, shape)]
  }

  private static func padded(_ given: OutlineCall) throws -> [TensorOutline?] {
    let (call, source) = (given.call, try given.outline(0))
    guard call.version < 11 || (given.isKnown(1) && given.isKnown(3)) else { return [nil] }
    guard let pads = call.version < 11 ? try call.ints(call.version < 2 ? "paddings" : "pads") : try call.integers(1) else {
      throw call.fault("lacks its pads")
    }
    let rank = source.shape.count
    let axes = try call.axes(call.version >= 18 ? try call.optionalIntegers(3) ?? Array(0..<rank) : Array(0..<rank), rank: rank)
    guard pads.count == 2 * axes.count, pads.allSatisfy({ abs($0) <= ModelLimits.elements }) else {
      throw call.fault("has \(pads.count) pads for \(axes.count) axes")
    }
    var shape = source.shape
    for (place, axis) in axes.enumerated() { shape[axis] += pads[place] + pads[place + axes.count] }
    guard shape.allSatisfy({ $0 >= 0 }) else { throw call.fault("takes away more than there is") }
    return [TensorOutline(source.type, shape)]
  }

  /// By the plain kernel on bytes, which moves nothing.
  private static func renamed(_ given: OutlineCall) throws -> [TensorOutline?] {
    guard given.outlines.indices.dropFirst().allSatisfy(given.isKnown) else { return [nil] }
    let source = try given.outline(0)
    var inputs = given.call.inputs
    inputs[0] = try Tensor(shape: source.shape, elements: .zeros(Tensor.elementCount(of: source.shape), type: .uint8))
    return try Kernels.run(KernelCall(node: given.call.node, inputs: inputs)).map {
      $0.map { TensorOutline(source.type, $0.shape) }
    }
  }

  private static func blocks(_ given: OutlineCall, _ shape: ([Int], Int) -> [Int]) throws -> [TensorOutline?] {
    let source = try given.outline(0)
    let block = try given.call.int("blocksize", default: 1)
    // The square of a block stays far below overflow.
    guard source.shape.count == 4, (1..<1 << 15).contains(block) else {
      throw given.call.fault("has a block of \(block) for \(Tensor.text(source.shape))")
    }
    return [TensorOutline(source.type, shape(source.shape, block))]
  }
}
