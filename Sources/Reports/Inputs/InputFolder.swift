import Foundation
import Records

/// What is where in the folders of truths and results.
package enum InputFolder {
  /// The endings of the text files that are read; a file's name without them names its sequence.
  package static let suffixes = ["txt", "csv", "ndjson", "jsonl"]

  package static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  package static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }

  /// The names in a folder, sorted; empty for what is no folder.
  package static func entries(_ folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  package static func lastComponent(_ path: String) -> String { URL(fileURLWithPath: path).lastPathComponent }

  /// What the name of a file ends with whose writing was cut off.
  private static let cutOff = ".part"

  /// A file's name without its suffix and without `.gz`, `.zst` and `.part`.
  package static func stem(_ file: String) -> String {
    var name = file
    if name.hasSuffix(cutOff) { name.removeLast(cutOff.count) }
    name = Packing.plainName(of: name)
    for suffix in suffixes where name.hasSuffix("." + suffix) { return String(name.dropLast(suffix.count + 1)) }
    return name
  }

  /// The file with one of the known suffixes, plain or packed, else one whose writing was cut off; nil where there is none.
  package static func file(_ stem: String) -> String? {
    for end in ["", cutOff] {
      for suffix in suffixes {
        for path in Packing.names(of: stem + "." + suffix).map({ $0 + end }) where exists(path) && !isFolder(path) {
          return path
        }
      }
    }
    return nil
  }

  /// The text files of a folder by name, without lists of sequences and descriptions.
  package static func textFiles(in folder: String) -> [(name: String, path: String)] {
    entries(folder).filter { entry in
      let plain = Packing.plainName(of: entry)
      return suffixes.contains { plain.hasSuffix("." + $0) } && !entry.lowercased().hasPrefix("seqmap")
        && !entry.lowercased().hasPrefix("readme") && !isFolder(folder + "/" + entry)
    }.map { (stem($0), folder + "/" + $0) }
  }
}
