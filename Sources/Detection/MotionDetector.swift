import Foundation
import Geometry
import Imaging
import Orientation

/// Finds what moves by itself, with a camera that stands still or moves.
///
/// Each frame is laid onto a background model that moves with the camera; what differs from it and what flows against it are joined to a
/// mask, shadows are cut off, and each region becomes a Gaussian box. That is done on a small picture; objects down to a few pixels are
/// found beside it in a finer one by differences from two earlier frames (`SpotEvidence`).
///
/// One detector serves one stream, on one thread: copies share the flow's working memory, though not what they know.
public struct MotionDetector: Detector {
  /// What moves is not told apart.
  public static let classes = ["object"]
  /// The score, a probability, from which the tracker should begin tracks, and at which a detection says nothing for or against one: most that
  /// moves is scenery, noise or a part of something, and what lasts is told by many frames.
  public static let neutralScore = 0.2
  /// Detections below this score can be left out.
  public static let leastScore = 0.01
  /// The one class of everything that moves.
  public var classes: [String] { Self.classes }
  /// Small objects are looked for in pictures of up to this width.
  public var finestWidth: Int? { AnalysisSize.finestWidth }
  /// Differences in colour count like those of grey values.
  public var needsChroma: Bool { true }
  /// What it was made with.
  public let settings: MotionDetectorSettings
  /// Whether detections have masks.
  public let findsMasks: Bool
  /// Whether it keeps a picture of what it went by.
  private let keepsEvidence: Bool
  /// What it went by in the last frame (`EvidencePicture`); nil where it does not keep it, or had nothing to compare the frame with.
  package private(set) var evidence: Image?

  // Where no other reason stands beside them, the numbers here were chosen by hand on the sequences that Benchmarks/README.md names
  // under "Motion detector".

  /// Pictures with a shorter side, in pixels, hold nothing to detect: the flow alone needs 16.
  private static let leastSide = 32
  /// The blur of the working picture, in pixels, against noise and blocks of compression.
  static let smoothing = 0.8
  /// Steps of the flow's refinement at each scale: 5 are OpenCV's default; fewer cost a little precision and save a third of the time.
  private static let flowRefinements = 2
  /// Differences of time between frames are taken to lie in this range, in seconds: motion by the frame makes no sense beyond.
  private static let frameSeconds = 1e-3...1.0
  /// The least area of an object, in working pixels, in whatever small pictures: 5×5.
  private static let leastPixels = 25
  /// The deviation from the background that is taken for a camera that stands still, in grey levels: nothing is registered then.
  private static let staticDeviation = 5.0
  /// A change of exposure below this is not followed.
  private static let leastGainChange: Float = 0.01
  /// How many frames the motion is averaged over.
  private static let averagedFrames = 2.0...24
  /// How many frames the background remembers.
  private static let rememberedFrames = 4.0...240
  /// The frame rate that speeds are given for.
  private static let referenceRate = 25.0
  /// The factor by which speeds in pixels a frame follow the frame rate.
  private static let paces = 0.4...2.0
  /// The speed that counts as motion is so many times the flow's typical error.
  private static let noiseFactor = 2.0
  /// Before an exact background objects hold together: parts are fragments below this share of the larger part's area.
  private static let greatestStaticFragment = 0.5

  private let flow: DenseFlow
  /// The last flow, from which the next one's search begins.
  private var displacements: [SIMD2<Float>] = []
  private var registration = PictureRegistration()
  private var scene: Scene?

  /// What is known about the scene since its first frame.
  private struct Scene: Codable {
    let scale: WorkingScale
    var background: BackgroundModel
    var field: MotionField
    var history = PictureHistory()
    var spots: SpotEvidence
    var shadows = ShadowLevel()
    var memory: ObjectMemory
    var last: Image
    var time: Double
    /// Since when nearly everything has been foreground; nil while it is not.
    var floodedSince: Double?

