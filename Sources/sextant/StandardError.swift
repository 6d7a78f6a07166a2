import Foundation
import Records

/// What a person is told beside the data.
enum StandardError {
  /// Lines as they are.
  static func write(_ lines: [String]) { lines.forEach(write) }
  static func warn(_ text: String) { write("sextant: warning: \(text)") }
  static func say(_ text: String) { write("sextant: \(text)") }
  static func fail(_ text: String) { write("sextant: \(text)") }

  private static func write(_ line: String) {
    // Names and values from files must not steer the terminal.
    let printable = line.split(separator: "\n", omittingEmptySubsequences: false).map { MessageText.printable(String($0)) }
    FileHandle.standardError.write(Data((printable.joined(separator: "\n") + "\n").utf8))
  }
}
