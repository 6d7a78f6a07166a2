import Detection
import Geometry
import Records

/// Detections of one sequence without pictures: frames at a fixed rate, from the file alone.
struct DetectionSequence {
  /// The rate of a file for which none is given or known; MOTChallenge's and most videos'.
  private static let defaultRate = 30.0

  let classes: [String]
  let warnings: [String]
  let frameCount: Int
  let source: StreamSource
  private let detector: FileDetector
  private let framesPerSecond: Double
  private let detectEvery: Int
  private let range: Range<Int>
  private let size: (width: Int, height: Int)

  /// - Throws: `RecordsError` for a file that cannot be read.
  init(path: String, request: TrackRequest) throws {
    let table = try DetectionFile.read(path)
    let information = SequenceInformation.beside(path)
    detector = FileDetector(table: table)
    classes = detector.classes
    let rate = request.framesPerSecond ?? information?.frameRate
    framesPerSecond = rate ?? DetectionSequence.defaultRate
    let rateWarning = rate == nil ? ["\(path): the file has no times; --fps gives its rate, 30 is assumed"] : []
    warnings = DetectionFile.warnings(table, path: path) + rateWarning
    size = (information?.width ?? 0, information?.height ?? 0)
    detectEvery = request.detectEvery
    range = DetectionSequence.range(request, frameCount: table.frameCount, rate: framesPerSecond)
    frameCount = range.count
    source = StreamSource(
      uri: path, kind: "detections", width: information?.width, height: information?.height,
      frameRate: DetectionSequence.ratio(framesPerSecond), duration: Double(table.frameCount) / framesPerSecond)
  }

  /// The frames in order; frames without detections too, for time passes in them.
  func frames(filter: DetectionFilter) -> some Sequence<TrackedFrame> {
    range.lazy.map { frame in
      TrackedFrame(
        ordinal: frame, pts: nil, time: Double(frame) / framesPerSecond, isKey: nil, width: size.width, height: size.height,
        camera: nil, detections: detections(in: frame, filter: filter), picture: nil)
    }
  }

  private func detections(in frame: Int, filter: DetectionFilter) -> [DetectedBox]? {
    guard (frame - range.lowerBound) % detectEvery == 0 else { return nil }
    return filter.apply(to: detector.detections(inFrame: frame), width: size.width, height: size.height)
  }

  /// The frames between the times that were asked for, and no more of them than were asked for.
  private static func range(_ request: TrackRequest, frameCount: Int, rate: Double) -> Range<Int> {
    func frame(at seconds: Double) -> Int { Int(min((seconds * rate).rounded(.up), Double(frameCount))) }
    let first = request.startSeconds.map(frame) ?? 0
    let end = request.endSeconds.map(frame) ?? frameCount
    return first..<max(first, min(end, first + min(request.maximumFrames ?? frameCount, frameCount)))
  }

  /// The rate as a fraction of small integers, exact for whole rates and for thousandths.
  private static func ratio(_ rate: Double) -> StreamRatio {
    rate == rate.rounded() ? StreamRatio(Int(rate), 1) : StreamRatio(Int((rate * 1000).rounded()), 1000)
  }
}
