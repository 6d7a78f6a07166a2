import Foundation
import Geometry

/// Collects the parts of a preset's scene, drawing what varies from the seed.
struct SceneBuilder {
  let duration: Double
  var generator: SplitMix64
  var ground = Ground(extent: 200)
  var camera = CameraPath(keys: [])
  var objects: [SceneObject] = []
  var occluders: [Occluder] = []
  var lighting = Scene.Lighting()
  var sensor = Scene.Sensor()

  init(seed: UInt64, duration: Double) {
    self.duration = duration
    generator = SplitMix64(seed: seed, purpose: 0x5CE1E)
  }

  private static let paints = [
    SurfaceColor(0.86, 0.87, 0.88), SurfaceColor(0.62, 0.64, 0.66), SurfaceColor(0.13, 0.13, 0.15), SurfaceColor(0.33, 0.34, 0.36),
    SurfaceColor(0.62, 0.10, 0.09), SurfaceColor(0.12, 0.23, 0.47), SurfaceColor(0.14, 0.30, 0.20), SurfaceColor(0.80, 0.66, 0.12),
    SurfaceColor(0.50, 0.20, 0.10), SurfaceColor(0.30, 0.45, 0.60),
  ]
  private static let clothes = [
    SurfaceColor(0.75, 0.16, 0.14), SurfaceColor(0.16, 0.30, 0.62), SurfaceColor(0.88, 0.88, 0.84), SurfaceColor(0.16, 0.16, 0.18),
    SurfaceColor(0.84, 0.68, 0.18), SurfaceColor(0.22, 0.48, 0.28), SurfaceColor(0.55, 0.28, 0.55), SurfaceColor(0.88, 0.46, 0.15),
  ]
  private static let leaves = [
    SurfaceColor(0.26, 0.44, 0.17), SurfaceColor(0.33, 0.47, 0.16), SurfaceColor(0.20, 0.38, 0.19), SurfaceColor(0.40, 0.46, 0.17),
  ]

  /// Adds an object with a seeded colour and size and the next free id.
  mutating func add(_ kind: ObjectKind, on path: GroundPath, _ drive: Drive, axis: BoxAxis = .heading, isLabelled: Bool = true) {
    let palette = kind == .person || kind == .bicycle ? SceneBuilder.clothes : SceneBuilder.paints
    objects.append(
      SceneObject(
        id: objects.count + 1, kind: kind, size: kind.size.scaled(by: generator.uniform(0.94, 1.06)),
        color: generator.element(of: palette), path: path, drive: drive, boxAxis: axis, isLabelled: isLabelled))
  }

  /// A vehicle that stands and is no part of the truth.
  mutating func park(_ kind: ObjectKind, at place: GroundPoint, heading: Double) {
    let ahead = GroundPoint(place.x + cos(heading), place.y + sin(heading))
    add(kind, on: GroundPath([place, ahead]), Drive(start: 0, speed: 0), isLabelled: false)
  }

  mutating func plantTree(at place: GroundPoint, radius: ClosedRange<Double> = 2.2...3.6) {
    let r = generator.uniform(radius.lowerBound, radius.upperBound)
    occluders.append(
      .tree(at: place, radius: r, height: r * generator.uniform(2.2, 2.8), color: generator.element(of: SceneBuilder.leaves)))
  }

  /// Trees along both sides of a path, `offset` metres from it, about `spacing` apart.
  mutating func plantTrees(along path: GroundPath, offset: Double, spacing: Double, radius: ClosedRange<Double> = 2.2...3.6) {
    for side in [-1.0, 1.0] {
      let sampled = SampledPath(path)
      var distance = generator.uniform(0, spacing)
      while distance < sampled.length {
        let place = sampled.place(at: distance)
        let across = side * (offset + generator.uniform(0, 2))
        plantTree(
          at: GroundPoint(place.position + across * SIMD2(-sin(place.heading), cos(place.heading))), radius: radius)
        distance += spacing * generator.uniform(0.7, 1.4)
      }
    }
  }

  mutating func build(at center: GroundPoint, _ size: ObjectSize, heading: Double = 0) {
    let tone = generator.uniform(0.5, 0.75)
    let color = SurfaceColor(tone + 0.06, tone, tone - 0.06)
    occluders.append(Occluder(kind: .building, center: center, heading: heading, size: size, color: color))
  }

  mutating func vehicleKind() -> ObjectKind {
    let draw = generator.uniform(0, 1)
    return draw < 0.66 ? .car : draw < 0.82 ? .van : draw < 0.93 ? .truck : .bus
  }
}
