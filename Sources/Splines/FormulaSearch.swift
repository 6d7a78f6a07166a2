import Foundation

/// Finds the formula of the library that explains points as well as a spline with fewer constants.
///
/// All subsets of up to three terms are fitted by least squares and compared by BIC = N ln(RSS/N) + k ln N, k counting every free constant
/// (G. Schwarz, "Estimating the dimension of a model", 1978). Among those within 6 of the best, the usual bound of strong evidence, the one
/// with the fewest constants is taken: the plain minimum prefers superfluous terms by fractions.
public struct FormulaSearch: Sendable {
  /// One fitted formula.
  public struct Candidate: Sendable {
    /// The terms with their fitted factors.
    public var formula: Formula
    /// Standard errors of the factors.
    public var standardErrors: [Double]
    /// N ln(RSS∕N) + k ln N; lower is better.
    public var bic: Double
    /// Root of the mean square of what is left.
    public var rms: Double
  }

  /// The candidates by rising BIC; at least the best twenty.
  public let ranking: [Candidate]
  /// The one that is taken.
  public let chosen: Candidate
  /// How far above the lowest BIC a simpler formula may lie.
  public static let tolerance = 6.0
  /// The greatest number of terms.
  public static let maximumTerms = 3

  /// The terms tried for data of a range: powers, magnitudes, and sines, hyperbolic tangents and exponentials of eight scales each.
  public static func library(reach: Double) -> [FormulaTerm] {
    var terms: [FormulaTerm] = [.power(0), .power(1), .power(2), .power(3), .magnitude, .signedSquare]
    // Eight scales from a slight bend (the reach itself twice over) to a fourteenth of the reach, in ratios of 1.5.
    for index in 0..<8 {
      let scale = 2 * reach / pow(1.5, Double(index))
      terms += [.sine(frequency: 1 / scale), .hyperbolicTangent(scale: scale), .exponential(scale: scale)]
    }
    return terms
  }

  /// - Parameters:
  ///   - z: Positions.
  ///   - residuals: What the edge is to explain there; as many, and independent of each other as BIC counts them.
  ///   - library: The terms; nil for `library(reach:)` of the data.
  ///   - given: Terms that are in every formula and are not counted, because the model has them beside the edge anyway.
  /// - Throws: `SplineError` for unequal or non-finite lists and fewer than 10 points.
  public init(z: [Double], residuals: [Double], library: [FormulaTerm]? = nil, given: [FormulaTerm] = []) throws(SplineError) {
    guard z.count == residuals.count, z.count >= 10 else { throw .tooFewPoints(found: min(z.count, residuals.count), needed: 10) }
    guard z.allSatisfy(\.isFinite), residuals.allSatisfy(\.isFinite) else { throw .notFinite(what: "the points of a formula") }
    let reach = z.reduce(0) { max($0, abs($1)) }
    guard reach > 0 else { throw .degenerateFit(what: "a formula") }
    let free = (library ?? FormulaSearch.library(reach: reach)).filter { !given.contains($0) }
    let moments = TermMoments(terms: given + free, z: z, residuals: residuals)
    var found: [Candidate] = []
    for subset in FormulaSearch.subsets(of: free.count, upTo: FormulaSearch.maximumTerms) {
      if let candidate = moments.fit(Array(given.indices) + subset.map { given.count + $0 }) { found.append(candidate) }
    }
    found.sort { $0.bic < $1.bic }
    guard let best = found.first else { throw .degenerateFit(what: "a formula") }
    let acceptable = found.prefix { $0.bic <= best.bic + FormulaSearch.tolerance }
    chosen = acceptable.min { ($0.formula.constants, $0.bic) < ($1.formula.constants, $1.bic) } ?? best
    ranking = Array(found.prefix(20))
  }

  /// All sets of 1 … limit numbers below count, in a fixed order.
  private static func subsets(of count: Int, upTo limit: Int) -> [[Int]] {
    var all: [[Int]] = []
    var level: [[Int]] = [[]]
    for _ in 0..<limit {
      level = level.flatMap { subset in ((subset.last ?? -1) + 1..<max(count, (subset.last ?? -1) + 1)).map { subset + [$0] } }
      all += level
    }
    return all
  }
}

/// Sums of products of all terms over the points, from which every subset's least squares follows.
private struct TermMoments {
  let terms: [FormulaTerm]
  private let count: Double
  private let products: Matrix
  private let rights: [Double]
  private let square: Double

  init(terms: [FormulaTerm], z: [Double], residuals: [Double]) {
    self.terms = terms
    count = Double(z.count)
    let columns = terms.map { term in z.map { term.evaluate($0).value } }
    var products = Matrix(rows: terms.count, columns: terms.count)
    for a in terms.indices {
      for b in 0...a {
        var sum = 0.0
        for index in z.indices { sum += columns[a][index] * columns[b][index] }
        products[a, b] = sum
        products[b, a] = sum
      }
    }
    self.products = products
    rights = columns.map { column in zip(column, residuals).reduce(0) { $0 + $1.0 * $1.1 } }
    square = residuals.reduce(0) { $0 + $1 * $1 }
  }

  /// The least squares of a subset; nil where its terms are not independent on these points.
  func fit(_ subset: [Int]) -> FormulaSearch.Candidate? {
    // Columns of unit length, so that independence does not depend on their scales.
    let lengths = subset.map { products[$0, $0].squareRoot() }
    guard lengths.allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
    var normal = Matrix(rows: subset.count, columns: subset.count)
    for (a, i) in subset.enumerated() {
      for (b, j) in subset.enumerated() { normal[a, b] = products[i, j] / (lengths[a] * lengths[b]) }
    }
    guard let factor = normal.choleskyFactor, factor.diagonal.allSatisfy({ $0 > 1e-6 }) else { return nil }
    let right = zip(subset, lengths).map { rights[$0] / $1 }
    let solution = factor.solve(right)
    let explained = zip(solution, right).reduce(0) { $0 + $1.0 * $1.1 }
    // Rounding can make the rest of an exact formula negative; its least believable value is a few units of rounding of the whole.
    let rest = max(square - explained, square * 1e-15, .leastNormalMagnitude)
    let formula = Formula(terms: subset.map { terms[$0] }, factors: zip(solution, lengths).map { $0 / $1 })
    let freedom = max(count - Double(subset.count), 1)
    let errors = subset.indices.map { index in
      var unit = [Double](repeating: 0, count: subset.count)
      unit[index] = 1
      return (rest / freedom * factor.solve(unit)[index]).squareRoot() / lengths[index]
    }
    return FormulaSearch.Candidate(
      formula: formula, standardErrors: errors, bic: count * log(rest / count) + Double(formula.constants) * log(count),
      rms: (rest / count).squareRoot())
  }
}
