import ModelFiles

/// Operations that move elements without computing: each makes a list of places to take from.
extension Kernels {
  static let movements: [String: Kernel] = [
    "Transpose": .one { call in
      let input = try call.input(0)
      let order = try call.axes(try call.ints("perm") ?? Array(input.shape.indices.reversed()), rank: input.rank)
      guard order.count == input.rank else { throw call.fault("has an order of \(order.count) axes for \(input.rank)") }
      let strides = Strides.of(input.shape)
      let shape = order.map { input.shape[$0] }
      let places = Strides.places(shape, strides: order.map { strides[$0] })
      return try Tensor(shape: shape, elements: input.elements.taking(places))
    },
    "Concat": .one { call in
      let tensors = try call.inputs.indices.map { try call.input($0) }
      guard let first = tensors.first else { throw call.fault("has no inputs") }
      let axis = try call.axis(try call.int("axis", default: 1), rank: first.rank)
      var shape = first.shape
      for tensor in tensors.dropFirst() {
        guard tensor.rank == first.rank, tensor.type == first.type,
          tensor.shape.indices.allSatisfy({ $0 == axis || tensor.shape[$0] == shape[$0] })
        else { throw call.fault("joins \(Tensor.text(first.shape)) with \(Tensor.text(tensor.shape)), which do not fit") }
        shape[axis] += tensor.shape[axis]
      }
      _ = try call.count(shape)
      guard let joined = Elements.joined(tensors.map(\.elements)) else { throw call.fault("joins different types") }
      var starts: [Int] = []
      for tensor in tensors { starts.append((starts.last ?? 0) + tensor.count) }
      var places: [Int] = []
      for outer in 0..<shape[..<axis].reduce(1, *) {
        for (tensor, end) in zip(tensors, starts) {
          let run = tensor.shape[axis...].reduce(1, *)
          let start = end - tensor.count + outer * run
          places += start..<start + run
        }
      }
      return try Tensor(shape: shape, elements: joined.taking(places))
    },
    "Split": Kernel { call in
      let input = try call.input(0)
      let axis = try call.axis(try call.int("axis", default: 0), rank: input.rank)
      let sizes = try splitSizes(call, size: input.shape[axis])
      let strides = Strides.of(input.shape)
      var start = 0
      return try sizes.map { size in
        var shape = input.shape
        shape[axis] = size
        defer { start += size }
        let places = Strides.places(shape, strides: strides, start: start * strides[axis])
        return try Tensor(shape: shape, elements: input.elements.taking(places))
      }
    },
    "Slice": .one { call in
      let input = try call.input(0)
      let ranges = try slices(call, shape: input.shape)
      let strides = Strides.of(input.shape)
      let shape = ranges.map(\.count)
      let start = zip(ranges, strides).reduce(0) { $0 + $1.0.start * $1.1 }
      let places = Strides.places(shape, strides: zip(ranges, strides).map { $0.step * $1 }, start: start)
      return try Tensor(shape: shape, elements: input.elements.taking(places))
    },
    "Expand": .one { call in
      let input = try call.input(0)
      guard let shape = Broadcasting.shape([input.shape, try call.integers(1)]) else {
        throw call.fault("has a shape that does not fit")
      }
      _ = try call.count(shape)
      return try Tensor(shape: shape, elements: input.elements.taking(Broadcasting.places(input.shape, to: shape)))
    },
    "Tile": .one { call in
      let input = try call.input(0)
      let repeats = try call.integers(1)
      guard repeats.count == input.rank, repeats.allSatisfy({ $0 >= 0 && $0 <= ModelLimits.elements }) else {
        throw call.fault("has repeats \(repeats) for \(input.rank) axes")
      }
      let shape = zip(input.shape, repeats).map { $0 * $1 }
      _ = try call.count(shape)
      let strides = Strides.of(input.shape)
      // Each axis as [repeats, size], of which the first does not move.
      let space = zip(repeats, input.shape).flatMap { [$0, $1] }
      let places = Strides.places(space, strides: strides.flatMap { [0, $0] })
      return try Tensor(shape: shape, elements: input.elements.taking(places))
    },
    "Pad": .one { call in try pad(call) },
    "DepthToSpace": .one { call in
      let input = try call.input(0)
      let block = try call.int("blocksize", default: 1)
      guard input.rank == 4, (1...ModelLimits.elements).contains(block), block < 1 << 15, input.shape[1] % (block * block) == 0
      else {
        throw call.fault("has a block of \(block) for \(Tensor.text(input.shape))")
      }
      let (batch, height, width) = (input.shape[0], input.shape[2], input.shape[3])
      let depth = input.shape[1] / (block * block)
      let isColumnFirst = try call.string("mode", default: "DCR") == "CRD"
      let plane = height * width
      let (blockRow, blockColumn, channel) =
        isColumnFirst ? (block * plane, plane, block * block * plane) : (block * depth * plane, depth * plane, plane)
      let places = Strides.places(
        [batch, depth, height, block, width, block],
        strides: [input.shape[1] * plane, channel, width, blockRow, 1, blockColumn])
      return try Tensor(shape: [batch, depth, height * block, width * block], elements: input.elements.taking(places))
    },
    "SpaceToDepth": .one { call in
      let input = try call.input(0)
      let block = try call.int("blocksize", default: 1)
      guard input.rank == 4, block > 0, input.shape[2] % block == 0, input.shape[3] % block == 0 else {
        throw call.fault("has a block of \(block) for \(Tensor.text(input.shape))")
      }
      let (batch, depth) = (input.shape[0], input.shape[1])
      let (height, width) = (input.shape[2] / block, input.shape[3] / block)
      let (row, plane) = (input.shape[3], input.shape[2] * input.shape[3])
      let places = Strides.places(
        [batch, block, block, depth, height, width], strides: [depth * plane, row, 1, plane, block * row, block])
      let (channels, overflow) = depth.multipliedReportingOverflow(by: block * block)
      guard !overflow else { throw call.fault("has a block that is too large") }
      return try Tensor(shape: [batch, channels, height, width], elements: input.elements.taking(places))
    },
    "ReverseSequence": .one { call in
      let input = try call.input(0)
      let (batchAxis, timeAxis) = (try call.int("batch_axis", default: 1), try call.int("time_axis", default: 0))
      let lengths = try call.integers(1)
      guard input.rank >= 2, (0...1).contains(batchAxis), timeAxis == 1 - batchAxis, lengths.count == input.shape[batchAxis],
        lengths.allSatisfy({ 0...input.shape[timeAxis] ~= $0 })
      else { throw call.fault("has axes or lengths that do not fit") }
      let inner = input.shape[2...].reduce(1, *)
      let places = (0..<input.count).map { place in
        let (first, second) = (place / inner / input.shape[1], place / inner % input.shape[1])
        let (batch, time) = batchAxis == 0 ? (first, second) : (second, first)
        let source = time < lengths[batch] ? lengths[batch] - 1 - time : time
        return (batchAxis == 0 ? batch * input.shape[1] + source : source * input.shape[1] + batch) * inner + place % inner
      }
      return try Tensor(shape: input.shape, elements: input.elements.taking(places))
    },
    "Trilu": .one { call in
      let input = try call.input(0)
      guard input.rank >= 2 else { throw call.fault("needs a matrix") }
      let offset = try call.optional(1) == nil ? 0 : call.integer(1)
      let isUpper = try call.flag("upper", default: true)
      let (rows, columns) = (input.shape[input.rank - 2], input.shape[input.rank - 1])
      let places = (0..<input.count).map { place in
        let (row, column) = (place / columns % rows, place % columns)
        // The difference of two places in a matrix stays far from overflow, the offset may not.
        return (isUpper ? column - row >= offset : column - row <= offset) ? place : -1
      }
      guard let elements = input.elements.taking(places, fill: .zeros(1, type: input.type)) else {
        throw call.fault("has a wrong type")
      }
      return try Tensor(shape: input.shape, elements: elements)
    },
  ]

