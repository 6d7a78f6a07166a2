import Foundation
import Geometry
import Imaging

/// A rendered frame: what the camera gives, and the truth about it.
public struct SyntheticFrame: Sendable {
  /// Blue, green, red.
  public var image: Image
  /// What the picture shows, exactly.
  public var truth: FrameTruth
}

/// Renders the frames of a scene; each is a function of the scene and its ordinal alone, so they may be made in any order and on any thread.
///
///     let renderer = try SceneRenderer(ScenePreset.crossing.scene(seed: 1))
///     for ordinal in 0..<renderer.scene.frameCount { use(renderer.frame(ordinal)) }
public struct SceneRenderer: Sendable {
  /// The scene that is rendered.
  public let scene: Scene
  let sun: Sun
  let foliage: [Foliage?]
  private let sampler: GroundSampler
  private let actors: [Actor]
  private let sensor: SensorModel

  /// - Throws: `SynthesisError.scene` for values out of range.
  public init(_ scene: Scene) throws(SynthesisError) {
    try scene.validate()
    self.scene = scene
    let sun = Sun(scene.lighting)
    self.sun = sun
    sampler = GroundSampler(texture: GroundTexture(scene.ground, seed: scene.seed), shadow: sun.shadow)
    foliage = scene.occluders.enumerated().map { index, occluder in
      occluder.kind == .tree ? Foliage(occluder, sun: sun, seed: scene.seed, index: index) : nil
    }
    actors = scene.objects.sorted { $0.id < $1.id }.map(Actor.init)
    sensor = SensorModel(scene.sensor, seed: scene.seed)
  }

  /// The camera at the middle of a frame's exposure.
  public func camera(_ ordinal: Int) -> CameraProjection { camera(at: scene.time(of: ordinal)) }

  private func camera(at time: Double) -> CameraProjection {
    CameraProjection(scene.camera.state(at: time, seed: scene.seed), width: scene.width, height: scene.height)
  }

  /// Maps the ground's picture in the previous frame to a frame; nil for the first one.
  public func homography(_ ordinal: Int) -> Homography? {
    ordinal > 0 ? camera(ordinal).homography(from: camera(ordinal - 1)) : nil
  }

  /// Renders a frame and measures its truth.
  public func frame(_ ordinal: Int) -> SyntheticFrame {
    let time = scene.time(of: ordinal)
    var canvas = Canvas(width: scene.width, height: scene.height)
    let outlines = paint(on: &canvas, at: time)
    let colors = scene.sensor.exposures > 1 ? exposed(canvas, at: time) : canvas.colors
    return SyntheticFrame(
      image: sensor.image(
        colors, width: scene.width, height: scene.height, gain: scene.lighting.gain(at: time), ordinal: ordinal),
      truth: truth(ordinal, at: time, canvas: canvas, outlines: outlines))
  }

  /// The mean picture over the time that the shutter is open; `middle` is its middle one.
  private func exposed(_ middle: Canvas, at time: Double) -> [Canvas.Pixel] {
    let count = scene.sensor.exposures
    let open = scene.sensor.exposure * scene.time(of: 1)
    var sum = middle.colors
    var canvas = Canvas(width: scene.width, height: scene.height)
    for i in 0..<count where i != count / 2 {
      _ = paint(on: &canvas, at: time + open * (Double(i - count / 2) / Double(count)))
      for j in sum.indices { sum[j] += canvas.colors[j] }
    }
    let scale = 1 / Float(count)
    for j in sum.indices { sum[j] *= scale }
    return sum
  }

  // MARK: - Painting

