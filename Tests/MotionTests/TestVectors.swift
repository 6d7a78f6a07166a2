import Foundation

/// The reference numbers of `../shared/reference/test-vectors.json`, found from this file's place upwards.
enum TestVectors {
  static let url: URL? = {
    var folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    while folder.path != "/" {
      folder.deleteLastPathComponent()
      let candidate = folder.appendingPathComponent("shared/reference/test-vectors.json")
      if FileManager.default.fileExists(atPath: candidate.path) { return candidate }
    }
    return nil
  }()

  static var isAvailable: Bool { url != nil }

  /// One section of the file, decoded.
  static func section<T: Decodable>(_ name: String, as type: T.Type) throws -> T {
    guard let url else { throw CocoaError(.fileNoSuchFile) }
    let root = try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any]
    let section = try JSONSerialization.data(withJSONObject: root?[name] ?? [:])
    return try JSONDecoder().decode(T.self, from: section)
  }
}
