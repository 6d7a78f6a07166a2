import Foundation
import Geometry
import Imaging

/// Finds what moves by itself, with a camera that stands still or moves.
///
/// Each frame is laid onto a background model that moves with the camera; what differs from it and what flows against it are joined to a
/// mask, shadows are cut off, and each region becomes a Gaussian box.
///
/// One detector serves one stream, on one thread: copies share the flow's working memory, though not what they know.
public struct MotionDetector: Detector {
  /// What moves is not told apart.
  public static let classes = ["object"]
  public var classes: [String] { Self.classes }
  public let settings: MotionDetectorSettings

  /// How likely each pixel of the last frame shows an object, 0 to 255, at the working size; nil before the second frame of a scene.
  public private(set) var foreground: Image?

  private let flow: DenseFlow
  private var displacements: [SIMD2<Float>] = []
  private var registration = PictureRegistration()
  private var scene: Scene?

  /// What is known about the scene since its first frame.
  private struct Scene {
    let scale: WorkingScale
    var background: BackgroundModel
    var field: MotionField
    var history = PictureHistory()
    var memory: ObjectMemory
    var last: Image
    var time: Double
    /// Since when nearly everything has been foreground; nil while it is not.
    var floodedSince: Double?
  }

  public init(settings: MotionDetectorSettings = MotionDetectorSettings()) throws {
    self.settings = settings
    flow = try DenseFlow(refinements: 2)
  }

  public mutating func reset() {
    scene = nil
    foreground = nil
  }

  /// The objects in a frame that move or have moved lately.
  ///
  /// The first frame of a scene, and pictures below 32 pixels a side, give none.
  /// - Throws: `ImagingError` for a picture in colour or failures of the library, never for what a picture shows.
  public mutating func detect(_ input: DetectionInput) throws -> [DetectedBox] {
    let scale = WorkingScale(
      imageWidth: input.image.width, imageHeight: input.image.height, displayWidth: input.displayWidth,
      displayHeight: input.displayHeight, pixels: settings.workingPixels)
    guard min(scale.width, scale.height) >= 32 else { return [] }
    let frame = try workingPicture(of: input.image, scale)
    guard var scene, scene.scale == scale, input.motion.status != .cut, input.motion.status != .first else {
      self.scene = makeScene(frame, scale, input)
      foreground = nil
      return []
    }
    // Taken out while it is changed, so that its arrays are not copied.
    self.scene = nil
    let boxes = try advance(&scene, frame, input)
    self.scene = scene
    return boxes
  }

  private func workingPicture(of image: Image, _ scale: WorkingScale) throws -> Image {
    let reduced =
      image.width == scale.width && image.height == scale.height
      ? image : try image.resized(width: scale.width, height: scale.height)
    return try reduced.gaussianBlurred(sigma: 0.8)
  }

  private func makeScene(_ frame: Image, _ scale: WorkingScale, _ input: DetectionInput) -> Scene {
    var scene = Scene(
      scale: scale, background: BackgroundModel(frame),
      field: MotionField(pictureWidth: scale.width, pictureHeight: scale.height),
      memory: ObjectMemory(settings: settings.objects), last: frame, time: input.time)
    scene.history.add(frame, time: input.time, span: settings.comparisonTime)
    return scene
  }

  // MARK: A frame

