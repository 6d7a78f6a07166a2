import Foundation
import Geometry

/// Paints the texture of a ground: land, roads with their wear and markings, crossings.
struct GroundPainter {
  private let ground: Ground
  private let shift: Int
  private let metresPerTexel: Double
  private let noise: ValueNoise
  private let fine: ValueNoise
  private let seed: UInt64
  private(set) var texels: [GroundTexture.Texel]

  private var side: Int { 1 << shift }

  init(_ ground: Ground, shift: Int, seed: UInt64) {
    self.ground = ground
    self.shift = shift
    self.seed = seed
    metresPerTexel = ground.extent / Double(1 << shift)
    noise = ValueNoise(seed: seed, purpose: 0x617)
    fine = ValueNoise(seed: seed, purpose: 0xF13E)
    texels = Array(repeating: .zero, count: 1 << (2 * shift))
  }

  mutating func paint() {
    paintLand()
    for road in ground.roads where road.pavement > 0 { paintPavement(of: road) }
    for road in ground.roads { paintRoad(road) }
    for disc in ground.junctions { paintJunction(disc) }
    for bars in ground.bars { paintBars(bars) }
  }

  // MARK: - Places

  /// The texel's middle in metres.
  private func metres(_ texel: Int) -> Double { (Double(texel) + 0.5) * metresPerTexel - ground.extent / 2 }

  /// The texels whose middle lies within a range of metres, inside the square.
  private func texelRange(_ low: Double, _ high: Double) -> Range<Int> {
    let limit = Double(side)
    let first = ((low + ground.extent / 2) / metresPerTexel - 0.5).rounded(.up)
    let last = ((high + ground.extent / 2) / metresPerTexel - 0.5).rounded(.down)
    guard first < limit, last >= 0, first <= last else { return 0..<0 }
    // Bounded: inside the square by the guard.
    return Int(max(0, first))..<Int(min(limit - 1, last)) + 1
  }

  private mutating func set(_ i: Int, _ color: SIMD3<Float>, grain: Float) {
    let v = (color * 255).clamped(lowerBound: .zero, upperBound: SIMD3(repeating: 255))
    // Bounded: clamped above; grain lies in [0, 1].
    texels[i] = GroundTexture.Texel(UInt8(v.x), UInt8(v.y), UInt8(v.z), UInt8(grain * 255))
  }

  // MARK: - Land

  private mutating func paintLand() {
    let period = Int(bounded: ground.extent / 24, in: 1...1_000_000)
    let scale = Float(period) / Float(side)
    for y in 0..<side {
      for x in 0..<side {
        let (u, v) = (Float(x) * scale, Float(y) * scale)
        let broad = noise.fractal(u, v, period: period, octaves: 4)
        let small = fine.fractal(u * 16, v * 16, period: period * 16, octaves: 3)
        let speck = fine.lattice(x, y)
        let (color, grain) = surfaceColor(ground.surface, x: x, y: y, broad: broad, small: small, speck: speck)
        set(y * side + x, color, grain: grain)
      }
    }
    scatterSpots()
  }

  /// The colour (blue, green, red) of a surface and the strength of its grain.
  private func surfaceColor(
    _ surface: Ground.Surface, x: Int, y: Int, broad: Float, small: Float, speck: Float
  ) -> (SIMD3<Float>, Float) {
    switch surface {
    case .grass:
      // From lush to dry by the broad field, clumps by the small one.
      let dry = min(1, max(0, (broad - 0.42) * 4))
      let base = SIMD3<Float>(0.16, 0.34, 0.24) * (1 - dry) + SIMD3<Float>(0.25, 0.43, 0.42) * dry
      let bare = max(0, min(1, (small + broad - 1.2) * 6))
      let earth = SIMD3<Float>(0.27, 0.36, 0.44)
      return ((base * (1 - bare) + earth * bare) * (0.45 + 0.95 * small + 0.22 * speck), 0.85)
    case .asphalt:
      let tone = 0.30 + 0.10 * (broad - 0.5) + 0.10 * (small - 0.5) + 0.07 * (speck - 0.5)
      return (SIMD3(tone * 1.02, tone, tone * 0.98), 0.35)
    case .paving:
      let joint = joints(x, y, every: 1.0)
      let tone = (0.56 + 0.12 * (broad - 0.5) + 0.12 * (small - 0.5) + 0.05 * (speck - 0.5)) * joint
      return (SIMD3(tone * 0.93, tone * 0.98, tone), 0.3)
    case .field:
      let furrow = 0.5 + 0.5 * Float(sin(2 * .pi * (metres(x) * 0.94 + metres(y) * 0.34) / 1.6))
      let base = SIMD3<Float>(0.22, 0.37, 0.45) * (0.6 + 0.4 * furrow)
      return (base * (0.6 + 0.5 * broad + 0.35 * small + 0.12 * speck), 0.8)
    }
  }

