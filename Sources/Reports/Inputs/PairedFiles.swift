/// A truth and a result that belong together: two files, or two files of equal names in two folders.
public struct PairedFiles: Sendable, Equatable {
  /// The truth's name without suffix.
  public var name: String
  /// The path of the annotations.
  public var truth: String
  /// The path of the result.
  public var result: String

  /// Pairs two files, or the text files of two folders by their names without suffix.
  ///
  /// - Returns: The pairs by name, and a warning for each truth without result, which is left out, and each result without truth.
  /// - Throws: `EvaluationError.missing` naming what was looked for, where no truth has a result or, of a strict choice, one has none;
  ///   `.inconsistent` for a file and a folder; `.unknown` for a chosen name that no truth has.
  public static func pairs(
    truth: String, result: String, choice: SequenceChoice = SequenceChoice()
  ) throws(EvaluationError) -> (pairs: [PairedFiles], warnings: [String]) {
    for (path, side) in [(truth, "truth"), (result, "result")] where !InputFolder.exists(path) {
      throw .missing(what: "the \(side) \(path)", lookedFor: [])
    }
    guard InputFolder.isFolder(truth) == InputFolder.isFolder(result) else {
      let (folder, file) = InputFolder.isFolder(truth) ? ("truth", "result") : ("result", "truth")
      throw .inconsistent(reason: "the \(folder) is a folder and the \(file) a file (\(truth), \(result)); give two of a kind")
    }
    guard InputFolder.isFolder(truth) else {
      let only = PairedFiles(name: InputFolder.stem(InputFolder.lastComponent(truth)), truth: truth, result: result)
      return (try choice.chosen(of: [only], name: \.name), [])
    }
    let truths = InputFolder.textFiles(in: truth)
    guard !truths.isEmpty else {
      throw .missing(
        what: "a sequence in the truth folder \(truth)",
        lookedFor: InputFolder.suffixes.map { "NAME.\($0)" } + ["each also with .gz or .zst"])
    }
    var pairs: [PairedFiles] = []
    var missing: [String] = []
    for (name, path) in try choice.chosen(of: truths, name: \.name) {
      if let found = InputFolder.file("\(result)/\(name)") {
        pairs.append(PairedFiles(name: name, truth: path, result: found))
      } else {
        missing.append(name)
      }
    }
    if let name = missing.first, choice.isStrict || pairs.isEmpty {
      throw .missing(
        what: "the result of sequence \(name) in \(result)",
        lookedFor: InputFolder.suffixes.map { "\(name).\($0)" } + ["each also with .gz or .zst"])
    }
    let known = Set(truths.map(\.name))
    let strangers = InputFolder.textFiles(in: result).filter { !known.contains($0.name) }
    return (
      pairs,
      missing.map { "\(result) has no file of sequence \($0); the sequence is left out" }
        + strangers.map { "\($0.path) belongs to no sequence of the truth; left out" }
    )
  }
}
