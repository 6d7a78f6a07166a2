@testable import Evaluation

/// SplitMix64 (Steele, Lea, Flood, 2014): the generator that `Benchmarks/evaluation/random_sequences.py` repeats.
struct SplitMix64 {
  private var state: UInt64

  init(seed: Int) { state = UInt64(seed) }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}

/// A random sequence full of ties, empty frames and empty sides, the same as the Python generator makes of the seed.
struct RandomSequence {
  var truth: [[Int]] = []
  var result: [[Int]] = []
  var similarities: [SparseSimilarity] = []

  init(seed: Int) {
    var generator = SplitMix64(seed: seed)
    let frames = 1 + generator.below(30)
    let most = seed % 10 == 9 ? 40 : 9
    let truthCount = generator.below(most)
    let resultCount = generator.below(most)
    let style = generator.below(6)
    let truthPercent = [20, 70, 100][generator.below(3)]
    let resultPercent = [20, 70, 100][generator.below(3)]
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

  private static func present(_ generator: inout SplitMix64, _ count: Int, _ percent: Int) -> [Int] {
    var ids = (0..<count).filter { _ in generator.below(100) < percent }
    for i in stride(from: ids.count - 1, to: 0, by: -1) { ids.swapAt(i, generator.below(i + 1)) }
    return ids
  }

  private static func similarity(_ generator: inout SplitMix64, _ style: Int, _ g: Int, _ k: Int, _ count: Int) -> Double {
    switch style {
    case 0: Double(generator.below(1001)) / 1000
    case 1: generator.below(4) == 0 ? Double(generator.below(1001)) / 1000 : 0
    case 2: generator.below(2) == 1 ? Double(generator.below(9)) / 8 : 0
    case 3: Double(generator.below(2))
    case 4:
      if g % count == k {
        Double(500 + generator.below(501)) / 1000
      } else {
        generator.below(6) == 0 ? Double(generator.below(600)) / 1000 : 0
      }
    default: 0.5
    }
  }
}
