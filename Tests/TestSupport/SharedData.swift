import Foundation
import Testing

/// The data beside the repository (`../shared/data`); tests that need it are skipped, with this message, where it is not there.
package enum SharedData {
  package static let message: Comment = "needs the data in ../shared/data beside the repository"

  package static let folder = place("data")

  package static var isPresent: Bool { folder != nil }

  /// A folder of `../shared`, found from this file upwards: the package's parent has the folder `shared`. Nil where it is not there.
  package static func place(_ name: String) -> URL? {
    var place = URL(fileURLWithPath: #filePath)
    while place.path != "/" {
      place.deleteLastPathComponent()
      if FileManager.default.fileExists(atPath: place.appendingPathComponent("Package.swift").path) {
        let folder = place.deletingLastPathComponent().appendingPathComponent("shared").appendingPathComponent(name)
        return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
      }
    }
    return nil
  }

  /// The path of a file; an empty one where the data are missing, which no test that runs then asks for.
  package static func path(_ relative: String) -> String {
    folder?.appendingPathComponent(relative).path ?? ""
  }

  /// The names in a folder, sorted.
  package static func names(_ relative: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path(relative)).sorted()
  }
}
