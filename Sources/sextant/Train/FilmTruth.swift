import Foundation
import Records

/// The boxes of a film's frames, in the file beside it: `a.txt` of `a.mp4`, in any format of boxes that `evaluate` reads.
struct FilmTruth {
  let table: BoxTable
  private let rows: [Int32: [Int]]

  /// - Throws: `RecordsError` for a file that is not there or cannot be read.
  init(_ film: String) throws {
    let path = URL(fileURLWithPath: film).deletingPathExtension().path + ".txt"
    table = try BoxTableReader.read(path: path, options: BoxTableReader.Options(role: .truth))
    rows = Dictionary(grouping: 0..<table.count) { [table] in table.frames[$0] }
  }

  /// The rows of a frame, from 0.
  func rows(of ordinal: Int) -> [Int] { rows[Int32(clamping: ordinal)] ?? [] }

  /// Who a box is; nil for nobody.
  func identity(_ row: Int) -> Int32? { table.ids.indices.contains(row) && table.ids[row] >= 0 ? table.ids[row] : nil }

  /// Whether a box neither counts as an object nor as background.
  func isIgnored(_ row: Int) -> Bool {
    (!table.considered.isEmpty && !table.considered[row]) || (!table.difficult.isEmpty && table.difficult[row])
  }
}
