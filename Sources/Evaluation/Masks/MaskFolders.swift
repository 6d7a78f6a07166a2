import Foundation
import Records

/// The files of one sequence of masks, truth beside result.
public struct MaskSequenceFiles: Sendable, Equatable {
  public struct Frame: Sendable, Equatable {
    public var name: String
    public var truth: String
    /// nil where the result has no file for the frame.
    public var result: String?
  }

  public var name: String
  /// In the order of their names, numbers by their value.
  public var frames: [Frame]
}

/// Finds and measures folders of PNG masks: one sequence of files, or a folder for each sequence.
public enum MaskFolders {
  /// Pairs the files of two folders (or two single files) by their names.
  ///
  /// - Throws: `EvaluationError.missing` where a side is not there or holds no PNG file.
  public static func sequences(truth: String, result: String) throws(EvaluationError) -> [MaskSequenceFiles] {
    for (path, side) in [(truth, "truth"), (result, "result")] where !FileManager.default.fileExists(atPath: path) {
      throw .missing(what: "the \(side) \(path)", lookedFor: [])
    }
    guard isFolder(truth) else {
      guard !isFolder(result) else {
        throw .inconsistent(reason: "the truth \(truth) is a file and the result \(result) is a folder; give two of a kind")
      }
      let name = URL(fileURLWithPath: truth).deletingPathExtension().lastPathComponent
      return [MaskSequenceFiles(name: name, frames: [.init(name: name, truth: truth, result: result)])]
    }
    guard isFolder(result) else {
      throw .inconsistent(reason: "the truth \(truth) is a folder and the result \(result) is a file; give two of a kind")
    }
    let own = pair(name: URL(fileURLWithPath: truth).lastPathComponent, truth, result)
    let nested = entries(of: truth).filter { isFolder("\(truth)/\($0)") }
      .map { pair(name: $0, "\(truth)/\($0)", "\(result)/\($0)") }
    let found = ([own] + nested).filter { !$0.frames.isEmpty }
    guard !found.isEmpty else {
      throw .missing(what: "a mask in the truth folder \(truth)", lookedFor: ["*.png", "SEQUENCE/*.png"])
    }
    return found
  }

  /// Semantic segmentation: one confusion over all files.
  ///
  /// - Throws: `EvaluationError.missing` naming the first files that the result does not have; `RecordsError` for unreadable ones.
  public static func semantic(
    _ sequences: [MaskSequenceFiles], classCount: Int, voidLabels: Set<UInt8>
  ) throws -> ClassConfusion {
    let missing = sequences.flatMap(\.frames).filter { $0.result == nil }.map(\.name)
    guard missing.isEmpty else {
      throw EvaluationError.missing(
        what: "the result of \(missing.count) of the truth's pictures",
        lookedFor: missing.prefix(10).map { "\($0).png" } + (missing.count > 10 ? ["and \(missing.count - 10) more"] : []))
    }
    var confusion = ClassConfusion(classCount: classCount, voidLabels: voidLabels)
    for frame in sequences.flatMap(\.frames) {
      let (truth, result) = try images(of: frame)
      confusion.add(truth: truth.labels, result: result.labels)
    }
    return confusion
  }

  /// J and F of every object of a sequence; a frame without a result counts as one without objects.
  public static func objects(
    _ sequence: MaskSequenceFiles, matching: MaskSequence.Matching
  ) throws -> [MaskObjectScore] {
    var scores = MaskSequence(matching)
    for frame in sequence.frames {
      let (truth, result) = try images(of: frame)
      scores.add(truth: truth.labels, result: result.labels, width: truth.width, height: truth.height)
    }
    return scores.scores()
  }

  private static func images(of frame: MaskSequenceFiles.Frame) throws -> (LabelImage, LabelImage) {
    let truth = try LabelImageReader.read(path: frame.truth)
    guard let path = frame.result else {
      return (truth, LabelImage(width: truth.width, height: truth.height, labels: truth.labels.map { _ in 0 }))
    }
    let result = try LabelImageReader.read(path: path)
    guard truth.width == result.width, truth.height == result.height else {
      throw EvaluationError.unusable(
        path: path,
        reason: "it has \(result.width) x \(result.height) pixels and its truth \(frame.truth) has \(truth.width) x "
          + "\(truth.height); write the result at the truth's size")
    }
    return (truth, result)
  }

  private static func pair(name: String, _ truth: String, _ result: String) -> MaskSequenceFiles {
    MaskSequenceFiles(
      name: name,
      frames: entries(of: truth).filter { $0.lowercased().hasSuffix(".png") }.map { file in
        let other = "\(result)/\(file)"
        return MaskSequenceFiles.Frame(
          name: String(file.dropLast(4)), truth: "\(truth)/\(file)",
          result: FileManager.default.fileExists(atPath: other) ? other : nil)
      })
  }

  private static func entries(of folder: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    // Numbers by value, so that frame 10 follows frame 9 also without leading zeros; then by text, for a total order.
    return names.sorted {
      let order = $0.compare($1, options: .numeric)
      return order == .orderedSame ? $0 < $1 : order == .orderedAscending
    }
  }

  private static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }
}
