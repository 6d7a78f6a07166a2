import Foundation
import Geometry

extension Solid {
  private static let glass = SurfaceColor(0.09, 0.11, 0.13)
  private static let lamp = SurfaceColor(0.95, 0.94, 0.86)
  private static let rearLamp = SurfaceColor(0.72, 0.06, 0.05)
  private static let tyre = SurfaceColor(0.06, 0.06, 0.065)

  /// The solid of an object; `stride` is the phase of a walk in radians.
  init(_ object: SceneObject, stride: Double) {
    let (s, c) = (object.size, object.color)
    switch object.kind {
    case .car: self = .car(s, c)
    case .van: self = .van(s, c)
    case .truck: self = .truck(s, c)
    case .bus: self = .bus(s, c)
    case .bicycle: self = .bicycle(s, c)
    case .person: self = .person(s, c, stride: stride)
    }
  }

  private static func car(_ s: ObjectSize, _ c: SurfaceColor) -> Solid {
    let (l, w, h) = (s.length, s.width, s.height)
    let waist = 0.58 * h
    var solid = Solid(prisms: [
      Prism(Outline.rounded(x: -0.46 * l...0.46 * l, width: 0.96 * w, cut: 0.2), from: 0.0, to: 0.2 * h, side: tyre),
      Prism(
        Outline.rounded(x: -l / 2...l / 2, width: w, cut: 0.28),
        upper: Outline.rounded(x: -0.49 * l...0.48 * l, width: 0.95 * w, cut: 0.3), from: 0.2 * h, to: waist, side: c),
      Prism(
        Outline.rounded(x: -0.43 * l...0.22 * l, width: 0.88 * w, cut: 0.16),
        upper: Outline.rounded(x: -0.33 * l...0.07 * l, width: 0.72 * w, cut: 0.14), from: waist, to: h, side: glass,
        roof: c),
    ])
    solid.addLamps(length: 0.96 * l, width: 0.9 * w, elevation: waist + 0.01)
    return solid
  }

  private static func van(_ s: ObjectSize, _ c: SurfaceColor) -> Solid {
    let (l, w, h) = (s.length, s.width, s.height)
    let waist = 0.55 * h
    var solid = Solid(prisms: [
      Prism(Outline.rounded(x: -0.47 * l...0.47 * l, width: 0.95 * w, cut: 0.15), from: 0, to: 0.16 * h, side: tyre),
      Prism(Outline.rounded(x: -l / 2...l / 2, width: w, cut: 0.2), from: 0.16 * h, to: waist, side: c),
      Prism(
        Outline.rounded(x: -l / 2...0.38 * l, width: 0.97 * w, cut: 0.15),
        upper: Outline.rounded(x: -0.49 * l...0.24 * l, width: 0.88 * w, cut: 0.15), from: waist, to: h, side: c,
        roof: c, front: glass),
    ])
    solid.addLamps(length: 0.96 * l, width: 0.9 * w, elevation: waist + 0.01, rear: false)
    return solid
  }

  private static func truck(_ s: ObjectSize, _ c: SurfaceColor) -> Solid {
    let (l, w, h) = (s.length, s.width, s.height)
    let load = SurfaceColor(0.82, 0.82, 0.8)
    return Solid(
      prisms: [
        Prism(Outline.rectangle(x: -0.48 * l...0.47 * l, width: 0.9 * w), from: 0, to: 0.25 * h, side: tyre),
        Prism(
          Outline.rounded(x: 0.27 * l...l / 2, width: 0.96 * w, cut: 0.2), from: 0.2 * h, to: 0.5 * h, side: c),
        Prism(
          Outline.rounded(x: 0.27 * l...0.49 * l, width: 0.94 * w, cut: 0.15),
          upper: Outline.rounded(x: 0.27 * l...0.44 * l, width: 0.9 * w, cut: 0.15), from: 0.5 * h, to: 0.8 * h,
          side: c, roof: c, front: glass),
        Prism(Outline.rectangle(x: -l / 2...0.24 * l, width: w), from: 0.25 * h, to: h, side: load),
      ],
      patches: (0..<5).map { i in
        let x = -0.42 * l + Double(i) * 0.14 * l
        return Patch(level: h + 0.01, x: x...x + 0.06, y: -0.48 * w...0.48 * w, SurfaceColor(0.68, 0.68, 0.66))
      })
  }

  private static func bus(_ s: ObjectSize, _ c: SurfaceColor) -> Solid {
    let (l, w, h) = (s.length, s.width, s.height)
    let outline = Outline.rounded(x: -l / 2...l / 2, width: w, cut: 0.25)
    return Solid(
      prisms: [
        Prism(outline, from: 0.05 * h, to: 0.45 * h, side: c),
        Prism(outline, from: 0.45 * h, to: 0.82 * h, side: glass),
        Prism(
          outline, upper: Outline.rounded(x: -0.49 * l...0.49 * l, width: 0.94 * w, cut: 0.3), from: 0.82 * h, to: h,
          side: c, roof: SurfaceColor(0.5 + c.red / 2, 0.5 + c.green / 2, 0.5 + c.blue / 2)),
      ],
      patches: [
        Patch(level: h + 0.01, x: -0.32 * l ... -0.12 * l, y: -0.3 * w...0.3 * w, SurfaceColor(0.55, 0.56, 0.57)),
        Patch(level: h + 0.01, x: 0.08 * l...0.16 * l, y: -0.2 * w...0.2 * w, SurfaceColor(0.4, 0.41, 0.42)),
        Patch(level: h + 0.01, x: 0.42 * l...0.47 * l, y: -0.4 * w...0.4 * w, glass),
      ])
  }

