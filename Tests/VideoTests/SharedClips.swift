import Foundation
import TestSupport

@testable import Video

/// The clips of the data beside the package.
extension SharedData {
  /// The folder; nil where it is absent.
  static let clips = folder.flatMap { ImageListing.isFolder($0.path + "/clips") ? $0.path + "/clips" : nil }

  /// The path of a clip. Only for tests that are enabled where the clips are.
  static func clip(_ name: String) -> String { (clips ?? "") + "/" + name }

  static func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }
}