  /// Darker at the joints of slabs; each slab has a tone of its own.
  private func joints(_ x: Int, _ y: Int, every metresApart: Double) -> Float {
    let (u, v) = (metres(x) / metresApart, metres(y) / metresApart)
    // Bounded: texels of the ground, at most 10⁸ a side (`Scene.validate`).
    let slab = 0.94 + 0.12 * noise.lattice(Int(u.rounded(.down)), Int(v.rounded(.down)))
    let nearest = min(u - u.rounded(.down), v - v.rounded(.down)) * metresApart
    return nearest < max(0.05, metresPerTexel) ? slab * 0.8 : slab
  }

  /// Stones, shrubs and tufts: what a feature detector finds on open land.
  private mutating func scatterSpots() {
    var generator = SplitMix64(seed: seed, purpose: 0x5107)
    // Bounded: by the greatest ground (`Scene.validate`).
    let count = Int(ground.extent * ground.extent / 7)
    for _ in 0..<min(count, 60_000) {
      let center = SIMD2(
        generator.uniform(-ground.extent / 2, ground.extent / 2), generator.uniform(-ground.extent / 2, ground.extent / 2))
      let radius = 0.08 + 0.45 * pow(generator.uniform(0, 1), 4)
      let factor = Float(generator.uniform(0, 1) < 0.62 ? generator.uniform(0.45, 0.8) : generator.uniform(1.15, 1.5))
      for y in texelRange(center.y - radius, center.y + radius) {
        for x in texelRange(center.x - radius, center.x + radius)
        where (SIMD2(metres(x), metres(y)) - center).length < radius * (0.7 + 0.5 * Double(fine.lattice(x, y))) {
          scale(y * side + x, by: factor)
        }
      }
    }
  }

  private mutating func scale(_ i: Int, by factor: Float) {
    let t = texels[i]
    let v = (SIMD4<Float>(t) * factor).clamped(lowerBound: .zero, upperBound: SIMD4(repeating: 255))
    // Bounded: clamped above.
    texels[i] = GroundTexture.Texel(UInt8(v.x), UInt8(v.y), UInt8(v.z), t.w)
  }
}

// MARK: - Roads

extension GroundPainter {
  /// Calls `body` with each texel within `reach` of a path, its distance to the right of it and along it, metres.
  private mutating func nearPath(
    _ path: GroundPath, reach: Double, _ body: (inout GroundPainter, _ x: Int, _ y: Int, _ across: Double, _ along: Double) -> Void
  ) {
    let sampled = SampledPath(path)
    let pieces = Int(bounded: (sampled.length / 2).rounded(.up), in: 1...10_000_000)
    var nearest: [Int: (distance: Double, across: Double, along: Double)] = [:]
    for piece in 0..<pieces {
      let from = sampled.length * Double(piece) / Double(pieces)
      let to = sampled.length * Double(piece + 1) / Double(pieces)
      let (a, b) = (sampled.place(at: from).position, sampled.place(at: to).position)
      let chord = b - a
      let squared = max(1e-12, (chord * chord).sum())
      // Bounded: inside the square, by `texelRange`.
      for y in texelRange(min(a.y, b.y) - reach, max(a.y, b.y) + reach) {
        for x in texelRange(min(a.x, b.x) - reach, max(a.x, b.x) + reach) {
          let offset = SIMD2(metres(x), metres(y)) - a
          let t = min(1, max(0, (offset * chord).sum() / squared))
          let distance = (offset - t * chord).length
          guard distance <= reach, distance < nearest[y * side + x]?.distance ?? .infinity else { continue }
          let isRight = chord.x * offset.y - chord.y * offset.x > 0
          nearest[y * side + x] = (distance, isRight ? distance : -distance, from + t * (to - from))
        }
      }
    }
    // A dictionary has no fixed order, but each texel comes once and is painted by its own place alone.
    for (i, place) in nearest { body(&self, i & (side - 1), i >> shift, place.across, place.along) }
  }

  private mutating func paintPavement(of road: Ground.Road) {
    nearPath(road.path, reach: road.width / 2 + road.pavement) { painter, x, y, _, _ in
      painter.paintSurface(.paving, x: x, y: y)
    }
  }

