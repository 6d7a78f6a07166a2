import Foundation
import Geometry
import Testing

@testable import Orientation

@Suite struct RobustFitTests {
  static let truth = MinimalSolversTests.truth

  /// Pairs with noise of the given deviation, of which a share is wrong.
  static func pairs(count: Int, wrongShare: Double, deviation: Double, seed: UInt64) -> [Correspondence] {
    var random = Random(seed: seed)
    func gauss() -> Double {
      (-2 * log(1 - random.unit())).squareRoot() * cos(2 * .pi * random.unit())
    }
    return (0..<count).map { index in
      let source = Point(2 * random.unit() - 1, 2 * random.unit() - 1)
      let isWrong = Double(index) < wrongShare * Double(count)
      let target =
        isWrong
        ? Point(2 * random.unit() - 1, 2 * random.unit() - 1)
        : truth.apply(source) + Point(deviation * gauss(), deviation * gauss())
      return Correspondence(source: source, target: target, sourceDeviation: 0, targetDeviation: max(deviation, 1e-9))
    }
  }

  static func error(_ h: Homography) -> Double {
    [Point(-1, -1), Point(1, -1), Point(1, 1), Point(-1, 1)].reduce(0) {
      $0 + (h.apply($1) - truth.apply($1)).length / 4
    }
  }

  @Test(arguments: [0.0, 0.3, 0.6, 0.8]) func findsTheModelAmongWrongPairs(wrongShare: Double) throws {
    for seed in 1...10 {
      let pairs = Self.pairs(count: 200, wrongShare: wrongShare, deviation: 0.002, seed: UInt64(seed))
      let fit = try #require(RobustFitter(seed: 0, maximumIterations: 5_000).fit(.homography, to: pairs))
      let right = Double(200) * (1 - wrongShare)
      // Nearly all of the 95 % within the gate (of as few as 40), and hardly any wrong one by chance.
      #expect(Double(fit.inliers.count) > 0.75 * right && Double(fit.inliers.count) < 1.1 * right)
      #expect(Self.error(fit.homography) < 0.006)
    }
  }

  @Test func theFitReachesTheAccuracyThatTheNoiseAllows() throws {
    var (sum, bound) = (0.0, 0.0)
    for seed in 1...50 {
      let pairs = Self.pairs(count: 400, wrongShare: 0, deviation: 0.002, seed: UInt64(seed))
      let fit = try #require(RobustFitter(seed: 0).fit(.homography, to: pairs))
      // Huber's loss and the gate cost some percent. The oracle: least squares over all pairs by the direct linear transformation, weighted equally.
      let linear = try #require(LinearHomography.fit(pairs))
      sum += Self.error(fit.homography)
      bound += Self.error(linear)
    }
    #expect(sum < 1.25 * bound)
  }

  @Test func deviationsWeightThePairs() throws {
    var exact = Self.pairs(count: 60, wrongShare: 0, deviation: 0.0001, seed: 3)
    let rough = Self.pairs(count: 600, wrongShare: 0, deviation: 0.01, seed: 4)
    let alone = try #require(RobustFitter(seed: 0).fit(.homography, to: rough))
    exact += rough
    let together = try #require(RobustFitter(seed: 0).fit(.homography, to: exact))
    #expect(Self.error(together.homography) < 0.2 * Self.error(alone.homography))
  }

  @Test func equalSeedsGiveEqualResults() {
    let pairs = Self.pairs(count: 150, wrongShare: 0.7, deviation: 0.002, seed: 8)
    let first = RobustFitter(seed: 5).fit(.homography, to: pairs)
    let second = RobustFitter(seed: 5).fit(.homography, to: pairs)
    #expect(first?.homography == second?.homography && first?.inliers == second?.inliers)
  }

  @Test func degenerateInputGivesNothing() {
    let fitter = RobustFitter(seed: 0)
    #expect(fitter.fit(.homography, to: []) == nil)
    let point = Correspondence(source: .zero, target: .zero)
    #expect(fitter.fit(.homography, to: [Correspondence](repeating: point, count: 20)) == nil)
    let line = (0..<20).map { Correspondence(source: Point(Double($0), 0), target: Point(Double($0), 1)) }
    #expect(fitter.fit(.homography, to: line) == nil)
    let broken = [Correspondence](
      repeating: Correspondence(source: Point(.nan, 0), target: Point(0, .infinity)), count: 20)
    #expect(fitter.fit(.homography, to: broken) == nil)
  }
}

/// The homography that minimises the algebraic error with h₃₃ = 1: an oracle by another method, plain elimination.
enum LinearHomography {
  static func fit(_ pairs: [Correspondence]) -> Homography? {
    var a = [[Double]](repeating: [Double](repeating: 0, count: 9), count: 8)
    for pair in pairs {
      let (x, y, u, v) = (pair.source.x, pair.source.y, pair.target.x, pair.target.y)
      for (row, value) in [([x, y, 1, 0, 0, 0, -x * u, -y * u], u), ([0, 0, 0, x, y, 1, -x * v, -y * v], v)] {
        for i in 0..<8 {
          for j in 0..<8 { a[i][j] += row[i] * row[j] }
          a[i][8] += row[i] * value
        }
      }
    }
    for i in 0..<8 {
      guard let pivot = (i..<8).max(by: { abs(a[$0][i]) < abs(a[$1][i]) }), abs(a[pivot][i]) > 1e-12 else { return nil }
      a.swapAt(i, pivot)
      for k in 0..<8 where k != i {
        let factor = a[k][i] / a[i][i]
        for j in i..<9 { a[k][j] -= factor * a[i][j] }
      }
    }
    return Homography(rowMajor: (0..<8).map { a[$0][8] / a[$0][$0] } + [1])
  }
}
