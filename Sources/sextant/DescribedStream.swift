import Foundation
import Records

/// The stream that tells of frames: the file itself, or one made of a file of tracks.
struct DescribedStream {
  let path: String

  /// - Parameters:
  ///   - options: How the file is read.
  ///   - frameRate: Of a file without times, frames per second.
  /// - Throws: `RecordsError` for a file of tracks that cannot be read.
  init(_ file: String, _ options: BoxTableReader.Options, frameRate: Double = 30) throws {
    guard !(options.format.map { $0 == .sextant } ?? (StreamHeader.read(path: file) != nil)) else {
      path = file
      return
    }
    let place = FileManager.default.temporaryDirectory.appendingPathComponent("sextant-\(UUID().uuidString).ndjson").path
    let table = try BoxTableReader.read(path: file, options: options)
    _ = try BoxTableWriter.write(table, as: .sextant, path: place, options: .init(frameRate: frameRate))
    path = try NamelessFile(taking: place).path
  }
}

/// A file that has lost its name and is there for as long as the program runs: however that ends, nothing is left.
struct NamelessFile {
  let path: String

  init(taking name: String) throws {
    let descriptor = open(name, O_RDONLY | O_CLOEXEC)
    let reason = String(cString: strerror(errno))
    unlink(name)
    guard descriptor >= 0 else { throw RecordsError.cannotOpen(path: name, reason: reason) }
    path = "/proc/self/fd/\(descriptor)"
  }
}
