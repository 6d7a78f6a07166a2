import Foundation

/// Writes whole files.
package enum FileWriting {
  /// Replaces a file that is there.
  package static func write(_ bytes: [UInt8], path: String) throws {
    do {
      try Data(bytes).write(to: URL(fileURLWithPath: path))
    } catch {
      throw ModelFileError(.cannotWrite, "\(path): cannot be written; check that its folder is there and has room.")
    }
  }
}
