import Detection
import Foundation
import Pipeline
import Tracking
import Yams

/// A YAML file with settings of a tracking run by their names, the tracker's own under `tracker` and the motion detector's under `detector`,
/// spelt as in a stream's header.
///
/// A name that does not exist is an error, not ignored: a misspelt setting must not look as if it were in force.
struct ConfigurationFile {
  /// Files beyond this are not configurations.
  private static let maximumBytes = 1 << 20
  /// Lists beyond this are not settings; aliases can make them longer than the file.
  private static let maximumValues = 10_000
  /// A group of settings under one key.
  enum Section: String {
    case tracker, detector
  }

  let path: String
  /// What a user should know about the file.
  private(set) var warnings: [String] = []
  private var texts: [String: [String]] = [:]
  private var sections: [Section: [String: Node]] = [:]

  /// - Throws: `CommandError` for a file that is missing, too large or no YAML, or that has a name or value that no setting has.
  init(path: String) throws {
    self.path = path
    guard let data = FileManager.default.contents(atPath: path) else {
      throw CommandError.missingInput("cannot read the configuration \(path): there is no such readable file")
    }
    guard data.count <= ConfigurationFile.maximumBytes, let text = String(data: data, encoding: .utf8) else {
      throw CommandError.malformed("cannot read the configuration \(path): it is not a text of at most 1 MB")
    }
    for (key, value) in try pairs(in: text) {
      if key.string == Section.tracker.rawValue {
        sections[.tracker] = try section(value, named: "tracker", names: SettingsText.names(of: TrackerSettings()))
        continue
      }
      // The detector is a word or a section.
      if key.string == Section.detector.rawValue, case .mapping = value {
        try readDetector(value)
        continue
      }
      if HeaderFact(rawValue: key.string ?? "") != nil { continue }
      let name = try name(key, among: TrackSetting.all.map(\.name), kind: "an option of 'sextant track'")
      // As a header tells what nobody asked for.
      if value.null != nil { continue }
      texts[name] = try values(of: name, in: value)
    }
  }

  /// The texts of a setting, nil where the file does not name it.
  func texts(of setting: TrackSetting) -> [String]? { texts(named: setting.name) }

  /// The same by the setting's name.
  func texts(named name: String) -> [String]? { texts[name] }

  /// Replaces those of a group's settings that the file names.
  func overlay<Settings: Codable>(_ section: Section, on settings: inout Settings) throws {
    guard let given = sections[section], !given.isEmpty else { return }
    do {
      settings = try SettingsText.replacing(given, in: settings)
    } catch let DecodingError.typeMismatch(_, context), let DecodingError.dataCorrupted(context) {
      let name = context.codingPath.map { SettingsJSON.snakeCase($0.stringValue) }.joined(separator: ".")
      throw CommandError.malformed("cannot read the configuration \(path): the value of '\(name)' is not of its kind")
    }
  }

  // MARK: - Reading

  private func pairs(in text: String) throws -> [(Node, Node)] {
    if let problem = YAMLExpansion.problem(in: text) {
      throw CommandError.malformed("cannot read the configuration \(path): \(problem)")
    }
    let node: Node?
    do {
      node = try Yams.compose(yaml: text)
    } catch let error as YamlError {
      throw CommandError.malformed("cannot read the configuration \(path): \(error.sentence)")
    }
    if let problem = YAMLExpansion.problem(in: node) {
      throw CommandError.malformed("cannot read the configuration \(path): \(problem)")
    }
    switch node {
    case nil: return []
    case .mapping(let mapping)?: return mapping.map { ($0.key, $0.value) }
    default: throw CommandError.malformed("cannot read the configuration \(path): give 'name: value' lines")
    }
  }

  /// Groups of settings within the detector's, by their names.
  private static let groups: [String: any Sendable] = ["objects": ObjectMemorySettings(), "cues": MotionCues()]

  /// The detector's section: its settings, and as in a header which one it is.
  private mutating func readDetector(_ node: Node) throws {
    let names = SettingsText.names(of: MotionDetectorSettings())
    var given = try section(node, named: "detector", names: ["kind", "file"] + names)
    let kind = given.removeValue(forKey: "kind")?.string
    let file = given.removeValue(forKey: "file")?.string
    guard kind == nil || kind == "motion" || (["file", "network"].contains(kind) && file != nil) else {
      throw CommandError.malformed(
        "cannot read the configuration \(path): the detector's kind is motion, or file or network with a file")
    }
    if let detector = kind == "motion" ? kind : file { texts["detector"] = [detector] }
    for (name, settings) in Self.groups {
      guard let part = given[name] else { continue }
      let own = try section(part, named: name, names: SettingsText.names(of: settings))
      given[name] = .mapping(Node.Mapping(own.sorted { $0.key < $1.key }.map { (Node($0.key), $0.value) }))
    }
    sections[.detector] = given
  }

