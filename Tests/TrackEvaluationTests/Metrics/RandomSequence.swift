import TestSupport

@testable import TrackEvaluation

/// A random sequence full of ties, empty frames and empty sides, the same as the Python generator makes of the seed.
struct RandomSequence {
  var truth: [[Int]] = []
  var result: [[Int]] = []
  var similarities: [SparseSimilarity] = []

  init(seed: Int) {
    var generator = TestRandom(seed: UInt64(seed))
    let frames = 1 + generator.index(below: 30)
    let most = seed % 10 == 9 ? 40 : 9
    let truthCount = generator.index(below: most)
    let resultCount = generator.index(below: most)
    let style = generator.index(below: 6)
    let truthPercent = [20, 70, 100][generator.index(below: 3)]
    let resultPercent = [20, 70, 100][generator.index(below: 3)]
    for _ in 0..<frames {
      let truthIDs = RandomSequence.present(&generator, truthCount, truthPercent)
      let resultIDs = RandomSequence.present(&generator, resultCount, resultPercent)
      var dense: [Double] = []
      for g in truthIDs {
        for k in resultIDs { dense.append(RandomSequence.similarity(&generator, style, g, k, resultCount)) }
      }
      truth.append(truthIDs)
      result.append(resultIDs)
      similarities.append(SparseSimilarity(rows: truthIDs.count, columns: resultIDs.count, dense: dense))
    }
  }

  func scores() -> TrackScores {
    TrackMetrics.evaluate(
      truth: TrackIdentities(frames: truth), result: TrackIdentities(frames: result), similarities: similarities)
  }

  private static func present(_ generator: inout TestRandom, _ count: Int, _ percent: Int) -> [Int] {
    var ids = (0..<count).filter { _ in generator.index(below: 100) < percent }
    for i in stride(from: ids.count - 1, to: 0, by: -1) { ids.swapAt(i, generator.index(below: i + 1)) }
    return ids
  }

  private static func similarity(_ generator: inout TestRandom, _ style: Int, _ g: Int, _ k: Int, _ count: Int) -> Double {
    switch style {
    case 0: Double(generator.index(below: 1001)) / 1000
    case 1: generator.index(below: 4) == 0 ? Double(generator.index(below: 1001)) / 1000 : 0
    case 2: generator.index(below: 2) == 1 ? Double(generator.index(below: 9)) / 8 : 0
    case 3: Double(generator.index(below: 2))
    case 4:
      if g % count == k {
        Double(500 + generator.index(below: 501)) / 1000
      } else {
        generator.index(below: 6) == 0 ? Double(generator.index(below: 600)) / 1000 : 0
      }
    default: 0.5
    }
  }
}
