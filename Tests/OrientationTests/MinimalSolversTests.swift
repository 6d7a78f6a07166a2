import Geometry
import Testing

@testable import Orientation

@Suite struct MinimalSolversTests {
  static let truth = Homography(1.1, -0.2, 0.3, 0.15, 0.9, -0.4, 0.05, -0.08, 1)

  static func pairs(_ points: [Point], under h: Homography) -> [Correspondence] {
    points.map { Correspondence(source: $0, target: h.apply($0)) }
  }

  @Test func fourPairsDetermineTheHomography() throws {
    let p = Self.pairs([Point(-1, -1), Point(1, -0.8), Point(0.9, 1), Point(-0.7, 0.8)], under: Self.truth)
    let found = try #require(MinimalSolvers.homography(p[0], p[1], p[2], p[3]))
    for (a, b) in zip(found.rowMajor, Self.truth.rowMajor) { #expect(abs(a - b) < 1e-12) }
  }

  @Test func collinearPointsAreRefused() {
    let p = Self.pairs([Point(-1, -1), Point(0, 0), Point(1, 1.001), Point(-0.7, 0.8)], under: Self.truth)
    #expect(MinimalSolvers.homography(p[0], p[1], p[2], p[3]) == nil)
  }

  @Test func aReflectionIsRefused() {
    let mirror = Homography(-1, 0, 0, 0, 1, 0, 0, 0, 1)
    let p = Self.pairs([Point(-1, -1), Point(1, -0.8), Point(0.9, 1), Point(-0.7, 0.8)], under: mirror)
    #expect(MinimalSolvers.homography(p[0], p[1], p[2], p[3]) == nil)
  }

  @Test func twoPairsDetermineTheSimilarity() throws {
    let truth = Homography(0.8, -0.6, 3, 0.6, 0.8, -2, 0, 0, 1)
    let p = Self.pairs([Point(1, 2), Point(-4, 7)], under: truth)
    let found = try #require(MinimalSolvers.similarity(p[0], p[1]))
    for (a, b) in zip(found.rowMajor, truth.rowMajor) { #expect(abs(a - b) < 1e-12) }
    #expect(MinimalSolvers.similarity(p[0], p[0]) == nil)
  }
}