  /// The values of a section by their names.
  private mutating func section(_ node: Node, named title: String, names: [String]) throws -> [String: Node] {
    guard case .mapping(let given) = node else {
      throw CommandError.malformed("cannot read the configuration \(path): '\(title)' is not a list of 'name: value' lines")
    }
    var values: [String: Node] = [:]
    for (key, value) in given {
      let name = try name(key, among: names, kind: "a setting of the \(title)")
      if case .mapping = value, Self.groups[name] != nil {} else { _ = try self.values(of: name, in: value) }
      values[name] = value
    }
    return values
  }

  /// The name as it is spelt now; files of earlier versions have dashes and capitals.
  private mutating func name(_ key: Node, among known: [String], kind: String) throws -> String {
    let written = key.string ?? ""
    if known.contains(written) { return written }
    let name = SettingsJSON.snakeCase(written.map { $0 == "-" ? "_" : String($0) }.joined())
    let line = key.mark.map { " line \($0.line):" } ?? ""
    guard known.contains(name) else {
      let hint = NearestWord.hint(for: name, among: known)
      let shown = written.prefix(60)
      throw CommandError.usage(
        "cannot read the configuration \(path):\(line) '\(shown)' is not \(kind)\(hint.isEmpty ? "; there are \(known.sorted().joined(separator: ", "))" : hint)"
      )
    }
    warnings.append("\(path):\(line) '\(written)' is spelt \(name) now")
    return name
  }

  private func values(of name: String, in node: Node) throws -> [String] {
    let nodes: [Node]
    if case .sequence(let list) = node {
      nodes = list.prefix(ConfigurationFile.maximumValues + 1).map { $0 }
    } else {
      nodes = [node]
    }
    let texts = nodes.compactMap { $0.scalar?.string }
    guard texts.count == nodes.count, nodes.count <= ConfigurationFile.maximumValues else {
      throw CommandError.malformed(
        "cannot read the configuration \(path): the value of '\(name)' is neither one value nor a list of them")
    }
    return texts
  }
}

/// Groups of settings as YAML, spelt as in a stream's header.
enum SettingsText {
  /// The names of all settings, `maximum_gap`.
  static func names(of settings: Any) -> [String] {
    Mirror(reflecting: settings).children.compactMap { $0.label.map(SettingsJSON.snakeCase) }
  }

  /// The `tracker` section of a configuration file with all settings.
  static func yaml(_ settings: TrackerSettings) throws -> String {
    let encoded = try YAMLEncoder().encode(["tracker": settings])
    return encoded.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      guard let colon = line.firstIndex(of: ":") else { return String(line) }
      return SettingsJSON.snakeCase(String(line[..<colon])) + line[colon...]
    }.joined(separator: "\n")
  }

  /// Settings with some of them taken from a file.
  ///
  /// - Throws: `DecodingError` for a value that is not of its kind.
  static func replacing<Settings: Codable>(_ values: [String: Node], in settings: Settings) throws -> Settings {
    guard let present = try Yams.compose(yaml: YAMLEncoder().encode(settings)) else { return settings }
    let given = Node.mapping(Node.Mapping(values.sorted { $0.key < $1.key }.map { (Node($0.key), $0.value) }))
    return try YAMLDecoder().decode(Settings.self, from: Yams.serialize(node: merged(present, given)))
  }

  /// The present values, spelt as properties, with those of a file, spelt as names.
  private static func merged(_ present: Node, _ given: Node) -> Node {
    guard case .mapping(let before) = present, case .mapping(let values) = given else { return given }
    return .mapping(
      Node.Mapping(
        before.map { key, value in
          let name = SettingsJSON.snakeCase(key.string ?? "")
          return (key, values.first { $0.key.string == name }.map { merged(value, $0.value) } ?? value)
        }))
  }
}

extension YamlError {
  /// What is wrong and where, without the text of the file.
  var sentence: String {
    switch self {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
      "line \(mark.line): \(problem)"
    case .duplicatedKeysInMapping: "a name stands in it twice"
    case .reader(let problem, _, _, _): problem
    default: "it is no YAML"
    }
  }
}
