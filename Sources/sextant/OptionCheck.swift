import Foundation

/// Checks of option values, one message form for all.
enum OptionCheck {
  /// The value, where it lies in the range.
  ///
  /// - Throws: `CommandError.usage` where it does not.
  static func value<Value: Comparable & CustomStringConvertible>(
    _ value: Value, of option: String, in range: ClosedRange<Value>, unit: String
  ) throws -> Value {
    // A NaN compares false with both ends and so is refused too.
    guard value >= range.lowerBound, value <= range.upperBound else {
      let suffix = unit.isEmpty ? "" : " \(unit)"
      throw CommandError.usage("\(option) \(value) is out of range: give \(range.lowerBound) to \(range.upperBound)\(suffix)")
    }
    return value
  }

  /// Names that are given one by one or with commas.
  ///
  /// - Throws: `CommandError.usage` for an option that is given without a name, which would count as not given.
  static func names(_ texts: [String], of option: String) throws -> [String] {
    let names = texts.flatMap { $0.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) } }.filter { !$0.isEmpty }
    guard texts.isEmpty || !names.isEmpty else {
      throw CommandError.usage("\(option) '\(texts.joined(separator: " "))' names nothing: give names with commas between")
    }
    return names
  }

  /// Refuses a folder of data that is not there.
  ///
  /// - Throws: `CommandError.missingInput`, and `usage` for an empty name.
  static func folder(_ path: String) throws {
    guard !path.isEmpty else { throw CommandError.usage("--data '' names no folder: give the folder of the data") }
    guard FileManager.default.fileExists(atPath: path) else { throw CommandError.missingInput("\(path): there is no such folder") }
  }
}
