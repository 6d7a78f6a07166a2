import Records
import Tracking
import Video

/// The header of a stream: the source and every option in force.
struct HeaderBuilder {
  let request: TrackRequest

  func header(source: SourceInformation, classes: [String]) -> StreamHeader {
    header(source: StreamSource(source), classes: classes)
  }

  func header(detections sequence: DetectionSequence) -> StreamHeader {
    header(source: sequence.source, classes: sequence.classes)
  }

  private func header(source: StreamSource, classes: [String]) -> StreamHeader {
    StreamHeader(
      program: request.program, source: source, settings: settings, classes: classes, seed: request.seed)
  }

  /// The number of threads and the names of the outputs stay out: they do not change the result, and it must not depend on them.
  private var settings: JSONValue {
    .object([
      ("detector", .text(detector)),
      ("detect_every", .integer(request.detectEvery)),
      ("classes", .list(request.classes.map { .text($0) })),
      ("min_score", .real(request.minimumScore)),
      ("roi", request.regionOfInterest.map { .text($0) } ?? .null),
      ("features", .text(request.cameraMotion.features.rawValue)),
      ("forecast", .real(request.forecastSeconds)),
      ("start", request.startSeconds.map { .real($0) } ?? .null),
      ("end", request.endSeconds.map { .real($0) } ?? .null),
      ("max_frames", request.maximumFrames.map { .integer($0) } ?? .null),
      ("across_cuts", .text(request.cutPolicy.rawValue)),
      ("live", .text(request.livePolicy.rawValue)),
      ("fps", request.framesPerSecond.map { .real($0) } ?? .null),
      ("backfill", .flag(request.backfills)),
      ("tracker", SettingsJSON.value(of: request.trackerSettings)),
    ])
  }

  private var detector: String {
    switch request.detector {
    case .motion: "motion"
    case .file(let path): path
    }
  }
}

/// A settings structure as JSON, its properties in the order of their declaration.
enum SettingsJSON {
  static func value(of settings: some Sendable) -> JSONValue {
    .object(
      Mirror(reflecting: settings).children.compactMap { child in
        child.label.flatMap { label in scalar(child.value).map { (snakeCase(label), $0) } }
      })
  }

  private static func scalar(_ value: Any) -> JSONValue? {
    switch value {
    case let flag as Bool: .flag(flag)
    case let integer as Int: .integer(integer)
    case let real as Double: .real(real)
    case let text as String: .text(text)
    case let list as [Double]: .list(list.map { .real($0) })
    case let choice as any RawRepresentable<String>: .text(choice.rawValue)
    default: nil
    }
  }

  private static func snakeCase(_ name: String) -> String {
    name.reduce(into: "") { text, character in
      text += character.isUppercase ? "_" + character.lowercased() : String(character)
    }
  }
}
