import Records
import Reports

/// The files of one sequence: its truth, its result, and what is known of it beside them.
public struct TrackSequenceFiles: Sendable, Equatable {
  /// What the sequence is called.
  public var name: String
  /// The path of the annotations.
  public var truth: String
  /// The path of the result, or where it was looked for.
  public var result: String
  /// Whether there is a result; a sequence without one is evaluated as if its result were empty.
  public var hasResult = true
  /// The regions to ignore; nil for none.
  public var ignored: String?
  /// What `seqinfo.ini` or a seqmap says; nil where there is none.
  public var statedFrames: Int?
  /// Pixels of a frame; nil where nothing states them.
  public var statedSize: (width: Int, height: Int)?
  /// The sequence's part of files that hold several (`VideoSequences`); nil where the files are one sequence.
  var tables: (truth: BoxTable, result: BoxTable)?

  /// The files of a sequence that has a result.
  public init(
    name: String, truth: String, result: String, ignored: String? = nil, statedFrames: Int? = nil,
    statedSize: (width: Int, height: Int)? = nil
  ) {
    self.name = name
    self.truth = truth
    self.result = result
    self.ignored = ignored
    self.statedFrames = statedFrames
    self.statedSize = statedSize
  }

  /// Whether two sequences are of the same files.
  public static func == (a: TrackSequenceFiles, b: TrackSequenceFiles) -> Bool {
    a.name == b.name && a.truth == b.truth && a.result == b.result && a.hasResult == b.hasResult && a.ignored == b.ignored
  }
}

/// Finds the sequences in files or folders as they come: MOTChallenge's layout, KITTI's, or files of equal names; plain or gzip.
public enum TrackLayout {
  /// Pairs truth and result.
  ///
  /// - Parameters:
  ///   - ignored: A file of regions for all sequences, or a folder with one for each; nil for none.
  ///   - formats: The formats of both sides, nil where they are to be told from the files. Some keep a sequence as a folder with a file for
  ///     each picture.
  ///   - choice: Which sequences are taken, and whether all must have every file. Names that a file of several videos may have
  ///     (`VideoSequences`) are left to its reader.
  /// - Returns: The sequences by name, and a warning for each file that a sequence lacks and each result without truth.
  /// - Throws: `EvaluationError.missing` naming what was looked for, where no sequence has a result or, of a strict choice, one lacks a
  ///   file; `.unknown` for a chosen name that no sequence has.
  public static func sequences(
    truth: String, result: String, ignored: String? = nil, formats: (truth: BoxFormat?, result: BoxFormat?) = (nil, nil),
    choice: SequenceChoice = SequenceChoice()
  ) throws(EvaluationError) -> (sequences: [TrackSequenceFiles], warnings: [String]) {
    guard InputFolder.exists(truth) else { throw .missing(what: "the truth \(truth)", lookedFor: []) }
    guard InputFolder.exists(result) else { throw .missing(what: "the result \(result)", lookedFor: []) }
    let truths = truthFiles(in: truth, formats.truth)
    guard !truths.isEmpty else {
      throw .missing(
        what: "a sequence in the truth folder \(truth)",
        lookedFor: ["NAME/gt/gt.txt", "NAME/gt.txt", "NAME/gt_obb.txt", "label_02/NAME.txt", "NAME.txt"])
    }
    let taken = truths.count == 1 && isSeveralVideos(truths[0].path) ? truths : try choice.chosen(of: truths, name: \.name)
    var sequences: [TrackSequenceFiles] = []
    var warnings: [String] = []
    for (name, path) in taken {
      let found = try resultFile(for: name, in: result, formats.result, isOnly: taken.count == 1)
      if found == nil, choice.isStrict { throw missingResult(of: name, in: result) }
      var files = TrackSequenceFiles(name: name, truth: path, result: found ?? "\(result)/\(name).txt")
      files.hasResult = found != nil
      if let ignored {
        files.ignored = InputFolder.isFolder(ignored) ? InputFolder.file(ignored + "/" + name) : ignored
        if files.ignored == nil { warnings.append(try missingRegions(of: name, in: ignored, choice)) }
      }
      let facts = SequenceFacts(truth: path, name: name)
      files.statedFrames = facts.frames
      files.statedSize = facts.size
      sequences.append(files)
    }
    if let first = sequences.first, !sequences.contains(where: \.hasResult) { throw missingResult(of: first.name, in: result) }
    warnings += sequences.filter { !$0.hasResult }.map { "\(result) has no file of sequence \($0.name); it counts as empty" }
    return (sequences, warnings + unknownResults(in: result, known: Set(truths.map(\.name)), used: Set(sequences.map(\.result))))
  }

  /// A file that may hold several videos (`VideoSequences`).
  private static func isSeveralVideos(_ path: String) -> Bool { Packing.plainName(of: path).hasSuffix(".json") }

  /// That a folder of regions has none for a sequence.
  ///
  /// - Throws: `EvaluationError.missing` where the choice is strict.
  private static func missingRegions(
    of name: String, in folder: String, _ choice: SequenceChoice
  ) throws(EvaluationError) -> String {
    guard choice.isStrict else { return "\(folder) has no file of sequence \(name); no region is ignored in it" }
    throw .missing(
      what: "the regions to ignore of sequence \(name) in \(folder)",
      lookedFor: ["\(name).txt", "\(name).csv", "each also with .gz or .zst"])
  }

