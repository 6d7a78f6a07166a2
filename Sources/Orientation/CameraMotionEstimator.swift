public import Geometry
public import Imaging

/// Estimates how the camera moved from each frame to the next, from what the frames show.
///
/// Features are matched and a homography is fitted to them robustly, sharpened by following the points that agree, and tested; where
/// there is too little texture, corners are followed instead, and whole frames are correlated as a last resort. Every frame gets a
/// status and never an error for what it shows. Objects that move by themselves can be masked.
///
/// Frames are compared with a *reference*: mostly the frame before, but an older one while the camera stands still (so that slow drift is
/// not lost below the noise, frame after frame) or while frames show nothing to compare (black, blurred, washed out by a flash).
public final class CameraMotionEstimator {
  /// What it was made with.
  public let settings: CameraMotionSettings
  private let display: Point
  private let extractor: FeatureExtractor
  private let byFeatures: FeatureMotion
  private let byFlow: FlowMotion
  private let test = MotionTest.betweenFrames

  // What goes on from frame to frame, but for the spare memory, is in `memory` too.
  private var reference: AnalysisFrame?
  private var spare: AnalysisFrame?
  /// The last picture, whether it is the reference or not.
  private var last: Image?
  /// From the reference to the last frame as reported, in analysis pixels.
  private var referenceToLast = Homography.identity
  /// The last motion between two frames that was believed, in analysis pixels.
  private var velocity = Homography.identity
  private var change = SceneChange()
  /// Frames since the reference.
  private var heldFrames = 0

  // Where no other reason stands beside them, the numbers here are round ones that were chosen by hand with the clips of
  // Benchmarks/README.md, "Camera motion", in sight.

  /// A mean difference of the frames in grey levels below which they are the same picture: one pixel in ten differs by one level.
  private static let duplicateDifference = 0.1
  /// A frame with fewer features shows nothing to compare.
  private static let fewestFeatures = 30
  /// For so many frames an old reference is kept while the camera stands still.
  private static let longestStandstill = 30
  /// For so many frames without an estimate the last motion is taken to go on.
  private static let longestGap = 5
  /// How many frames a flash may last.
  private static let longestFlash = 3
  /// So many features that agree need no confirmation by brightness: four times as many as a model needs.
  private static let plentifulInliers = 60
  /// If they are at least one in so many of the matches.
  private static let plentifulPart = 4
  /// The share of the followed points that must agree for brightness to confirm a model.
  private static let leastConfirmed = 0.5
  /// A frame may begin another scene if it has at least one in so many of the reference's features.
  private static let leastRichness = 4
  /// A frame without an estimate that has less than one in so many of the reference's features does not become the reference.
  private static let poorness = 3
  /// A correlation needs one in so many of the features of a frame that shows something.
  private static let correlationPart = 3
  /// With a smaller share of the matches, or of the picture's cells that hold any, the model may well be that of a moving object.
  private static let clearShare = 0.6
  /// The least share of followed corners that come back where the flow is to be believed by itself.
  private static let leastSurvival = 0.3
  /// A translation from the correlation of whole frames is believed from this peak on (docs/camera-motion.md, "Where there is little to see").
  private static let leastResponse = 0.15

  /// - Parameters:
  ///   - displayWidth: Of the frames as displayed, in the pixels of the homographies and objects.
  ///   - displayHeight: Likewise.
  public init(settings: CameraMotionSettings = CameraMotionSettings(), displayWidth: Int, displayHeight: Int) throws {
    guard Image.isUsableSize(width: displayWidth, height: displayHeight) else {
      throw ImagingError(
        .invalidArgument, operation: "estimate the camera's motion",
        detail: Image.sizeComplaint(width: displayWidth, height: displayHeight))
    }
    self.settings = settings
    display = Point(Double(displayWidth), Double(displayHeight))
    let extraction = FeatureExtractor.Settings(kind: settings.features, maximumCount: settings.maximumFeatures)
    extractor = try FeatureExtractor(settings: extraction)
    let fitter = RobustFitter(seed: settings.seed)
    byFeatures = FeatureMotion(extraction: extraction, matcher: try FeatureMatcher(), fitter: fitter)
    byFlow = FlowMotion(fitter: fitter)
  }

