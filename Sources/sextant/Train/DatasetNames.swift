import Foundation
import Yams

/// The names of class numbers that come with a data set of the YOLO formats: `names` of `data.yaml`, a list or a map of numbers, or the lines of
/// `classes.txt`.
enum DatasetNames {
  private static let yaml = ["data.yaml", "data.yml", "dataset.yaml"]
  private static let lines = "classes.txt"
  /// A larger file holds no names.
  private static let greatestBytes = 1 << 20

  /// The names in a data set's folder.
  ///
  /// - Returns: The names and the file that has them; nil where no such file is there, or it has no `names`.
  /// - Throws: `CommandError.malformed` for a file that cannot be read as such.
  static func read(folder: String) throws -> (file: String, names: [Int: String])? {
    for name in yaml where FileManager.default.fileExists(atPath: "\(folder)/\(name)") {
      let path = "\(folder)/\(name)"
      return try names(inYAML: text(path), path).map { (path, $0) }
    }
    let path = "\(folder)/\(lines)"
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    let names = try text(path).split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
    return (
      path, Dictionary(uniqueKeysWithValues: names.enumerated().filter { !$0.element.isEmpty }.map { ($0.offset, $0.element) })
    )
  }

  private static func text(_ path: String) throws -> String {
    guard let data = FileManager.default.contents(atPath: path), data.count <= greatestBytes,
      let text = String(data: data, encoding: .utf8)
    else { throw CommandError.malformed("cannot read the class names of \(path): it is not a text of at most 1 MB; give --names") }
    return text
  }

  private static func names(inYAML text: String, _ path: String) throws -> [Int: String]? {
    let problem: String
    do {
      let node = try YAMLExpansion.problem(in: text) == nil ? Yams.compose(yaml: text) : nil
      if let reason = YAMLExpansion.problem(in: text) ?? YAMLExpansion.problem(in: node) {
        problem = reason
      } else {
        guard let given = node?.mapping?["names"] else { return nil }
        if let names = names(given) { return names }
        problem = "'names' is no list of names, and no map of numbers to names"
      }
    } catch let error as YamlError {
      problem = error.sentence
    }
    throw CommandError.malformed("cannot read the class names of \(path): \(problem); mend it, or give --names")
  }

  private static func names(_ node: Node) -> [Int: String]? {
    switch node {
    case .sequence(let list):
      let names = list.compactMap(\.string)
      return names.count == list.count ? Dictionary(uniqueKeysWithValues: names.enumerated().map { ($0.offset, $0.element) }) : nil
    case .mapping(let map):
      var names: [Int: String] = [:]
      for (key, value) in map {
        guard let number = key.string.flatMap({ Int($0) }), let name = value.string else { return nil }
        names[number] = name
      }
      return names
    default: return nil
    }
  }
}
