import Foundation
import Testing

/// The data beside the repository (`../shared/data`); tests that need it are skipped, with this message, where it is not there.
package enum SharedData {
  package static let message: Comment = "needs the data in ../shared/data beside the repository"

  /// The data's folder, found from this file upwards: the package's parent has a folder `shared`.
  package static let folder: URL? = {
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

  package static var isPresent: Bool { folder != nil }

  /// The path of a file; an empty one where the data are missing, which no test that runs then asks for.
  package static func path(_ relative: String) -> String {
    folder?.appendingPathComponent(relative).path ?? ""
  }
}
