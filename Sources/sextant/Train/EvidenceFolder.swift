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

  /// Takes an earlier run's pictures and labels out of a folder that it has marked: films may be fewer now, or in another order, and one that is
  /// learned from must not be measured on too. What else lies there stays.
  static func clear(_ folder: String) throws {
    guard isMarked(folder) else { return }
    for part in ["images", "labels", "rules", "before"].flatMap({ ["\($0)/train", "\($0)/val"] }) {
      let path = OutputFolder.file(part, in: folder)
      let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
      for name in names where part.hasPrefix("rules") ? name.hasSuffix(".jsonl") : isOurs(name) {
        let file = OutputFolder.file(name, in: path)
        do {
          try FileManager.default.removeItem(atPath: file)
        } catch {
          throw CommandError(code: .cannotCreate, description: "\(file): an earlier run's cannot be removed; name another folder")
        }
      }
    }
  }

  /// Whether a file is named like what `train evidence` writes: a film's name and six digits or more.
  private static func isOurs(_ name: String) -> Bool {
    name.wholeMatch(of: /.*-[0-9]{6,}\.(png|txt)/) != nil
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
