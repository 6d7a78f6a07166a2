import TestSupport
import Testing

@testable import MaskEvaluation

/// J and F against stored reference values and against a naive twin.
@Suite struct MaskSequenceTests {
  private func image(_ width: Int, _ height: Int, _ isObject: (_ x: Int, _ y: Int) -> Bool) -> [UInt8] {
    (0..<(width * height)).map { isObject($0 % width, $0 / width) ? 1 : 0 }
  }

  private func score(_ truth: [UInt8], _ result: [UInt8], _ width: Int, _ height: Int) throws -> MaskObjectScore {
    var sequence = MaskSequence(.unsupervised)
    sequence.add(truth: truth, result: result, width: width, height: height)
    return try #require(sequence.scores().first)
  }

  @Test(arguments: [(1, 0.951219512195, 1), (2, 0.904761904762, 1), (3, 0.860465116279, 0.525), (5, 0.777777777778, 0.5)])
  func aShiftedSquareHasTheOraclesValues(shift: Int, region: Double, contour: Double) throws {
    let truth = image(120, 100) { x, y in (20...59).contains(y) && (30...69).contains(x) }
    let result = image(120, 100) { x, y in (20...59).contains(y) && (30...69).contains(x - shift) }
    #expect(MaskBoundary.radius(width: 120, height: 100) == 2)
    let score = try score(truth, result, 120, 100)
    #expect(abs(score.region.mean - region) < 1e-12)
    #expect(abs(score.contour.mean - contour) < 1e-12)
  }

  @Test func anEllipseOnARectangleHasTheOraclesValues() throws {
    let truth = image(854, 480) { x, y in (100...299).contains(y) && (200...499).contains(x) }
    let result = image(854, 480) { x, y in
      let (u, v) = ((Double(y) - 205) / 108, (Double(x) - 345) / 160)
      return u * u + v * v <= 1
    }
    #expect(MaskBoundary.radius(width: 854, height: 480) == 8)
    let score = try score(truth, result, 854, 480)
    #expect(abs(score.region.mean - 0.825727798550) < 1e-12)
    #expect(abs(score.contour.mean - 0.427971774298) < 1e-12)
  }

  @Test func theDilationIsThatOfANaiveTwin() throws {
    var random = TestRandom(seed: 3)
    for _ in 0..<20 {
      let (width, height) = (8 + random.index(below: 60), 8 + random.index(below: 60))
      let truth = (0..<(width * height)).map { _ in UInt8(random.index(below: 12) == 0 ? 1 : 0) }
      let result = (0..<(width * height)).map { _ in UInt8(random.index(below: 12) == 0 ? 1 : 0) }
      let a = MaskBoundary(of: 1, in: truth, width: width, height: height)
      let b = MaskBoundary(of: 1, in: result, width: width, height: height)
      let (first, second) = (naiveBoundary(truth, width, height), naiveBoundary(result, width, height))
      let radius = MaskBoundary.radius(width: width, height: height)
      let near = first.count { p in
        second.contains { q in (p.0 - q.0) * (p.0 - q.0) + (p.1 - q.1) * (p.1 - q.1) <= radius * radius }
      }
      #expect(a.count == first.count)
      #expect(a.pixels(near: b) == near)
    }
  }

  private func naiveBoundary(_ labels: [UInt8], _ width: Int, _ height: Int) -> [(Int, Int)] {
    func at(_ x: Int, _ y: Int) -> UInt8 { labels[y * width + x] }
    var found: [(Int, Int)] = []
    for y in 0..<height {
      for x in 0..<width {
        let neighbours: [(Int, Int)] =
          y == height - 1 ? [(x + 1, y)] : x == width - 1 ? [(x, y + 1)] : [(x + 1, y), (x, y + 1), (x + 1, y + 1)]
        if x == width - 1, y == height - 1 { continue }
        if neighbours.contains(where: { at($0.0, $0.1) != at(x, y) }) { found.append((x, y)) }
      }
    }
    return found
  }

  @Test func emptyMasksFollowTheRules() throws {
    let empty = [UInt8](repeating: 0, count: 400)
    let square = image(20, 20) { x, y in (5...9).contains(x) && (5...9).contains(y) }
    var sequence = MaskSequence(.semiSupervised)
    for (truth, result) in [(square, square), (square, empty), (empty, square), (empty, empty), (square, square)] {
      sequence.add(truth: truth, result: result, width: 20, height: 20)
    }
    let score = try #require(sequence.scores().first)
    // The first and the last frame are left out.
    #expect(score.region.values == [0, 0, 1])
    #expect(score.contour.values == [0, 0, 1])
  }

  @Test func voidPixelsCountForNobody() throws {
    let truth: [UInt8] = image(20, 20) { x, y in x < 10 && y < 10 }.enumerated().map { $0 % 20 >= 15 ? 255 : $1 }
    let result: [UInt8] = image(20, 20) { x, y in (x < 10 && y < 10) || x >= 15 }
    #expect(try score(truth, result, 20, 20).region.mean == 1)
  }

  @Test func recallAndDecayShareTheirBordersBetweenQuarters() {
    // Five frames: borders 0, 1, 2, 3, 4, the first quarter is frames 0 and 1, the last 3 and 4.
    let series = MaskScoreSeries([1, 0.8, 0.5, 0.4, 0.2])
    #expect(abs(series.decay - 0.6) < 1e-15)
    #expect(series.recall == 0.4)
    // More frames than eight bits hold: no wrap.
    let long = MaskScoreSeries((0..<401).map { $0 < 200 ? 1 : 0 })
    #expect(abs(long.decay - 1) < 1e-15)
    #expect(MaskScoreSeries([0.7]).decay == 0)
  }

  @Test func unsupervisedObjectsAreAssignedWhateverTheirLabels() throws {
    var random = TestRandom(seed: 9)
    var sequence = MaskSequence(.unsupervised)
    for _ in 0..<4 {
      let truth = (0..<900).map { index -> UInt8 in index % 30 < 10 ? 1 : index % 30 < 20 ? 2 : 0 }
      let swapped = truth.map { label -> UInt8 in
        random.index(below: 50) == 0 ? 0 : label == 1 ? 7 : label == 2 ? 3 : 0
      }
      sequence.add(truth: truth, result: swapped, width: 30, height: 30)
    }
    let scores = sequence.scores()
    #expect(scores.map(\.object) == [1, 2])
    #expect(scores.allSatisfy { $0.region.mean > 0.95 })
  }

  @Test func truthWithoutAPartnerIsComparedWithNothing() throws {
    var sequence = MaskSequence(.unsupervised)
    let truth = image(20, 20) { x, _ in x < 8 }.enumerated().map { $0 % 20 >= 12 ? 2 : $1 }
    sequence.add(truth: truth, result: image(20, 20) { x, _ in x < 8 }, width: 20, height: 20)
    #expect(sequence.scores().map(\.region.mean) == [1, 0])
  }
}
