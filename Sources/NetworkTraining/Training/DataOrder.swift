internal import Geometry

/// The order of examples: in every epoch each one once, shuffled by a seed and the epoch's number.
struct DataOrder: Sendable {
  let count: Int
  let seed: UInt64

  /// All places of an epoch (Fisher and Yates' shuffle, as Durstenfeld wrote it in 1964).
  func places(epoch: Int) -> [Int] {
    var random = SplitMix64(seed: SplitMix64.mixed(seed &+ UInt64(truncatingIfNeeded: epoch)))
    var places = Array(0..<count)
    for last in places.indices.dropFirst().reversed() { places.swapAt(last, random.next(below: last + 1)) }
    return places
  }
}
