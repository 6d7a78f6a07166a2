import Geometry

/// Smooth random fields that repeat, from a hash of the lattice: the same everywhere for a seed.
struct ValueNoise: Sendable {
  private let seed: UInt64

  init(seed: UInt64, purpose: UInt64) {
    self.seed = SplitMix64.mixed(seed ^ SplitMix64.mixed(purpose))
  }

  /// A random value in [0, 1) of a lattice point.
  @inline(__always)
  func lattice(_ x: Int, _ y: Int) -> Float {
    let key = UInt64(UInt32(truncatingIfNeeded: x)) << 32 | UInt64(UInt32(truncatingIfNeeded: y))
    return Float(SplitMix64.mixed(key ^ seed) >> 40) * 0x1p-24
  }

  /// The field at a point, in [0, 1), with the lattice repeating after `period` points.
  func value(_ x: Float, _ y: Float, period: Int) -> Float {
    let (fx, fy) = (x.rounded(.down), y.rounded(.down))
    let (u, v) = (ValueNoise.eased(x - fx), ValueNoise.eased(y - fy))
    // Bounded: callers give places of a texture.
    let (x0, y0) = (ValueNoise.wrapped(Int(fx), period), ValueNoise.wrapped(Int(fy), period))
    let (x1, y1) = (x0 + 1 == period ? 0 : x0 + 1, y0 + 1 == period ? 0 : y0 + 1)
    let top = lattice(x0, y0) + u * (lattice(x1, y0) - lattice(x0, y0))
    let bottom = lattice(x0, y1) + u * (lattice(x1, y1) - lattice(x0, y1))
    return top + v * (bottom - top)
  }

  /// A sum of octaves, each twice as fine and half as strong, in [0, 1).
  func fractal(_ x: Float, _ y: Float, period: Int, octaves: Int) -> Float {
    var (sum, weight, total, scale) = (Float(0), Float(1), Float(0), 1)
    for _ in 0..<octaves {
      sum += weight * value(x * Float(scale), y * Float(scale), period: period * scale)
      total += weight
      weight *= 0.5
      scale *= 2
    }
    return sum / total
  }

  private static func eased(_ t: Float) -> Float { t * t * (3 - 2 * t) }

  private static func wrapped(_ i: Int, _ period: Int) -> Int {
    let r = i % period
    return r < 0 ? r + period : r
  }
}
