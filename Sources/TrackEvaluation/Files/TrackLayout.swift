import Records
import Reports

/// The files of one sequence: its truth, its result, and what is known of it beside them.
public struct TrackSequenceFiles: Sendable, Equatable {
  public var name: String
  public var truth: String
  public var result: String
  /// The regions to ignore; nil for none.
  public var ignored: String?
  /// What `seqinfo.ini` or a seqmap says; nil where there is none.
  public var statedFrames: Int?
  public var statedSize: (width: Int, height: Int)?
  /// The sequence's part of files that hold several (`VideoSequences`); nil where the files are one sequence.
  var tables: (truth: BoxTable, result: BoxTable)?

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

  public static func == (a: TrackSequenceFiles, b: TrackSequenceFiles) -> Bool {
    a.name == b.name && a.truth == b.truth && a.result == b.result && a.ignored == b.ignored
  }
}

/// Finds the sequences in files or folders as they come: MOTChallenge's layout, KITTI's, or files of equal names; plain or gzip.
public enum TrackLayout {
  /// Pairs truth and result.
  ///
  /// - Returns: The sequences by name, and a warning for each result without truth.
  /// - Throws: `EvaluationError.missing` naming what was looked for.
  public static func sequences(
    truth: String, result: String, ignored: String? = nil
  ) throws(EvaluationError) -> (sequences: [TrackSequenceFiles], warnings: [String]) {
    guard InputFolder.exists(truth) else { throw .missing(what: "the truth \(truth)", lookedFor: []) }
    guard InputFolder.exists(result) else { throw .missing(what: "the result \(result)", lookedFor: []) }
    let truths = truthFiles(in: truth)
    guard !truths.isEmpty else {
      throw .missing(
        what: "a sequence in the truth folder \(truth)",
        lookedFor: ["NAME/gt/gt.txt", "NAME/gt.txt", "NAME/gt_obb.txt", "label_02/NAME.txt", "NAME.txt"])
    }
    var sequences: [TrackSequenceFiles] = []
    for (name, path) in truths {
      let found = try resultFile(for: name, in: result, isOnly: truths.count == 1)
      var files = TrackSequenceFiles(name: name, truth: path, result: found)
      files.ignored = ignored.flatMap { InputFolder.isFolder($0) ? InputFolder.file($0 + "/" + name) : $0 }
      let facts = SequenceFacts(truth: path, name: name)
      files.statedFrames = facts.frames
      files.statedSize = facts.size
      sequences.append(files)
    }
    return (sequences, unknownResults(in: result, known: Set(truths.map(\.name)), used: Set(sequences.map(\.result))))
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
      lookedFor: ["\(name).txt", "\(name).ndjson", "\(name)/det/det.txt", "each also with .gz"])
  }

  /// The stream of one sequence by name.
  public static func stream(of name: String, in path: String) throws(EvaluationError) -> String {
    for suffix in ["ndjson", "jsonl"] {
      for file in ["\(path)/\(name).\(suffix)", "\(path)/\(name).\(suffix).gz"] where InputFolder.exists(file) { return file }
    }
    throw .missing(
      what: "the stream of sequence \(name) in \(path)", lookedFor: ["\(name).ndjson", "\(name).jsonl", "each also with .gz"])
  }

  // MARK: - Truth

  private static func truthFiles(in path: String) -> [(name: String, path: String)] {
    guard InputFolder.isFolder(path) else { return [(sequenceName(ofTruth: path), path)] }
    let own = InputFolder.lastComponent(path)
    if let file = truthFile(inFolder: path, name: own) { return [(own, file)] }
    if InputFolder.isFolder(path + "/label_02") { return truthFiles(in: path + "/label_02") }
    let folders = InputFolder.entries(path).filter { InputFolder.isFolder(path + "/" + $0) }
    let nested = folders.compactMap { name in
      truthFile(inFolder: path + "/" + name, name: name).map { (name: name, path: $0) }
    }
    if !nested.isEmpty { return nested }
    return InputFolder.textFiles(in: path)
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

  private static func resultFile(for name: String, in path: String, isOnly: Bool) throws(EvaluationError) -> String {
    guard InputFolder.isFolder(path) else {
      guard isOnly else {
        throw .inconsistent(
          reason: "the truth has several sequences but the result \(path) is one file; give a folder with a file for each sequence")
      }
      return path
    }
    let stems = [
      "\(name)", "data/\(name)", "label_02/\(name)", "\(name)/\(name)", "\(name)/result", "\(name)/gt/gt", "\(name)/gt",
      "\(name)/gt_obb",
    ]
    for stem in stems {
      if let found = InputFolder.file(path + "/" + stem) { return found }
    }
    for folder in ["\(name)/result", "\(name)"] + (isOnly ? ["result", "."] : []) {
      let files = InputFolder.textFiles(in: path + "/" + folder)
      if files.count == 1 { return files[0].path }
    }
    if isOnly, let found = truthFile(inFolder: path, name: InputFolder.lastComponent(path)) { return found }
    throw .missing(
      what: "the result of sequence \(name) in \(path)",
      lookedFor: ["\(name).txt", "\(name).ndjson", "data/\(name).txt", "\(name)/result/*.txt", "each also with .gz"])
  }

  private static func unknownResults(in path: String, known: Set<String>, used: Set<String>) -> [String] {
    guard InputFolder.isFolder(path) else { return [] }
    let files = InputFolder.textFiles(in: path) + InputFolder.textFiles(in: path + "/data")
    return files.filter { !known.contains($0.name) && !used.contains($0.path) }.map {
      "\($0.path) belongs to no sequence of the truth; left out"
    }
  }
}