  package static func splitSizes(_ call: KernelCall, size: Int) throws -> [Int] {
    let named = call.version >= 13 ? try call.optionalIntegers(1) : try call.ints("split")
    if let named {
      var rest = size
      for part in named {
        guard part >= 0, part <= rest else { throw call.fault("splits \(size) into \(named)") }
        rest -= part
      }
      guard rest == 0 else { throw call.fault("splits \(size) into \(named)") }
      return named
    }
    let count = try call.int("num_outputs") ?? call.node.outputs.count
    guard count > 0, count <= max(1, call.node.outputs.count) else { throw call.fault("splits into \(count) parts") }
    if call.version < 18, size % count != 0 { throw call.fault("splits \(size) into \(count) equal parts") }
    let part = (size + count - 1) / count
    return (0..<count).map { max(0, min(part, size - $0 * part)) }
  }

  /// Where a slice begins on an axis, how it goes on, and how long it is.
  package struct AxisSlice {
    package var start = 0
    package var step = 1
    package var count: Int
  }

  package static func slices(_ call: KernelCall, shape: [Int]) throws -> [AxisSlice] {
    let isInput = call.version >= 10
    let starts = isInput ? try call.integers(1) : try call.ints("starts") ?? []
    let ends = isInput ? try call.integers(2) : try call.ints("ends") ?? []
    let named = isInput ? try call.optionalIntegers(3) : try call.ints("axes")
    let steps = isInput ? try call.optionalIntegers(4) ?? starts.map { _ in 1 } : starts.map { _ in 1 }
    let axes = try call.axes(named ?? Array(starts.indices), rank: shape.count)
    guard ends.count == starts.count, axes.count == starts.count, steps.count == starts.count, !steps.contains(0) else {
      throw call.fault("has starts, ends, axes and steps that do not fit each other")
    }
    var result = shape.map { AxisSlice(count: $0) }
    for (index, axis) in axes.enumerated() {
      let (size, step) = (shape[axis], steps[index])
      let (low, high) = step > 0 ? (0, size) : (-1, size - 1)
      let start = min(max(starts[index] < 0 ? starts[index] + size : starts[index], step > 0 ? 0 : 0), high)
      let end = min(max(ends[index] < 0 ? ends[index] + size : ends[index], low), high)
      let span = step > 0 ? end - start : start - end
      // The span is at most the size; a step's magnitude may be Int.min's.
      let count = span <= 0 || size == 0 ? 0 : Int((UInt(span) - 1) / step.magnitude) + 1
      result[axis] = AxisSlice(start: count == 0 ? 0 : start, step: count <= 1 ? 1 : step, count: count)
    }
    return result
  }