  /// Paints the scene at a time and gives each object's outlines, in the order of `actors`.
  private func paint(on canvas: inout Canvas, at time: Double) -> [[[Point]]] {
    let camera = camera(at: time)
    let placed = actors.map { $0.placed(at: time) }
    let fixed = scene.occluders.map { PlacedSolid(Solid($0), position: $0.center.vector, heading: $0.heading) }
    castShadows(of: placed, fixed, on: &canvas, camera: camera)
    sampler.paint(on: &canvas, camera: camera)

    var outlines = [[[Point]]](repeating: [], count: placed.count)
    // From far to near, so that the soft edges of near things mix with what is behind them.
    let order = (0..<placed.count + fixed.count).map { i in
      (index: i, distance: distance(i < placed.count ? placed[i] : fixed[i - placed.count], camera))
    }
    for (index, _) in order.sorted(by: { ($0.distance, $0.index) > ($1.distance, $1.index) }) {
      if index < placed.count {
        let id = UInt16(actors[index].object.id)
        outlines[index] = placed[index].paint(on: &canvas, camera: camera, sun: sun, id: id, isShaded: true)
      } else {
        let i = index - placed.count
        guard isInView(i, camera) else { continue }
        fixed[i].paint(on: &canvas, camera: camera, sun: sun, id: 0, isShaded: false)
        foliage[i]?.paint(on: &canvas, camera: camera)
      }
    }
    return outlines
  }

  private func distance(_ placed: PlacedSolid, _ camera: CameraProjection) -> Double {
    let top = placed.solid.prisms.last?.top ?? 0
    return (placed.world(.zero, elevation: top) - camera.worldFromCamera.translation).length
  }

  /// Whether an occluder or its shadow may be in the picture.
  private func isInView(_ index: Int, _ camera: CameraProjection) -> Bool {
    let size = scene.occluders[index].size
    let shadow = sun.shadowPerMetre.length * size.height
    let radius = SIMD2(size.length, size.width).length / 2 + size.height / 2 + shadow
    let center = scene.occluders[index].center
    return camera.maySee(Vector3(center.x, center.y, -size.height / 2), radius: radius)
  }

  private func castShadows(of placed: [PlacedSolid], _ fixed: [PlacedSolid], on canvas: inout Canvas, camera: CameraProjection) {
    canvas.clearShades()
    guard scene.lighting.shadow > 0 else { return }
    for solid in placed {
      for polygon in solid.shadows(camera: camera, sun: sun) { canvas.shade(polygon, isHigh: false) }
    }
    for (i, solid) in fixed.enumerated() where isInView(i, camera) {
      for polygon in solid.shadows(camera: camera, sun: sun) { canvas.shade(polygon, isHigh: true) }
      for polygon in foliage[i]?.shadows(camera: camera, sun: sun) ?? [] { canvas.shade(polygon, isHigh: true) }
    }
  }

  // MARK: - Truth

  private func truth(_ ordinal: Int, at time: Double, canvas: Canvas, outlines: [[[Point]]]) -> FrameTruth {
    let camera = camera(at: time)
    var seen = [Int](repeating: 0, count: Int(UInt16.max) + 1)
    for id in canvas.ids { seen[Int(id)] += 1 }
    var mask = canvas.ids
    let scenery = Set(actors.filter { !$0.object.isLabelled }.map { UInt16($0.object.id) })
    if !scenery.isEmpty { for i in mask.indices where scenery.contains(mask[i]) { mask[i] = 0 } }
    let objects = zip(actors, outlines).compactMap { actor, outlines in
      actor.object.isLabelled
        ? actor.truth(at: time, camera: camera, outlines: outlines, visiblePixels: seen[actor.object.id]) : nil
    }
    return FrameTruth(
      ordinal: ordinal, time: time, camera: camera, homography: homography(ordinal), objects: objects, mask: mask,
      inverseDepths: canvas.inverseDepths)
  }
}

extension CameraProjection {
  /// Whether a ball may be in the picture: false only where it lies beyond one of the picture's sides or behind the camera.
  func maySee(_ center: Vector3, radius: Double) -> Bool {
    let c = cameraCoordinates(center)
    if c.z < -radius { return false }
    for (offset, half) in [(c.x, Double(width) / 2), (c.y, Double(height) / 2)] {
      // The distance beyond the plane through the camera's centre and the picture's side.
      let beyond = (abs(offset) * focalLength - half * c.z) / (focalLength * focalLength + half * half).squareRoot()
      if beyond > radius { return false }
    }
    return true
  }
}
