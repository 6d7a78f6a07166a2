import Foundation
import Pipeline
import Tracking
import Yams

/// A YAML file with settings of a tracking run by their names and the tracker's own under `tracker`, spelt as in a stream's header.
///
/// A name that does not exist is an error, not ignored: a misspelt setting must not look as if it were in force.
struct ConfigurationFile {
  /// Files beyond this are not configurations.
  private static let maximumBytes = 1 << 20
  /// Lists beyond this are not settings; aliases can make them longer than the file.
  private static let maximumValues = 10_000
  private static let trackerKey = "tracker"

  let path: String
  /// What a user should know about the file.
  private(set) var warnings: [String] = []
  private var texts: [String: [String]] = [:]
  private var tracker: [String: Node] = [:]

  /// - Throws: `CommandError` for a file that is missing, too large or no YAML, or that has a name or value that no setting has.
  init(path: String) throws {
    self.path = path
    guard let data = FileManager.default.contents(atPath: path) else {
      throw CommandError.missingInput("Reading the configuration \(path): there is no such readable file.")
    }
    guard data.count <= ConfigurationFile.maximumBytes, let text = String(data: data, encoding: .utf8) else {
      throw CommandError.malformed("Reading the configuration \(path): it is not a text of at most 1 MB.")
    }
    for (key, value) in try pairs(in: text) {
      guard key.string != ConfigurationFile.trackerKey else {
        try readTracker(value)
        continue
      }
      let name = try name(key, among: TrackSetting.all.map(\.name), kind: "an option of 'sextant track'")
      texts[name] = try values(of: name, in: value)
    }
  }

  /// The texts of a setting, nil where the file does not name it.
  func texts(of setting: TrackSetting) -> [String]? { texts[setting.name] }

  /// Replaces those of the tracker's settings that the file names.
  func overlay(on settings: inout TrackerSettings) throws {
    guard !tracker.isEmpty else { return }
    do {
      settings = try TrackerSettingsText.replacing(tracker, in: settings)
    } catch let DecodingError.typeMismatch(_, context), let DecodingError.dataCorrupted(context) {
      let name = context.codingPath.map { SettingsJSON.snakeCase($0.stringValue) }.joined(separator: ".")
      throw CommandError.malformed("Reading the configuration \(path): the value of '\(name)' is not of its kind.")
    }
  }

  // MARK: - Reading

  private func pairs(in text: String) throws -> [(Node, Node)] {
    if let problem = YAMLExpansion.problem(in: text) {
      throw CommandError.malformed("Reading the configuration \(path): \(problem).")
    }
    let node: Node?
    do {
      node = try Yams.compose(yaml: text)
    } catch let error as YamlError {
      throw CommandError.malformed("Reading the configuration \(path): \(error.sentence).")
    }
    if let problem = YAMLExpansion.problem(in: node) {
      throw CommandError.malformed("Reading the configuration \(path): \(problem).")
    }
    switch node {
    case nil: return []
    case .mapping(let mapping)?: return mapping.map { ($0.key, $0.value) }
    default: throw CommandError.malformed("Reading the configuration \(path): give 'name: value' lines.")
    }
  }

  private mutating func readTracker(_ section: Node) throws {
    guard case .mapping(let given) = section else {
      throw CommandError.malformed("Reading the configuration \(path): 'tracker' is not a list of 'name: value' lines.")
    }
    for (key, value) in given {
      let name = try name(key, among: TrackerSettingsText.names, kind: "a setting of the tracker")
      _ = try values(of: name, in: value)
      tracker[name] = value
    }
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
        "Reading the configuration \(path):\(line) '\(shown)' is not \(kind)\(hint.isEmpty ? "; there are \(known.sorted().joined(separator: ", "))." : hint)"
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
        "Reading the configuration \(path): the value of '\(name)' is neither one value nor a list of them.")
    }
    return texts
  }
}

/// The tracker's settings as YAML, spelt as in a stream's header.
enum TrackerSettingsText {
  /// The names of all settings, `maximum_gap`.
  static var names: [String] { properties.map(\.name) }

  private static var properties: [(name: String, property: String)] {
    Mirror(reflecting: TrackerSettings()).children.compactMap { child in
      child.label.map { (SettingsJSON.snakeCase($0), $0) }
    }
  }

  /// The section of a configuration file with all settings.
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
  static func replacing(_ values: [String: Node], in settings: TrackerSettings) throws -> TrackerSettings {
    guard case .mapping(let present)? = try Yams.compose(yaml: YAMLEncoder().encode(settings)) else { return settings }
    let given = properties.compactMap { entry in values[entry.name].map { (Node(entry.property), $0) } }
    let kept = present.filter { pair in !given.contains { $0.0.string == pair.key.string } }.map { ($0.key, $0.value) }
    return try YAMLDecoder().decode(TrackerSettings.self, from: Yams.serialize(node: .mapping(Node.Mapping(kept + given))))
  }
}

extension YamlError {
  /// What is wrong and where, without the text of the file.
  fileprivate var sentence: String {
    switch self {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
      "line \(mark.line): \(problem)"
    case .duplicatedKeysInMapping: "a name stands in it twice"
    case .reader(let problem, _, _, _): problem
    default: "it is no YAML"
    }
  }
}
