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
    show(printable.joined(separator: "\n") + "\n")
  }

  /// Writes text as it is. What cannot be written (a full disk, a reader that has gone) is dropped: the result and the exit code do not depend on
  /// whether somebody reads.
  static func show(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }
}
