import Foundation
import Geometry
import Motion
import Testing

@Suite struct AgitationTests {
  /// An innovation whose normalised square is this.
  private func innovation(_ square: Double) -> PlanarInnovation {
    PlanarInnovation(residual: Point(square.squareRoot(), 0), covariance: .identity)
  }

  /// A mean that forgets in a second: after n steps of h the distance to what is seen has (1 − h)ⁿ left.
  @Test func followsTheInnovationsWithinASecond() {
    var agitation = Agitation()
    for _ in 0..<10 { agitation.learn(innovation(6), seconds: 0.1) }
    #expect(abs(agitation.value - (3 - 2 * pow(0.9, 10))) < 1e-12)
  }

  @Test func staysWithinItsBounds() {
    var (wild, still) = (Agitation(), Agitation())
    for _ in 0..<100 {
      wild.learn(innovation(1e9), seconds: 0.5)
      still.learn(innovation(0), seconds: 0.5)
    }
    #expect(wild.value == 4 && still.value == 0.2)
    wild.learn(PlanarInnovation(residual: .zero, covariance: SymmetricMatrix2(xx: 0, xy: 0, yy: 0)), seconds: 1)
    #expect(wild.value == 4)
  }

  /// In a checkpoint it is the number alone, as it was before it had a type.
  @Test func isKeptAsAPlainNumber() throws {
    var agitation = Agitation()
    agitation.learn(innovation(4), seconds: 0.5)
    let bytes = try JSONEncoder().encode([agitation])
    #expect(String(decoding: bytes, as: UTF8.self) == "[1.5]")
    #expect(try JSONDecoder().decode([Agitation].self, from: bytes) == [agitation])
  }
}