  private static func pad(_ call: KernelCall) throws -> Tensor {
    let input = try call.input(0)
    let given = call.version >= 11 ? try call.integers(1) : try call.ints("pads") ?? call.ints("paddings") ?? []
    let axes =
      call.version >= 18 && call.optional(3) != nil ? try call.axes(call.integers(3), rank: input.rank) : Array(input.shape.indices)
    guard given.count == 2 * axes.count, given.allSatisfy({ abs($0.magnitude.clampedToInt) <= ModelLimits.elements }) else {
      throw call.fault("has pads \(given) for \(axes.count) axes")
    }
    let mode = try call.string("mode", default: "constant")
    var (begins, shape) = ([Int](repeating: 0, count: input.rank), input.shape)
    for (index, axis) in axes.enumerated() {
      begins[axis] = given[index]
      shape[axis] += given[index] + given[index + axes.count]
    }
    let count = try call.count(shape)
    guard count == 0 || mode == "constant" || input.count > 0 else {
      throw call.fault("pads an empty tensor with its own elements")
    }
    // The source of each place along each axis, −1 for the constant.
    let strides = Strides.of(input.shape)
    var places = [0]
    for axis in input.shape.indices {
      let sources = try (0..<shape[axis]).map { try source($0 - begins[axis], size: input.shape[axis], mode: mode, call) }
      places = places.flatMap { place in sources.map { $0 < 0 || place < 0 ? -1 : place + $0 * strides[axis] } }
    }
    let fill: Elements
    if call.version >= 11, let value = call.optional(2) {
      fill = value.elements
    } else {
      fill = .from([try call.float("value", default: 0)], type: input.type)
    }
    guard let elements = input.elements.taking(places, fill: fill) else { throw call.fault("has a fill value of another type") }
    return try Tensor(shape: shape, elements: elements)
  }

  private static func source(_ index: Int, size: Int, mode: String, _ call: KernelCall) throws -> Int {
    if index >= 0, index < size { return index }
    switch mode {
    case "constant": return -1
    case "edge": return min(max(index, 0), size - 1)
    case "wrap": return ((index % size) + size) % size
    case "reflect":
      guard size > 1 else { return 0 }
      let period = 2 * (size - 1)
      let place = ((index % period) + period) % period
      return place < size ? place : period - place
    default: throw call.unsupported("has the mode '\(mode)'")
    }
  }
}

extension UInt {
  /// The nearest Int.
  fileprivate var clampedToInt: Int { Int(clamping: self) }
}
