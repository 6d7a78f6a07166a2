import Foundation
import Records

/// The boxes of a film's frames, in the file beside it: `a.txt` of `a.mp4`, in any format of boxes that `evaluate` reads.
struct FilmTruth {
  let table: BoxTable
  private let rows: [Int32: [Int]]

  private static func path(_ film: String) -> String { URL(fileURLWithPath: film).deletingPathExtension().path + ".txt" }

  /// Looks whether a film and its truth are there, before work on others begins.
  ///
  /// - Throws: `CommandError.missingInput`.
  static func check(_ film: String) throws {
    guard FileManager.default.fileExists(atPath: film) else { throw CommandError.missingInput("\(film): there is no such film") }
    guard FileManager.default.fileExists(atPath: path(film)) else {
      throw CommandError.missingInput("\(film): there are no boxes of it beside it, \(path(film))")
    }
  }

  /// What a truth may be: UAVDT's rows look like MOT's, so that the format would have to be named.
  private static let formats = BoxFormat.ofTracks.filter { $0 != .uavdt }

  /// - Throws: `RecordsError` for a file that is not there or cannot be read, `CommandError.malformed` for one of no format that is known.
  init(_ film: String) throws {
    let table = try FilmTruth.table(FilmTruth.path(film))
    self.table = table
    rows = Dictionary(grouping: 0..<table.count) { table.frames[$0] }
  }

  private static func table(_ path: String) throws -> BoxTable {
    do {
      return try BoxTableReader.read(path: path, options: BoxTableReader.Options(role: .truth))
    } catch {
      guard case .unknownFormat = error else { throw error }
      // No option names the format: the file has to be of one that is known by its rows.
      throw CommandError.malformed(
        "cannot tell the format of \(path): write boxes of the film's frames in one of \(formats.map(\.rawValue).joined(separator: ", "))"
      )
    }
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
