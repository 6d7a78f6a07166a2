import Foundation
import ModelFiles
import TestSupport
import Testing

@testable import NetworkTraining

private func column(_ numbers: [Double]) throws -> Tensor { try Tensor(shape: [numbers.count, 1], numbers) }

@Suite("Edges, rational functions and kernels of splines have the values of their formulas")
struct SplineLayerTests {
  /// An edge whose only coefficient of one stands at a place is that function of the basis.
  private func functions(_ basis: NetworkBuilder.Basis, at x: Double) throws -> [Double] {
    try (0..<basis.count).map { place in
      let parameters = [
        "edge.coefficients": try column((0..<basis.count).map { $0 == place ? 1 : 0 }), "edge.bias": Tensor(list: [0.0]),
      ]
      return try layerNumbers([try column([x])], parameters) { try $0.edges($1[0], "edge", from: 1, to: 1, basis: basis) }[0]
    }
  }

  @Test func jacobisPolynomials() throws {
    let ends = [1.5, 1.875, 2.1875, 2.4609375]
    let found = try functions(.jacobi(degree: 4, a: 0.5, b: -0.25), at: atanh(0.3))
    expectNear(zip(found, ends).map { $0 * $1 }, [0.7125, -0.122734375, -0.533579102, -0.193287735], within: 1e-9)
    // a = b = −½ is Chebyshev's, a = b = 0 Legendre's: at z these are cos(n arccos z), and P₂ = (3z² − 1)∕2.
    let z = tanh(0.6)
    expectNear(
      try functions(.jacobi(degree: 3, a: -0.5, b: -0.5), at: 0.6), (1...3).map { cos(Double($0) * acos(z)) }, within: 1e-12)
    expectNear([try functions(.jacobi(degree: 2, a: 0, b: 0), at: 0.6)[1]], [(3 * z * z - 1) / 2], within: 1e-12)
  }

  @Test func hermitesFunctions() throws {
    expectNear(try functions(.hermite(degree: 4), at: 0.7), [0.587909, 0.582001, -0.008314, -0.479954, -0.230364])
  }

  @Test func rationalInBernsteinsForm() throws {
    let parameters = [
      "edge.values": Tensor(list: [0, -0.2, 1.5, 1]), "edge.logarithms of weights": Tensor(list: [log(0.5), log(4), log(2)]),
    ]
    func value(_ x: Double) throws -> Double {
      try layerNumbers([try column([x])], parameters) {
        try $0.rational($1[0], "edge", range: -1...3, values: [0, 0, 0, 0])
      }[0]
    }
    // t = (x + 1)∕4.
    expectNear([try value(0), try value(1)], [0.678981, 1.193939])
    // Outside it goes on by the slopes n w₁∕w₀ (f₁ − f₀) and n w_{n−1}∕w_n (f_n − f_{n−1}) over t, a quarter of them over x.
    expectNear([try value(-3), try value(5)], [-0.25 * 3 * 0.5 * -0.2 * 2, 1 + 0.25 * 3 * 2 * -0.5 * 2], within: 1e-12)
  }

  @Test func kolmogorovsNetwork() throws {
    let x = try Tensor(shape: [1, 2], [0.3, 0.8])
    expectNear(try layerNumbers([x], [:]) { try $0.innerSpline($1[0], from: 2) }, [0.3251733, 0.7747733], within: 1e-7)
    let inner = [0.3251733, 0.7747733]
    expectNear(
      NetworkBuilder.directions(2).map { $0[0] * inner[0] + $0[1] * inner[1] },
      [0.3251733, 0.7184711, 0.8373373, 0.6363691, 0.1923296], within: 1e-7)
    // Where all coefficients are one the splines sum to one for each of the 5 terms.
    let parameters = ["net.coefficients": try column([Double](repeating: 1, count: 55))]
    expectNear(
      try layerNumbers([x], parameters) { try $0.splineNetwork($1[0], "net", from: 2, to: 1, cells: 8) }, [5], within: 1e-12)
  }

