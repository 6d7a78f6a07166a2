import ModelFiles

/// Operations that take elements at places given by indices; a negative index counts from the end.
extension Kernels {
  static let gathers: [String: Kernel] = [
    "Gather": .one { call in
      let (data, indices) = (try call.input(0), try call.input(1))
      let axis = try call.axis(try call.int("axis", default: 0), rank: data.rank)
      let rows = try call.integers(1).map { try index($0, size: data.shape[axis], call) }
      let view = AxisView(data.shape, axis: axis)
      let shape = Array(data.shape[..<axis]) + indices.shape + Array(data.shape[(axis + 1)...])
      _ = try call.count(shape)
      var places: [Int] = []
      for outer in 0..<view.outer {
        for row in rows {
          let start = (outer * view.size + row) * view.inner
          places += start..<start + view.inner
        }
      }
      return try Tensor(shape: shape, elements: data.elements.taking(places))
    },
    "GatherElements": .one { call in
      let (data, indices) = (try call.input(0), try call.input(1))
      let places = try elementPlaces(call, data: data, indices: indices, axis: try call.int("axis", default: 0))
      return try Tensor(shape: indices.shape, elements: data.elements.taking(places))
    },
    "GatherND": .one { call in
      let (data, indices) = (try call.input(0), try call.input(1))
      let batch = try call.int("batch_dims", default: 0)
      guard let depth = indices.shape.last, batch >= 0, batch < indices.rank, batch + depth <= data.rank,
        data.shape[..<batch] == indices.shape[..<batch]
      else { throw call.fault("has indices \(Tensor.text(indices.shape)) for \(Tensor.text(data.shape))") }
      let shape = Array(indices.shape.dropLast()) + Array(data.shape[(batch + depth)...])
      _ = try call.count(shape)
      let starts = try tuplePlaces(call, data: data, indices: indices, batch: batch)
      let run = data.shape[(batch + depth)...].reduce(1, *)
      return try Tensor(shape: shape, elements: data.elements.taking(starts.flatMap { $0..<$0 + run }))
    },
    "Compress": .one { call in
      let data = try call.input(0)
      guard let condition = try call.input(1).values(Bool.self) else { throw call.fault("needs booleans as its input 1") }
      let axis = try call.int("axis")
      let source = axis == nil ? try data.reshaped([data.count]) : data
      let view = AxisView(source.shape, axis: try call.axis(axis ?? 0, rank: source.rank))
      guard condition.count <= view.size else { throw call.fault("has a condition longer than its axis") }
      let rows = condition.indices.filter { condition[$0] }
      var places: [Int] = []
      for outer in 0..<view.outer {
        for row in rows {
          let start = (outer * view.size + row) * view.inner
          places += start..<start + view.inner
        }
      }
      var shape = source.shape
      shape[try call.axis(axis ?? 0, rank: source.rank)] = rows.count
      return try Tensor(shape: shape, elements: source.elements.taking(places))
    },
  ]

  /// An index from 0, checked.
  static func index(_ index: Int, size: Int, _ call: KernelCall) throws -> Int {
    guard index >= -size, index < size else { throw call.fault("has an index \(index) on an axis of \(size)") }
    return index < 0 ? index + size : index
  }

  /// For each index its place in `data`: on `axis` the index itself, on the others its own position.
  static func elementPlaces(_ call: KernelCall, data: Tensor, indices: Tensor, axis: Int) throws -> [Int] {
    let axis = try call.axis(axis, rank: data.rank)
    guard indices.rank == data.rank, data.shape.indices.allSatisfy({ $0 == axis || indices.shape[$0] <= data.shape[$0] }) else {
      throw call.fault("has indices \(Tensor.text(indices.shape)) for \(Tensor.text(data.shape))")
    }
    guard let values = indices.elements.integers else { throw call.fault("needs integers as indices") }
    var strides = Strides.of(data.shape)
    let stride = strides[axis]
    strides[axis] = 0
    let starts = Strides.places(indices.shape, strides: strides)
    return try zip(starts, values).map { start, value in
      start + (try index(Int(value), size: data.shape[axis], call)) * stride
    }
  }

  /// For each tuple of indices, the last axis of `indices`, the place in `data` where its part begins.
  static func tuplePlaces(_ call: KernelCall, data: Tensor, indices: Tensor, batch: Int = 0) throws -> [Int] {
    guard let values = indices.elements.integers else { throw call.fault("needs integers as indices") }
    let depth = indices.shape[indices.rank - 1]
    let strides = Strides.of(data.shape)
    let perBatch = indices.shape[batch..<indices.rank - 1].reduce(1, *)
    let batchStride = data.shape[batch...].reduce(1, *)
    let count = indices.shape.dropLast().reduce(1, *)
    return try (0..<count).map { tuple in
      var place = batch == 0 ? 0 : tuple / perBatch * batchStride
      for level in 0..<depth {
        let axis = batch + level
        place += try index(Int(values[tuple * depth + level]), size: data.shape[axis], call) * strides[axis]
      }
      return place
    }
  }
}
