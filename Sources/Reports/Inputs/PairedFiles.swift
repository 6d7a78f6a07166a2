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
