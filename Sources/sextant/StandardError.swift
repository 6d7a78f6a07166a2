import Foundation

/// What a person is told beside the data.
enum StandardError {
  static func warn(_ text: String) { write("sextant: warning: \(text)") }
  static func say(_ text: String) { write("sextant: \(text)") }
  static func fail(_ text: String) { write("sextant: \(text)") }

  private static func write(_ line: String) {
    FileHandle.standardError.write(Data((line + "\n").utf8))
  }
}
