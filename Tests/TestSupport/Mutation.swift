/// A file's bytes with a few of them changed, cut or doubled.
package enum Mutation {
  package static func of(_ bytes: [UInt8], _ random: inout TestRandom) -> [UInt8] {
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
