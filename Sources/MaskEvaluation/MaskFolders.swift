import Foundation
import Records
import Reports

/// The files of one sequence of masks, truth beside result.
public struct MaskSequenceFiles: Sendable, Equatable {
  /// One picture of the truth and of the result.
  public struct Frame: Sendable, Equatable {
    /// The file's name without its suffix.
    public var name: String
    /// The path of the truth's picture.
    public var truth: String
    /// nil where the result has no file for the frame.
    public var result: String?

    /// Reads both pictures.
    ///
    /// - Returns: The labels of both; of the result nil where it has no file.
    /// - Throws: `RecordsError` for unreadable ones; `EvaluationError.unusable` for different sizes.
    func images() throws -> (truth: LabelImage, result: LabelImage?) {
      let labels = try LabelImageReader.read(path: truth)
      guard let result else { return (labels, nil) }
      let found = try LabelImageReader.read(path: result)
      guard labels.width == found.width, labels.height == found.height else {
        throw EvaluationError.unusable(
          path: result,
          reason: "it has \(found.width) x \(found.height) pixels and its truth \(truth) has \(labels.width) x \(labels.height); "
            + "write the result at the truth's size")
      }
      return (labels, found)
    }
  }

  /// The folder's name, or the file's where there is one file.
  public var name: String
  /// In the order of their names, numbers by their value.
  public var frames: [Frame]

  /// The numbers of the frames in a stream, from 0: those that their names end in, where the names are alike but for them; else their places.
  var frameNumbers: [Int] { namedNumbers ?? Array(frames.indices) }

  /// The numbers that the names end in; nil where names are of several kinds.
  var namedNumbers: [Int]? { FrameNumber.ofNames(frames.map(\.name))?.map(Int.init) }
}

/// The files of a truth and of a result that belong together by their names.
public struct MaskFiles: Sendable, Equatable {
  /// The path of the truth, as it was given.
  public var truth: String
  /// The path of the result, as it was given.
  public var result: String
  /// The sequences by name; one where the pictures stand in the folder itself.
  public var sequences: [MaskSequenceFiles]
  /// Files of the result that the truth does not have.
  public var surplus: [String]
  /// The result where it is a stream of tracks; the sequences then name no files of it.
  public var tracks: StreamMasks?

  /// Pictures of the truth that the result does not have, by their files' names.
  public var missing: [String] {
    guard tracks == nil else { return [] }
    return sequences.flatMap { sequence in
      sequence.frames.filter { $0.result == nil }.map { sequences.count > 1 ? "\(sequence.name)/\($0.name).png" : "\($0.name).png" }
    }
  }

  static func firstTen(_ names: [String]) -> [String] {
    names.prefix(10) + (names.count > 10 ? ["and \(names.count - 10) more"] : [])
  }

  /// What does not belong together.
  public var warnings: [String] {
    surplus.isEmpty ? [] : ["left out files of \(result) that have no truth: " + Self.firstTen(surplus).joined(separator: ", ")]
  }
}

/// Finds folders of PNG masks: one sequence of files, or a folder for each sequence.
public enum MaskFolders {
  /// Pairs the files of two folders (or two single files) by their names.
  ///
  /// - Parameter choice: Which of the folders' sequences are read.
  /// The result may also be a stream of tracks with masks, where the truth is a folder of one sequence.
  ///
  /// - Throws: `RecordsError` for a result that is a file and no stream; `EvaluationError.missing` where a side is not there, the truth holds no PNG file, or the result none of the truth's names or,
  ///   of a strict choice, not all; `.unknown` for a chosen name that no sequence has.
  public static func files(
    truth: String, result: String, choice: SequenceChoice = SequenceChoice()
  ) throws -> MaskFiles {
    for (path, side) in [(truth, "truth"), (result, "result")] where !InputFolder.exists(path) {
      throw EvaluationError.missing(what: "the \(side) \(path)", lookedFor: [])
    }
    guard InputFolder.isFolder(truth) else {
      guard !InputFolder.isFolder(result) else {
        throw EvaluationError.inconsistent(
          reason: "the truth \(truth) is a file and the result \(result) is a folder; give two of a kind")
      }
      let file = InputFolder.lastComponent(truth)
      let name = isPicture(file) ? String(file.dropLast(4)) : file
      let only = MaskSequenceFiles(name: name, frames: [.init(name: name, truth: truth, result: result)])
      return MaskFiles(truth: truth, result: result, sequences: try choice.chosen(of: [only], name: \.name), surplus: [])
    }
    guard InputFolder.isFolder(result) else { return try streamed(truth, result, choice) }
    return try pairedFolders(truth, result, choice)
  }