  /// The motion from the frame of the last call to this one.
  ///
  /// - Parameters:
  ///   - image: The frame in grey at any size; all frames show the whole field of view.
  ///   - objects: What moves by itself, where it was in the last frame, in displayed pixels.
  /// - Returns: The motion in displayed pixels.
  /// - Throws: `ImagingError` for a picture in colour or failures of the library, never for what a picture shows.
  public func estimate(_ image: Image, masking objects: [OrientedBox] = []) throws -> CameraMotion {
    let picture = try analysisPicture(of: image)
    guard let reference, let last, last.width == picture.width, last.height == picture.height else {
      return try start(with: picture)
    }
    let toAnalysis = Point(Double(picture.width) / display.x, Double(picture.height) / display.y)
    let masks = objects.map { ObjectMask($0, scale: toAnalysis) }
    // Objects were seen in the last frame; where the reference is older their places are taken as they are.
    reference.ignore(masks)
    if try ImageComparison.meanDifference(last, picture) < CameraMotionEstimator.duplicateDifference {
      return standstill(features: reference.features.count)
    }
    let current = try spare ?? AnalysisFrame()
    spare = nil
    try current.load(picture, by: extractor)
    let difference = try ImageComparison.meanDifference(reference.thumbnail, current.thumbnail)
    self.last = picture
    return try compare(current, with: reference, difference: difference, masks: masks)
  }
}

// MARK: - Going on another time

extension CameraMotionEstimator {
  /// What it knows of the frames so far.
  public var memory: CameraMotionMemory {
    CameraMotionMemory(
      reference: reference?.image, ignored: reference?.ignored ?? [], last: last, referenceToLast: referenceToLast,
      velocity: velocity,
      change: change, heldFrames: heldFrames)
  }

  /// Goes on as another estimator of the same settings and size would.
  ///
  /// - Throws: `ImagingError` for a memory whose parts do not belong together.
  public func recall(_ memory: CameraMotionMemory) throws {
    reference = try memory.reference.map { picture in
      let frame = try AnalysisFrame()
      try frame.load(picture, by: extractor)
      try frame.restore(ignored: memory.ignored)
      return frame
    }
    (last, referenceToLast, velocity) = (memory.last, memory.referenceToLast, memory.velocity)
    (change, heldFrames) = (memory.change, memory.heldFrames)
  }
}

// MARK: - One frame against the reference

extension CameraMotionEstimator {
  private func compare(
    _ current: AnalysisFrame, with reference: AnalysisFrame, difference: Double, masks: [ObjectMask]
  ) throws -> CameraMotion {
    let prediction = velocity * referenceToLast
    for isGuided in [true, false] {
      let matched = try byFeatures.estimate(from: reference, to: current, prediction: prediction, isGuided: isGuided)
      guard let matched, let motion = try confirmed(matched, from: reference, to: current) else { continue }
      // What keeps its place in a pan may be the object that the camera follows.
      if motion.isStatic, prediction != .identity,
        Appearance(reference.image, current.image, masks: masks).prefers(prediction, to: .identity, by: .overwhelming)
      {
        continue
      }
      let best = try arbitrated(motion, matched, from: reference, to: current, prediction: prediction, masks: masks)
      return accept(best, current, difference)
    }
    let followed = try byFlow.follow(from: reference, to: current, prediction: prediction, masks: masks)
    if let fit = byFlow.fit(followed.pairs, from: reference, prediction: prediction),
      followed.survival >= CameraMotionEstimator.leastSurvival, let motion = chosen(fit, agreesByChance: true)
    {
      return accept(motion, current, difference)
    }
    let correlation = try ImageComparison.phaseCorrelation(reference.image, current.image)
    if canBeAnotherScene(current, than: reference),
      change.isCut(difference: difference, survival: followed.survival, response: correlation.response)
    {
      return cut(current)
    }
    if let motion = translation(correlation, reference, current, masks: masks) { return accept(motion, current, difference) }
    return lose(current, reference, difference)
  }