    /// How dark its shadows are; nil while that is not known.
    func light(black: UInt8) -> SceneLight? { shadows.logarithm.map { SceneLight(level: $0, black: black) } }

    /// Takes in what a frame tells of the shadows' light; returns the logarithm of their share, nil while that is not known.
    mutating func learnShadows(
      _ cast: CastShadow, _ frame: Image, _ mean: Image, _ evidence: ForegroundEvidence, seconds: Double
    ) -> Float? {
      shadows.learn(frame, mean, differences: evidence.loose, logarithms: cast.logarithms, seconds: seconds)
      return shadows.logarithm
    }

    /// Whether all that is kept for each pixel is of the scene's size, on which loops without bounds checks rest.
    var isSound: Bool {
      let grid = PixelGrid(width: max(0, scale.width), height: max(0, scale.height))
      return last.channels == 1 && last.grid == grid && background.isSound(on: grid) && field.isSound(on: grid)
        && history.isSound(on: grid) && spots.isSound && shadows.isSound
    }
  }

  /// - Parameters:
  ///   - findsMasks: Whether detections have masks, which nothing else depends on.
  ///   - keepsEvidence: Whether `evidence` is kept, likewise.
  /// - Throws: `ImagingError` where the library cannot make its working memory.
  public init(
    settings: MotionDetectorSettings = MotionDetectorSettings(), findsMasks: Bool = false, keepsEvidence: Bool = false
  ) throws {
    self.settings = settings
    (self.findsMasks, self.keepsEvidence) = (findsMasks, keepsEvidence)
    flow = try DenseFlow(refinements: Self.flowRefinements)
  }

  /// The objects in a frame that move or have moved lately.
  ///
  /// The first frame of a scene, and pictures below 32 pixels a side, give none.
  /// - Throws: `ImagingError` for a picture in colour or failures of the library, never for what a picture shows.
  public mutating func detect(_ input: DetectionInput) throws -> [DetectedBox] {
    let scale = WorkingScale(
      imageWidth: input.image.width, imageHeight: input.image.height, displayWidth: input.displayWidth,
      displayHeight: input.displayHeight, pixels: settings.workingPixels)
    evidence = nil
    guard min(scale.width, scale.height) >= Self.leastSide else { return [] }
    let frame = try workingPicture(of: input.image, scale)
    guard var scene, scene.scale == scale, input.motion.status != .cut, input.motion.status != .first else {
      self.scene = try makeScene(frame, scale, input)
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
    return try reduced.gaussianBlurred(sigma: Self.smoothing)
  }

  private func makeScene(_ frame: Image, _ scale: WorkingScale, _ input: DetectionInput) throws -> Scene {
    var scene = Scene(
      scale: scale,
      background: BackgroundModel(
        frame, chroma: settings.cues.colors ? try input.chroma?.resized(width: scale.width, height: scale.height) : nil),
      field: MotionField(pictureWidth: scale.width, pictureHeight: scale.height),
      spots: SpotEvidence(keepsMasks: findsMasks),
      memory: ObjectMemory(settings: settings), last: frame, time: input.time)
    scene.history.add(frame, time: input.time, span: settings.comparisonTime)
    _ = try scene.spots.update(input, from: scale, previousFromPresent: .identity, seconds: 0)
    return scene
  }

  // MARK: Going on another time

  /// What goes on from frame to frame; the rest is working memory.
  private struct Memory: Codable {
    var displacements: [SIMD2<Float>]
    var scene: Scene?
  }

  /// What it knows of the frames so far.
  public var memory: (any Encodable)? { Memory(displacements: displacements, scene: scene) }

  /// Goes on as another detector of the same settings would.
  /// - Throws: `DecodingError` for what is no such memory, or one whose parts do not belong together.
  public mutating func recall(from decoder: any Decoder) throws {
    let memory = try Memory(from: decoder)
    guard memory.scene?.isSound ?? true else {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(codingPath: [], debugDescription: "the pictures of the motion detector's memory differ in size"))
    }
    (displacements, scene) = (memory.displacements, memory.scene)
  }

