import Foundation

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
}
