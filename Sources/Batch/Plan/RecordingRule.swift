/// Which files are one recording.
public enum RecordingRule: Sendable, Equatable {
  /// Each file by itself.
  case file
  /// All files of a folder, in the order of their names.
  case folder
  /// Those for which what stands in the groups of a regular expression is the same, `cam(\d+)_(\d{8})`, in the order of their names.
  case pattern(String)

  /// From the words of the command.
  public init(_ text: String) {
    switch text {
    case "file": self = .file
    case "folder": self = .folder
    default: self = .pattern(text)
    }
  }

  /// The recordings, each with its files in order.
  ///
  /// - Parameter files: By ascending name.
  /// - Throws: `BatchError.usage` for a pattern that is none or has no group, `.malformed` for a file that it does not match.
  func recordings(of files: [RecordingFile]) throws(BatchError) -> [[RecordingFile]] {
    switch self {
    case .file: return files.map { [$0] }
    case .folder: return try RecordingRule.grouped(files) { (file) throws(BatchError) in RecordingRule.folder(of: file.name) }
    case .pattern(let pattern):
      guard let expression = try? Regex(pattern), RecordingRule.hasGroups(pattern) else {
        throw .usage("the pattern of recordings \(pattern) is no regular expression with a group, such as cam([0-9]+)_([0-9]{8})")
      }
      return try RecordingRule.grouped(files) { (file) throws(BatchError) in
        guard let groups = RecordingRule.groups(expression, file.name) else {
          throw .malformed(path: file.path, reason: "its name \(file.name) does not match \(pattern)")
        }
        return groups.joined(separator: "\0")
      }
    }
  }

  private static func grouped(
    _ files: [RecordingFile], by group: (RecordingFile) throws(BatchError) -> String
  ) throws(BatchError) -> [[RecordingFile]] {
    var places: [String: Int] = [:]
    var recordings: [[RecordingFile]] = []
    for file in files {
      let name = try group(file)
      if let place = places[name] {
        recordings[place].append(file)
      } else {
        places[name] = recordings.count
        recordings.append([file])
      }
    }
    return recordings
  }

  private static func folder(of name: String) -> String { name.lastIndex(of: "/").map { String(name[..<$0]) } ?? "" }

  /// What stands in the groups of the first match; nil where there is none.
  private static func groups(_ expression: Regex<AnyRegexOutput>, _ name: String) -> [String]? {
    guard let match = name.firstMatch(of: expression) else { return nil }
    return match.output.dropFirst().map { $0.substring.map(String.init) ?? "" }
  }

  /// Whether a pattern has a group: with one more branch, which matches nothing, it matches the empty text and tells how many there are.
  private static func hasGroups(_ pattern: String) -> Bool {
    guard let expression = try? Regex(pattern + "|") else { return false }
    return (try? expression.prefixMatch(in: ""))?.output.count ?? 0 > 1
  }
}