  /// The motion of matched features, sharpened; nil where it does not pass the tests.
  private func confirmed(
    _ matched: FeatureMotion.Result, from reference: AnalysisFrame, to current: AnalysisFrame
  ) throws -> FrameMotion? {
    guard matched.rejection == nil else { return nil }
    let scaling = FrameScaling(current.image)
    let model = scaling.unscaled(matched.fit.homography, to: scaling)
    let sharpened = try byFlow.sharpen(model, points: matched.inlierSources, from: reference, to: current)
    if let sharpened, sharpened.share >= CameraMotionEstimator.leastConfirmed, var motion = chosen(sharpened) {
      motion.inliers = matched.fit.inliers.count
      return motion
    }
    // The picture's own brightness contradicts, or says nothing: only many features stand by themselves.
    let inliers = matched.fit.inliers.count
    guard inliers >= CameraMotionEstimator.plentifulInliers, inliers * CameraMotionEstimator.plentifulPart >= matched.pairs.count
    else { return nil }
    guard var motion = chosen(FlowMotion.Result(fit: matched.fit, pairs: matched.pairs, scaling: scaling)) else { return nil }
    motion.inliers = inliers
    return motion
  }

  /// The motion, or another one of the same matches that clearly more of the picture speaks for: a large moving object can have most of the
  /// features.
  private func arbitrated(
    _ motion: FrameMotion, _ matched: FeatureMotion.Result, from reference: AnalysisFrame, to current: AnalysisFrame,
    prediction: Homography, masks: [ObjectMask]
  ) throws -> FrameMotion {
    guard !motion.isStatic else { return motion }
    let scaling = FrameScaling(current.image)
    let appearance = Appearance(reference.image, current.image, masks: masks)
    let covered = Double(motion.coverage) / Double(RobustFit.coverage(of: matched.pairs.lazy.map(\.source)))
    let isDoubtful = min(covered, matched.share) < CameraMotionEstimator.clearShare
    let expected = prediction == .identity ? [.identity] : [.identity, prediction]
    guard isDoubtful || expected.contains(where: { appearance.prefers($0, to: motion.homography, by: .overwhelming) })
    else { return motion }
    var rivals = expected.compactMap { byFeatures.result(of: $0, onPairsOf: matched, scaling: scaling) }
    if let second = byFeatures.second(to: matched, scaling: scaling) { rivals.append(second) }
    var best = motion
    for rival in rivals {
      guard let candidate = try confirmed(rival, from: reference, to: current),
        appearance.prefers(candidate.homography, to: best.homography, by: isDoubtful ? .clear : .overwhelming)
      else { continue }
      best = candidate
    }
    return best
  }

  /// The simplest model of pairs of points; nil where it does not pass the tests.
  ///
  /// - Parameter agreesByChance: Whether the pairs are of points that only brightness tells apart: noise then agrees with any small motion.
  private func chosen(_ result: FlowMotion.Result, agreesByChance: Bool = false) -> FrameMotion? {
    let size = result.scaling.size
    let points = result.fit.inliers.map { result.scaling.unscaled(result.pairs[$0].source) }
    let choice = MotionModelChoice.choose(
      result.fit, pairs: result.pairs, allowsStatic: referenceToLast == .identity,
      allowsHomography: test.isSpread(points, width: size.x, height: size.y))
    let agreeing = choice.fit.inliers.map { result.scaling.unscaled(result.pairs[$0].source) }
    let all = agreesByChance ? result.pairs.map { result.scaling.unscaled($0.source) } : agreeing
    let homography = result.scaling.unscaled(choice.fit.homography, to: result.scaling)
    guard PictureReach(of: agreeing, among: all, under: homography, size: size).isWhole else { return nil }
    guard test.rejection(of: homography, width: size.x, height: size.y) == nil else { return nil }
    return FrameMotion(
      homography: homography, inliers: choice.fit.inliers.count, isStatic: choice.isStatic,
      coverage: choice.fit.coverage(of: result.pairs))
  }

  /// Whether both frames show enough to tell scenes apart. A frame that shows much less may be a flash: only when such frames go on are
  /// they another scene.
  private func canBeAnotherScene(_ current: AnalysisFrame, than reference: AnalysisFrame) -> Bool {
    guard min(current.features.count, reference.features.count) >= CameraMotionEstimator.fewestFeatures else { return false }
    return current.features.count * CameraMotionEstimator.leastRichness >= reference.features.count
      || heldFrames >= CameraMotionEstimator.longestFlash
  }

