import Foundation

/// How a folder says that its pictures are what `train evidence` made of films: by a file of a name of its own. The pictures look like others.
enum EvidenceFolder {
  private static let mark = "evidence.txt"
  private static let text =
    "Pictures of what moves in films, made by 'sextant train evidence'; 'train detector --evidence' learns from them.\n"

  /// Folders of what is written, each with the parts.
  private static let places = ["images", "labels", "rules", "before"]
  private static let parts = ["train", "val"]

  /// Marks a folder, before the first picture is in it, so that what an interrupted run leaves is known too; one that is marked stays so.
  static func mark(_ folder: String) throws {
    guard !isMarked(folder) else { return }
    try OutputFolder.make(folder)
    try OutputFolder.write(Array(text.utf8), to: mark, in: folder, overwrite: false)
  }

  /// Takes an earlier run's pictures and labels out of a folder that it has marked: films may be fewer now, or in another order, and one that is
  /// learned from must not be measured on too. What else lies there stays.
  static func clear(_ folder: String) throws {
    guard isMarked(folder) else { return }
    for file in written(in: folder) {
      do {
        try FileManager.default.removeItem(atPath: file)
      } catch {
        throw CommandError(code: .cannotCreate, description: "\(file): an earlier run's cannot be removed; name another folder")
      }
    }
  }

  /// Refuses a folder that an earlier run wrote to: its pictures and other ones would become one data set, learned from and measured on at once.
  ///
  /// - Throws: `CommandError.cannotCreate`.
  static func refuseWritten(_ folder: String) throws {
    let marked: String? = isMarked(folder) ? OutputFolder.file(mark, in: folder) : nil
    guard let file = marked ?? written(in: folder).first else { return }
    throw CommandError(
      code: .cannotCreate,
      description:
        "\(folder) holds what an earlier 'train evidence' wrote (\(file)); use --overwrite to replace it, or name another folder")
  }

  /// The files of all parts that an earlier run wrote.
  private static func written(in folder: String) -> [String] {
    places.flatMap { place in parts.flatMap { part in written(to: place, part, in: folder) } }
  }

  /// The files of a part that are named like what `train evidence` writes there: a film's name and, but for rules, six digits or more.
  private static func written(to place: String, _ part: String, in folder: String) -> [String] {
    let path = OutputFolder.file("\(place)/\(part)", in: folder)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.filter { name in
      place == "rules" ? name.hasSuffix(".jsonl") : name.wholeMatch(of: /.*-[0-9]{6,}\.(png|txt)/) != nil
    }.sorted().map { OutputFolder.file($0, in: path) }
  }

  private static func isMarked(_ folder: String) -> Bool {
    FileManager.default.fileExists(atPath: OutputFolder.file(mark, in: folder))
  }

  /// Refuses pictures of motion for a detector of pictures, and those that a run left without labels; warns of pictures that may not be of motion,
  /// which folders of earlier versions look like.
  static func check(_ folder: String, isEvidence: Bool) throws {
    if isMarked(folder), !isEvidence {
      throw CommandError.usage(
        "\(folder) holds what 'train evidence' made of films (its \(mark) says so), and no pictures as cameras see them: give --evidence too"
      )
    }
    if isEvidence, isMarked(folder) { try checkLabels(folder) }
    if isEvidence, !isMarked(folder), FileManager.default.fileExists(atPath: folder) {
      StandardError.warn(
        "\(folder) has no \(mark), which 'train evidence' writes: if its pictures are not of motion, what is learned from them finds nothing that moves"
      )
    }
  }

  /// Refuses a part with pictures and not one label: labels are written last, and a picture without objects has an empty file of them.
  ///
  /// - Throws: `CommandError.malformed`.
  private static func checkLabels(_ folder: String) throws {
    for part in parts where !written(to: "images", part, in: folder).isEmpty && written(to: "labels", part, in: folder).isEmpty {
      throw CommandError.malformed(
        "\(folder) has pictures in images/\(part) and no label of them in labels/\(part): the 'train evidence' that made it did not come to its end; "
          + "give its command again, with --overwrite")
    }
  }
}
