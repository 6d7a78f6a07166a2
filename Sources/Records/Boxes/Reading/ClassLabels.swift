import Foundation

/// The list of class names that CVAT writes beside a MOT file, `gt/labels.txt` for `gt/gt.txt`: one name a line, numbered from 1.
enum ClassLabels {
  static let fileName = "labels.txt"

  /// - Returns: The names; none where the file is no `gt.txt` or has no such list beside it.
  static func beside(_ path: String) -> [String] {
    let file = URL(fileURLWithPath: path)
    guard Packing.names(of: "gt.txt").contains(file.lastPathComponent),
      let reader = try? LineReader(path: file.deletingLastPathComponent().appendingPathComponent(fileName).path)
    else { return [] }
    var names: [String] = []
    let isRead: Void? = try? reader.forEachLine { line throws(RecordsError) in
      let name = String(decoding: line.bytes, as: UTF8.self).trimmingCharacters(in: .whitespaces)
      if !name.isEmpty, names.count < ClassNames.maximumCount { names.append(name) }
    }
    return isRead == nil ? [] : names
  }
}
