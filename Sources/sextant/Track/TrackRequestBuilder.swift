import ArgumentParser
import Foundation
import Orientation
import Pipeline
import Tracking

/// Brings the command line, the configuration file and the defaults together: the command line wins, then the file.
struct TrackRequestBuilder {
  private let input: String?
  private let file: ConfigurationFile?
  private let options: TrackConfiguration

  /// - Throws: `CommandError` for a configuration file that cannot be used.
  init(command: TrackCommand) throws {
    input = command.input
    file = try command.config.map(ConfigurationFile.init(path:))
    options = TrackConfiguration(command: command).completed(by: try file?.options() ?? TrackConfiguration())
  }

  var timingsPath: String? { options.timings }

  /// - Throws: `CommandError` for a value out of range.
  func request() throws -> TrackRequest {
    var request = TrackRequest(
      input: input, detector: try detector(), outputs: try outputs(), program: ProgramVersion.programText)
    try fill(&request)
    try file?.overlay(on: &request.tracker)
    try request.tracker.check()
    return request
  }

  private func detector() throws -> TrackRequest.DetectorChoice {
    if let detections = options.detections {
      guard options.detector == nil || options.detector == detections else {
        throw CommandError.usage("Both --detector and --detections were given: name one source of detections.")
      }
      return .file(detections)
    }
    guard let detector = options.detector, detector != "motion" else { return .motion }
    return .file(detector)
  }

  private func outputs() throws -> TrackOutputs {
    TrackOutputs(
      stream: options.output ?? "-", mot: options.motOutput, orientedMot: options.orientedMotOutput, csv: options.csv,
      overlay: options.overlay,
      overlayLayers: try OverlayArgument.layers(options.overlayLayers ?? "all", option: "--overlay-layers"),
      overwrites: options.overwrite ?? false)
  }

  private func fill(_ request: inout TrackRequest) throws {
    request.forecastSeconds = try Check.value(options.forecast ?? 0, of: "--forecast", in: 0...60, unit: "seconds")
    request.detectEvery = try Check.value(options.detectEvery ?? 1, of: "--detect-every", in: 1...1_000_000, unit: "frames")
    request.detectorDelayMilliseconds = try Check.value(
      options.detectorDelay ?? 0, of: "--detector-delay", in: 0...60_000, unit: "milliseconds")
    request.startSeconds = try options.start.map { try Check.value($0, of: "--start", in: 0...1e9, unit: "seconds") }
    request.endSeconds = try options.end.map { try Check.value($0, of: "--end", in: 0...1e9, unit: "seconds") }
    if let start = request.startSeconds, let end = request.endSeconds, end <= start {
      throw CommandError.usage("--end \(end) does not lie after --start \(start).")
    }
    request.maximumFrames = try options.maxFrames.map {
      try Check.value($0, of: "--max-frames", in: 1...Int(Int32.max), unit: "frames")
    }
    request.classes = options.classes ?? []
    request.minimumScore = try Check.value(options.minScore ?? 0, of: "--min-score", in: 0...1, unit: "")
    request.regionOfInterest = options.roi
    request.cutPolicy = try Check.choice(options.acrossCuts ?? "reset", of: "--across-cuts")
    request.livePolicy = try Check.choice(options.live ?? "latest", of: "--live")
    request.framesPerSecond = try options.fps.map {
      try Check.value($0, of: "--fps", in: 0.001...100_000, unit: "frames per second")
    }
    request.readTimeoutSeconds = try Check.value(options.timeout ?? 10, of: "--timeout", in: 0.1...3600, unit: "seconds")
    request.giveUpSeconds = try Check.value(options.giveUp ?? 30, of: "--give-up", in: 0...1e7, unit: "seconds")
    let cores = ProcessInfo.processInfo.activeProcessorCount
    request.threads = try Check.value(options.threads ?? cores, of: "--threads", in: 1...1024, unit: "threads")
    request.backfills = options.backfill ?? false
    request.seed = options.seed ?? 0
    request.cameraMotion.features = try Check.choice(options.features ?? "orb", of: "--features")
    request.cameraMotion.seed = request.seed
  }
}

/// Checks of option values, one message form for all.
enum Check {
  static func value<Value: Comparable & CustomStringConvertible>(
    _ value: Value, of option: String, in range: ClosedRange<Value>, unit: String
  ) throws -> Value {
    // A NaN compares false with both ends and so is refused too.
    guard value >= range.lowerBound, value <= range.upperBound else {
      let suffix = unit.isEmpty ? "" : " \(unit)"
      throw CommandError.usage("\(option) \(value) is out of range: give \(range.lowerBound) to \(range.upperBound)\(suffix).")
    }
    return value
  }

  static func choice<Choice: RawRepresentable & CaseIterable>(_ text: String, of option: String) throws -> Choice
  where Choice.RawValue == String {
    if let choice = Choice(rawValue: text) { return choice }
    let choices = Choice.allCases.map(\.rawValue).joined(separator: ", ")
    throw CommandError.usage("\(option) \(text) is not known: choose from \(choices).")
  }
}
