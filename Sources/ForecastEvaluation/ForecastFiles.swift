import Reports

/// The scenes of a truth and of its forecasts: a file each, or a folder each of files of equal names.
public struct ForecastFiles: Sendable, Equatable {
  /// The files of one scene.
  public struct Scene: Sendable, Equatable {
    /// The files' common name without suffix.
    public var name: String
    /// nil where a stream is its own truth.
    public var truth: String?
    /// nil for a baseline, which needs only the truth.
    public var result: String?
  }

  /// The scenes by name; one for two files.
  public let scenes: [Scene]
  /// What does not belong together.
  public let warnings: [String]

  /// - Parameters:
  ///   - truth: nil where a stream is its own truth.
  ///   - result: nil for a baseline.
  ///   - choice: Which of the folders' scenes are read; one without a file of the result is left out, with a warning.
  /// - Throws: `EvaluationError` where a side is not there, a scene has no forecasts, or a folder stands beside a file.
  public init(truth: String?, result: String?, choice: SequenceChoice = SequenceChoice()) throws(EvaluationError) {
    for (path, side) in [(truth, "truth"), (result, "result")] where path == "-" {
      throw .invalidOption(name: "--\(side) -", reason: "standard input cannot be read several times; give a file")
    }
    if let truth, let result {
      let found = try PairedFiles.pairs(truth: truth, result: result, choice: choice)
      scenes = found.pairs.map { Scene(name: $0.name, truth: $0.truth, result: $0.result) }
      warnings = found.warnings
    } else if let truth {
      scenes = try choice.chosen(of: Self.files(truth, "truth"), name: \.name).map {
        Scene(name: $0.name, truth: $0.path, result: nil)
      }
      warnings = []
    } else {
      scenes =
        try result.map { path throws(EvaluationError) in try choice.chosen(of: Self.files(path, "result"), name: \.name) }?
        .map { Scene(name: $0.name, truth: nil, result: $0.path) } ?? []
      warnings = []
    }
  }

  /// The text files of a folder, or the one file.
  private static func files(_ path: String, _ side: String) throws(EvaluationError) -> [(name: String, path: String)] {
    guard InputFolder.exists(path) else { throw .missing(what: "the \(side) \(path)", lookedFor: []) }
    guard InputFolder.isFolder(path) else { return [(InputFolder.stem(InputFolder.lastComponent(path)), path)] }
    let files = InputFolder.textFiles(in: path)
    guard !files.isEmpty else {
      throw .missing(
        what: "a scene in the \(side) folder \(path)",
        lookedFor: InputFolder.suffixes.map { "NAME.\($0)" } + ["each also with .gz or .zst"]
      )
    }
    return files
  }
}
