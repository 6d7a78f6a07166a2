import ModelFiles

/// Operations that choose by value: the best k, what is not zero, what is there once.
extension Kernels {
  static let selections: [String: Kernel] = [
    "TopK": Kernel { call in try topK(call) },
    "NonZero": .one { call in
      let input = try call.input(0)
      let values = input.elements.doubles
      let found = values.indices.filter { values[$0] != 0 }
      let strides = Strides.of(input.shape)
      let rows = input.shape.indices.flatMap { axis in found.map { Int64($0 / strides[axis] % input.shape[axis]) } }
      return try Tensor(shape: [input.rank, found.count], rows)
    },
    "OneHot": .one { call in
      let indices = try call.input(0)
      let depth = try call.number(1)
      let values = try call.input(2)
      guard values.count == 2, let size = Int(exactly: depth.rounded(.towardZero)), size >= 0, size <= ModelLimits.elements else {
        throw call.fault("has a depth of \(depth) or not two values")
      }
      let axis = try call.axis(try call.int("axis", default: -1), rank: indices.rank + 1)
      let shape = Array(indices.shape[..<axis]) + [size] + Array(indices.shape[axis...])
      let count = try call.count(shape)
      let view = AxisView(shape, axis: axis)
      var places = [Int](repeating: 0, count: count)
      for (place, value) in indices.elements.doubles.enumerated() {
        // An index outside the depth leaves only "off" values.
        guard value >= -Double(size), value < Double(size), let index = Int(exactly: value.rounded(.towardZero)) else { continue }
        let row = index < 0 ? index + size : index
        places[(place / view.inner * size + row) * view.inner + place % view.inner] = 1
      }
      return try Tensor(shape: shape, elements: values.elements.taking(places))
    },
    "Unique": Kernel { call in try unique(call) },
  ]

  /// Equal values keep the order of their indices, for the largest and for the smallest.
  private static func topK(_ call: KernelCall) throws -> [Tensor?] {
    let input = try call.input(0)
    let axis = try call.axis(try call.int("axis", default: -1), rank: input.rank)
    let k = call.version >= 10 ? try call.integer(1) : try call.int("k", default: 0)
    let isLargest = try call.flag("largest", default: true)
    let view = AxisView(input.shape, axis: axis)
    guard k >= 0, k <= view.size else { throw call.fault("asks for the best \(k) of \(view.size)") }
    var shape = input.shape
    shape[axis] = k
    var places = [Int](repeating: 0, count: try call.count(shape))
    var indices = [Int64](repeating: 0, count: places.count)
    let values = input.elements.doubles
    for outer in 0..<view.outer {
      for inner in 0..<view.inner {
        let start = outer * view.size * view.inner + inner
        let order = (0..<view.size).sorted { first, second in
          let (a, b) = (values[start + first * view.inner], values[start + second * view.inner])
          // NaN counts as the largest of all, so that the order is one.
          if a.isNaN || b.isNaN { return a.isNaN && b.isNaN ? first < second : a.isNaN == isLargest }
          return a == b ? first < second : (a > b) == isLargest
        }
        for rank in 0..<k {
          let target = (outer * k + rank) * view.inner + inner
          places[target] = start + order[rank] * view.inner
          indices[target] = Int64(order[rank])
        }
      }
    }
    return [try Tensor(shape: shape, elements: input.elements.taking(places)), try Tensor(shape: shape, indices)]
  }

  /// The different slices along an axis (elements, without one), where each first occurs, which of them each is, and how many of each.
  private static func unique(_ call: KernelCall) throws -> [Tensor?] {
    let data = try call.input(0)
    let axis = try call.int("axis")
    let source = axis == nil ? try data.reshaped([data.count]) : data
    let place = try call.axis(axis ?? 0, rank: source.rank)
    let view = AxisView(source.shape, axis: place)
    let values = source.elements.doubles
    let slices = (0..<view.size).map { index -> [Double] in
      var slice: [Double] = []
      for outer in 0..<view.outer {
        let start = (outer * view.size + index) * view.inner
        slice += values[start..<start + view.inner]
      }
      return slice
    }
    var firsts: [Int] = []
    var known: [[Double]: Int] = [:]
    var classes: [Int] = []
    for (index, slice) in slices.enumerated() {
      let number = known[slice] ?? firsts.count
      if number == firsts.count {
        firsts.append(index)
        known[slice] = number
      }
      classes.append(number)
    }
    var order = Array(firsts.indices)
    if try call.flag("sorted", default: true) {
      order.sort { slices[firsts[$0]].lexicographicallyPrecedes(slices[firsts[$1]]) }
    }
    var rank = order
    for (position, number) in order.enumerated() { rank[number] = position }
    var shape = source.shape
    shape[place] = order.count
    var places: [Int] = []
    for outer in 0..<view.outer {
      for number in order {
        let start = (outer * view.size + firsts[number]) * view.inner
        places += start..<start + view.inner
      }
    }
    let counts = order.map { number in Int64(classes.count { $0 == number }) }
    return [
      try Tensor(shape: shape, elements: source.elements.taking(places)), Tensor(list: order.map { Int64(firsts[$0]) }),
      Tensor(list: classes.map { Int64(rank[$0]) }), Tensor(list: counts),
    ]
  }
}
