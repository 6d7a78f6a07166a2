import Foundation

/// The options of `sextant track` as they can also stand in a configuration file, under the same names.
///
/// Absent ones are nil, so that the command line can be completed by a file and the file by the defaults.
struct TrackConfiguration: Codable, Equatable {
  var output: String?
  var motOutput: String?
  var orientedMotOutput: String?
  var csv: String?
  var overlay: String?
  var overlayLayers: String?
  var timings: String?
  var overwrite: Bool?
  var detector: String?
  var detections: String?
  var detectEvery: Int?
  var detectorDelay: Double?
  var classes: [String]?
  var minScore: Double?
  var roi: String?
  var start: Double?
  var end: Double?
  var maxFrames: Int?
  var fps: Double?
  var live: String?
  var timeout: Double?
  var giveUp: Double?
  var features: String?
  var forecast: Double?
  var acrossCuts: String?
  var backfill: Bool?
  var seed: UInt64?
  var threads: Int?

  enum CodingKeys: String, CodingKey, CaseIterable {
    case output, csv, overlay, timings, overwrite, detector, detections, classes, roi, start, end, fps, live, timeout, features
    case forecast, backfill, seed, threads
    case motOutput = "mot-output"
    case orientedMotOutput = "oriented-mot-output"
    case overlayLayers = "overlay-layers"
    case detectEvery = "detect-every"
    case detectorDelay = "detector-delay"
    case minScore = "min-score"
    case maxFrames = "max-frames"
    case giveUp = "give-up"
    case acrossCuts = "across-cuts"
  }

  init() {}

  init(command: TrackCommand) {
    output = command.output.output
    motOutput = command.output.motOutput
    orientedMotOutput = command.output.orientedMotOutput
    csv = command.output.csv
    overlay = command.output.overlay
    overlayLayers = command.output.overlayLayers
    timings = command.output.timings
    overwrite = command.output.overwrite ? true : nil
    detector = command.detection.detector
    detections = command.detection.detections
    detectEvery = command.detection.detectEvery
    detectorDelay = command.detection.detectorDelay
    classes = command.detection.classes.isEmpty ? nil : command.detection.classes
    minScore = command.detection.minScore
    roi = command.detection.roi
    start = command.source.start
    end = command.source.end
    maxFrames = command.source.maxFrames
    fps = command.source.fps
    live = command.source.live
    timeout = command.source.timeout
    giveUp = command.source.giveUp
    features = command.tracking.features
    forecast = command.tracking.forecast
    acrossCuts = command.tracking.acrossCuts
    backfill = command.tracking.backfill ? true : nil
    seed = command.tracking.seed
    threads = command.threads
  }

  /// This with what is absent taken from another.
  func completed(by other: TrackConfiguration) -> TrackConfiguration {
    var result = self
    result.output = output ?? other.output
    result.motOutput = motOutput ?? other.motOutput
    result.orientedMotOutput = orientedMotOutput ?? other.orientedMotOutput
    result.csv = csv ?? other.csv
    result.overlay = overlay ?? other.overlay
    result.overlayLayers = overlayLayers ?? other.overlayLayers
    result.timings = timings ?? other.timings
    result.overwrite = overwrite ?? other.overwrite
    result.detector = detector ?? other.detector
    result.detections = detections ?? other.detections
    result.detectEvery = detectEvery ?? other.detectEvery
    result.detectorDelay = detectorDelay ?? other.detectorDelay
    result.classes = classes ?? other.classes
    result.minScore = minScore ?? other.minScore
    result.roi = roi ?? other.roi
    result.start = start ?? other.start
    result.end = end ?? other.end
    result.maxFrames = maxFrames ?? other.maxFrames
    result.fps = fps ?? other.fps
    result.live = live ?? other.live
    result.timeout = timeout ?? other.timeout
    result.giveUp = giveUp ?? other.giveUp
    result.features = features ?? other.features
    result.forecast = forecast ?? other.forecast
    result.acrossCuts = acrossCuts ?? other.acrossCuts
    result.backfill = backfill ?? other.backfill
    result.seed = seed ?? other.seed
    result.threads = threads ?? other.threads
    return result
  }
}