  @Test func derivativesOfAGaussian() throws {
    let kernels = try ConvolutionStarts.gaussian(sigma: 1)
    expectNear(Array(kernels.smooth[..<4]), [0.004433, 0.054006, 0.242036, 0.399050], within: 1e-6)
    expectNear(Array(kernels.first[..<4]), [-0.013354, -0.108455, -0.243030, 0], within: 1e-6)
    expectNear(Array(kernels.second[..<4]), [0.036607, 0.167379, 0.001021, -0.410014], within: 1e-6)
    // f = 3 + 2x + x²∕2 at 4 has slope 6 and curvature 1.
    let f = (1...7).map(Double.init).map { (x: Double) -> Double in 3 + 2 * x + 0.5 * x * x }
    let apply = { (kernel: [Double]) -> Double in zip(kernel, f).reduce(0.0) { $0 + $1.0 * $1.1 } }
    expectNear([apply(kernels.smooth), apply(kernels.first), apply(kernels.second)], [19.498, 6, 1], within: 1e-3)
    #expect(throws: TrainingError.self) { try ConvolutionStarts.gaussian(sigma: .nan) }
  }

  @Test func binomialsAndPyramids() {
    #expect(ConvolutionStarts.binomial(4) == [1, 4, 6, 4, 1].map { $0 / 16 })
    // A pyramid's kernel at level 2 is the binomial one convolved with itself at twice the distance: variances 1 + 4.
    expectNear((0..<4).map { ConvolutionStarts.pyramidVariance(level: $0) }, [0, 1, 5, 21])
  }

  @Test func productsOfThreeTapsAreABasis() {
    let kernels = ConvolutionStarts.products
    // The Laplacian is s c + c s − ½ c c of kernels that are not normalized: their norms are divided out again.
    let (sc, cs, cc) = (kernels[3], kernels[5], kernels[8])
    let scale = { (kernel: [Double], corner: Double) in corner / kernel[0] }
    let laplacian = (0..<9).map { sc[$0] * scale(sc, 0.25) + cs[$0] * scale(cs, 0.25) - 0.5 * cc[$0] * scale(cc, 1) }
    expectNear(laplacian, [0, 1, 0, 1, -4, 1, 0, 1, 0], within: 1e-12)
    for kernel in kernels { expectNear([kernel.reduce(0) { $0 + $1 * $1 }], [1], within: 1e-12) }
    // Gram–Schmidt leaves something of every one.
    var kept: [[Double]] = []
    for kernel in kernels {
      let rest = kept.reduce(kernel) { rest, unit in
        let share = zip(rest, unit).reduce(0) { $0 + $1.0 * $1.1 }
        return zip(rest, unit).map { $0 - share * $1 }
      }
      let norm = rest.reduce(0) { $0 + $1 * $1 }.squareRoot()
      #expect(norm > 0.5)
      kept.append(rest.map { $0 / norm })
    }
  }

