import Records
import Tracking
import Video

/// The header of a stream: the source and every option in force.
struct HeaderBuilder {
  let request: TrackRequest
  /// Whether the times rest on a rate that nobody gave.
  let isRateAssumed: Bool
  /// How a network's output is read; nil without one.
  var detectorLayout: String?

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

  private var settings: JSONValue {
    let given = TrackSetting.all.filter { $0.place == .settings }.map { ($0.name, $0.value(in: request)) }
    let assumed: [(String, JSONValue)] = isRateAssumed ? [(HeaderFact.isRateAssumed.rawValue, .flag(true))] : []
    let layout: [(String, JSONValue)] = detectorLayout.map { [(HeaderFact.detectorLayout.rawValue, .text($0))] } ?? []
    return .object(given + layout + assumed + [("tracker", SettingsJSON.value(of: request.tracker))])
  }
}

/// A settings structure as JSON, its properties in the order of their declaration and spelt as everywhere in files: `maximum_gap`.
public enum SettingsJSON {
  /// The properties that are numbers, texts, choices, lists of numbers and groups of such properties.
  public static func value(of settings: some Sendable) -> JSONValue { object(settings) }

  private static func object(_ settings: Any) -> JSONValue {
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
    case let group where Mirror(reflecting: group).displayStyle == .struct: object(group)
    default: nil
    }
  }

  /// `maximum_gap` for `maximumGap`.
  public static func snakeCase(_ name: String) -> String {
    name.reduce(into: "") { text, character in
      text += character.isUppercase ? "_" + character.lowercased() : String(character)
    }
  }
}

/// What stands among a header's settings and is no setting: it was found, not asked for.
public enum HeaderFact: String, CaseIterable {
  /// The layout of a network's output.
  case detectorLayout = "detector_layout"
  /// Whether times rest on a rate that nobody gave.
  case isRateAssumed = "frame_rate_assumed"
}
