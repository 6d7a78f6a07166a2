import Foundation
import ModelFiles
import Records

/// The files that a command reads and writes, checked against each other before anything is opened.
///
/// No output may be one of the inputs, by whatever name or link, nor another output; none may be a folder or lie in one that is not there,
/// and a file that exists is replaced only on request.
///
/// ```swift
/// var plan = OutputPlan(overwrites: false)
/// plan.reads("drone.mp4", as: "the video")
/// plan.writes("seen.mp4", as: "the overlay")
/// try plan.check()
/// ```
public struct OutputPlan: Sendable {
  private struct Item: Sendable {
    var path: String
    var role: String
    /// Of a folder: the files that are written into it, where that is known.
    var files: [String]?
  }

  private let overwrites: Bool
  private var inputs: [Item] = []
  private var outputs: [Item] = []
  private var folders: [Item] = []

  /// - Parameter overwrites: Whether files that exist may be replaced.
  public init(overwrites: Bool) { self.overwrites = overwrites }

  /// Adds an input: a file, a folder, a glob, a numbered pattern or `-`; addresses of the network are no files.
  public mutating func reads(_ path: String?, as role: String) {
    guard let path else { return }
    let file = OutputPlan.file(path)
    inputs.append(Item(path: file, role: role))
    for named in PlayList.files(of: file) { inputs.append(Item(path: named, role: "a part of \(role)")) }
  }

  /// Adds a network with the files beside it that hold its weights. A network that cannot be read is refused where it is read.
  public mutating func readsNetwork(_ path: String?, as role: String) {
    guard let path else { return }
    reads(path, as: role)
    for file in (try? ONNXReader.model(path: path))?.externalFiles ?? [] {
      inputs.append(Item(path: FilePlace.parent(of: path) + "/" + file, role: "the weights of \(role)"))
    }
  }

  /// Adds an output; `-` is standard output.
  public mutating func writes(_ path: String?, as role: String) {
    if let path { outputs.append(Item(path: path, role: role)) }
  }

  /// Adds a folder that files are written into.
  ///
  /// - Parameter files: Their paths, where they are known.
  public mutating func writesFolder(_ path: String?, files: [String]? = nil, as role: String) {
    if let path { folders.append(Item(path: path, role: role, files: files)) }
  }

  /// Adds an overlay or another video, whose name must tell a kind of file that can be written.
  ///
  /// - Throws: `PipelineError.noContainer`.
  public mutating func writesVideo(_ path: String?, as role: String) throws {
    guard let path else { return }
    guard VideoContainer(path: path) != nil else { throw PipelineError.noContainer(path: path, role: role) }
    writes(path, as: role)
  }

  /// - Throws: `PipelineError.writesOntoInput` or `.outputTwice`; `RecordsError.outputExists` or `.cannotCreate`.
  public func check() throws {
    var seen: [FilePlace: Item] = [:]
    for output in outputs {
      let places =
        [FilePlace(output.path)] + (FilePlace.isSpecial(output.path) ? [] : [FilePlace(output.path + PartialFile.suffix)])
      for place in places where place.isKept {
        if let input = inputs.first(where: { FilePlace.input($0.path) == place || holds($0, place, output) }) {
          throw PipelineError.writesOntoInput(output: output.path, role: output.role, input: input.path, inputRole: input.role)
        }
        if let other = seen[place] {
          throw PipelineError.outputTwice(path: output.path, roles: [other.role, output.role])
        }
        seen[place] = output
      }
    }
    for folder in folders {
      try check(folder)
      for file in folder.files ?? [] {
        if let other = seen[FilePlace(file)] { throw PipelineError.outputTwice(path: file, roles: [other.role, folder.role]) }
      }
    }
    for output in outputs { try checkName(output.path) }
  }

  private func checkName(_ path: String) throws(RecordsError) {
    guard !FilePlace.isSpecial(path) else { return }
    try PartialFile.checkName(path, overwrite: overwrites)
    let folder = FilePlace.parent(of: path)
    guard !path.isEmpty else { throw .cannotCreate(path: "a file", reason: "its name is empty; give one") }
    guard let parent = FileIdentity(path: folder) else {
      throw .cannotCreate(path: path, reason: "there is no folder \(folder); make it first")
    }
    guard parent.isFolder else { throw .cannotCreate(path: path, reason: "\(folder) is a file and no folder; give another name") }
    guard access(folder, W_OK) == 0 else { throw .cannotCreate(path: path, reason: String(cString: strerror(errno))) }
  }

