import Foundation
import TestSupport
import Testing

@testable import Splines

@Suite struct KANTests {
  private func spline(_ seed: UInt64) -> Curve {
    var numbers = TestRandom(seed: seed)
    return .spline(
      try! CubicSpline(
        grid: try! SplineGrid(lower: -1, upper: 1, intervals: 4), coefficients: (0..<7).map { _ in numbers.signed() }))
  }

  private var chain: KANChain {
    let first = KANLayer(
      inputs: 2, outputs: 2,
      links: [
        .init(input: 0, output: 0, edge: Edge(spline(1), siluWeight: 0.4)), .init(input: 1, output: 0, edge: Edge(spline(2))),
        .init(input: 1, output: 1, edge: Edge(.bernstein(BernsteinCurve(lower: -1, upper: 1, coefficients: [0.1, -0.5, 0.7])))),
      ], biases: [0.1, -0.2])
    let second = KANLayer(
      inputs: 2, outputs: 1,
      links: [
        .init(input: 0, output: 0, edge: Edge(spline(3))),
        .init(
          input: 1, output: 0,
          edge: Edge(
            .formula(
              Formula(
                terms: [.power(3), .sine(frequency: 2), .exponential(scale: 3), .hyperbolicTangent(scale: 0.5), .signedSquare],
                factors: [0.3, -1, 0.2, 0.4, 0.7])))),
      ])
    return KANChain([first, second])
  }

  @Test func theJacobianIsTheLimitOfDifferences() {
    let chain = chain
    for x in [[0.2, -0.7], [-1.3, 0.4], [0.9, 1.8]] {
      let jacobian = chain.jacobian(x)
      for input in 0..<2 {
        var (before, after) = (x, x)
        before[input] -= 1e-6
        after[input] += 1e-6
        let difference = (chain.evaluate(after)[0] - chain.evaluate(before)[0]) / 2e-6
        #expect(abs(jacobian[0, input] - difference) < 1e-7)
      }
    }
  }

  @Test func theParameterGradientIsTheLimitOfDifferences() {
    let chain = chain
    let x = [0.35, -1.2]
    let gradient = chain.parameterGradient([1], at: x)
    #expect(gradient.count == chain.parameters.count)
    for index in gradient.indices {
      var (before, after) = (chain, chain)
      before.parameters[index] -= 1e-6
      after.parameters[index] += 1e-6
      #expect(abs(gradient[index] - (after.evaluate(x)[0] - before.evaluate(x)[0]) / 2e-6) < 1e-7)
    }
  }

  @Test func boundsHoldEveryOutput() {
    let chain = chain
    let bounds = chain.bounds(on: [-1.5...1, -2...0.5])[0]
    var numbers = TestRandom(seed: 5)
    for _ in 0..<5000 {
      let x = [-0.25 + 1.25 * numbers.signed(), -0.75 + 1.25 * numbers.signed()]
      #expect(bounds.contains(chain.evaluate(x)[0]))
    }
  }

  @Test func pruningRemovesTheWeakEdgeAndKeepsItsMean() {
    let strong = Edge(.formula(Formula(terms: [.power(1)], factors: [2])))
    let weak = Edge(.formula(Formula(terms: [.power(0), .power(1)], factors: [0.003, 0.001])))
    let layer = KANLayer(
      inputs: 2, outputs: 1, links: [.init(input: 0, output: 0, edge: strong), .init(input: 1, output: 0, edge: weak)])
    let samples = [[-1.0, 1], [1, -1], [2, 0], [-2, 0]]
    let pruned = layer.pruned(over: samples, below: 0.01)
    #expect(pruned.links.count == 1 && pruned.links[0].input == 0)
    #expect(abs(pruned.biases[0] - 0.003) < 1e-15)
    #expect(abs(layer.groupNorms(over: samples)[0] - 10.0.squareRoot()) < 1e-14)
  }

  @Test func aChainSurvivesItsFileForm() throws {
    let data = try JSONEncoder().encode(chain)
    #expect(try JSONDecoder().decode(KANChain.self, from: data) == chain)
    let broken = String(decoding: data, as: UTF8.self).replacingOccurrences(of: "\"inputs\":2", with: "\"inputs\":1")
    #expect(throws: (any Error).self) { try JSONDecoder().decode(KANChain.self, from: Data(broken.utf8)) }
  }
}

@Suite struct FormulaTests {
  @Test func derivativesOfAllTermsAreTheLimitsOfDifferences() {
    let terms: [FormulaTerm] = [
      .power(0), .power(1), .power(2), .power(3), .magnitude, .signedSquare, .sine(frequency: 1.7), .hyperbolicTangent(scale: 0.6),
      .exponential(scale: 0.8),
    ]
    for term in terms {
      for z in [-1.3, -0.2, 0.4, 2.1] {
        let (before, point, after) = (term.evaluate(z - 1e-5), term.evaluate(z), term.evaluate(z + 1e-5))
        #expect(abs((after.value - before.value) / 2e-5 - point.slope) < 1e-7)
        #expect(abs((after.slope - before.slope) / 2e-5 - point.curvature) < 1e-7)
      }
    }
  }

