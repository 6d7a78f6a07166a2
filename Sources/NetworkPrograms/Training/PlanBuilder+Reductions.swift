internal import NetworkGraph
internal import NetworkKernels

/// Sums over axes, repetition, and arithmetic that repeats both sides.
extension PlanBuilder {
  /// The sum over what broadcasting would repeat.
  func addSumTo(_ node: Node) throws -> Bool {
    guard let input = node.inputs[0], let like = node.inputs[1].flatMap({ shape(of: $0) }), let shape = shape(of: input),
      let output = node.outputs[0]
    else { return false }
    if shape == like {
      try set(output, view(of: input))
      return true
    }
    return try addSum(input, shape, reduced: like, as: like, factor: 1, output)
  }

  /// ReduceSum and ReduceMean.
  func addReduction(_ node: Node) throws -> Bool {
    guard let input = node.inputs[0], let shape = shape(of: input), let output = node.outputs[0],
      node.inputs.dropFirst().allSatisfy({ $0.map { constant($0) != nil } ?? true })
    else { return false }
    let isSum = node.operation == "ReduceSum"
    let call = call(node)
    let hasInput = node.version >= (isSum ? 13 : 18)
    let named = hasInput ? try call.optionalIntegers(1) ?? [] : try call.ints("axes") ?? []
    if named.isEmpty, try call.flag("noop_with_empty_axes") { return false }
    let axes = named.isEmpty ? Array(shape.indices) : try call.axes(named, rank: shape.count)
    var reduced = shape
    for axis in axes { reduced[axis] = 1 }
    let keeps = try call.flag("keepdims", default: true)
    let result = keeps ? reduced : shape.indices.filter { !axes.contains($0) }.map { shape[$0] }
    let count = axes.reduce(1) { $0 * shape[$1] }
    return try addSum(input, shape, reduced: reduced, as: result, factor: isSum ? 1 : 1 / Float(count), output)
  }

  private func addSum(
    _ input: Int, _ shape: [Int], reduced: [Int], as result: [Int], factor: Float, _ output: Int
  ) throws -> Bool {
    let walk = Walk(shape, [shape, reduced])
    let count = reduced.reduce(1, *)
    return try addNative("sum", [try plainView(of: input, type: .float32)], [(output, result)]) { sources, targets in
      targets[0].update(repeating: 0, count: count)
      Sums.add(walk, sources[0], targets[0])
      if factor != 1 { for place in 0..<count { targets[0][place] *= factor } }
    }
  }

  func addExpand(_ node: Node) throws -> Bool {
    guard let input = node.inputs[0], let small = shape(of: input), let output = node.outputs[0],
      let asked = node.inputs[1].flatMap({ constant($0) })?.elements.integers?.map({ Int($0) }),
      asked.count >= small.count, asked.allSatisfy({ $0 > 0 })
    else { return false }
    let padded = [Int](repeating: 1, count: asked.count - small.count) + small
    guard zip(padded, asked).allSatisfy({ $0 == 1 || $1 == 1 || $0 == $1 }) else { return false }
    let shape = zip(padded, asked).map { max($0, $1) }
    let walk = Walk(shape, [shape, small])
    return try addNative("repetition", [try plainView(of: input, type: .float32)], [(output, shape)]) { sources, targets in
      let (length, isRepeated) = (walk.runLength, walk.runSteps[1] == 0)
      // A walk's places and runs stay inside the shapes that it was made of.
      walk.forEachRun { places in
        let (to, from) = (targets[0] + places[0], sources[0] + places[1])
        if isRepeated { to.update(repeating: from[0], count: length) } else { to.update(from: from, count: length) }
      }
    }
  }

  /// Arithmetic of two tensors that are both repeated, which oneDNN does not have.
  func addCrossed(_ node: Node) throws -> Bool {
    guard node.version >= 7, node.inputs.count == 2, let left = node.inputs[0], let right = node.inputs[1], isBufferable(right),
      let output = node.outputs[0], let a = shape(of: left), let b = shape(of: right),
      let function = PlanBuilder.crossed[node.operation]
    else { return false }
    let rank = max(a.count, b.count)
    let (wideA, wideB) = ([Int](repeating: 1, count: rank - a.count) + a, [Int](repeating: 1, count: rank - b.count) + b)
    guard zip(wideA, wideB).allSatisfy({ $0 == 1 || $1 == 1 || $0 == $1 }) else { return false }
    let shape = zip(wideA, wideB).map { max($0, $1) }
    let walk = Walk(shape, [shape, a, b])
    return try addNative(
      "arithmetic", [try plainView(of: left, type: .float32), try plainView(of: right, type: .float32)], [(output, shape)]
    ) { sources, targets in
      let (length, steps) = (walk.runLength, walk.runSteps)
      // A walk's places and runs stay inside the shapes that it was made of.
      walk.forEachRun { places in
        function(targets[0] + places[0], sources[0] + places[1], steps[1], sources[1] + places[2], steps[2], length)
      }
    }
  }

  private typealias Run = @Sendable (UnsafeMutablePointer<Float>, UnsafePointer<Float>, Int, UnsafePointer<Float>, Int, Int) -> Void

  private static let crossed: [String: Run] = [
    "Add": { run($0, $1, $2, $3, $4, $5) { $0 + $1 } }, "Sub": { run($0, $1, $2, $3, $4, $5) { $0 - $1 } },
    "Mul": { run($0, $1, $2, $3, $4, $5) { $0 * $1 } }, "Div": { run($0, $1, $2, $3, $4, $5) { $0 / $1 } },
  ]

  /// Steps are 0 or 1.
  @inline(__always) private static func run(
    _ to: UnsafeMutablePointer<Float>, _ a: UnsafePointer<Float>, _ stepA: Int, _ b: UnsafePointer<Float>, _ stepB: Int,
    _ count: Int,
    _ function: (Float, Float) -> Float
  ) {
    switch (stepA, stepB) {
    case (1, 1): for place in 0..<count { to[place] = function(a[place], b[place]) }
    case (1, _): for place in 0..<count { to[place] = function(a[place], b[0]) }
    case (_, 1): for place in 0..<count { to[place] = function(a[0], b[place]) }
    default: for place in 0..<count { to[place] = function(a[0], b[0]) }
    }
  }
}
