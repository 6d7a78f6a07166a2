/// The ground's picture, seamless beyond its edges, with its smaller copies for a view from afar.
struct GroundTexture: Sendable {
  /// Blue, green, red in [0, 255], and how strong the fine grain is.
  typealias Texel = SIMD4<UInt8>

  /// One size of the picture: a square of 2^shift texels a side.
  struct Level: Sendable {
    var shift: Int
    var texels: [Texel]
    var side: Int { 1 << shift }
  }

  /// The finest first.
  let levels: [Level]
  /// Metres per texel of the finest level.
  let resolution: Double
  /// Fine grain below the resolution of the texture: brightness factors around 0, 2^grainShift a side.
  let grain: [Float]
  static let grainShift = 8
  /// Metres per texel of the grain.
  static let grainResolution = 0.025

  init(_ ground: Ground, seed: UInt64) {
    let shift = GroundTexture.shift(for: ground.texels)
    resolution = ground.extent / Double(1 << shift)
    var painter = GroundPainter(ground, shift: shift, seed: seed)
    painter.paint()
    var levels = [Level(shift: shift, texels: painter.texels)]
    while let last = levels.last, last.shift > 2 { levels.append(GroundTexture.halved(last)) }
    self.levels = levels
    grain = GroundTexture.grain(seed: seed)
  }

  /// The power of two at or above a number of texels, so that wrapping is a mask.
  private static func shift(for texels: Int) -> Int {
    var shift = 4
    while 1 << shift < texels { shift += 1 }
    return shift
  }

  private static func halved(_ level: Level) -> Level {
    let side = level.side / 2
    var texels = [Texel](repeating: .zero, count: side * side)
    for y in 0..<side {
      for x in 0..<side {
        let i = 2 * y * level.side + 2 * x
        var sum = SIMD4<UInt16>(repeating: 2)
        for j in [i, i + 1, i + level.side, i + level.side + 1] {
          sum &+= SIMD4<UInt16>(truncatingIfNeeded: level.texels[j])
        }
        texels[y * side + x] = Texel(truncatingIfNeeded: sum &>> 2)
      }
    }
    return Level(shift: level.shift - 1, texels: texels)
  }

  private static func grain(seed: UInt64) -> [Float] {
    let noise = ValueNoise(seed: seed, purpose: 0x6A1)
    let side = 1 << grainShift
    return (0..<side * side).map { i in
      let (x, y) = (i & (side - 1), i >> grainShift)
      let coarse = noise.fractal(Float(x) / 6, Float(y) / 6, period: side / 6 + 1, octaves: 2)
      return 0.6 * (noise.lattice(x, y) - 0.5) + 0.8 * (coarse - 0.5)
    }
  }
}