  private mutating func advance(_ scene: inout Scene, _ frame: Image, _ input: DetectionInput) throws -> [DetectedBox] {
    let seconds = max(1e-3, min(1, input.time - scene.time))
    let isStatic = input.motion.status == .isStatic
    let fit = follow(&scene, frame, input.motion, isStatic: isStatic)
    try measureMotion(&scene, frame, fit.backgroundFromFrame, seconds: seconds)

    var meanPicture = frame
    scene.background.meanPicture(into: &meanPicture)
    let leastArea = max(25, Int(settings.leastArea * Double(scene.scale.count)))
    let evidence = try ForegroundEvidence(
      frame: frame, mean: meanPicture, background: scene.background, deviation: fit.deviation, settings: settings,
      leastArea: leastArea)
    let fusion = ForegroundMask(
      evidence: evidence, motion: motionPicture(scene, evidence, seconds: seconds, isStatic: isStatic), field: scene.field,
      settings: settings, leastArea: leastArea, largeArea: Int(settings.largeArea * Double(scene.scale.count)),
      isStatic: isStatic, gap: isStatic ? settings.standingGap : settings.largeGap)
    let mask = try fusion.mask(
      frame: frame, reference: scene.history.reference(),
      cutter: settings.removesShadows ? ShadowCutter(frame: frame, mean: meanPicture) : nil)
    foreground = Self.softened(mask, evidence)
    if isFlooded(mask, &scene, frame, input) { return [] }
    let regions = try self.regions(
      of: mask, frame, evidence, scene.field, leastArea: leastArea, isStatic: isStatic)
    let sightings = scene.memory.update(
      regions, frame: frame, presentFromPrevious: fit.backgroundFromFrame.inverse ?? .identity, time: input.time,
      seconds: seconds)
    try learn(&scene, frame, mask, evidence, seconds: seconds)
    scene.history.add(frame, time: input.time, span: settings.comparisonTime)
    scene.last = frame
    scene.time = input.time
    return detections(sightings, scene.scale, leastArea: leastArea)
  }

  /// A frame that is foreground nearly everywhere shows a flash or another place: it teaches nothing, and if it stays the scene begins anew.
  private func isFlooded(_ mask: Image, _ scene: inout Scene, _ frame: Image, _ input: DetectionInput) -> Bool {
    let covered = mask.pixels.reduce(into: 0) { $0 += $1 == 0 ? 0 : 1 }
    guard Double(covered) > settings.greatestArea * Double(mask.pixels.count) else {
      scene.floodedSince = nil
      return false
    }
    let since = scene.floodedSince ?? input.time
    scene.floodedSince = since
    scene.time = input.time
    scene.last = frame
    if input.time - since >= settings.floodPatience { scene = makeScene(frame, scene.scale, input) }
    return true
  }

  /// Moves everything that is known to where the present frame shows it.
  private mutating func follow(
    _ scene: inout Scene, _ frame: Image, _ motion: CameraMotion, isStatic: Bool
  ) -> PictureRegistration.Result {
    var fit = PictureRegistration.Result(backgroundFromFrame: .identity, deviation: 5, agreement: 1)
    if !isStatic {
      let guess = scene.scale.working(motion.homography).inverse ?? .identity
      fit = registration.align(scene.background.mean, to: frame, guess: guess)
      scene.background.move(previousFromPresent: fit.backgroundFromFrame)
      scene.history.move(previousFromPresent: fit.backgroundFromFrame)
    }
    if isStatic { scene.background.move(previousFromPresent: .identity) }
    let gain = scene.background.gain(of: frame)
    if abs(gain - 1) > 0.01 { scene.background.brighten(by: gain) }
    return fit
  }

  private mutating func measureMotion(
    _ scene: inout Scene, _ frame: Image, _ previousFromPresent: Homography, seconds: Double
  ) throws {
    let previous = try scene.last.warped(byInverse: previousFromPresent, border: .replicated)
    try flow.compute(from: frame, to: previous, into: &displacements)
    scene.field.advance(
      flow: displacements, previousFromPresent: previousFromPresent,
      greatestCount: Float(max(2, min(24, settings.motionMemory / seconds))))
  }

  /// How surely each pixel moves, 0 to 255.
  private func motionPicture(
    _ scene: Scene, _ evidence: ForegroundEvidence, seconds: Double, isStatic: Bool
  ) -> Image {
    var picture = Image(width: scene.scale.width, height: scene.scale.height, channels: 1)
    if isStatic {
      for i in picture.pixels.indices { picture.pixels[i] = 255 }
      return picture
    }
    let pace = max(0.4, min(2, seconds * 25))
    let least = Float(max(settings.leastSpeed * pace, 2 * scene.field.noise(slopes: evidence.slopes, differences: evidence.loose)))
    let range = Float(settings.speedRange * pace)
    let shares = scene.field.speeds.map { UInt8(max(0, min(1, ($0 - least) / range)) * 255) }
    let (fieldWidth, fieldHeight) = (scene.field.width, scene.field.height)
    let (width, height) = (picture.width, picture.height)
    picture.pixels.withUnsafeMutableBufferPointer { pixels in
      shares.withUnsafeBufferPointer { shares in
        // Places are clamped to the field, which has half the picture's size.
        for y in 0..<height {
          let top = min(fieldHeight - 1, y / 2) * fieldWidth
          for x in 0..<width { pixels[y * width + x] = shares[top + min(fieldWidth - 1, x / 2)] }
        }
      }
    }
    return picture
  }

