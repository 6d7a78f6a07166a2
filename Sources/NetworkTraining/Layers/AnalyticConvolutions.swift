internal import Geometry
internal import ModelFiles
internal import NetworkGraph

/// Convolutions that begin with kernels of known meaning, and whose kernels are splines.
extension NetworkBuilder {
  /// A 3×3 convolution that begins with sums of `ConvolutionStarts.products`: W = Σ A_b K_b with normal A of variance gain/(terms · from).
  /// The nine are a basis, so that training loses nothing; the first six alone, of degree two at most, leave out what is mostly noise.
  ///
  /// - Parameters:
  ///   - x: [batch, from, height, width].
  ///   - terms: How many of the products, 1 to 9.
  public mutating func productConvolution(
    _ x: Int, _ name: String, from: Int, to: Int, terms: Int = 9, stride: Int = 1, hasBias: Bool = true, gain: Double = 2
  ) throws -> Int {
    guard 1...9 ~= terms else {
      throw TrainingError("The convolution '\(name)' can begin with 1 to 9 products, not with \(terms).")
    }
    var random = SplitMix64(seed: seed(for: name))
    let deviation = (gain / Double(terms * from)).squareRoot()
    let start = (0..<to * from).flatMap { _ -> [Double] in
      let factors = (0..<terms).map { _ in deviation * random.normal() }
      return (0..<9).map { cell in (0..<terms).reduce(0) { $0 + factors[$1] * ConvolutionStarts.products[$1][cell] } }
    }
    return try convolution(x, name, from: from, to: to, stride: stride, hasBias: hasBias, start: start)
  }

  /// Enlarges each channel by two: a transposed convolution of kernel 4 that begins as linear interpolation.
  ///
  /// - Parameter x: [batch, channels, height, width].
  public mutating func smoothEnlargement(_ x: Int, _ name: String, channels: Int) throws -> Int {
    let row = ConvolutionStarts.linearEnlargement
    let kernel = row.flatMap { y in row.map { y * $0 } }
    return try scoped(name) { builder in
      let start = (0..<channels).flatMap { _ in kernel }
      let weight = try builder.parameter("weight", [channels, 1, 4, 4], .values(start))
      let attributes: [String: Attribute] = [
        "kernel_shape": .integers([4, 4]), "strides": .integers([2, 2]), "pads": .integers([1, 1, 1, 1]),
        "group": .integer(Int64(channels)),
      ]
      return builder.marked(builder.graph.one("ConvTranspose", [x, weight], attributes))
    }
  }

  /// A convolution whose kernels are sums of products of two splines: K(y, x) = Σ_r s_r(y) t_r(x), s_r and t_r cubic B-splines of `cells`
  /// intervals sampled at the taps, t_r of norm one so that the two do not share a scale.
  ///
  /// - Parameters:
  ///   - x: [batch, from, height, width].
  ///   - kernel: Taps along each side, odd.
  ///   - cells: Fewer than `kernel` − 3 smooth the kernels.
  ///   - rank: Products in each kernel; they begin with different seeded numbers, since equal ones would stay equal.
  public mutating func splineConvolution(
    _ x: Int, _ name: String, from: Int, to: Int, kernel: Int, cells: Int, rank: Int, groups: Int = 1, gain: Double = 2
  ) throws -> Int {
    guard kernel > 1, kernel % 2 == 1, cells > 0, rank > 0, groups > 0, from % groups == 0, to % groups == 0 else {
      throw TrainingError(
        "The convolution '\(name)' of kernel \(kernel), \(cells) cells and rank \(rank) cannot be; the kernel must be odd.")
    }
    return try scoped(name) { builder in
      let weight = try builder.splineKernels(to, from / groups, kernel: kernel, cells: cells, rank: rank, gain: gain)
      let bias = try builder.parameter("bias", [to], .constant(0), isDecayed: false)
      let attributes: [String: Attribute] = [
        "kernel_shape": .integers([Int64(kernel), Int64(kernel)]), "group": .integer(Int64(groups)),
        "pads": .integers([Int64](repeating: Int64(kernel / 2), count: 4)),
      ]
      return builder.marked(builder.graph.one("Conv", [x, weight, bias], attributes))
    }
  }

  /// [to, from, kernel, kernel].
  private mutating func splineKernels(_ to: Int, _ from: Int, kernel: Int, cells: Int, rank: Int, gain: Double) throws -> Int {
    let shape = [to, from, rank, cells + 3]
    let samples = NetworkBuilder.splineSamples(taps: kernel, cells: cells)
    let matrix = graph.constant(try tensor([cells + 3, kernel], (0..<cells + 3).flatMap { place in samples.map { $0[place] } }))
    // A kernel's energy is that of Σ_r |s_r|² for t_r of norm one, and a spline's samples have the mean energy Σ M²∕taps of its deviates.
    let energy = samples.reduce(0) { $0 + $1.reduce(0) { $0 + $1 * $1 } }
    let deviation = (gain / (Double(from * rank) * energy)).squareRoot()
    let down = graph.product(try parameter("down", shape, .normal(deviation: deviation)), matrix)
    let across = graph.product(try parameter("across", shape, .normal(deviation: 1), isDecayed: false), matrix)
    let columns = graph.reshape(down, [to, from, rank, kernel, 1])
    let rows = graph.reshape(graph.unitRows(across), [to, from, rank, 1, kernel])
    return graph.sum(graph.multiply(columns, rows), axes: [2], keepsAxes: false)
  }

  /// Cubic B-splines of `cells` unit intervals at taps that lie evenly from end to end: a row for each tap.
  static func splineSamples(taps: Int, cells: Int) -> [[Double]] {
    (0..<taps).map { tap in
      let place = Double(cells) * Double(tap) / Double(max(1, taps - 1))
      return (0..<cells + 3).map { centre in
        let distance = abs(place - Double(centre - 1))
        let (outer, inner) = (max(0, 2 - distance), max(0, 1 - distance))
        return (outer * outer * outer - 4 * inner * inner * inner) / 6
      }
    }
  }
}