  // MARK: A frame

  private mutating func advance(_ scene: inout Scene, _ frame: Image, _ input: DetectionInput) throws -> [DetectedBox] {
    let seconds = (input.time - scene.time).clamped(to: Self.frameSeconds)
    let isStatic = input.motion.status == .isStatic
    let fit = follow(&scene, frame, input.motion, isStatic: isStatic)
    try measureMotion(&scene, frame, fit.backgroundFromFrame, seconds: seconds)
    let leastArea = max(Self.leastPixels, Int(bounded: settings.leastArea * Double(scene.scale.count), in: 0...scene.scale.count))
    let seen = try compare(&scene, frame, input, deviation: fit.deviation, seconds: seconds, leastArea: leastArea)
    if keepsEvidence { evidence = EvidencePicture.picture(frame, seen.evidence, scene.field) }
    let mask = try objects(scene, frame, seen, seconds: seconds, isStatic: isStatic, leastArea: leastArea)
    if try isFlooded(mask, &scene, frame, input) { return [] }
    let regions = try self.regions(of: mask, frame, seen.evidence, scene.field, leastArea: leastArea, isStatic: isStatic)
    let sightings = scene.memory.update(
      regions, evidence: settings.cues.standing ? seen.evidence.loose : nil, frame: frame,
      presentFromPrevious: fit.backgroundFromFrame.inverse ?? .identity, time: input.time, seconds: seconds)
    try learn(&scene, frame, seen.colors, mask.joined(with: seen.shadow), seen.evidence, seconds: seconds, isStatic: isStatic)
    scene.history.add(frame, time: input.time, span: settings.comparisonTime)
    scene.last = frame
    scene.time = input.time
    let large = detections(sightings, scene.scale, input, leastArea: leastArea)
    guard settings.cues.spots else { return large }
    return try scene.spots.update(
      input, from: scene.scale, previousFromPresent: fit.backgroundFromFrame, light: scene.light(black: input.black),
      extents: seen.extents, seconds: seconds
    ).joined(with: large)
  }

  /// A frame beside the background.
  private struct Comparison {
    var evidence: ForegroundEvidence
    /// The ground in shadow, no evidence any more; nil where the shadows' light is not known.
    var shadow: Image?
    /// The frame's differences in colour, of the working picture's size; nil where the background has none.
    var colors: ChromaPictures?
    /// What differs and is too small for a region, in working pixels.
    var extents: [GaussianBox]
    /// The background's grey values.
    var mean: Image
  }

  /// Holds a frame against the background, and takes in what it tells of the shadows' light.
  private func compare(
    _ scene: inout Scene, _ frame: Image, _ input: DetectionInput, deviation: Double, seconds: Double, leastArea: Int
  ) throws -> Comparison {
    let isStatic = input.motion.status == .isStatic
    var mean = frame
    scene.background.meanPicture(into: &mean)
    let colors = try scene.background.hasChroma ? input.chroma?.resized(width: scene.scale.width, height: scene.scale.height) : nil
    let needsColors = isStatic || scene.shadows.logarithm != nil
    let chroma = needsColors ? colors.flatMap { colors in scene.background.chromaPictures().map { (colors, $0) } } : nil
    // A moving camera's errors of a pixel make fringes of colour; before an exact background colours are as sure as grey values.
    var evidence = try ForegroundEvidence(
      frame: frame, mean: mean, chroma: isStatic ? chroma : nil, background: scene.background, deviation: deviation,
      settings: settings, leastArea: leastArea)
    let cast = settings.cues.shadows ? CastShadow(frame: frame, mean: mean, chroma: chroma, black: input.black) : nil
    let level = cast.flatMap { scene.learnShadows($0, frame, mean, evidence, seconds: seconds) }
    let shadow = try level.flatMap { level in try cast?.mask(level: level) }
    if let shadow { evidence.remove(shadow) }
    let extents = try extents(frame, mean, evidence, cast, level: level, leastArea: leastArea)
    return Comparison(evidence: evidence, shadow: shadow, colors: colors, extents: extents, mean: mean)
  }

