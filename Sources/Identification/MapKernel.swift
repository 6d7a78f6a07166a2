import Splines

/// A learned map made ready for millions of evaluations: flat numbers, and the place of each learned one among the parameters.
struct MapKernel {
  /// One edge with what its evaluation needs at hand.
  private struct FlatEdge {
    var row: Int
    var source: Int
    /// The place of its first parameter.
    var first: Int
    /// nil for an edge that is not a plain spline.
    var grid: SplineGrid?
    var edge: Edge
  }

  let rows: Int
  let sources: Int
  private let freePlaces: [Int]
  private let firstFree: Int
  private var linear: [Double]
  private var edges: [FlatEdge]
  private var weights: [SplineGrid.Weights]

  /// - Parameters:
  ///   - firstFree: The place of the first learned number of the linear part among the model's parameters.
  ///   - firstEdge: The same for the first edge.
  init(_ map: LearnedMap, firstFree: Int, firstEdge: Int) {
    rows = map.rows
    sources = map.sources
    freePlaces = map.freePlaces
    self.firstFree = firstFree
    linear = map.linear.values
    edges = []
    var first = firstEdge
    for link in map.links {
      var grid: SplineGrid?
      if case .spline(let spline) = link.edge.curve, link.edge.siluWeight == nil { grid = spline.grid }
      edges.append(FlatEdge(row: link.row, source: link.source, first: first, grid: grid, edge: link.edge))
      first += link.edge.parameterCount
    }
    weights = [SplineGrid.Weights](
      repeating: SplineGrid.Weights(first: 0, value: SIMD4(repeating: 0), slope: SIMD4(repeating: 0)), count: edges.count)
  }

  mutating func set(_ parameters: [Double]) {
    for (offset, place) in freePlaces.enumerated() { linear[place] = parameters[firstFree + offset] }
    for index in edges.indices where edges[index].grid == nil {
      let first = edges[index].first
      edges[index].edge.set(parameters[first..<first + edges[index].edge.parameterCount])
    }
  }

  /// The map's rows and their slopes with respect to the sources.
  ///
  /// - Parameters:
  ///   - z: `sources` numbers.
  ///   - parameters: The model's parameters.
  ///   - value: `rows` numbers.
  ///   - slope: rows × sources numbers.
  @inline(__always)
  mutating func evaluate(
    _ z: UnsafePointer<Double>, _ parameters: UnsafePointer<Double>, value: UnsafeMutablePointer<Double>,
    slope: UnsafeMutablePointer<Double>
  ) {
    linear.withUnsafeBufferPointer { linear in
      var place = 0
      for row in 0..<rows {
        var sum = 0.0
        for source in 0..<sources {
          sum += linear[place] * z[source]
          slope[row * sources + source] = linear[place]
          place += 1
        }
        value[row] = sum + linear[place]
        place += 1
      }
    }
    for index in edges.indices {
      let (row, source, first) = (edges[index].row, edges[index].source, edges[index].first)
      if let grid = edges[index].grid {
        let weight = grid.weights(at: z[source])
        weights[index] = weight
        // In bounds: the edge has grid.intervals + 3 parameters and weight.first ≤ intervals − 1.
        let c = parameters + (first + weight.first)
        let coefficients = SIMD4(c[0], c[1], c[2], c[3])
        value[row] += (coefficients * weight.value).sum()
        slope[row * sources + source] += (coefficients * weight.slope).sum()
      } else {
        let point = edges[index].edge.evaluate(z[source])
        value[row] += point.value
        slope[row * sources + source] += point.slope
      }
    }
  }

  /// Adds the rows' gradients with respect to the parameters at the sources that `evaluate` was last called with.
  ///
  /// - Parameters:
  ///   - gradient: rows × stride numbers, one column a parameter.
  @inline(__always)
  func addGradient(_ z: UnsafePointer<Double>, to gradient: UnsafeMutablePointer<Double>, stride: Int) {
    for (offset, place) in freePlaces.enumerated() {
      let (row, column) = place.quotientAndRemainder(dividingBy: sources + 1)
      gradient[row * stride + firstFree + offset] += column == sources ? 1 : z[column]
    }
    for index in edges.indices {
      let edge = edges[index]
      let target = gradient + (edge.row * stride + edge.first)
      if edge.grid != nil {
        let weight = weights[index]
        for part in 0..<4 { target[weight.first + part] += weight.value[part] }
      } else {
        for (part, value) in edge.edge.gradient(at: z[edge.source]).enumerated() { target[part] += value }
      }
    }
  }
}
