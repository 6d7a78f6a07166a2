/// SplitMix64 (Steele, Lea and Flood 2014): the same bytes on every machine.
package struct SeededBytes: RandomNumberGenerator {
  private var state: UInt64
  package init(seed: UInt64) { state = seed }
  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// A file's bytes with a few of them changed, cut or doubled.
package enum Mutation {
  package static func of(_ bytes: [UInt8], _ random: inout SeededBytes) -> [UInt8] {
    var result = bytes
    for _ in 0...Int.random(in: 0..<4, using: &random) where !result.isEmpty {
      let place = Int.random(in: 0..<result.count, using: &random)
      switch Int.random(in: 0..<5, using: &random) {
      case 0: result[place] = UInt8.random(in: 0...255, using: &random)
      case 1: result[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 2: result.removeSubrange(place..<min(result.count, place + Int.random(in: 1..<9, using: &random)))
      case 3: result.insert(contentsOf: [0xFF, 0xFF, 0xFF, 0xFF, 0x7F].shuffled(using: &random), at: place)
      default: result.removeLast(result.count - place)
      }
    }
    return result
  }
}