  /// The mask of objects: what differs and what moves.
  private func objects(
    _ scene: Scene, _ frame: Image, _ seen: Comparison, seconds: Double, isStatic: Bool, leastArea: Int
  ) throws -> Image {
    try ForegroundMask(
      evidence: seen.evidence, motion: motionPicture(scene, seen.evidence, seconds: seconds, isStatic: isStatic),
      field: scene.field, settings: settings, leastArea: leastArea,
      largeArea: Int(bounded: settings.largeArea * Double(scene.scale.count), in: 0...scene.scale.count),
      isStatic: isStatic, gap: isStatic ? settings.standingGap : settings.largeGap
    ).mask(
      frame: frame, reference: scene.history.reference(),
      cutter: settings.cues.shadows && seen.shadow == nil ? ShadowCutter(frame: frame, mean: seen.mean) : nil)
  }

  /// What differs from the background and is too small for a region, in working pixels.
  private func extents(
    _ frame: Image, _ mean: Image, _ evidence: ForegroundEvidence, _ cast: CastShadow?, level: Float?, leastArea: Int
  ) throws -> [GaussianBox] {
    guard settings.cues.spots, settings.cues.extents else { return [] }
    return try SmallParts(
      frame: frame, mean: mean, evidence: evidence.loose,
      isShade: { i in
        guard let cast, let level else { return false }
        return cast.isShade(i, level: level)
      }, leastRegion: leastArea
    ).boxes
  }

  /// A frame that is foreground nearly everywhere shows a flash or another place: it teaches nothing, and if it stays the scene begins anew.
  private func isFlooded(_ mask: Image, _ scene: inout Scene, _ frame: Image, _ input: DetectionInput) throws -> Bool {
    let covered = mask.pixels.reduce(into: 0) { $0 += $1 == 0 ? 0 : 1 }
    guard Double(covered) > settings.greatestArea * Double(mask.pixels.count) else {
      scene.floodedSince = nil
      return false
    }
    let since = scene.floodedSince ?? input.time
    scene.floodedSince = since
    scene.time = input.time
    scene.last = frame
    // Differences from before a flash say nothing.
    scene.spots = SpotEvidence(keepsMasks: findsMasks)
    if input.time - since >= settings.comparisonTime { scene = try makeScene(frame, scene.scale, input) }
    return true
  }

  /// Moves everything that is known to where the present frame shows it.
  private mutating func follow(
    _ scene: inout Scene, _ frame: Image, _ motion: CameraMotion, isStatic: Bool
  ) -> PictureRegistration.Result {
    var fit = PictureRegistration.Result(backgroundFromFrame: .identity, deviation: Self.staticDeviation, agreement: 1)
    if !isStatic {
      let guess = scene.scale.working(motion.homography).inverse ?? .identity
      fit = registration.align(scene.background.mean, to: frame, guess: guess)
      scene.background.move(previousFromPresent: fit.backgroundFromFrame)
      scene.history.move(previousFromPresent: fit.backgroundFromFrame)
    }
    if isStatic { scene.background.move(previousFromPresent: .identity) }
    let gain = scene.background.gain(of: frame)
    if abs(gain - 1) > Self.leastGainChange { scene.background.brighten(by: gain) }
    return fit
  }

  private mutating func measureMotion(
    _ scene: inout Scene, _ frame: Image, _ previousFromPresent: Homography, seconds: Double
  ) throws {
    let previous = try scene.last.warped(byInverse: previousFromPresent, border: .replicated)
    try flow.compute(from: frame, to: previous, into: &displacements)
    scene.field.advance(
      flow: displacements, previousFromPresent: previousFromPresent,
      greatestCount: Float((settings.comparisonTime / seconds).clamped(to: Self.averagedFrames)))
  }

