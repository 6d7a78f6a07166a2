import Checkpoints
import Foundation
import Records

/// The files that the inputs of a plan lead to: files as they are named, the videos in folders at any depth, and those that a glob matches.
struct InputListing {
  /// Whether a file in a folder is a video, by its name.
  let isVideo: (String) -> Bool
  /// Is told, by a sentence, of each name in a folder that no file can be reached by: a link to nothing, as one into a share does that is not there,
  /// and names that plans have no place for.
  let onLeftOut: (String) -> Void
  /// Deeper folders are not looked into; links between folders can make them endless.
  private static let greatestDepth = 64

  /// The files, in the order of their names below their inputs; the same name below two inputs is refused, for a unit is known by its names.
  ///
  /// - Throws: `BatchError.missing` for an input that leads to no video, `.malformed` for two files of one name.
  func files(of inputs: [String]) throws(BatchError) -> [RecordingFile] {
    var files: [RecordingFile] = []
    for input in inputs {
      let before = files.count
      var seen: Set<FileIdentity> = []
      try add(input, to: &files, &seen)
      guard files.count > before else { throw .missing(path: input, reason: "there is no video") }
    }
    files.sort { ($0.name, $0.path) < ($1.name, $1.path) }
    for (first, second) in zip(files, files.dropFirst()) where first.name == second.name {
      guard first.path != second.path else { throw .malformed(path: first.path, reason: "it is given twice") }
      throw .malformed(path: second.path, reason: "its name is also that of \(first.path); give the folder that holds both")
    }
    return files
  }

  private func add(_ input: String, to files: inout [RecordingFile], _ seen: inout Set<FileIdentity>) throws(BatchError) {
    guard let found = FileState(path: input) else {
      guard input.contains(where: { "*?[".contains($0) }) else { throw .missing(path: input, reason: "it is not there") }
      for path in InputListing.matches(of: input) {
        guard let state = FileState(path: path), state.isRegular else { continue }
        try add(path, named: URL(fileURLWithPath: path).lastPathComponent, state, to: &files)
      }
      return
    }
    if found.isFolder { return try addFolder(input, prefix: "", depth: 0, to: &files, &seen) }
    guard found.isRegular else { throw .malformed(path: input, reason: "it is no file; a live input is one run of sextant track") }
    try add(input, named: URL(fileURLWithPath: input).lastPathComponent, found, to: &files)
  }

  /// - Parameter seen: The folders that were looked into: links that lead back to one of them add nothing.
  private func addFolder(
    _ folder: String, prefix: String, depth: Int, to files: inout [RecordingFile], _ seen: inout Set<FileIdentity>
  ) throws(BatchError) {
    guard let identity = FileIdentity(path: folder), seen.insert(identity).inserted else { return }
    guard depth < InputListing.greatestDepth else { throw .malformed(path: folder, reason: "its folders are nested too deeply") }
    guard let entries = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      throw .missing(path: folder, reason: "it cannot be listed")
    }
    for entry in entries.sorted() where !entry.hasPrefix(".") {
      let path = folder.hasSuffix("/") ? folder + entry : folder + "/" + entry
      guard let state = FileState(path: path) else {
        onLeftOut("\(MessageText.printable(path)) leads to nothing, or its name is no UTF-8; it is left out")
        continue
      }
      guard !entry.utf8.contains(where: { $0 < 0x20 }) else {
        onLeftOut("\(MessageText.printable(path)) has control characters in its name; it is left out")
        continue
      }
      if state.isFolder {
        try addFolder(path, prefix: prefix + entry + "/", depth: depth + 1, to: &files, &seen)
      } else if state.isRegular, isVideo(entry) {
        try add(path, named: prefix + entry, state, to: &files)
      }
    }
  }

  private func add(_ path: String, named name: String, _ state: FileState, to files: inout [RecordingFile]) throws(BatchError) {
    let whole = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    guard !whole.utf8.contains(where: { $0 < 0x20 }) else {
      throw .malformed(path: MessageText.printable(path), reason: "its name has control characters")
    }
    files.append(RecordingFile(path: whole, name: name, size: state.size, modified: state.modified))
  }

  private static func matches(of pattern: String) -> [String] {
    var result = glob_t()
    defer { globfree(&result) }
    guard glob(pattern, 0, nil, &result) == 0, let paths = result.gl_pathv else { return [] }
    // The library gives gl_pathc pointers to texts.
    return (0..<Int(result.gl_pathc)).compactMap { paths[$0].map { String(cString: $0) } }
  }
}

/// What the system tells of a file.
struct FileState: Equatable {
  let size: Int
  /// Nanoseconds since 1970.
  let modified: Int
  let isRegular: Bool
  let isFolder: Bool

  /// The state of the file that a path leads to, through links; nil where there is none.
  init?(path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    size = Int(status.st_size)
    modified = status.st_mtim.tv_sec &* 1_000_000_000 &+ status.st_mtim.tv_nsec
    isRegular = status.st_mode & S_IFMT == S_IFREG
    isFolder = status.st_mode & S_IFMT == S_IFDIR
  }

  /// Whether a file is still what it was when the plan was made.
  static func isUnchanged(_ file: RecordingFile) -> Bool {
    guard let state = FileState(path: file.path) else { return false }
    guard state.size == file.size else { return false }
    // A copy has another time of change, and what was written over may have the same; where the content is known, it alone decides.
    guard let digest = file.digest else { return state.modified == file.modified }
    return (try? DigestValue.ofFile(file.path)) == digest
  }
}
