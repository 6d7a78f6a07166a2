internal import CSQLite
import Foundation
import Records

/// A database file of SQLite while tables are written into it, in one transaction; it has its name once it is closed.
///
/// Owns the C handle; used by one thread.
final class SQLiteDatabase {
  private let file: PartialFile
  private let descriptor: Int32
  private var handle: OpaquePointer?
  private var statements: [OpaquePointer] = []
  private var isOpen = true

  /// What is written need not outlive a fall of the power before the file has its name: then it is brought to the disk as a whole.
  private static let beginning = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN"

  /// - Throws: `RecordsError` where the file cannot be created or the library is not there.
  init(path: String, overwrite: Bool) throws(RecordsError) {
    file = PartialFile(path: path, overwrite: overwrite)
    descriptor = try file.create()
    try check { csqlite_create(file.temporaryPath, &handle, &$0) }
    try check { csqlite_execute(handle, SQLiteDatabase.beginning, &$0) }
  }

  deinit { if isOpen { discard() } }

  /// A table of these columns, and the statement that adds a row to it.
  func makeTable(_ name: String, columns: [(name: String, type: String)]) throws(RecordsError) -> OpaquePointer {
    let list = columns.map { "\"\($0.name)\" \($0.type)" }.joined(separator: ", ")
    try check { csqlite_execute(handle, "CREATE TABLE \"\(name)\" (\(list))", &$0) }
    let places = columns.map { _ in "?" }.joined(separator: ", ")
    var made: OpaquePointer?
    try check { csqlite_statement_create(handle, "INSERT INTO \"\(name)\" VALUES (\(places))", &made, &$0) }
    guard let made else { throw .cannotWrite(path: file.path, reason: "out of memory") }
    statements.append(made)
    return made
  }

  /// Runs a call of the face.
  func check(_ call: (inout csqlite_message) -> Int32) throws(RecordsError) {
    var message = csqlite_message()
    guard call(&message) != 0 else { return }
    let reason = withUnsafeBytes(of: message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    throw reason.contains("full") ? .diskFull(path: file.path) : .cannotWrite(path: file.path, reason: "SQLite says: \(reason)")
  }

  /// Makes the indices, completes the file and gives it its name.
  func close(indices: [String]) throws(RecordsError) {
    for index in indices { try check { csqlite_execute(handle, index, &$0) } }
    try check { csqlite_execute(handle, "COMMIT", &$0) }
    isOpen = false
    try closeHandle()
    try file.publish(descriptor)
  }

  private func closeHandle() throws(RecordsError) {
    for statement in statements { csqlite_statement_destroy(statement) }
    statements = []
    let open = handle
    handle = nil
    try check { csqlite_destroy(open, &$0) }
  }

  private func discard() {
    try? closeHandle()
    file.discard()
    _ = Foundation.close(descriptor)
  }
}

/// Writes a table into a database of SQLite.
final class SQLiteTableWriter<Row>: TableWriter {
  private let database: SQLiteDatabase
  private let statement: OpaquePointer
  private let columns: [TableColumn<Row>]

  /// - Throws: `RecordsError` where the table cannot be made.
  init(_ database: SQLiteDatabase, name: String, columns: [TableColumn<Row>]) throws(RecordsError) {
    (self.database, self.columns) = (database, columns)
    statement = try database.makeTable(name, columns: columns.map { ($0.name, SQLiteTableWriter.type(of: $0.kind)) })
  }

  private static func type(of kind: TableColumnKind) -> String {
    switch kind {
    case .integer: "INTEGER"
    case .real: "REAL"
    case .text: "TEXT"
    }
  }

  func append(_ row: Row) throws(RecordsError) {
    for (index, column) in columns.enumerated() {
      let place = Int32(index + 1)
      try database.check { _ in
        switch column.value(row) {
        case .none: return 0
        case .integer(let value): return csqlite_bind_integer(statement, place, Int64(value))
        case .real(let value): return csqlite_bind_real(statement, place, column.kind.rounded(value))
        case .text(let text):
          var text = text
          return text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { csqlite_bind_text(statement, place, $0.baseAddress, $0.count) }
          }
        }
      }
    }
    try database.check { csqlite_statement_run(statement, &$0) }
  }

  /// The database is closed as a whole.
  func close() {}
}
