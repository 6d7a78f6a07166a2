import Foundation
import Tracking
import Yams

/// A YAML file with options of `sextant track` by their long names and the tracker's settings under `tracker`.
///
/// A name that does not exist is an error, not ignored: a misspelt setting must not look as if it were in force.
struct ConfigurationFile {
  /// Files beyond this are not configurations.
  private static let maximumBytes = 1 << 20
  private static let trackerKey = "tracker"

  let path: String
  private let root: Yams.Node.Mapping

  /// - Throws: `CommandError` for a file that is missing, too large or not a YAML mapping.
  init(path: String) throws {
    self.path = path
    guard let data = FileManager.default.contents(atPath: path) else {
      throw CommandError.missingInput("Reading the configuration \(path): there is no such readable file.")
    }
    guard data.count <= ConfigurationFile.maximumBytes, let text = String(data: data, encoding: .utf8) else {
      throw CommandError.malformed("Reading the configuration \(path): it is not a text of at most 1 MB.")
    }
    let node: Yams.Node?
    do {
      node = try Yams.compose(yaml: text)
    } catch {
      throw CommandError.malformed("Reading the configuration \(path): \(ConfigurationFile.oneLine(error)).")
    }
    switch node {
    case nil: root = Yams.Node.Mapping([])
    case .mapping(let mapping)?: root = mapping
    default: throw CommandError.malformed("Reading the configuration \(path): give 'name: value' lines.")
    }
  }

  /// The options in it.
  func options() throws -> TrackConfiguration {
    let known = Set(TrackConfiguration.CodingKeys.allCases.map(\.rawValue))
    var kept: [(Yams.Node, Yams.Node)] = []
    for (key, value) in root where key.string != ConfigurationFile.trackerKey {
      try check(key, isIn: known, place: "an option of 'sextant track'")
      kept.append((key, value))
    }
    guard !kept.isEmpty else { return TrackConfiguration() }
    return try decode(TrackConfiguration.self, from: kept)
  }

  /// Replaces those of the tracker's settings that the file names.
  func overlay(on settings: inout TrackerSettings) throws {
    guard let section = root[ConfigurationFile.trackerKey] else { return }
    guard case .mapping(let given) = section else {
      throw CommandError.malformed("Reading the configuration \(path): 'tracker' is not a list of 'name: value' lines.")
    }
    guard case .mapping(let defaults)? = try Yams.compose(yaml: YAMLEncoder().encode(settings)) else { return }
    let known = Set(defaults.compactMap { $0.key.string })
    var merged = Array(defaults.map { ($0.key, $0.value) })
    for (key, value) in given {
      try check(key, isIn: known, place: "a setting of the tracker")
      merged.removeAll { $0.0.string == key.string }
      merged.append((key, value))
    }
    settings = try decode(TrackerSettings.self, from: merged)
  }

  private func check(_ key: Yams.Node, isIn known: Set<String>, place: String) throws {
    let name = key.string ?? "?"
    guard known.contains(name) else {
      let line = key.mark.map { " line \($0.line):" } ?? ""
      throw CommandError.usage(
        "Reading the configuration \(path):\(line) '\(name)' is not \(place); there are \(known.sorted().joined(separator: ", ")).")
    }
  }

  private func decode<Value: Decodable>(_ type: Value.Type, from pairs: [(Yams.Node, Yams.Node)]) throws -> Value {
    do {
      return try YAMLDecoder().decode(type, from: Yams.serialize(node: .mapping(Yams.Node.Mapping(pairs))))
    } catch let DecodingError.typeMismatch(_, context), let DecodingError.dataCorrupted(context) {
      let name = context.codingPath.map(\.stringValue).joined(separator: ".")
      throw CommandError.malformed("Reading the configuration \(path): the value of '\(name)' is not of its kind.")
    } catch {
      throw CommandError.malformed("Reading the configuration \(path): \(ConfigurationFile.oneLine(error)).")
    }
  }

  private static func oneLine(_ error: any Error) -> String {
    "\(error)".split(whereSeparator: \.isNewline).joined(separator: " ")
  }
}
