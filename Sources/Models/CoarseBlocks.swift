internal import NetworkGraph
internal import NetworkTraining

/// What the blocks at the coarse end of a pyramid are, at stride 32, where a cell may look at all others.
public enum CoarseBlocks: String, Sendable, CaseIterable, Codable {
  /// Residual blocks of two convolutions, as at the other strides.
  case conv
  /// Transformer blocks: attention over the cells, then two linear layers with a rectifier between.
  case vit
  /// Transformer blocks whose second half is a layer of learned functions of one number (cubic B-splines).
  case kan
  /// Transformer blocks whose second half is a layer of mix alone, then a linear layer.
  case mix
}

/// Residual transformer blocks over the cells of a map [batch, width, rows, columns] of any size. Linear layers are convolutions of one cell, so
/// that they are computed in bytes and in bfloat16 as all others.
extension NetworkBuilder {
  /// Channels of a head.
  private static let headWidth = 32
  /// Numbers between the two linear layers for each channel: with attention's four squares of the width a block has eight, one less than the
  /// residual block in whose place it is.
  private static let expansion = 2
  /// Where a KAN layer's splines have their cells; normalized numbers are seldom beyond, and functions go on straight there.
  private static let splines = Basis.spline(range: -2...2, cells: 4)

  /// x + its place, + attention of the norm, + the second half of the norm (Dosovitskiy et al. 2021, equations 2 and 3).
  ///
  /// Places are told by a convolution of each channel by itself, whose zeros around the map reach inwards from block to block (Chu et al. 2021,
  /// "Conditional positional encodings", section 3.2): no table has to be as large as the picture. Memory grows with the square of the number of
  /// cells.
  mutating func coarseBlock(_ x: Int, _ name: String, width: Int, _ kind: CoarseBlocks) throws -> Int {
    try scoped(name) { builder in
      let place = try builder.convolution(x, "place", from: width, to: width, groups: width, gain: 1)
      let placed = builder.graph.add(x, place)
      let first = try builder.cellNorm(placed, "norm1", width: width)
      let seen = builder.graph.add(placed, try builder.cellAttention(builder.channelsFirst(first), "attention", width: width))
      let second = try builder.cellNorm(seen, "norm2", width: width)
      return builder.graph.add(seen, try builder.secondHalf(second, width: width, kind))
    }
  }

  /// The norm of each cell's channels, [batch, rows, columns, width].
  private mutating func cellNorm(_ x: Int, _ name: String, width: Int) throws -> Int {
    try layerNorm(graph.transpose(x, [0, 2, 3, 1]), name, size: width)
  }

  private mutating func channelsFirst(_ x: Int) -> Int { graph.transpose(x, [0, 3, 1, 2]) }

  /// Multi-head self-attention over all cells of a map: softmax(Q Kᵀ∕√d) V for each head, then a linear layer (Vaswani et al. 2017, section 3.2).
  mutating func cellAttention(_ x: Int, _ name: String, width: Int) throws -> Int {
    guard width % Self.headWidth == 0 else {
      throw TrainingError("The attention '\(name)' of width \(width) has heads of \(Self.headWidth) channels; choose a multiple.")
    }
    let heads = width / Self.headWidth
    return try scoped(name) { builder in
      let all = try builder.convolution(x, "in", from: width, to: 3 * width, kernel: 1, gain: 1)
      let parts = builder.graph.add("Split", [all], ["axis": .integer(1), "num_outputs": .integer(3)], count: 3)
        .map { builder.graph.reshape($0, [0, heads, Self.headWidth, -1]) }
      let queries = builder.graph.multiply(
        builder.graph.transpose(parts[0], [0, 1, 3, 2]), number: 1 / Double(Self.headWidth).squareRoot())
      let shares = builder.graph.one("Softmax", [builder.graph.product(queries, parts[1])], ["axis": .integer(-1)])
      let mixed = builder.graph.product(shares, builder.graph.transpose(parts[2], [0, 1, 3, 2]))
      let map = builder.reshaped(builder.graph.transpose(mixed, [0, 1, 3, 2]), like: x)
      return try builder.convolution(map, "out", from: width, to: width, kernel: 1, gain: 1)
    }
  }

  /// What follows attention, of normalized cells [batch, rows, columns, width] to a map [batch, width, rows, columns].
  private mutating func secondHalf(_ x: Int, width: Int, _ kind: CoarseBlocks) throws -> Int {
    switch kind {
    case .conv, .vit:
      let inner = Self.expansion * width
      let wide = relu(try convolution(channelsFirst(x), "wide", from: width, to: inner, kernel: 1))
      return try convolution(wide, "narrow", from: inner, to: width, kernel: 1, gain: 1)
    case .kan:
      let values = try edges(graph.reshape(x, [-1, width]), "functions", from: width, to: width, basis: Self.splines)
      return channelsFirst(reshaped(values, like: x))
    case .mix:
      let inside = graph.one("Sigmoid", [graph.reshape(x, [-1, width])])
      let values = try mixLayer(inside, "mix", from: width, to: width)
      // Means of many inputs lie near one half: the norm makes them as large as the other branches' numbers.
      let scaled = try layerNorm(reshaped(values, like: x), "norm3", size: width)
      return try convolution(channelsFirst(scaled), "narrow", from: width, to: width, kernel: 1, gain: 1)
    }
  }

  /// The same numbers in the shape of another value, which is known in each run alone.
  private mutating func reshaped(_ x: Int, like: Int) -> Int { graph.one("Reshape", [x, graph.one("Shape", [like])]) }
}