  /// A folder of truth, and a stream of tracks with masks.
  private static func streamed(_ truth: String, _ result: String, _ choice: SequenceChoice) throws -> MaskFiles {
    let own = pair(name: InputFolder.lastComponent(truth), truth, nil)
    let nested = folders(in: truth).map { pair(name: $0, "\(truth)/\($0)", nil) }
    let chosen = try choice.chosen(of: ([own] + nested).filter { !$0.frames.isEmpty }, name: \.name)
    guard chosen.count == 1 else {
      throw EvaluationError.inconsistent(
        reason: "the truth \(truth) has \(chosen.count) sequences of PNG files and the stream \(result) is one; name one of them")
    }
    return MaskFiles(truth: truth, result: result, sequences: chosen, surplus: [], tracks: try StreamMasks(path: result))
  }

  private static func pairedFolders(
    _ truth: String, _ result: String, _ choice: SequenceChoice
  ) throws(EvaluationError) -> MaskFiles {
    let own = pair(name: InputFolder.lastComponent(truth), truth, result)
    let nested = folders(in: truth).map { pair(name: $0, "\(truth)/\($0)", "\(result)/\($0)") }
    let found = ([own] + nested).filter { !$0.frames.isEmpty }
    guard !found.isEmpty else {
      throw .missing(what: "a mask in the truth folder \(truth)", lookedFor: ["*.png", "SEQUENCE/*.png"])
    }
    let chosen = try choice.chosen(of: found, name: \.name)
    let known = Set(found.flatMap(\.frames).compactMap(\.result))
    let files = MaskFiles(
      truth: truth, result: result, sequences: chosen,
      surplus: pictures(in: result).filter { !known.contains("\(result)/\($0)") })
    guard chosen.contains(where: { $0.frames.contains { $0.result != nil } }) else {
      throw .missing(
        what: "a mask in the result folder \(result) that has the name of one in \(truth)",
        lookedFor: MaskFiles.firstTen(files.missing))
    }
    guard !choice.isStrict || files.missing.isEmpty else {
      throw .missing(
        what:
          "\(result): the result of \(files.missing.count) of the truth's \(chosen.reduce(0) { $0 + $1.frames.count }) pictures",
        lookedFor: MaskFiles.firstTen(files.missing))
    }
    return files
  }

  private static func pair(name: String, _ truth: String, _ result: String?) -> MaskSequenceFiles {
    MaskSequenceFiles(
      name: name,
      frames: entries(of: truth).filter(isPicture).map { file in
        let other = result.map { "\($0)/\(file)" }
        return MaskSequenceFiles.Frame(
          name: String(file.dropLast(4)), truth: "\(truth)/\(file)",
          result: other.flatMap { InputFolder.exists($0) ? $0 : nil })
      })
  }

  /// The pictures of a folder and of the folders in it, by their paths from there.
  private static func pictures(in folder: String) -> [String] {
    entries(of: folder).filter(isPicture)
      + folders(in: folder).flatMap { name in entries(of: "\(folder)/\(name)").filter(isPicture).map { "\(name)/\($0)" } }
  }

  private static func isPicture(_ name: String) -> Bool { name.lowercased().hasSuffix(".png") }

  private static func folders(in folder: String) -> [String] {
    entries(of: folder).filter { InputFolder.isFolder("\(folder)/\($0)") }
  }

  private static func entries(of folder: String) -> [String] {
    // Numbers by value, so that frame 10 follows frame 9 also without leading zeros; then by text, for a total order.
    InputFolder.entries(folder).sorted {
      let order = $0.compare($1, options: .numeric)
      return order == .orderedSame ? $0 < $1 : order == .orderedAscending
    }
  }
}
