import Evaluation
import Foundation
import Testing

/// The data beside the repository (`../shared/data`); tests that need it are skipped, with this message, where it is not there.
enum SharedData {
  static let message: Comment = "needs the data in ../shared/data beside the repository"

  /// The data's folder, found from this file upwards: the package's parent has a folder `shared`.
  static let folder: URL? = {
    var place = URL(fileURLWithPath: #filePath)
    while place.path != "/" {
      place.deleteLastPathComponent()
      if FileManager.default.fileExists(atPath: place.appendingPathComponent("Package.swift").path) {
        let data = place.deletingLastPathComponent().appendingPathComponent("shared/data")
        return FileManager.default.fileExists(atPath: data.path) ? data : nil
      }
    }
    return nil
  }()

  static var isPresent: Bool { folder != nil }

  /// The path of a file; an empty one where the data are missing, which no test that runs then asks for.
  static func path(_ relative: String) -> String {
    folder?.appendingPathComponent(relative).path ?? ""
  }
}

/// A folder for a test's files, removed with the value's last use.
final class ScratchFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("sextant-" + UUID().uuidString)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// Writes a file, with its folders, and gives its path.
  @discardableResult
  func write(_ text: String, to name: String) throws -> String {
    let file = url.appendingPathComponent(name)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
    return file.path
  }

  /// Writes both sides of a sequence called s.
  func sequence(truth: String, result: String) throws -> TrackSequenceFiles {
    TrackSequenceFiles(name: "s", truth: try write(truth, to: "gt.txt"), result: try write(result, to: "s.txt"))
  }
}