  /// The truth is z and z³; richer formulas win the plain minimum of BIC by luck in some draws, and must not be chosen.
  @Test(arguments: 1...8) func findsTheCubicBehindNoise(seed: UInt64) throws {
    var numbers = TestRandom(seed: seed)
    let z = (0..<200).map { _ in numbers.signed() }
    let residuals = z.map { 0.5 * $0 + 1.2 * $0 * $0 * $0 + 0.02 * numbers.normal() }
    let library: [FormulaTerm] = [
      .power(0), .power(1), .power(2), .power(3), .magnitude, .signedSquare, .sine(frequency: 3),
      .hyperbolicTangent(scale: 1.0 / 3), .exponential(scale: 1),
    ]
    let search = try FormulaSearch(z: z, residuals: residuals, library: library)
    #expect(search.chosen.formula.terms == [.power(1), .power(3)])
    for (factor, (truth, error)) in zip(search.chosen.formula.factors, zip([0.5, 1.2], search.chosen.standardErrors)) {
      #expect(abs(factor - truth) < 4 * error)
    }
    #expect(abs(search.chosen.rms - 0.02) < 0.004)
    #expect(search.ranking.count == 20 && search.ranking[0].bic <= search.ranking[1].bic)
  }

  @Test func anExactFormulaIsFoundWithoutNoise() throws {
    let z = (0..<50).map { -2 + 4 * Double($0) / 49 }
    let search = try FormulaSearch(z: z, residuals: z.map { 3 - 0.25 * abs($0) })
    #expect(search.chosen.formula.terms == [.power(0), .magnitude])
    #expect(abs(search.chosen.formula.factors[1] + 0.25) < 1e-9)
  }

  @Test func refusesPointsThatSayNothing() {
    #expect(throws: SplineError.self) { try FormulaSearch(z: [1, 2], residuals: [1, 2]) }
    #expect(throws: SplineError.self) {
      try FormulaSearch(z: [Double](repeating: 0, count: 20), residuals: [Double](repeating: 1, count: 20))
    }
  }

  @Test func textShowsSignsAndTerms() {
    let formula = Formula(terms: [.power(0), .power(1), .power(3), .sine(frequency: 2)], factors: [-0.5, 1, -2.5, 0.125])
    #expect(formula.text() == "-0.5 + 1·z - 2.5·z^3 + 0.125·sin(2·z)")
  }
}

@Suite struct MatrixTests {
  @Test func solutionsSolveTheirSystems() throws {
    var numbers = TestRandom(seed: 3)
    var matrix = Matrix(rows: 6, columns: 6)
    for index in matrix.values.indices { matrix.values[index] = numbers.signed() }
    let right = (0..<6).map { _ in numbers.signed() }
    let solution = try #require(matrix.solved(Matrix(right.map { [$0] })))
    for (a, b) in zip(matrix * solution.values, right) { #expect(abs(a - b) < 1e-12) }
    let positive = matrix.transposed * matrix
    let second = try #require(positive.solvedPositiveDefinite(right))
    for (a, b) in zip(positive * second, right) { #expect(abs(a - b) < 1e-10) }
  }

  @Test func singularSystemsHaveNoSolution() {
    #expect(Matrix([[1, 2], [2, 4]]).solved(Matrix([[1], [1]])) == nil)
    #expect(Matrix([[1, 2], [2, 1]]).solvedPositiveDefinite([1, 1]) == nil)
  }
}

@Suite struct CurvePictureTests {
  @Test func thePictureShowsCurveDataAndTitle() {
    let picture = CurvePicture(
      title: "a < b", curve: .formula(Formula(terms: [.power(2)], factors: [1])), range: -2...2, dataRange: -1...1,
      counts: [0, 5, 9, 1])
    #expect(picture.svg.hasPrefix("<svg") && picture.svg.hasSuffix("</svg>"))
    #expect(picture.svg.contains("a &lt; b"))
    #expect(picture.svg.components(separatedBy: "<polyline").count == 4)
    #expect(picture.svg.components(separatedBy: "<rect").count == 5)
  }

  @Test func aSplineIsPrintedAsItsCubics() throws {
    let spline = try CubicSpline(grid: SplineGrid(lower: 0, upper: 2, intervals: 2), coefficients: [0, 1, 2, 3, 4])
    let lines = spline.text().split(separator: "\n")
    #expect(lines.count == 4)
    #expect(lines[0] == "z < 0: 1 + 1·(z - 0)")
    #expect(lines[1].hasPrefix("z in [0, 1]: 1 + 1·t"))
  }
}
