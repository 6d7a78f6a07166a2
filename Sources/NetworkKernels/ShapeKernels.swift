import ModelFiles

/// Operations that change or tell a tensor's shape and leave its elements in their order.
extension Kernels {
  static let shapes: [String: Kernel] = [
    "Identity": .one { try $0.input(0) },
    "Dropout": Kernel { call in
      let input = try call.input(0)
      if call.version >= 12, let training = call.optional(2), training.elements.integers?.first == 1 {
        guard try call.optional(1) != nil && call.number(1) == 0 else { throw call.unsupported("drops elements, as in training") }
      }
      return [input, try Tensor(shape: input.shape, [Bool](repeating: true, count: input.count))]
    },
    "Reshape": .one { call in
      let input = try call.input(0)
      let asked = call.version < 5 ? try call.ints("shape") ?? [] : try call.integers(1)
      return try input.reshaped(try reshaped(call, input.shape, asked, zeroCopies: try !call.flag("allowzero")))
    },
    "Flatten": .one { call in
      let input = try call.input(0)
      let asked = try call.int("axis", default: 1)
      let axis = asked == input.rank ? asked : try call.axis(asked, rank: input.rank)
      return try input.reshaped([input.shape[..<axis].reduce(1, *), input.shape[axis...].reduce(1, *)])
    },
    "Squeeze": .one { call in
      let input = try call.input(0)
      let named = call.version >= 13 ? try call.optionalIntegers(1) : try call.ints("axes")
      let axes = try named.map { try call.axes($0, rank: input.rank) } ?? input.shape.indices.filter { input.shape[$0] == 1 }
      guard axes.allSatisfy({ input.shape[$0] == 1 }) else { throw call.fault("removes an axis that is larger than one") }
      return try input.reshaped(input.shape.indices.filter { !axes.contains($0) }.map { input.shape[$0] })
    },
    "Unsqueeze": .one { call in
      let input = try call.input(0)
      guard let named = call.version >= 13 ? try call.integers(1) : try call.ints("axes"), named.count <= ModelLimits.rank else {
        throw call.fault("lacks its axes")
      }
      let rank = input.rank + named.count
      let axes = try call.axes(named, rank: rank)
      var sizes = input.shape[...]
      return try input.reshaped((0..<rank).map { axes.contains($0) ? 1 : sizes.removeFirst() })
    },
    "Shape": .one { call in
      let shape = try call.input(0).shape
      let bound = { (name: String, missing: Int) in
        let value = try call.int(name) ?? missing
        return min(max(value < 0 ? value + shape.count : value, 0), shape.count)
      }
      let (start, end) = (try bound("start", 0), try bound("end", shape.count))
      return Tensor(list: shape[start..<max(start, end)].map { Int64($0) })
    },
    "Size": .one { call in Tensor(scalar: Int64(try call.input(0).count)) },
  ]

  /// A zero copies the input's size at its place, one −1 takes what is left.
  static func reshaped(_ call: KernelCall, _ shape: [Int], _ asked: [Int], zeroCopies: Bool) throws -> [Int] {
    var result = asked
    for (index, size) in asked.enumerated() where size == 0 && zeroCopies {
      guard index < shape.count else { throw call.fault("copies the size of axis \(index), which its input lacks") }
      result[index] = shape[index]
    }
    let count = try call.count(shape)
    if let open = result.firstIndex(of: -1) {
      result[open] = 1
      guard !result.contains(-1) else { throw call.fault("has more than one open size") }
      let known = try call.count(result)
      guard known > 0, count % known == 0 else {
        throw call.fault("cannot bring \(Tensor.text(shape)) into the shape \(asked)")
      }
      result[open] = count / known
    }
    guard try call.count(result) == count else { throw call.fault("cannot bring \(Tensor.text(shape)) into the shape \(asked)") }
    return result
  }
}
