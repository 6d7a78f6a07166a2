import Foundation
import Records

/// Folders that commands write into.
enum OutputFolder {
  /// Makes a folder, and those above it, where they are not there yet.
  ///
  /// - Throws: `CommandError.cannotCreate` where a file is in the way or the system refuses it.
  static func make(_ path: String) throws {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw CommandError(code: .cannotCreate, description: "\(path): cannot be made a folder; name another one")
    }
  }

  /// Whether a folder can be made later, where it is not there: told before work whose end makes it, so that work that is refused leaves none.
  ///
  /// - Throws: `CommandError.cannotCreate` where a file is in the way or the folder around it may not be written.
  static func check(_ path: String) throws {
    var folder = URL(fileURLWithPath: path).standardizedFileURL.path
    while folder.count > 1, !FileManager.default.fileExists(atPath: folder) {
      folder = (folder as NSString).deletingLastPathComponent
    }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue, access(folder, W_OK) == 0
    else {
      throw CommandError(code: .cannotCreate, description: "\(path): cannot be made a folder; name another one")
    }
  }

  /// The path of a file in a folder.
  static func file(_ name: String, in folder: String) -> String { folder.hasSuffix("/") ? folder + name : folder + "/" + name }

  /// Writes a file of a folder, whole or not at all.
  ///
  /// - Throws: `RecordsError`.
  static func write(_ bytes: [UInt8], to name: String, in folder: String, overwrite: Bool) throws {
    let sink = try OutputSink(path: file(name, in: folder), policy: .whole, overwrite: overwrite)
    try bytes.withUnsafeBytes { try sink.write($0) }
    try sink.close()
  }
}
