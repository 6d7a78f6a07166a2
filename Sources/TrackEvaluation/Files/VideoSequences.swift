import Records
import Reports

/// Splits pairs of files that hold several videos (COCO-style json, Scalabel's) into a sequence for each video, paired by name or, where
/// one of the files does not name its videos, by id.
enum VideoSequences {
  /// - Throws: `RecordsError` for a file that cannot be read, `EvaluationError` for files without a common video.
  static func split(
    _ sequences: [TrackSequenceFiles], _ options: TrackEvaluationOptions
  ) throws -> [TrackSequenceFiles] {
    var all: [TrackSequenceFiles] = []
    for files in sequences { all += try split(files, options) }
    return all
  }

  private static func split(
    _ files: TrackSequenceFiles, _ options: TrackEvaluationOptions
  ) throws -> [TrackSequenceFiles] {
    guard isJSON(files.truth, options.truthFormat), isJSON(files.result, options.resultFormat) else { return [files] }
    let reading = BoxTableReader.Options(format: options.truthFormat, role: .truth)
    let truths = try COCODataset.read(path: files.truth, options: reading)
    guard truths.table.videos.count > 1 else { return [files] }
    var results = try COCODataset.read(path: files.result, options: .init(format: options.resultFormat, role: .result))
    // A list of results tells no videos: its images are the truth's.
    if results.table.videos.isEmpty { results = try COCODataset.read(path: files.result, truth: truths) }
    let (truthParts, resultParts) = (parts(truths.table), parts(results.table))
    // A file without a list of videos knows them by their ids alone.
    let isByID = areNameless(truths.table.videos) != areNameless(results.table.videos)
    func key(_ video: VideoRecord) -> String { isByID ? video.id : video.name }
    let resultOfKey = Dictionary(resultParts.map { (key($0.video), $0) }) { first, _ in first }
    guard results.table.isEmpty || truthParts.contains(where: { resultOfKey[key($0.video)] != nil }) else {
      let names = [truthParts, resultParts].map { WordList.text($0.map { "\"\($0.video.name)\"" }) }
      throw EvaluationError.inconsistent(
        reason: "no video of the result \(files.result) (\(names[1])) is one of the truth \(files.truth) (\(names[0])); "
          + "call them by the same names or ids")
    }
    return truthParts.map { video, table in
      var part = files
      let found = resultOfKey[key(video)]
      part.name = isByID && video.name == video.id ? found?.video.name ?? video.name : video.name
      var empty = BoxTable(format: results.table.format)
      empty.warnings = ["it has no video \(part.name)"]
      part.tables = (table, found?.table ?? empty)
      return part
    }
  }

  /// The videos of a file, each with its boxes.
  private static func parts(_ table: BoxTable) -> [(video: VideoRecord, table: BoxTable)] {
    zip(table.videos, table.sequences()).map { ($0, $1.table) }
  }

  /// Whether videos have only their ids as names.
  private static func areNameless(_ videos: [VideoRecord]) -> Bool { videos.allSatisfy { $0.name == $0.id } }

  private static let formats: [BoxFormat] = [.coco, .scalabel, .ultralytics, .supervision]

  /// Whether a file is to be read as json.
  private static func isJSON(_ path: String, _ format: BoxFormat?) -> Bool {
    Packing.plainName(of: path).hasSuffix(".json") && (format.map(formats.contains) ?? true)
  }
}

extension TrackSide {
  /// Reads class numbers of a MOT file as the truth means them: VisDrone's results look like MOTChallenge's, CVAT's truth has a list of
  /// its own classes beside it, and other programs
  /// number the one class of pedestrians 0, as TrackEval takes it.
  mutating func takeClassNames(of truth: TrackSide) {
    guard format == .mot, !boxes.classNumbers.isEmpty else { return }
    if truth.format == .visDrone || truth.format == .visDroneDetections {
      boxes.classes = boxes.classNumbers.map { BoxFormat.visDrone.className(of: $0)?.lowercased() ?? String($0) }
    } else if truth.boxes.hasOwnClassNames, !boxes.hasOwnClassNames {
      let names = Dictionary(zip(truth.boxes.classNumbers, truth.boxes.classes)) { first, _ in first }
      boxes.classes = boxes.classNumbers.map { names[$0] ?? String($0) }
    } else if truth.format == .mot, boxes.names == ["0"] {
      boxes.rename(["0"], to: "pedestrian")
      warnings.append("the result's class 0 is taken as pedestrian, the only class that MOTChallenge evaluates")
    }
  }
}