  /// Files that are there are replaced in a folder only on request; then none of them may be an input. An input that is a folder gets no
  /// new files either, which would be read with its own the next time.
  private func check(_ folder: Item) throws {
    guard let place = FileIdentity(path: folder.path) else { return }
    let files = folder.files.map { Set($0.map(FilePlace.init)) }
    for input in inputs
    where FileIdentity(path: input.path) == place
      || overwrites
        && (files.map { FilePlace.input(input.path).map($0.contains) ?? false }
          ?? (FileIdentity(path: FilePlace.parent(of: input.path)) == place))
    {
      throw PipelineError.writesOntoInput(output: folder.path, role: folder.role, input: input.path, inputRole: input.role)
    }
  }

  /// Whether an existing output is one of the files of an input that is a folder, a glob or a pattern.
  private func holds(_ input: Item, _ place: FilePlace, _ output: Item) -> Bool {
    guard case .file(let file) = place, file.isRegular else { return false }
    if FileIdentity(path: input.path)?.isFolder == true { return OutputPlan.holds(folder: input.path, output.path) }
    guard input.path.contains(where: { "*?[%".contains($0) }), FileIdentity(path: input.path) == nil else { return false }
    guard let folder = FileIdentity(path: FilePlace.parent(of: input.path)),
      folder == FileIdentity(path: FilePlace.parent(of: output.path))
    else { return false }
    let pattern = FilePlace.name(of: input.path).replacing(/%[0-9]*d/, with: "*")
    return fnmatch(pattern, FilePlace.name(of: output.path), 0) == 0
  }

  /// Whether a file in a folder that is read can be one of those that count there; a report or a video beside tables cannot.
  private static func holds(folder: String, _ path: String) -> Bool {
    guard let folder = realpath(folder), let path = realpath(path), path.hasPrefix(folder + "/") else { return false }
    return readExtensions.contains(FilePlace.suffix(of: path))
  }

  /// The extensions of tables and pictures that are read from folders.
  private static let readExtensions: Set<String> = [
    "txt", "gz", "zst", "csv", "npy", "json", "ndjson", "xml", "png", "jpg", "jpeg", "bmp", "tif", "tiff", "webp", "pgm", "ppm",
    "pfm",
  ]

  private static func realpath(_ path: String) -> String? {
    guard let resolved = Foundation.realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// The path of an address like file:///a.mp4.
  private static func file(_ path: String) -> String {
    for prefix in ["file://", "file:"] where path.hasPrefix(prefix) && FileIdentity(path: path) == nil {
      return String(path.dropFirst(prefix.count))
    }
    return path
  }
}

/// Where a name leads: to a file that is there, or to a name in a folder that could be one.
enum FilePlace: Hashable {
  case file(FileIdentity)
  case name(String, in: FileIdentity)
  case text(String)

  init(_ path: String) {
    let path = path == "/dev/stdout" ? "-" : path
    if path == "-" {
      // Standard output counts as the file that a shell has connected it to.
      let identity = FileIdentity(descriptor: STDOUT_FILENO)
      self = identity.map { $0.isRegular ? .file($0) : .text("-") } ?? .text("-")
    } else if let identity = FileIdentity(path: path) {
      self = .file(identity)
    } else if let folder = FileIdentity(path: FilePlace.parent(of: path)) {
      self = .name(FilePlace.name(of: path), in: folder)
    } else {
      self = .text(path)
    }
  }

  /// The place of an input.
  static func input(_ path: String) -> FilePlace? {
    if path == "-" || path == "/dev/stdin" {
      return FileIdentity(descriptor: STDIN_FILENO).flatMap { $0.isRegular ? .file($0) : nil }
    }
    return FilePlace(path)
  }

  /// Whether bytes written there can be lost to others; devices and pipes, standard output among them, only carry them on.
  var isKept: Bool {
    switch self {
    case .file(let identity): identity.isRegular || identity.isFolder
    case .name: true
    case .text: true
    }
  }

  /// Whether a path is a device, a pipe or a file that is open already, which are written to as they are.
  static func isSpecial(_ path: String) -> Bool {
    if path == "-" || path.hasPrefix("/dev/fd/") || path == "/dev/stdout" || path == "/dev/stderr" { return true }
    guard let identity = FileIdentity(path: path) else { return false }
    return !identity.isRegular && !identity.isFolder
  }

  static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The part of the name behind its last point, in lower case.
  static func suffix(of path: String) -> String { name(of: path).split(separator: ".").last.map { $0.lowercased() } ?? "" }

  static func name(of path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
}