  private mutating func paintRoad(_ road: Ground.Road) {
    let kerb = road.pavement > 0 ? 0.18 : 0
    nearPath(road.path, reach: road.width / 2 + kerb) { painter, x, y, across, along in
      if abs(across) > road.width / 2 {
        painter.set(y * painter.side + x, SIMD3(0.66, 0.68, 0.7), grain: 0.2)
        return
      }
      painter.paintSurface(road.surface, x: x, y: y, factor: painter.wear(road, across: across, along: along))
      if GroundPainter.isMarked(road, across: across, along: along) { painter.paintMark(x: x, y: y) }
    }
  }

  /// Wheel tracks are lighter, the middle of a lane and repaired patches are darker.
  private func wear(_ road: Ground.Road, across: Double, along: Double) -> Float {
    let lane = road.width / Double(road.lanes)
    let inLane = (across + road.width / 2) / lane
    let place = inLane - inLane.rounded(.down) - 0.5
    let track = 0.06 * cos(4 * .pi * place)
    // Bounded: a place on the ground.
    let patch = noise.lattice(Int((along / 7).rounded(.down)), Int(inLane.rounded(.down)) &+ 977)
    let crack = fine.value(Float(across * 0.7 + 40), Float(along * 0.21), period: 4096)
    let isCrack = abs(crack - 0.5) < 0.012
    return Float(1 - track) * (patch < 0.16 ? 0.82 : 1) * (isCrack ? 0.72 : 1)
  }

  private static func isMarked(_ road: Ground.Road, across: Double, along: Double) -> Bool {
    guard road.marking != .none else { return false }
    let half = 0.075
    if abs(abs(across) - road.width / 2 + 0.25) < half { return true }
    let lane = road.width / Double(road.lanes)
    for line in 1..<max(1, road.lanes) {
      let offset = abs(across + road.width / 2 - Double(line) * lane)
      let isMiddle = road.marking == .twoWay && 2 * line == road.lanes
      if isMiddle, road.lanes > 2 {
        if abs(offset - 0.16) < half { return true }
      } else if offset < half {
        let dash = along.truncatingRemainder(dividingBy: 6)
        if dash < 3 { return true }
      }
    }
    return false
  }

  private mutating func paintSurface(_ surface: Ground.Surface, x: Int, y: Int, factor: Float = 1) {
    let period = Int(bounded: ground.extent / 24, in: 1...1_000_000)
    let scale = Float(period) / Float(side)
    let (u, v) = (Float(x) * scale, Float(y) * scale)
    let broad = noise.fractal(u, v, period: period, octaves: 4)
    let small = fine.fractal(u * 16, v * 16, period: period * 16, octaves: 3)
    let (color, grain) = surfaceColor(surface, x: x, y: y, broad: broad, small: small, speck: fine.lattice(x, y))
    set(y * side + x, color * factor, grain: grain)
  }

  /// Worn white paint.
  private mutating func paintMark(x: Int, y: Int) {
    let period = Int(bounded: ground.extent, in: 1...1_000_000)
    let scale = Float(period) / Float(side)
    let worn = fine.fractal(Float(x) * scale, Float(y) * scale, period: period, octaves: 3)
    set(y * side + x, SIMD3(0.78, 0.8, 0.8) * (0.72 + 0.4 * worn), grain: 0.15)
  }

  private mutating func paintJunction(_ disc: Ground.Disc) {
    let c = disc.center.vector
    for y in texelRange(c.y - disc.radius, c.y + disc.radius) {
      for x in texelRange(c.x - disc.radius, c.x + disc.radius)
      where (SIMD2(metres(x), metres(y)) - c).length < disc.radius {
        paintSurface(.asphalt, x: x, y: y)
      }
    }
  }

  private mutating func paintBars(_ bars: Ground.Bars) {
    let along = SIMD2(cos(bars.heading), sin(bars.heading))
    let across = SIMD2(-along.y, along.x)
    let reach = (bars.barWidth + bars.barLength) / 2
    for bar in 0..<bars.count {
      let center = bars.start.vector + Double(bar) * bars.spacing * along
      for y in texelRange(center.y - reach, center.y + reach) {
        for x in texelRange(center.x - reach, center.x + reach) {
          let offset = SIMD2(metres(x), metres(y)) - center
          if abs((offset * along).sum()) < bars.barWidth / 2, abs((offset * across).sum()) < bars.barLength / 2 {
            paintMark(x: x, y: y)
          }
        }
      }
    }
  }
}
