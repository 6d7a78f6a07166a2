import Checkpoints
import Detection
import Geometry
import Imaging
import Orientation
import Video

/// The third stage: what is in the picture, with the filters that the user asked for.
final class DetectionStage: MiddleStage {
  private var detector: any Detector
  private let filter: DetectionFilter
  private let observer: DetectionObserver?
  private let every: Int
  private let timings: StageTimings
  /// The camera's motion since the detector last saw a frame.
  private var pending: CameraMotion?

  /// - Parameter observer: Tells how detections look; nil where nobody asks.
  init(
    detector: any Detector, filter: DetectionFilter, observer: DetectionObserver? = nil, every: Int, timings: StageTimings
  ) {
    self.detector = detector
    (self.filter, self.observer) = (filter, observer)
    self.every = max(1, every)
    self.timings = timings
  }

  var classes: [String] { detector.classes }

  /// What it knows of the frames so far, and behind it what the detector knows, as bytes.
  func memory() throws -> [UInt8] {
    try StateEncoder.bytes(
      of: Memory(pending: pending, detector: try detector.memory.map { memory in try StateEncoder.bytes(of: memory) }))
  }

  private struct Memory: Codable {
    var pending: CameraMotion?
    var detector: [UInt8]?
  }

  func note(in memories: inout StageMemories) throws { memories.detection = try memory() }

  /// Goes on as another stage with the same detector would.
  ///
  /// - Throws: `DecodingError` for what is no such memory.
  func recall(_ bytes: [UInt8]) throws {
    let memory = try StateDecoder.value(Memory.self, from: bytes)
    pending = memory.pending
    guard let known = memory.detector else { return }
    try StateDecoder.read(known) { try detector.recall(from: $0) }
  }

  /// Fills in the detections of every n-th frame.
  func process(_ work: inout FrameWork) throws {
    let motion = pending.map { $0.followed(by: work.motion) } ?? work.motion
    guard work.sequence % every == 0 else {
      pending = motion
      return
    }
    pending = nil
    let fine = try timings.measure(.detection) { try finePicture(of: work.frame) }
    let color =
      try detector.needsColor || observer != nil ? timings.measure(.detection) { try work.frame.colorImage() } : nil
    let chroma = try detector.needsChroma ? timings.measure(.detection) { try chromaPictures(of: work.frame) } : nil
    let input = DetectionInput(
      image: work.image, fine: fine, color: color, chroma: chroma, black: work.frame.black, displayWidth: work.frame.width,
      displayHeight: work.frame.height, motion: motion, time: work.frame.seconds, ordinal: work.frame.ordinal)
    work.detections = try timings.measure(.detection) {
      try chosen(try detector.detect(input), color, work.frame)
    }
  }

  /// The detections that count, with their looks where somebody asks for them: names that looks give are what is filtered by.
  private func chosen(_ detections: [DetectedBox], _ picture: Image?, _ frame: Frame) throws -> [DetectedBox] {
    let (width, height) = (frame.width, frame.height)
    guard let observer, let picture else { return filter.apply(to: detections, width: width, height: height) }
    if observer.namesDetections {
      return filter.apply(to: try observer.look(at: detections, in: picture), width: width, height: height)
    }
    return try observer.look(at: filter.apply(to: detections, width: width, height: height), in: picture)
  }

  private func chromaPictures(of frame: Frame) throws -> ChromaPictures? {
    try frame.chroma(resizedTo: AnalysisSize.chroma(width: frame.width, height: frame.height))
  }

  /// The picture at the size that the detector asks for, where the analysis picture is smaller.
  private func finePicture(of frame: Frame) throws -> Image? {
    try detector.finestWidth.flatMap { try frame.finePicture(widest: $0) }
  }
}

extension Frame {
  /// The grey picture of up to a width, in which small objects are looked for; nil where the analysis picture is as fine.
  func finePicture(widest: Int) throws -> Image? {
    let size = AnalysisSize.fine(width: width, height: height, widest: widest)
    guard size.width > AnalysisSize.of(width: width, height: height).width else { return nil }
    return try grey(resizedTo: size)
  }
}

extension CameraMotion {
  /// This motion and then another: the worse status of the two, as nothing is known across it.
  func followed(by next: CameraMotion) -> CameraMotion {
    let statuses = [status, next.status]
    let worst: Status
    if statuses.contains(.cut) {
      worst = .cut
    } else if statuses.contains(.first) {
      worst = .first
    } else if statuses.contains(.degenerate) {
      worst = .degenerate
    } else {
      worst = statuses == [.isStatic, .isStatic] ? .isStatic : .ok
    }
    return CameraMotion(
      status: worst, homography: next.homography * homography, inliers: min(inliers, next.inliers))
  }
}