  /// How surely each pixel moves, 0 to 255.
  private func motionPicture(
    _ scene: Scene, _ evidence: ForegroundEvidence, seconds: Double, isStatic: Bool
  ) -> Image {
    var picture = Image(width: scene.scale.width, height: scene.scale.height, channels: 1)
    if isStatic {
      for i in picture.pixels.indices { picture.pixels[i] = .max }
      return picture
    }
    let pace = (seconds * Self.referenceRate).clamped(to: Self.paces)
    let noise = scene.field.noise(slopes: evidence.slopes, differences: evidence.loose)
    let least = Float(max(settings.leastSpeed * pace, Self.noiseFactor * noise))
    let range = Float(settings.speedRange * pace)
    // Bounded: by 0 and 1; speeds are numbers.
    let shares = scene.field.speeds.map { UInt8(max(0, min(1, ($0 - least) / range)) * 255) }
    let grid = picture.grid
    picture.pixels.withUnsafeMutableBufferPointer { pixels in
      shares.withUnsafeBufferPointer { shares in
        // One value for each pixel of the grid, and for each point of the field, to which places are clamped.
        grid.forEachPixel { x, y, index in pixels[index] = shares[scene.field.index(x: x, y: y)] }
      }
    }
    return picture
  }

  private func learn(
    _ scene: inout Scene, _ frame: Image, _ colors: ChromaPictures?, _ mask: Image, _ evidence: ForegroundEvidence,
    seconds: Double, isStatic: Bool
  ) throws {
    let least = Float(settings.leastDifference * settings.leastDifference)
    var objects = try mask.morphed(.dilation, .square(3))
    for hull in scene.memory.hulls { objects.fill(hull) }
    scene.background.learn(
      frame, colors: colors, objects: objects, uncovered: evidence.uncovered,
      BackgroundModel.Learning(
        greatestAge: Float((settings.memory / seconds).clamped(to: Self.rememberedFrames)), leastVariance: least,
        rateUnderObjects: Float(settings.learningUnderObjects),
        greatestColorDifference: isStatic ? CastShadow.colorTolerance : .infinity))
  }

  // MARK: Boxes

  private func regions(
    of mask: Image, _ frame: Image, _ evidence: ForegroundEvidence, _ field: MotionField, leastArea: Int,
    isStatic: Bool
  ) throws -> [Region] {
    var parts = try ConnectedComponents(of: mask, minimumArea: leastArea)
    // Before an exact background neighbours of like size are two objects.
    FragmentJoiner(
      field: field, gapShare: settings.fragmentGap, greatestFragment: isStatic ? Self.greatestStaticFragment : 1
    ).join(&parts)
    let pixels = Double(mask.width * mask.height)
    return parts.components.filter { Double($0.width * $0.height) <= settings.greatestArea * pixels }.map {
      let isLarge = Double($0.area) >= settings.largeArea * pixels
      return Region(
        $0, in: parts, frame: frame, weights: evidence.loose, tail: isLarge ? settings.largeTail : settings.tail,
        keepsMask: findsMasks)
    }
  }

  private func detections(
    _ sightings: [ObjectMemory.Sighting], _ scale: WorkingScale, _ input: DetectionInput, leastArea: Int
  ) -> [DetectedBox] {
    sightings.enumerated().map { index, sighting in
      let box = scale.displayed(sighting.box)
      return DetectedBox(
        box: box, score: RegionScore.score(of: sighting, leastArea: leastArea),
        centerCovariance: scale.displayed(CenterError.region.covariance(of: sighting.box, velocity: sighting.velocity)),
        index: index,
        mask: sighting.mask?.displayed(scale.displayPerPixel, width: input.displayWidth, height: input.displayHeight, of: box))
    }
  }
}

extension Double {
  /// The nearest value within a range; its lower end for NaN.
  fileprivate func clamped(to range: ClosedRange<Double>) -> Double {
    Swift.max(range.lowerBound, Swift.min(range.upperBound, self))
  }
}
