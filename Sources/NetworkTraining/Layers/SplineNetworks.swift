internal import Foundation
internal import Geometry
internal import ModelFiles
internal import NetworkGraph

/// Kolmogorov's spline network: fixed inner splines, learned outer ones (Igelnik and Parikh 2003).
extension NetworkBuilder {
  /// y_o = Σ_q Φ_oq(s_q), s_q = Σ_p λ_qp ψ(x_p), q from 0 to 2n: ψ is one fixed increasing cubic spline on [0, 1], the Φ are cubic B-splines of
  /// `cells` intervals over all that s_q can be. The learned part is linear, so that least squares can train it.
  ///
  /// The paper's constants are not known; here the directions λ_q of two inputs are (cos, sin)(π q/5), of one input or more than two fixed
  /// deviates of norm one. A sum over directions is what lets smooth functions be learned at small sizes.
  ///
  /// - Parameter x: [batch, from], in [0, 1].
  /// - Returns: [batch, to].
  public mutating func splineNetwork(_ x: Int, _ name: String, from: Int, to: Int, cells: Int) throws -> Int {
    guard from > 0, cells > 0 else { throw TrainingError("The layer '\(name)' needs at least one input and one cell.") }
    let count = 2 * from + 1
    return try scoped(name) { builder in
      let places = try builder.innerPlaces(x, from: from)
      let values = try builder.values(of: .spline(range: 0...1, cells: cells), at: builder.graph.reshape(places, [0, count, 1]))
      let rows = count * (cells + 3)
      let weight = try builder.parameter("coefficients", [rows, to], .normal(deviation: (1 / Double(count)).squareRoot()))
      return builder.marked(builder.graph.one("Gemm", [builder.graph.reshape(values, [-1, rows]), weight]))
    }
  }

  /// The coefficients of ψ over four cells: it rises from 0 to 1.
  private static let inner: [Double] = [-0.25, 0, 0.29, 0.5, 0.71, 1, 1.25]

  /// ψ(x_p), [batch, from].
  mutating func innerSpline(_ x: Int, from: Int) throws -> Int {
    let values = try values(of: .spline(range: 0...1, cells: 4), at: graph.reshape(x, [0, from, 1]))
    let weight = graph.constant(try tensor([NetworkBuilder.inner.count, 1], NetworkBuilder.inner))
    return graph.reshape(graph.product(values, weight), [0, from])
  }

  /// s_q brought to [0, 1] by the least and the greatest that it can be, [batch, 2 from + 1].
  private mutating func innerPlaces(_ x: Int, from: Int) throws -> Int {
    let directions = NetworkBuilder.directions(from)
    let (low, high) = (
      directions.map { $0.reduce(0) { $0 + min(0, $1) } }, directions.map { $0.reduce(0) { $0 + max(0, $1) } }
    )
    let scaled = zip(directions, zip(low, high)).map { row, range in row.map { $0 / (range.1 - range.0) } }
    let columns = (0..<from).flatMap { input in scaled.map { $0[input] } }
    let weight = graph.constant(try tensor([from, directions.count], columns))
    let offset = graph.constant(try tensor([directions.count], zip(low, high).map { -$0 / ($1 - $0) }))
    return graph.one("Gemm", [try innerSpline(x, from: from), weight, offset])
  }

  /// λ: as many rows as terms.
  static func directions(_ inputs: Int) -> [[Double]] {
    if inputs == 2 { return (0..<5).map { [cos(.pi * Double($0) / 5), sin(.pi * Double($0) / 5)] } }
    // A seed of its own: a trained network must find the same directions.
    var random = SplitMix64(seed: UInt64(inputs))
    return (0..<2 * inputs + 1).map { _ in
      let row = (0..<inputs).map { _ in random.normal() }
      let norm = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return row.map { $0 / max(norm, 1e-12) }
    }
  }
}
