import Geometry

/// Reads this program's CSV: a header that names the columns, then a row for each track of each frame; frames from 0.
///
/// Needed are `frame`, `id`, `cx_px`, `cy_px`, `w_px` and `h_px`; `class`, `score` and `angle_rad` may be missing or empty, and all other
/// columns are passed over. A later row of the same track in the same frame replaces the earlier one, as in the stream.
enum TrackCSVTable {
  /// Whether a first line is such a header.
  static func isHeader(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    guard line.count <= 4096 else { return false }
    let names = Set(fields(line))
    return Column.needed.allSatisfy { names.contains($0.rawValue) }
  }

  static func read(_ lines: LineReader, _ options: BoxTableReader.Options) throws(RecordsError) -> BoxTable {
    var builder: Builder?
    var problems = LineProblems(limit: options.listedBadLines)
    try lines.forEachLine { line throws(RecordsError) in
      guard !line.bytes.allSatisfy({ RowScanner.isBlank($0) || $0 == UInt8(ascii: "\r") }) else { return }
      let fields = fields(line.bytes)
      guard builder != nil else {
        builder = try Builder(header: fields, path: lines.name, options)
        return
      }
      if let reason = builder?.add(fields, line: line.number) { problems.add(line: line.number, reason) }
      guard builder?.table.count ?? 0 <= options.maximumRows else {
        throw .tooLarge(path: lines.name, reason: "it has more than \(options.maximumRows) boxes; split it into sequences")
      }
    }
    try problems.throwIfAny(path: lines.name)
    return builder?.finish() ?? BoxTable(format: .csv)
  }

  private enum Column: String, CaseIterable {
    case frame, id, cx = "cx_px", cy = "cy_px", width = "w_px", height = "h_px"
    case className = "class", score, angle = "angle_rad", observation

    static let needed: [Column] = [.frame, .id, .cx, .cy, .width, .height]
  }

  // MARK: - Rows

  private struct Builder {
    var table = BoxTable(format: .csv)
    private let places: [Column: Int]
    private let columnCount: Int
    private let options: BoxTableReader.Options
    private var names = ClassNames()
    private var hasScores = false
    /// The row of each frame and id.
    private var rowOf: [UInt64: Int] = [:]

    init(header: [String], path: String, _ options: BoxTableReader.Options) throws(RecordsError) {
      var places: [Column: Int] = [:]
      for (place, name) in header.enumerated() {
        if let column = Column(rawValue: name), places[column] == nil { places[column] = place }
      }
      if let missing = Column.needed.first(where: { places[$0] == nil }) {
        throw .malformed(path: path, reason: "its first line names no column \(missing.rawValue), as the program's CSV does")
      }
      self.places = places
      self.options = options
      columnCount = header.count
    }

    /// Adds a row.
    ///
    /// - Returns: What is wrong with it; nil where nothing is.
    mutating func add(_ fields: [String], line: Int) -> String? {
      guard fields.count == columnCount else { return "\(fields.count) columns, expected \(columnCount) as in the first line" }
      func number(_ column: Column) -> Double? {
        guard let place = places[column], let value = Double(fields[place]), value.isFinite else { return nil }
        return value
      }
      for column in Column.needed where number(column) == nil { return wrong(column, fields, "not a number") }
      guard let frame = number(.frame), let row = Int32(exactly: frame), 0...BoxTableReader.maximumFrame ~= Int(row) else {
        return wrong(.frame, fields, "no frame from 0 to \(BoxTableReader.maximumFrame)")
      }
      guard let id = number(.id).flatMap({ Int32(exactly: $0) }), id >= -1 else { return wrong(.id, fields, "no id") }
      let box = OrientedBox(
        center: Point(number(.cx) ?? 0, number(.cy) ?? 0), width: number(.width) ?? 0, height: number(.height) ?? 0,
        angle: number(.angle) ?? 0)
      for (column, size) in [(Column.width, box.width), (.height, box.height)] where size < 0 {
        return wrong(column, fields, "a negative size")
      }
      for column in [Column.score, .angle] {
        if let place = places[column], !fields[place].isEmpty, number(column) == nil {
          return wrong(column, fields, "not a number")
        }
      }
      if options.role == .detections, let place = places[.observation], fields[place] != "observed" { return nil }
      guard let classIndex = index(ofClass: places[.className].map { fields[$0] } ?? "") else {
        return "more than \(ClassNames.maximumCount) classes"
      }
      put(row, id, box, score: number(.score), classIndex, line: line)
      return nil
    }

    private mutating func put(_ frame: Int32, _ id: Int32, _ box: OrientedBox, score: Double?, _ classIndex: Int16, line: Int) {
      if score != nil { hasScores = true }
      let key = UInt64(UInt32(bitPattern: frame)) << 32 | UInt64(UInt32(bitPattern: id))
      if id >= 0, let row = rowOf[key] {
        table.orientedBoxes[row] = box
        table.confidences[row] = score ?? 1
        table.classIndices[row] = classIndex
        return
      }
      rowOf[key] = table.count
      table.frames.append(frame)
      table.ids.append(id)
      table.orientedBoxes.append(box)
      table.confidences.append(score ?? 1)
      table.classIndices.append(classIndex)
      if options.keepsLines { table.lines.append(Int32(clamping: line)) }
    }

    /// -1 for no class, nil for too many.
    private mutating func index(ofClass name: String) -> Int16? {
      guard !name.isEmpty else { return -1 }
      var name = name
      return name.withUTF8 { try? names.index(of: $0) }
    }

    private func wrong(_ column: Column, _ fields: [String], _ what: String) -> String {
      "column \(column.rawValue) (\"\(places[column].map { fields[$0].prefix(40) } ?? "")\") is \(what)"
    }

    func finish() -> BoxTable {
      var table = self.table
      table.classes = names.names
      if names.names.isEmpty { table.classIndices = [] }
      if !hasScores { table.confidences = [] }
      table.settleScores(options.scores)
      return table
    }
  }

  /// The fields of a line; those in quotes may hold commas and doubled quotes (RFC 4180), but no line end.
  private static func fields(_ line: UnsafeBufferPointer<UInt8>) -> [String] {
    var fields: [String] = []
    var field: [UInt8] = []
    var isQuoted = false
    var iterator = (line.last == UInt8(ascii: "\r") ? line.dropLast() : line[...]).makeIterator()
    var pending = iterator.next()
    while let byte = pending {
      pending = iterator.next()
      switch byte {
      case UInt8(ascii: "\"") where isQuoted && pending == UInt8(ascii: "\""):
        field.append(byte)
        pending = iterator.next()
      case UInt8(ascii: "\""): isQuoted.toggle()
      case UInt8(ascii: ",") where !isQuoted:
        fields.append(String(decoding: field, as: UTF8.self))
        field.removeAll(keepingCapacity: true)
      default: field.append(byte)
      }
    }
    fields.append(String(decoding: field, as: UTF8.self))
    return fields
  }
}
