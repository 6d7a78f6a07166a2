import ModelFiles

/// Shapes that grow onto each other as NumPy has it: sizes are aligned at the last axis, and a size of one is repeated.
enum Broadcasting {
  /// The common shape; nil where two sizes differ and neither is one.
  static func shape(_ shapes: [[Int]]) -> [Int]? {
    let rank = shapes.map(\.count).max() ?? 0
    var result = [Int](repeating: 1, count: rank)
    for shape in shapes {
      for (index, size) in shape.enumerated() where size != 1 {
        let place = rank - shape.count + index
        guard result[place] == 1 || result[place] == size else { return nil }
        result[place] = size
      }
    }
    return result
  }

  /// For every element of `target` the place in a tensor of shape `shape`, which broadcasts to it.
  static func places(_ shape: [Int], to target: [Int]) -> [Int] {
    if shape == target { return Array(0..<target.reduce(1, *)) }
    var strides = [Int](repeating: 0, count: target.count)
    var stride = 1
    for index in shape.indices.reversed() {
      if shape[index] != 1 { strides[target.count - shape.count + index] = stride }
      stride *= shape[index]
    }
    return Strides.places(target, strides: strides)
  }
}

/// Row-major walks.
enum Strides {
  /// Row-major strides of a shape.
  static func of(_ shape: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    for index in shape.indices.dropLast().reversed() { strides[index] = strides[index + 1] * shape[index + 1] }
    return strides
  }

  /// The place of every element of `shape`, in row-major order, where a step on an axis moves by that axis's stride.
  static func places(_ shape: [Int], strides: [Int], start: Int = 0) -> [Int] {
    let count = shape.reduce(1, *)
    guard count > 0 else { return [] }
    var result: [Int] = []
    result.reserveCapacity(count)
    result.append(start)
    // The innermost axis first: what is there is repeated, shifted, for every further step of the next axis outwards.
    // Built from the outside in, so that the order is row-major.
    for (size, stride) in zip(shape, strides) {
      var next: [Int] = []
      next.reserveCapacity(result.count * size)
      for place in result { for step in 0..<size { next.append(place + step * stride) } }
      result = next
    }
    return result
  }
}

/// A tensor seen as [outer, axis, inner].
struct AxisView {
  let outer: Int
  let size: Int
  let inner: Int

  init(_ shape: [Int], axis: Int) {
    outer = shape[..<axis].reduce(1, *)
    size = shape[axis]
    inner = shape[(axis + 1)...].reduce(1, *)
  }

  /// A view in which the axes from `axis` on are one.
  init(_ shape: [Int], flattenedFrom axis: Int) {
    outer = shape[..<axis].reduce(1, *)
    size = shape[axis...].reduce(1, *)
    inner = 1
  }
}
