import Records

/// One setting of a tracking run, declared once: it is an option of the command, a line of a configuration file and, where it can change
/// a result, an entry of the stream's header, under one name in all three.
///
/// `TrackSetting.all` lists them; a new one is a row there and the property of `TrackRequest` that it sets.
public struct TrackSetting: Sendable {
  /// The heading under which a setting is explained.
  public enum Section: String, Sendable, CaseIterable {
    case output = "Output"
    case detection = "Detection"
    case input = "Input"
    case tracking = "Tracking"
    case running = "Running"
  }

  /// What a value looks like.
  public enum Form: Sendable, Equatable {
    /// On or off.
    case flag
    /// One value, described by a word.
    case value(String)
    /// One of these words.
    case choice([String])
    /// One value, described by a word; these are the usual ones.
    case words(String, [String])
    /// Several values, each described by a word.
    case list(String)
    /// A path, with the extensions that such files usually have.
    case file(String, extensions: [String])
  }

  /// Where the value stands in a stream's header.
  public enum HeaderPlace: Sendable, Equatable {
    /// Among the header's `settings`, under its own name.
    case settings
    /// In the header itself, under its own name.
    case top
    /// Nowhere: it does not change the result, which must not depend on it, or stands there as another setting.
    case absent
  }

  /// The name in files and headers, `detect_every`; as an option `--detect-every`.
  public let name: String
  /// Where it is explained.
  public let section: Section
  /// What its value looks like.
  public let form: Form
  /// Where its value stands in a stream's header.
  public let place: HeaderPlace
  /// One sentence.
  public let help: String
  /// The default as text; nil where there is none, or where the sentence says what holds.
  public let defaultText: String?
  /// Whether it is left out of help texts.
  public var isHidden = false
  /// A one-letter name as an option.
  public var letter: Character?
  /// A setting that says the same thing otherwise: of the two one is given.
  public var rival: String?
  let assign: @Sendable ([String], inout TrackRequest) throws -> Void
  let value: @Sendable (TrackRequest) -> JSONValue

  /// Sets the value from its texts, of which all forms but lists have one.
  ///
  /// - Throws: `TrackSettingError` for a text that is no value of this setting.
  public func apply(_ texts: [String], to request: inout TrackRequest) throws {
    if case .list = form { return try assign(texts, &request) }
    guard texts.count == 1 else { throw TrackSettingError(setting: name, problem: "takes one value, not \(texts.count)") }
    try assign(texts, &request)
  }

  /// The value in force, as a stream's header tells it.
  public func value(in request: TrackRequest) -> JSONValue { value(request) }
}

/// A value that a setting cannot have.
public struct TrackSettingError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The setting's name, `min_score`.
  public let setting: String
  /// The name of a setting that it cannot be had together with.
  public let rival: String?
  /// What is wrong and what to do, to be read after the name.
  public let problem: String

  init(setting: String, problem: String) { (self.setting, self.rival, self.problem) = (setting, nil, problem) }

  /// - Parameter reason: Why the two cannot be had together, and what to do.
  init(setting: String, excludes rival: String, _ reason: String) {
    (self.setting, self.rival, self.problem) = (setting, rival, "exclude each other: \(reason)")
  }

  /// One sentence.
  public var description: String { sentence { $0 } }

  /// One sentence, with the settings called as a user knows them.
  ///
  /// - Parameter naming: What stands for a setting's name.
  public func sentence(naming: (String) -> String) -> String {
    "\(naming(setting)) \(rival.map { "and \(naming($0)) " } ?? "")\(problem)"
  }
}

/// A number that a setting can hold.
protocol SettingNumber: LosslessStringConvertible, Comparable, Sendable {
  var json: JSONValue { get }
  /// As people write it: without a fraction of zero.
  var plain: String { get }
}

extension Double: SettingNumber {
  var json: JSONValue { .real(self) }
  var plain: String { Int(exactly: self).map(String.init) ?? description }
}

extension Int: SettingNumber {
  var json: JSONValue { .integer(self) }
  var plain: String { description }
}

extension UInt64: SettingNumber {
  // Headers hold numbers of 64 bits with a sign; larger seeds are refused by their range.
  var json: JSONValue { .integer(Int(clamping: self)) }
  var plain: String { description }
}