  /// The translation that the correlation of whole frames gives, where the brightness of enough of the picture confirms it: a single bright
  /// object can have the peak.
  private func translation(
    _ correlation: (shift: Point, response: Double), _ reference: AnalysisFrame, _ current: AnalysisFrame, masks: [ObjectMask]
  ) -> FrameMotion? {
    guard correlation.response >= CameraMotionEstimator.leastResponse,
      reference.features.count >= CameraMotionEstimator.fewestFeatures / CameraMotionEstimator.correlationPart
    else { return nil }
    let model = Homography.translation(correlation.shift)
    let size = FrameScaling(reference.image).size
    guard test.rejection(of: model, width: size.x, height: size.y) == nil else { return nil }
    let cells = Appearance(reference.image, current.image, masks: masks).support(of: model)
    return PictureReach(of: cells, among: cells, under: model, size: size).isWhole
      ? FrameMotion(homography: model, inliers: 0) : nil
  }
}

// MARK: - What becomes of the state

extension CameraMotionEstimator {
  private func start(with picture: Image) throws -> CameraMotion {
    let frame = try spare ?? reference ?? AnalysisFrame()
    spare = nil
    try frame.load(picture, by: extractor)
    reference = frame
    last = picture
    beginScene()
    return .first
  }

  private func beginScene() {
    referenceToLast = .identity
    velocity = .identity
    heldFrames = 0
    change.reset()
  }

  private func replaceReference(by current: AnalysisFrame) {
    spare = reference
    reference = current
    referenceToLast = .identity
    heldFrames = 0
  }

  /// Keeps the reference; `motion` is what was reported for the frame that is dropped.
  private func holdReference(dropping current: AnalysisFrame, motion: Homography) {
    spare = current
    referenceToLast = motion * referenceToLast
    heldFrames += 1
  }

  private func accept(_ motion: FrameMotion, _ current: AnalysisFrame, _ difference: Double) -> CameraMotion {
    change.record(difference)
    if motion.isStatic {
      velocity = .identity
      if heldFrames < CameraMotionEstimator.longestStandstill {
        holdReference(dropping: current, motion: .identity)
      } else {
        replaceReference(by: current)
      }
      return standstill(features: motion.inliers)
    }
    let sinceLast = referenceToLast.inverse.map { motion.homography * $0 } ?? motion.homography
    velocity = sinceLast
    replaceReference(by: current)
    return CameraMotion(status: .ok, homography: displayed(sinceLast, current), inliers: motion.inliers)
  }

  private func standstill(features: Int) -> CameraMotion {
    features >= test.minimumInliers
      ? CameraMotion(status: .isStatic, homography: .identity, inliers: features)
      : CameraMotion(status: .degenerate, homography: .identity, inliers: features)
  }

  private func cut(_ current: AnalysisFrame) -> CameraMotion {
    replaceReference(by: current)
    beginScene()
    return CameraMotion(status: .cut, homography: .identity, inliers: 0)
  }

  /// No estimate: the last motion is taken to go on for a while, then none.
  private func lose(_ current: AnalysisFrame, _ reference: AnalysisFrame, _ difference: Double) -> CameraMotion {
    change.record(difference)
    if heldFrames >= CameraMotionEstimator.longestGap { velocity = .identity }
    let guess = velocity
    let isPoorer = current.features.count * CameraMotionEstimator.poorness < reference.features.count
    if isPoorer, heldFrames < CameraMotionEstimator.longestStandstill {
      holdReference(dropping: current, motion: guess)
    } else {
      replaceReference(by: current)
    }
    return CameraMotion(status: .degenerate, homography: displayed(guess, current), inliers: 0)
  }

  /// From analysis pixels to displayed ones.
  private func displayed(_ h: Homography, _ frame: AnalysisFrame) -> Homography {
    let scale = Point(display.x / Double(frame.image.width), display.y / Double(frame.image.height))
    return Homography.scaling(scale.x, scale.y) * h * Homography.scaling(1 / scale.x, 1 / scale.y)
  }

  private func analysisPicture(of image: Image) throws -> Image {
    guard image.channels == 1 else {
      throw ImagingError(.invalidArgument, operation: "estimate the camera's motion", detail: "the picture is not grey")
    }
    let size = AnalysisSize.reduced(width: image.width, height: image.height)
    return size.width == image.width ? image : try image.resized(width: size.width, height: size.height)
  }
}