  /// The truth of one sequence by name.
  public static func truth(of name: String, in path: String) throws(EvaluationError) -> String {
    let truths = truthFiles(in: path)
    if let found = truths.first(where: { $0.name == name }) { return found.path }
    let known = truths.map(\.name).joined(separator: ", ")
    let there =
      !InputFolder.exists(path) ? "which is not there" : known.isEmpty ? "where no sequence is" : "where only \(known) are"
    throw .missing(what: "the truth of sequence \(name) in \(path), \(there)", lookedFor: [])
  }

  /// The detections of one sequence by name.
  public static func detections(of name: String, in path: String) throws(EvaluationError) -> String {
    for stem in [name, "\(name)/det/det", "\(name)/det"] {
      if let found = InputFolder.file(path + "/" + stem) { return found }
    }
    throw .missing(
      what: "the detections of sequence \(name) in \(path)",
      lookedFor: ["\(name).txt", "\(name).ndjson", "\(name)/det/det.txt", "each also with .gz or .zst"])
  }

  /// The stream of one sequence by name.
  public static func stream(of name: String, in path: String) throws(EvaluationError) -> String {
    for suffix in ["ndjson", "jsonl"] {
      for file in Packing.names(of: "\(path)/\(name).\(suffix)") where InputFolder.exists(file) { return file }
    }
    throw .missing(
      what: "the stream of sequence \(name) in \(path)",
      lookedFor: ["\(name).ndjson", "\(name).jsonl", "each also with .gz or .zst"])
  }

  // MARK: - Truth

  private static func truthFiles(in path: String, _ format: BoxFormat? = nil) -> [(name: String, path: String)] {
    guard InputFolder.isFolder(path) else { return [(sequenceName(ofTruth: path), path)] }
    let own = InputFolder.lastComponent(path)
    if let file = truthFile(inFolder: path, name: own) { return [(own, file)] }
    if InputFolder.isFolder(path + "/label_02") { return truthFiles(in: path + "/label_02") }
    if isOfPictures(path, format) { return [(own, path)] }
    let folders = InputFolder.entries(path).filter { InputFolder.isFolder(path + "/" + $0) }
    let nested = folders.compactMap { name in
      (truthFile(inFolder: path + "/" + name, name: name) ?? pictureFolder(for: name, in: path, format)).map {
        (name: name, path: $0)
      }
    }
    if !nested.isEmpty { return nested }
    return InputFolder.textFiles(in: path)
  }

  /// Whether a folder is one sequence with a file for each picture.
  private static func isOfPictures(_ path: String, _ format: BoxFormat?) -> Bool {
    guard InputFolder.isFolder(path) else { return false }
    guard let format else { return BoxTableReader.isFolderOfPictures(path) }
    return format.isFolder && !InputFolder.textFiles(in: path).isEmpty
  }

  /// The folder of a sequence with a file for each picture, where there is one.
  private static func pictureFolder(for name: String, in path: String, _ format: BoxFormat?) -> String? {
    ["\(path)/\(name)", "\(path)/\(name)/labels"].first { isOfPictures($0, format) }
  }

  /// The truth within a sequence's own folder.
  private static func truthFile(inFolder folder: String, name: String) -> String? {
    for stem in ["gt/gt", "gt", "gt_obb", "truth", name] {
      if let path = InputFolder.file(folder + "/" + stem) { return path }
    }
    return nil
  }

  private static func sequenceName(ofTruth path: String) -> String {
    let parts = path.split(separator: "/")
    let stem = InputFolder.stem(InputFolder.lastComponent(path))
    guard ["gt", "gt_obb", "truth"].contains(stem), parts.count > 1 else { return stem }
    let folder = String(parts[parts.count - 2])
    return folder == "gt" && parts.count > 2 ? String(parts[parts.count - 3]) : folder
  }

  // MARK: - Results

  /// The result of a sequence; nil where the folder has none.
  private static func resultFile(
    for name: String, in path: String, _ format: BoxFormat?, isOnly: Bool
  ) throws(EvaluationError) -> String? {
    guard InputFolder.isFolder(path) else {
      guard isOnly else {
        throw .inconsistent(
          reason: "the truth has several sequences but the result \(path) is one file; give a folder with a file for each sequence")
      }
      return path
    }
    if isOnly, isOfPictures(path, format) { return path }
    let stems = [
      "\(name)", "data/\(name)", "label_02/\(name)", "\(name)/\(name)", "\(name)/result", "\(name)/gt/gt", "\(name)/gt",
      "\(name)/gt_obb",
    ]
    for stem in stems {
      if let found = InputFolder.file(path + "/" + stem) { return found }
    }
    if let folder = pictureFolder(for: name, in: path, format) { return folder }
    for folder in ["\(name)/result", "\(name)"] + (isOnly ? ["result", "."] : []) {
      let files = InputFolder.textFiles(in: path + "/" + folder)
      if files.count == 1 { return files[0].path }
    }
    return isOnly ? truthFile(inFolder: path, name: InputFolder.lastComponent(path)) : nil
  }

  private static func missingResult(of name: String, in path: String) -> EvaluationError {
    .missing(
      what: "the result of sequence \(name) in \(path)",
      lookedFor: ["\(name).txt", "\(name).ndjson", "data/\(name).txt", "\(name)/result/*.txt", "each also with .gz or .zst"])
  }

  private static func unknownResults(in path: String, known: Set<String>, used: Set<String>) -> [String] {
    guard InputFolder.isFolder(path), !used.contains(path) else { return [] }
    let files = InputFolder.textFiles(in: path) + InputFolder.textFiles(in: path + "/data")
    return files.filter { !known.contains($0.name) && !used.contains($0.path) }.map {
      "\($0.path) belongs to no sequence of the truth; left out"
    }
  }
}
