import Foundation
import Geometry

/// What scenes draw from the random generator; a seed means the same scene everywhere and for ever.
extension SplitMix64 {
  /// A generator of its own for one purpose of a scene, so that adding an object does not change the grass.
  init(seed: UInt64, purpose: UInt64) {
    self.init(seed: SplitMix64.mixed(seed ^ SplitMix64.mixed(purpose &+ 0x632B_E59B_D9B4_E019)))
  }

  /// Uniform in [low, high).
  mutating func uniform(_ low: Double, _ high: Double) -> Double {
    low + (high - low) * uniform()
  }

  /// Standard normal, by Box and Muller's transform.
  mutating func normal() -> Double {
    let radius = (-2 * log(1 - uniform(0, 1))).squareRoot()
    return radius * cos(2 * .pi * uniform(0, 1))
  }

  mutating func element<T>(of list: [T]) -> T {
    list[Int(next() % UInt64(list.count))]
  }
}