  private static func bicycle(_ s: ObjectSize, _ c: SurfaceColor) -> Solid {
    let (l, w, h) = (s.length, s.width, s.height)
    return Solid(prisms: [
      Prism(Outline.rectangle(x: -l / 2...l / 2, width: 0.07), from: 0, to: 0.4 * h, side: tyre),
      Prism(Outline.rectangle(x: 0.26 * l...0.3 * l, width: w), from: 0.5 * h, to: 0.54 * h, side: tyre),
      Prism(Outline.ellipse(length: 0.35, width: 0.3), from: 0.38 * h, to: 0.5 * h, side: SurfaceColor(0.15, 0.15, 0.2)),
      Prism(
        Outline.ellipse(center: SIMD2(0.02 * l, 0), length: 0.36, width: 0.48), from: 0.5 * h, to: 0.84 * h, side: c),
      Prism(
        Outline.ellipse(center: SIMD2(0.12 * l, 0), length: 0.24, width: 0.22), from: 0.84 * h, to: h,
        side: SurfaceColor(0.7, 0.55, 0.45), roof: SurfaceColor(0.8, 0.8, 0.82)),
    ])
  }

  private static func person(_ s: ObjectSize, _ c: SurfaceColor, stride: Double) -> Solid {
    let (l, w, h) = (s.length, s.width, s.height)
    let trousers = SurfaceColor(0.13, 0.14, 0.2)
    let swing = 0.45 * l * sin(stride)
    func leg(_ side: Double) -> Prism {
      let foot = Outline.ellipse(center: SIMD2(side * swing, side * 0.17 * w), length: 0.24, width: 0.16)
      let hip = Outline.ellipse(center: SIMD2(0, side * 0.15 * w), length: 0.2, width: 0.18)
      return Prism(foot, upper: hip, from: 0, to: 0.5 * h, side: trousers)
    }
    return Solid(prisms: [
      leg(-1), leg(1),
      Prism(
        Outline.ellipse(length: 0.5 * l, width: 0.6 * w), upper: Outline.ellipse(length: 0.54 * l, width: 0.86 * w),
        from: 0.48 * h, to: 0.83 * h, side: c),
      Prism(
        Outline.ellipse(length: 0.21, width: 0.18), from: 0.84 * h, to: h, side: SurfaceColor(0.72, 0.56, 0.45),
        roof: SurfaceColor(0.16, 0.11, 0.08)),
    ])
  }

  private mutating func addLamps(length: Double, width: Double, elevation: Double, rear: Bool = true) {
    for side in [-1.0, 1.0] {
      let (a, b) = (side * 0.30 * width, side * 0.44 * width)
      let y = min(a, b)...max(a, b)
      patches.append(Patch(level: elevation, x: length / 2 - 0.26...length / 2 - 0.06, y: y, Solid.lamp))
      if rear {
        patches.append(Patch(level: elevation, x: -length / 2 + 0.04 ... -length / 2 + 0.18, y: y, Solid.rearLamp))
      }
    }
  }
}

extension Solid {
  /// The solid of a building or a bridge; a tree's trunk.
  init(_ occluder: Occluder) {
    let (l, w, h) = (occluder.size.length, occluder.size.width, occluder.size.height)
    let c = occluder.color
    switch occluder.kind {
    case .tree:
      self.init(prisms: [
        Prism(Outline.ellipse(length: 0.4, width: 0.4, corners: 6), from: 0, to: 0.5 * h, side: SurfaceColor(0.25, 0.19, 0.14))
      ])
    case .building:
      let roof = SurfaceColor(0.75 * c.red, 0.75 * c.green, 0.75 * c.blue)
      self.init(
        prisms: [Prism(Outline.rectangle(x: -l / 2...l / 2, width: w), from: 0, to: h, side: c, roof: roof)],
        patches: Solid.roofParts(length: l, width: w, height: h))
    case .bridge:
      let deck = Outline.rectangle(x: -l / 2...l / 2, width: w)
      self.init(
        prisms: [Prism(deck, from: h - 1, to: h, side: c, roof: SurfaceColor(0.33, 0.33, 0.34))],
        patches: Solid.deckParts(length: l, width: w, height: h, edge: c))
    }
  }

  private static func roofParts(length l: Double, width w: Double, height h: Double) -> [Patch] {
    let light = SurfaceColor(0.62, 0.62, 0.6)
    let dark = SurfaceColor(0.3, 0.31, 0.33)
    return [
      Patch(level: h + 0.01, x: -0.48 * l...0.48 * l, y: 0.46 * w...0.48 * w, light),
      Patch(level: h + 0.01, x: -0.48 * l...0.48 * l, y: -0.48 * w ... -0.46 * w, light),
      Patch(level: h + 0.02, x: -0.3 * l ... -0.1 * l, y: -0.2 * w...0.05 * w, dark),
      Patch(level: h + 0.02, x: 0.1 * l...0.2 * l, y: 0.1 * w...0.3 * w, light),
      Patch(level: h + 0.02, x: 0.25 * l...0.38 * l, y: -0.3 * w ... -0.12 * w, dark),
    ]
  }

  private static func deckParts(length l: Double, width w: Double, height h: Double, edge: SurfaceColor) -> [Patch] {
    var parts = [-1.0, 1.0].map { side in
      let (a, b) = (side * 0.44 * w, side * 0.5 * w)
      return Patch(level: h + 0.02, x: -l / 2...l / 2, y: min(a, b)...max(a, b), edge)
    }
    let white = SurfaceColor(0.85, 0.85, 0.82)
    for x in stride(from: -l / 2, to: l / 2 - 3, by: 6) {
      parts.append(Patch(level: h + 0.02, x: x...x + 3, y: -0.08...0.08, white))
    }
    return parts
  }
}
