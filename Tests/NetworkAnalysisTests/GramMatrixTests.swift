import NetworkAnalysis
import TestSupport
import Testing

/// Centred kernel alignment on samples that were worked out by hand, and its laws.
struct GramMatrixTests {
  private let first = GramMatrix(rows: [[1, 0], [2, 1], [0, 3], [-1, 1]])
  private let second = GramMatrix(rows: [[0.5, 1, 0], [1.5, 2, 1], [0, 2, -1], [-1, 0, 0.5]])

  @Test func alignmentIsTheDefinitions() throws {
    #expect(abs(try #require(first.plainAlignment(second)) - 0.744853) < 5e-7)
    #expect(abs(try #require(first.unbiasedAlignment(second)) - 0.777714) < 5e-7)
    // Four samples are few for two and three numbers each.
    #expect(first.alignment(second) == first.unbiasedAlignment(second))
  }

  /// Turning, scaling and moving all samples changes no likeness.
  @Test func alignmentIgnoresTurnsScalesAndShifts() throws {
    var random = TestRandom(seed: 1)
    let rows = (0..<8).map { _ in [Float(random.uniform(-1, 1)), Float(random.uniform(-1, 1))] }
    let moved = rows.map { [-3 * $0[1] + 2, 3 * $0[0] - 5] }
    #expect(abs(try #require(GramMatrix(rows: rows).plainAlignment(GramMatrix(rows: moved))) - 1) < 1e-6)
  }

  /// Ten samples of a thousand numbers: the plain alignment of unrelated layers is nearly one, the unbiased one near zero.
  @Test func unrelatedWideLayersAreTold() throws {
    var random = TestRandom(seed: 2)
    var noise: [GramMatrix] = []
    for _ in 0..<2 { noise.append(GramMatrix(rows: (0..<10).map { _ in (0..<1000).map { _ in Float(random.uniform(-1, 1)) } })) }
    #expect(try #require(noise[0].plainAlignment(noise[1])) > 0.95)
    #expect(abs(try #require(noise[0].alignment(noise[1]))) < 0.5)
  }

  @Test func alignmentOfEqualSamplesIsUndefined() {
    let same = GramMatrix(rows: [[Float]](repeating: [1, 2], count: 6))
    #expect(same.plainAlignment(same) == nil)
    #expect(first.alignment(same) == nil)
  }
}
