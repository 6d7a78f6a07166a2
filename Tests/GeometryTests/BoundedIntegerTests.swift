import Geometry
import Testing

@Suite struct BoundedIntegerTests {
  @Test func insideTheRangeItIsTheWholePart() {
    for value in [-2.0, -1.9, -0.5, 0, 0.99, 1, 6.5, 7] { #expect(Int(bounded: value, in: -2...7) == Int(value)) }
  }

  @Test func whatIsOutsideTakesTheNearestEnd() {
    for value in [-2.1, -1e300, -.infinity] { #expect(Int(bounded: value, in: -2...7) == -2) }
    for value in [7.1, 1e300, .infinity] { #expect(Int(bounded: value, in: -2...7) == 7) }
  }

  @Test func whatIsNoNumberTakesTheLowerEnd() {
    #expect(Int(bounded: .nan, in: 3...9) == 3 && Int(bounded: -.nan, in: -4...9) == -4)
  }

  /// The ends of 64 bits are not exact as doubles: the greatest rounds up to 2⁶³, which no Int holds.
  @Test func theWholeRangeOfIntegersIsNoTrap() {
    #expect(Int(bounded: 1e19, in: .min ... .max) == .max && Int(bounded: -1e19, in: .min ... .max) == .min)
    #expect(Int(bounded: 0x1p62, in: .min ... .max) == 1 << 62)
  }
}
