import Foundation

/// Small results of the peers, stored beside the tests by the scripts under `Benchmarks/`.
package enum StoredFixture {
  /// The place of a file in the folder `Fixtures` beside the calling test.
  package static func url(_ name: String, beside file: String = #filePath) -> URL {
    URL(fileURLWithPath: file).deletingLastPathComponent().appendingPathComponent("Fixtures").appendingPathComponent(name)
  }

  /// A stored value.
  package static func load<Value: Decodable>(
    _ name: String, as type: Value.Type = Value.self, beside file: String = #filePath
  ) throws -> Value {
    try JSONDecoder().decode(type, from: Data(contentsOf: url(name, beside: file)))
  }
}
