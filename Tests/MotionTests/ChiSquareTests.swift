import Foundation
import Motion
import Testing

@Suite struct ChiSquareTests {
  struct Reference: Decodable {
    let at95: [Double]
    let at99: [Double]
    enum CodingKeys: String, CodingKey {
      case at95 = "quantiles_0.95_m1_to_6"
      case at99 = "quantiles_0.99_m1_to_6"
    }
  }

  @Test(.enabled(if: TestVectors.isAvailable, "../shared/reference is not here"))
  func quantilesAgreeWithTheReference() throws {
    let reference = try TestVectors.section("chi2", as: Reference.self)
    expectClose((1...6).map { ChiSquare.quantile(0.95, degrees: $0) }, reference.at95, within: 1e-10)
    expectClose((1...6).map { ChiSquare.quantile(0.99, degrees: $0) }, reference.at99, within: 1e-10)
  }

  @Test func twoDegreesAreAnExponential() {
    for x in [0.1, 1, 5.99, 20] {
      expectClose([ChiSquare.cumulative(x, degrees: 2)], [1 - exp(-x / 2)], within: 1e-14)
    }
  }

  @Test func theEndsAreHarmless() {
    #expect(ChiSquare.cumulative(-1, degrees: 2) == 0)
    #expect(ChiSquare.cumulative(.infinity, degrees: 3) == 1)
    #expect(ChiSquare.quantile(0, degrees: 2) == 0)
    #expect(ChiSquare.quantile(1, degrees: 2) == .infinity)
  }
}
