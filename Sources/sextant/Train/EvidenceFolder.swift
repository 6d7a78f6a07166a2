import Foundation

/// How a folder says that its pictures are what `train evidence` made of films: by a file of a name of its own. The pictures look like others.
enum EvidenceFolder {
  private static let mark = "evidence.txt"
  private static let text =
    "Pictures of what moves in films, made by 'sextant train evidence'; 'train detector --evidence' learns from them.\n"

  /// Marks a folder; one that is marked stays so.
  static func mark(_ folder: String) throws {
    guard !isMarked(folder) else { return }
    try OutputFolder.write(Array(text.utf8), to: mark, in: folder, overwrite: false)
  }

  private static func isMarked(_ folder: String) -> Bool {
    FileManager.default.fileExists(atPath: OutputFolder.file(mark, in: folder))
  }

  /// Refuses pictures of motion for a detector of pictures, and warns of the reverse, which folders of earlier versions look like.
  static func check(_ folder: String, isEvidence: Bool) throws {
    if isMarked(folder), !isEvidence {
      throw CommandError.usage(
        "\(folder) holds what 'train evidence' made of films (its \(mark) says so), and no pictures as cameras see them: give --evidence too"
      )
    }
    if isEvidence, !isMarked(folder), FileManager.default.fileExists(atPath: folder) {
      StandardError.warn(
        "\(folder) has no \(mark), which 'train evidence' writes: if its pictures are not of motion, what is learned from them finds nothing that moves"
      )
    }
  }
}
