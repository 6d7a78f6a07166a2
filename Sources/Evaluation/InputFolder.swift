import Foundation

/// What is where in the folders of truths and results.
enum InputFolder {
  /// The endings of the text files that are read; a file's name without them names its sequence.
  static let suffixes = ["txt", "csv", "ndjson", "jsonl"]

  static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }

  /// The names in a folder, sorted; empty for what is no folder.
  static func entries(_ folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  static func lastComponent(_ path: String) -> String { URL(fileURLWithPath: path).lastPathComponent }

  /// A file's name without its suffix and without `.gz`.
  static func stem(_ file: String) -> String {
    var name = file
    if name.hasSuffix(".gz") { name.removeLast(3) }
    for suffix in suffixes where name.hasSuffix("." + suffix) { return String(name.dropLast(suffix.count + 1)) }
    return name
  }

  /// The file with one of the known suffixes, plain or gzip; nil where there is none.
  static func file(_ stem: String) -> String? {
    for suffix in suffixes {
      for path in [stem + "." + suffix, stem + "." + suffix + ".gz"] where exists(path) && !isFolder(path) { return path }
    }
    return nil
  }

  /// The text files of a folder by name, without lists of sequences and descriptions.
  static func textFiles(in folder: String) -> [(name: String, path: String)] {
    entries(folder).filter { entry in
      let plain = entry.hasSuffix(".gz") ? String(entry.dropLast(3)) : entry
      return suffixes.contains { plain.hasSuffix("." + $0) } && !entry.lowercased().hasPrefix("seqmap")
        && !entry.lowercased().hasPrefix("readme") && !isFolder(folder + "/" + entry)
    }.map { (stem($0), folder + "/" + $0) }
  }
}

/// A truth and a result that belong together: two files, or two files of equal names in two folders.
public struct PairedFiles: Sendable, Equatable {
  public var name: String
  public var truth: String
  public var result: String

  /// Pairs two files, or the text files of two folders by their names without suffix.
  ///
  /// - Returns: The pairs by name, and a warning for each result without truth.
  /// - Throws: `EvaluationError.missing` naming what was looked for, `.inconsistent` for a file and a folder.
  public static func pairs(
    truth: String, result: String
  ) throws(EvaluationError) -> (pairs: [PairedFiles], warnings: [String]) {
    for (path, side) in [(truth, "truth"), (result, "result")] where !InputFolder.exists(path) {
      throw .missing(what: "the \(side) \(path)", lookedFor: [])
    }
    guard InputFolder.isFolder(truth) == InputFolder.isFolder(result) else {
      let (folder, file) = InputFolder.isFolder(truth) ? ("truth", "result") : ("result", "truth")
      throw .inconsistent(reason: "the \(folder) is a folder and the \(file) a file (\(truth), \(result)); give two of a kind")
    }
    guard InputFolder.isFolder(truth) else {
      return ([PairedFiles(name: InputFolder.stem(InputFolder.lastComponent(truth)), truth: truth, result: result)], [])
    }
    let truths = InputFolder.textFiles(in: truth)
    guard !truths.isEmpty else {
      throw .missing(
        what: "a sequence in the truth folder \(truth)",
        lookedFor: InputFolder.suffixes.map { "NAME.\($0)" } + ["each also with .gz"])
    }
    var pairs: [PairedFiles] = []
    for (name, path) in truths {
      guard let found = InputFolder.file("\(result)/\(name)") else {
        throw .missing(
          what: "the result of sequence \(name) in \(result)",
          lookedFor: InputFolder.suffixes.map { "\(name).\($0)" } + ["each also with .gz"])
      }
      pairs.append(PairedFiles(name: name, truth: path, result: found))
    }
    let used = Set(pairs.map(\.result))
    let strangers = InputFolder.textFiles(in: result).map(\.path).filter { !used.contains($0) }
    return (pairs, strangers.map { "\($0) belongs to no sequence of the truth; left out" })
  }
}
