/// The simplex method in the unit cube: points that leave it are brought back to its side.
///
/// - Source: J. Nelder, R. Mead, A simplex method for function minimization, 1965, doi:10.1093/comjnl/7.4.308; coefficients that suit
///   many parameters from F. Gao, L. Han, 2012, doi:10.1007/s10589-010-9329-3.
struct NelderMead {
  private typealias Vertex = (point: [Double], score: Double)

  private let corners: [[Double]]
  /// The simplex is small enough where its scores differ by less.
  private let tolerance = 1e-9

  init(start: [Double], edge: Double) {
    corners =
      [start]
      + start.indices.map { index in
        var corner = start
        // Away from the nearer side of the cube.
        corner[index] += start[index] > 0.5 ? -edge : edge
        return corner
      }
  }

  /// The best point found with a number of scores.
  mutating func maximize(steps: Int, _ score: ([[Double]]) throws -> [Double]) rethrows -> (point: [Double], score: Double) {
    var left = steps
    func scored(_ points: [[Double]]) throws -> [Vertex] {
      left -= points.count
      return Array(zip(points, try score(points)))
    }
    let count = Double(max(1, corners.count - 1))
    let (expansion, contraction, shrinking) = (1 + 2 / count, 0.75 - 1 / (2 * count), 1 - 1 / count)
    // With fewer steps than corners there is no simplex, only the best of some of them.
    var simplex = Self.sorted(try scored(Array(corners.prefix(max(1, steps)))))
    while left > 0, simplex.count > 1, let worst = simplex.last {
      if simplex[0].score - worst.score < tolerance { break }
      let center = Self.center(simplex.dropLast())
      let reflected = try scored([Self.moved(center, worst.point, by: -1)])[0]
      var accepted: Vertex?
      if reflected.score > simplex[0].score {
        let expanded = try scored([Self.moved(center, worst.point, by: -expansion)])[0]
        accepted = expanded.score > reflected.score ? expanded : reflected
      } else if reflected.score > simplex[simplex.count - 2].score {
        accepted = reflected
      } else {
        let isOutside = reflected.score > worst.score
        let contracted = try scored([Self.moved(center, worst.point, by: isOutside ? -contraction : contraction)])[0]
        if contracted.score > max(reflected.score, worst.score) { accepted = contracted }
      }
      if let accepted {
        simplex[simplex.count - 1] = accepted
      } else {
        let best = simplex[0]
        simplex = [best] + (try scored(simplex.dropFirst().map { Self.moved(best.point, $0.point, by: shrinking) }))
      }
      simplex = Self.sorted(simplex)
    }
    return simplex[0]
  }

  private static func sorted(_ simplex: [Vertex]) -> [Vertex] {
    simplex.enumerated().sorted {
      $0.element.score != $1.element.score ? $0.element.score > $1.element.score : $0.offset < $1.offset
    }.map(\.element)
  }

  private static func center(_ vertices: ArraySlice<Vertex>) -> [Double] {
    guard let first = vertices.first else { return [] }
    return first.point.indices.map { index in
      vertices.reduce(0) { $0 + $1.point[index] } / Double(vertices.count)
    }
  }

  /// center + factor · (point − center), kept in the cube.
  private static func moved(_ center: [Double], _ point: [Double], by factor: Double) -> [Double] {
    zip(center, point).map { min(1, max(0, $0 + factor * ($1 - $0))) }
  }
}
