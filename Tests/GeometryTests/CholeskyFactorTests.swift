import Testing

@testable import Geometry

@Suite struct CholeskyFactorTests {
  /// Worked by hand: L = [[2, 0, 0], [6, 1, 0], [−8, 5, 3]], so A = L Lᵀ = [[4, 12, −16], [12, 37, −43], [−16, −43, 98]].
  private static let matrix: [Double] = [4, 12, -16, 12, 37, -43, -16, -43, 98]

  @Test func theFactorAndTheSolutionAreThoseOfTheWorkedExample() throws {
    let factor = try #require(CholeskyFactor(Self.matrix, size: 3) { $0 * 1e-15 })
    #expect(factor.diagonal == [2, 1, 3])
    // A (1, 2, 3) = (4 + 24 − 48, 12 + 74 − 129, −16 − 86 + 294).
    #expect(factor.solve([-20, -43, 192]) == [1, 2, 3])
  }

  @Test func onlyTheLowerTriangleIsRead() throws {
    var lower = Self.matrix
    (lower[1], lower[2], lower[5]) = (.nan, .nan, .nan)
    #expect(try #require(CholeskyFactor(lower, size: 3) { _ in 0 }).solve([-20, -43, 192]) == [1, 2, 3])
  }

  @Test func whatIsNotPositiveDefiniteHasNoFactor() {
    #expect(CholeskyFactor([1, 2, 2, 1], size: 2) { _ in 0 } == nil)
    #expect(CholeskyFactor([1, 1, 1, 1], size: 2) { $0 * 1e-15 } == nil)
    #expect(CholeskyFactor([.infinity, 0, 0, 1], size: 2) { _ in 0 } == nil)
    #expect(CholeskyFactor([.nan, 0, 0, 1], size: 2) { _ in 0 } == nil)
  }
}