// MARK: - Kinds of settings

extension TrackSetting {
  /// A number with a default.
  static func number<Number: SettingNumber>(
    _ name: String, _ section: Section, _ path: WritableKeyPath<TrackRequest, Number> & Sendable, in range: ClosedRange<Number>,
    unit: String, place: HeaderPlace = .settings, showsDefault: Bool = true, _ help: String
  ) -> TrackSetting {
    TrackSetting(
      name: name, section: section, form: .value(word(unit)), place: place, help: help,
      defaultText: showsDefault ? TrackRequest()[keyPath: path].plain : nil,
      assign: { $1[keyPath: path] = try parse($0[0], name, range, unit) }, value: { $0[keyPath: path].json })
  }

  /// A number that may be left open.
  static func number<Number: SettingNumber>(
    _ name: String, _ section: Section, _ path: WritableKeyPath<TrackRequest, Number?> & Sendable, in range: ClosedRange<Number>,
    unit: String, place: HeaderPlace = .settings, _ help: String
  ) -> TrackSetting {
    TrackSetting(
      name: name, section: section, form: .value(word(unit)), place: place, help: help, defaultText: nil,
      assign: { $1[keyPath: path] = try parse($0[0], name, range, unit) }, value: { $0[keyPath: path]?.json ?? .null })
  }

  /// One of a few words.
  static func choice<Choice: RawRepresentable<String> & CaseIterable & SendableMetatype>(
    _ name: String, _ section: Section, _ path: WritableKeyPath<TrackRequest, Choice> & Sendable,
    place: HeaderPlace = .settings, _ help: String
  ) -> TrackSetting {
    let words = Choice.allCases.map(\.rawValue)
    return TrackSetting(
      name: name, section: section, form: .choice(words), place: place, help: help,
      defaultText: TrackRequest()[keyPath: path].rawValue,
      assign: { texts, request in
        guard let choice = Choice(rawValue: texts[0]) else {
          throw TrackSettingError(setting: name, problem: "\(texts[0]) is not known: choose from \(words.joined(separator: ", "))")
        }
        request[keyPath: path] = choice
      }, value: { .text($0[keyPath: path].rawValue) })
  }

  /// On or off.
  static func flag(
    _ name: String, _ section: Section, _ path: WritableKeyPath<TrackRequest, Bool> & Sendable, place: HeaderPlace = .settings,
    _ help: String
  ) -> TrackSetting {
    TrackSetting(
      name: name, section: section, form: .flag, place: place, help: help, defaultText: nil,
      assign: { texts, request in
        guard let flag = ["true": true, "yes": true, "on": true, "false": false, "no": false, "off": false][texts[0].lowercased()]
        else { throw TrackSettingError(setting: name, problem: "\(texts[0]) is neither true nor false") }
        request[keyPath: path] = flag
      }, value: { .flag($0[keyPath: path]) })
  }

  /// A path that may be left open.
  static func file(
    _ name: String, _ section: Section, _ path: WritableKeyPath<TrackRequest, String?> & Sendable, word: String = "file",
    extensions: [String] = [], place: HeaderPlace = .absent, _ help: String
  ) -> TrackSetting {
    TrackSetting(
      name: name, section: section, form: .file(word, extensions: extensions), place: place, help: help, defaultText: nil,
      assign: { $1[keyPath: path] = $0[0] }, value: { $0[keyPath: path].map { .text($0) } ?? .null })
  }

  private static func parse<Number: SettingNumber>(
    _ text: String, _ name: String, _ range: ClosedRange<Number>, _ unit: String
  ) throws -> Number {
    let suffix = unit.isEmpty ? "" : " \(unit)"
    // A NaN compares false with both ends and so is refused too.
    guard let number = Number(text), number >= range.lowerBound, number <= range.upperBound else {
      let problem = Double(text) == nil ? "is not such a number" : "is out of range"
      throw TrackSettingError(
        setting: name, problem: "\(text) \(problem): give \(range.lowerBound.plain) to \(range.upperBound.plain)\(suffix)")
    }
    return number
  }

  /// The word that stands for a number in help texts.
  private static func word(_ unit: String) -> String { unit.split(separator: " ").first.map(String.init) ?? "p" }
}