  /// Inside the mask more likely than not, and surer with the difference; outside at most a quarter.
  private static func softened(_ mask: Image, _ evidence: ForegroundEvidence) -> Image {
    var soft = evidence.loose
    for i in soft.pixels.indices {
      soft.pixels[i] = mask.pixels[i] != 0 ? 128 + soft.pixels[i] / 2 : soft.pixels[i] / 4
    }
    return soft
  }

  private func learn(
    _ scene: inout Scene, _ frame: Image, _ mask: Image, _ evidence: ForegroundEvidence, seconds: Double
  ) throws {
    let least = Float(settings.leastDeviation * settings.leastDeviation)
    var objects = try mask.morphed(.dilation, .square(3))
    for hull in scene.memory.hulls { objects.fill(hull) }
    scene.background.learn(
      frame, objects: objects, uncovered: evidence.uncovered,
      BackgroundModel.Learning(
        greatestAge: Float(max(4, min(240, settings.memory / seconds))), leastVariance: least,
        rateUnderObjects: Float(settings.learningUnderObjects)))
  }

  // MARK: Boxes

  private func regions(
    of mask: Image, _ frame: Image, _ evidence: ForegroundEvidence, _ field: MotionField, leastArea: Int,
    isStatic: Bool
  ) throws -> [Region] {
    let found = try ConnectedComponents(of: mask, minimumArea: leastArea)
    var labels = found.labels
    // Before an exact background objects hold together, and neighbours of like size are two objects.
    let parts = FragmentJoiner(field: field, gapShare: settings.fragmentGap, greatestFragment: isStatic ? 0.5 : 1)
      .join(found.components, labels: &labels, width: mask.width)
    let pixels = Double(mask.width * mask.height)
    return parts.filter { Double($0.width * $0.height) <= settings.greatestArea * pixels }.map {
      let isLarge = Double($0.area) >= settings.largeArea * pixels
      return Region(
        $0, labels: labels, frame: frame, weights: evidence.loose, tail: isLarge ? settings.largeTail : settings.tail)
    }
  }

  private func detections(_ sightings: [ObjectMemory.Sighting], _ scale: WorkingScale, leastArea: Int) -> [DetectedBox] {
    sightings.enumerated().map { index, sighting in
      DetectedBox(
        box: scale.displayed(sighting.box), score: score(of: sighting, leastArea: leastArea),
        centerCovariance: scale.displayed(centerCovariance(of: sighting)), index: index)
    }
  }

  /// Small regions are more often noise than large ones, and what was seen for a while is surer than what is new.
  private func score(of sighting: ObjectMemory.Sighting, leastArea: Int) -> Double {
    let size = Double(sighting.area) / Double(leastArea)
    let bySize = 0.5 + 0.45 * (1 - exp(-size / 4))
    return max(0.2, bySize * exp(-sighting.unsupported / 4))
  }

  /// An outline is exact to about a pixel, and a region wanders within its object with the object's size.
  private func centerCovariance(of sighting: ObjectMemory.Sighting) -> SymmetricMatrix2 {
    let wandering = 0.05 + 0.1 * sighting.unsupported
    return sighting.box.covariance * (wandering * wandering * GaussianBox.momentDivisor) + .identity * 0.5
  }
}

extension Image {
  /// Sets every pixel of a grey picture whose middle lies in the box to 255.
  fileprivate mutating func fill(_ box: AxisBox) {
    let (left, right) = (max(0, Int(box.left.rounded())), min(width, Int(box.right.rounded())))
    let (top, bottom) = (max(0, Int(box.top.rounded())), min(height, Int(box.bottom.rounded())))
    guard left < right, top < bottom else { return }
    for y in top..<bottom {
      for i in y * width + left..<y * width + right { pixels[i] = 255 }
    }
  }
}