  @Test func splineKernelsAreSumsOfProducts() throws {
    var check = GradientCheck(seed: 61)
    let (taps, cells, rank) = (5, 2, 2)
    let x = try check.tensor([1, 2, 6, 7])
    let parameters = [
      "a.down": try check.tensor([3, 2, rank, cells + 3]), "a.across": try check.tensor([3, 2, rank, cells + 3]),
      "a.bias": try check.tensor([3]),
    ]
    let found = try layerNumbers([x], parameters) {
      try $0.splineConvolution($1[0], "a", from: 2, to: 3, kernel: taps, cells: cells, rank: rank)
    }
    /// A cubic B-spline on the knots −2 … 2 by the recursion of Cox and de Boor.
    func spline(_ u: Double, _ degree: Int, _ knot: Double) -> Double {
      if degree == 0 { return u >= knot && u < knot + 1 ? 1 : 0 }
      let length = Double(degree)
      return (u - knot) / length * spline(u, degree - 1, knot)
        + (knot + length + 1 - u) / length * spline(u, degree - 1, knot + 1)
    }
    func sampled(_ name: String, _ start: Int) -> [Double] {
      let coefficients = (parameters["a.\(name)"]?.elements.doubles ?? [])[start..<start + cells + 3]
      return (0..<taps).map { tap in
        let place = Double(cells * tap) / Double(taps - 1)
        return coefficients.enumerated().reduce(0) { $0 + $1.element * spline(place - Double($1.offset - 1), 3, -2) }
      }
    }
    let bias = parameters["a.bias"]?.elements.doubles ?? []
    var expected: [Double] = []
    for out in 0..<3 {
      for row in 0..<6 {
        for column in 0..<7 {
          var sum = bias[out]
          for channel in 0..<2 {
            for term in 0..<rank {
              let start = ((out * 2 + channel) * rank + term) * (cells + 3)
              let (down, across) = (sampled("down", start), sampled("across", start))
              let norm = across.reduce(0) { $0 + $1 * $1 }.squareRoot()
              for y in 0..<taps where 0..<6 ~= row + y - 2 {
                for x0 in 0..<taps where 0..<7 ~= column + x0 - 2 {
                  let pixel = x.elements.doubles[(channel * 6 + row + y - 2) * 7 + column + x0 - 2]
                  sum += down[y] * across[x0] / norm * pixel
                }
              }
            }
          }
          expected.append(sum)
        }
      }
    }
    expectNear(found, expected, within: 1e-12)
  }

  @Test func enlargementBeginsAsLinearInterpolation() throws {
    let ramp = try Tensor(shape: [1, 1, 4, 4], (0..<16).map { Double($0 % 4) + 10 * Double($0 / 4) })
    var builder = NetworkBuilder(seed: 1, type: .float64)
    let x = builder.graph.input("x", shape: [.fixed(1), .fixed(1), .fixed(4), .fixed(4)])
    _ = try builder.smoothEnlargement(x, "up", channels: 1)
    let found = try layerNumbers([ramp], ["up.weight": builder.parameters[0].start]) {
      try $0.smoothEnlargement($1[0], "up", channels: 1)
    }
    // A ramp goes on as a ramp: pixel i of the large picture lies at (i + ½)∕2 − ½. Borders lose what lies outside.
    for row in 1..<7 {
      for column in 1..<7 {
        expectNear([found[row * 8 + column]], [Double(column) / 2 - 0.25 + 10 * (Double(row) / 2 - 0.25)], within: 1e-12)
      }
    }
  }

  @Test func gradientsOfAllOfThem() throws {
    var check = GradientCheck(seed: 62)
    let x = [try check.tensor([3, 4])]
    let layers: [(String, (inout NetworkBuilder, Int) throws -> Int)] = [
      ("jacobi", { try $0.edges($1, "a", from: 4, to: 2, basis: .jacobi(degree: 3, a: 0.5, b: -0.25)) }),
      ("hermite", { try $0.edges($1, "a", from: 4, to: 2, basis: .hermite(degree: 3)) }),
      ("rational", { try $0.rational($1, "a", range: -0.7...0.8, values: [0, -0.2, 1.5, 1]) }),
      ("kolmogorov", { try $0.splineNetwork($0.graph.one("Sigmoid", [$1]), "a", from: 4, to: 2, cells: 3) }),
    ]
    for (name, layer) in layers { #expect(try layerError(&check, x) { try layer(&$0, $1[0]) } < 1e-6, "\(name)") }
    let picture = [try check.tensor([1, 2, 4, 5])]
    let kernels: [(String, (inout NetworkBuilder, Int) throws -> Int)] = [
      ("splines", { try $0.splineConvolution($1, "a", from: 2, to: 2, kernel: 3, cells: 1, rank: 2) }),
      ("products", { try $0.productConvolution($1, "a", from: 2, to: 3, terms: 6) }),
      ("enlargement", { try $0.smoothEnlargement($1, "a", channels: 2) }),
    ]
    for (name, layer) in kernels { #expect(try layerError(&check, picture) { try layer(&$0, $1[0]) } < 1e-6, "\(name)") }
  }
}
