import Records

/// Splits pairs of files that hold several videos (COCO-style json, Scalabel's) into a sequence for each video, paired by name.
enum VideoSequences {
  /// - Throws: `RecordsError` for a file that cannot be read.
  static func split(
    _ sequences: [TrackSequenceFiles], _ options: TrackEvaluationOptions
  ) throws(RecordsError) -> [TrackSequenceFiles] {
    var all: [TrackSequenceFiles] = []
    for files in sequences { all += try split(files, options) }
    return all
  }

  private static func split(
    _ files: TrackSequenceFiles, _ options: TrackEvaluationOptions
  ) throws(RecordsError) -> [TrackSequenceFiles] {
    guard isJSON(files.truth), isJSON(files.result) else { return [files] }
    let reading = BoxTableReader.Options(format: options.truthFormat, role: .truth)
    let truths = try COCODataset.read(path: files.truth, options: reading)
    guard truths.table.videos.count > 1 else { return [files] }
    var results = try COCODataset.read(path: files.result, options: .init(format: options.resultFormat, role: .result))
    // A list of results tells no videos: its images are the truth's.
    if results.table.videos.isEmpty { results = try COCODataset.read(path: files.result, truth: truths) }
    let resultOfName = Dictionary(results.table.sequences().map { ($0.name ?? "", $0.table) }) { first, _ in first }
    return truths.table.sequences().map { sequence in
      var part = files
      part.name = sequence.name ?? files.name
      var empty = BoxTable(format: results.table.format)
      empty.warnings = ["it has no video \(part.name)"]
      part.tables = (sequence.table, resultOfName[part.name] ?? empty)
      return part
    }
  }

  private static func isJSON(_ path: String) -> Bool { path.hasSuffix(".json") || path.hasSuffix(".json.gz") }
}

extension TrackSide {
  /// Reads class numbers of a MOT file as the truth's format means them: VisDrone's results look like MOTChallenge's, and other programs
  /// number the one class of pedestrians 0, as TrackEval takes it.
  mutating func takeClassNames(of truth: TrackSide) {
    guard format == .mot, !boxes.classNumbers.isEmpty else { return }
    if truth.format == .visDrone || truth.format == .visDroneDetections {
      boxes.classes = boxes.classNumbers.map { BoxFormat.visDrone.className(of: $0)?.lowercased() ?? String($0) }
    } else if truth.format == .mot, boxes.names == ["0"] {
      boxes.rename(["0"], to: "pedestrian")
      warnings.append("the result's class 0 is taken as pedestrian, the only class that MOTChallenge evaluates")
    }
  }
}
