import ModelFiles
import NetworkGraph

/// Gradients of what only moves numbers: every number's gradient is the sum of the gradients of its copies.
extension Kernels {
  static let movementGradients: [String: Kernel] = [
    // Inputs: a tensor, one whose shape broadcasts to it. The sum over what broadcasting would repeat.
    "SumTo": .one { call in
      let (input, like) = (try call.input(0), try call.input(1))
      guard Broadcasting.shape([input.shape, like.shape]) == input.shape else {
        throw call.fault("sums \(Tensor.text(input.shape)) to \(Tensor.text(like.shape)), which does not broadcast to it")
      }
      let values = input.elements.doubles
      var result = [Double](repeating: 0, count: like.count)
      for (value, place) in zip(values, Broadcasting.places(like.shape, to: input.shape)) { result[place] += value }
      return try call.result(like.shape, result, type: input.type)
    },
    // Inputs: gradient of the result, the input (for its shape), the operation's further inputs; `of` names the operation, `version`
    // its version, and the other attributes are its own.
    "MovementGradient": .one { call in
      let (gradient, like) = (try call.input(0), try call.input(1))
      let places = try copies(call, like.shape)
      let values = gradient.elements.doubles
      guard places.count == values.count else { throw call.fault("has a gradient that does not fit its result") }
      var result = [Double](repeating: 0, count: try call.count(like.shape))
      // −1 marks what was no number of the input.
      for (value, place) in zip(values, places) where place >= 0 { result[Int(place)] += value }
      return try call.result(like.shape, result, type: gradient.type)
    },
    // Inputs: gradient of the result, the joined tensors (for their shapes). Outputs: one for each of them.
    "ConcatGradient": Kernel { call in
      let gradient = try call.input(0)
      let axis = try call.axis(try call.int("axis", default: 0), rank: gradient.rank)
      let view = AxisView(gradient.shape, axis: axis)
      let values = gradient.elements.doubles
      let parts = try (1..<max(1, call.inputs.count)).map { try call.input($0).shape }
      guard parts.allSatisfy({ $0.count == gradient.rank }), parts.reduce(0, { $0 + $1[axis] }) == view.size else {
        throw call.fault("has tensors that do not make its gradient's shape")
      }
      var start = 0
      return try parts.map { shape in
        let range = start..<start + shape[axis]
        start = range.upperBound
        let part = (0..<view.outer).flatMap { outer in
          values[(outer * view.size + range.lowerBound) * view.inner..<(outer * view.size + range.upperBound) * view.inner]
        }
        return try call.result(shape, part, type: gradient.type)
      }
    },
    // Inputs: gradient of the result, the input (for its shape), region, scales and sizes as Resize has them; attributes are Resize's.
    "ResizeGradient": .one { call in try resizeGradient(call) },
    // The last two axes change places.
    "SwapLastAxes": .one { call in
      let input = try call.input(0)
      guard input.rank >= 2 else { throw call.fault("needs at least two axes") }
      var order = Array(0..<input.rank)
      order.swapAt(input.rank - 1, input.rank - 2)
      let node = Node(
        name: call.node.name, operation: "Transpose", version: 13, inputs: [0], outputs: [1],
        attributes: ["perm": .integers(order.map(Int64.init))])
      guard let result = try Kernels.run(KernelCall(node: node, inputs: [input]))[0] else { throw call.fault("made nothing") }
      return result
    },
  ]

  /// Operations whose results are copies of their first input's numbers, and constants.
  package static let copying: Set<String> = [
    "Slice", "Gather", "GatherElements", "GatherND", "Transpose", "Expand", "Tile", "Pad", "DepthToSpace", "SpaceToDepth",
    "ReverseSequence", "Trilu",
  ]

  /// For each number of a movement's result its place in the input, found by moving the places themselves; −1 for a constant.
  package static func copies(_ call: KernelCall, _ shape: [Int]) throws -> [Int64] {
    let operation = try call.string("of", default: "")
    guard copying.contains(operation) else { throw call.fault("has no movement '\(operation)'") }
    // Places count from one where zeros stand for what is no number of the input.
    let isZeroFilled = operation == "Trilu"
    let places = try Tensor(shape: shape, (0..<Int64(try call.count(shape))).map { isZeroFilled ? $0 + 1 : $0 })
    var inputs: [Tensor?] = [places] + call.inputs.dropFirst(2)
    if operation == "Pad" {
      while inputs.count < 3 { inputs.append(nil) }
      inputs[2] = Tensor(scalar: Int64(-1))
    }
    let node = Node(
      name: call.node.name, operation: operation, version: try call.int("version", default: 13),
      inputs: Array(0..<inputs.count), outputs: [inputs.count], attributes: call.node.attributes)
    guard let moved = try Kernels.run(KernelCall(node: node, inputs: inputs))[0]?.values(Int64.self) else {
      throw call.fault("moved no places")
    }
    return isZeroFilled ? moved.map { $0 - 1 } : moved
  }

  private static func resizeGradient(_ call: KernelCall) throws -> Tensor {
    let (gradient, like) = (try call.input(0), try call.input(1))
    let forward = Node(
      name: call.node.name, operation: "Resize", version: try call.int("version", default: 13),
      inputs: Array(0..<max(1, call.inputs.count - 1)), outputs: [0], attributes: call.node.attributes)
    let plan = try ResizePlan(KernelCall(node: forward, inputs: [like] + call.inputs.dropFirst(2)), shape: like.shape)
    guard gradient.shape == plan.output else { throw call.fault("has a gradient that does not fit its result") }
    var (values, shape) = (gradient.elements.doubles, gradient.shape)
    for axis in shape.indices where !plan.axes[axis].isIdentity {
      let view = AxisView(shape, axis: axis)
      let size = like.shape[axis]
      var next = [Double](repeating: 0, count: view.outer * size * view.inner)
      for (target, weights) in plan.axes[axis].sources(isNearest: plan.isNearest).enumerated() {
        for outer in 0..<view.outer {
          for inner in 0..<view.inner {
            let value = values[(outer * view.size + target) * view.inner + inner]
            for (place, weight) in weights { next[(outer * size + place) * view.inner + inner] += value * weight }
          }
        }
      }
      shape[axis] = size
      values = next
    }
    return try call.result(like.shape, values, type: gradient.type)
  }
}

extension ResizeAxis {
  /// For each output the inputs that it is made of, with their weights; empty where it lies outside.
  fileprivate func sources(isNearest: Bool) -> [[(place: Int, weight: Double)]] {
    isNearest ? nearest.map { $0 < 0 ? [] : [($0, 1)] } : taps.map(\.weights)
  }
}
