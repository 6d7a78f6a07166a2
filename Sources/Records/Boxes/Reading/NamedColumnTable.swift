import Geometry

/// Reads comma-separated values whose first line names the columns, in any order: this program's CSV, supervision's, and others that call
/// their columns by one of the known names. Frames from 0.
///
/// Needed are a frame and a box (centre and sides, corner and sides, or two corners); class, score, angle and id may be missing or empty,
/// and all other columns are passed over. A later row of the same track in the same frame replaces the earlier one, as in the stream.
enum NamedColumnTable {
  /// Whether a first line names the columns of a box.
  static func isHeader(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    guard line.count <= 4096 else { return false }
    return BoxColumns(NamedColumn.places(fields(line, separator(of: line)))) != nil
  }

  static func read(_ lines: LineReader, _ options: BoxReadingOptions) throws(RecordsError) -> BoxTable {
    var builder: Builder?
    var separator = UInt8(ascii: ",")
    var problems = LineProblems(limit: options.listedBadLines)
    try lines.forEachLine { line throws(RecordsError) in
      guard !line.bytes.allSatisfy({ RowScanner.isBlank($0) || $0 == UInt8(ascii: "\r") }), !BoxRowLoop.isComment(line.bytes) else {
        return
      }
      guard builder != nil else {
        separator = NamedColumnTable.separator(of: line.bytes)
        builder = try Builder(header: fields(line.bytes, separator), path: lines.name, options)
        return
      }
      if let reason = builder?.add(fields(line.bytes, separator), line: line.number) { problems.add(line: line.number, reason) }
      guard builder?.table.count ?? 0 <= options.maximumRows else {
        throw .tooLarge(path: lines.name, reason: "it has more than \(options.maximumRows) boxes; split it into sequences")
      }
    }
    try problems.throwIfAny(path: lines.name)
    return builder?.finish() ?? BoxTable(format: .csv)
  }

  /// The most frequent of comma, semicolon and tab.
  private static func separator(of line: UnsafeBufferPointer<UInt8>) -> UInt8 {
    let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]
    let counts = candidates.map { candidate in line.count { $0 == candidate } }
    return counts[0] >= max(counts[1], counts[2]) ? candidates[0] : counts[1] >= counts[2] ? candidates[1] : candidates[2]
  }

  // MARK: - Rows

  private struct Builder {
    var table = BoxTable(format: .csv)
    private let places: [NamedColumn: Int]
    private let boxColumns: BoxColumns
    private let header: [String]
    private let options: BoxReadingOptions
    private var names = ClassNames()
    private var identities = IdentityColumn()
    private var hasScores = false
    private var hasCovariances = false
    /// The row of each frame and id.
    private var rowOf: [RowKey: Int] = [:]

    private struct RowKey: Hashable {
      let frame: Int32
      let id: String
    }

    init(header: [String], path: String, _ options: BoxReadingOptions) throws(RecordsError) {
      places = NamedColumn.places(header)
      guard let boxColumns = BoxColumns(places) else {
        throw .malformed(
          path: path,
          reason:
            "its first line names no box: centre and sides (cx_px, cy_px, w_px, h_px), corners (x_min, y_min, x_max, y_max) or left, top, width and height"
        )
      }
      guard places[.frame] != nil else {
        throw .malformed(
          path: path, reason: "its first line names no column of frames (\(NamedColumn.frame.names.joined(separator: ", ")))")
      }
      self.boxColumns = boxColumns
      self.header = header
      self.options = options
      if boxColumns.isAmbiguous { table.warnings.append("the columns x and y are taken as the left upper corner") }
    }

    /// Adds a row.
    ///
    /// - Returns: What is wrong with it; nil where nothing is.
    mutating func add(_ fields: [String], line: Int) -> String? {
      var fields = fields
      // One separator at the end of a line ends its last column.
      if fields.count == header.count + 1, fields.last?.isEmpty == true { fields.removeLast() }
      guard fields.count == header.count else { return "\(fields.count) columns, expected \(header.count) as in the first line" }
      func number(_ column: NamedColumn) -> Double? {
        guard let place = places[column], let value = Double(fields[place].filter { $0 != " " }), value.isFinite else { return nil }
        return value
      }
      for column in [.frame] + boxColumns.columns where number(column) == nil { return wrong(column, fields, "not a number") }
      guard let frame = number(.frame), let row = Int32(exactly: frame), 0...BoxLimits.maximumFrame ~= Int(row) else {
        return wrong(.frame, fields, "no frame from 0 to \(BoxLimits.maximumFrame)")
      }
      let values = boxColumns.columns.map { number($0) ?? 0 }
      let box = boxColumns.box(values, angle: number(.angle) ?? 0)
      guard box.width >= 0, box.height >= 0 else {
        return wrong(
          boxColumns.columns[box.width < 0 ? 2 : 3], fields,
          boxColumns.kind == .corners ? "before the first corner" : "a negative size")
      }
      for column in [NamedColumn.score, .angle, .varianceX, .covariance, .varianceY] {
        if let place = places[column], !fields[place].isEmpty, number(column) == nil {
          return wrong(column, fields, "not a number")
        }
      }
      if options.role == .detections, let place = places[.observation],
        !(TrackRecord.Observation(rawValue: fields[place])?.isDetected ?? false)
      {
        return nil
      }
      guard let classIndex = index(ofClass: className(fields)) else { return "more than \(ClassNames.maximumCount) classes" }
      let id = places[.id].map { fields[$0] } ?? ""
      if let place = places[.id], let value = Double(fields[place]), value < -1 { return wrong(.id, fields, "no id") }
      var covariance: SymmetricMatrix2?
      if let xx = number(.varianceX), let xy = number(.covariance), let yy = number(.varianceY) {
        covariance = SymmetricMatrix2(xx: xx, xy: xy, yy: yy)
      }
      put(Row(frame: row, id: id, box: box, score: number(.score), classIndex: classIndex, covariance: covariance), line: line)
      return nil
    }

    /// What a line says.
    private struct Row {
      let frame: Int32
      let id: String
      let box: OrientedBox
      let score: Double?
      let classIndex: Int16
      let covariance: SymmetricMatrix2?
    }

    private mutating func put(_ row: Row, line: Int) {
      if row.score != nil { hasScores = true }
      if row.covariance != nil { hasCovariances = true }
      let key = RowKey(frame: row.frame, id: row.id)
      let isNamed = !row.id.isEmpty && Double(row.id).map { $0 >= 0 } ?? true
      if isNamed, let place = rowOf[key] {
        table.orientedBoxes[place] = row.box
        table.confidences[place] = row.score ?? 1
        table.classIndices[place] = row.classIndex
        table.centerCovariances[place] = row.covariance
        return
      }
      if isNamed { rowOf[key] = table.count }
      table.frames.append(row.frame)
      identities.append(row.id)
      table.orientedBoxes.append(row.box)
      table.confidences.append(row.score ?? 1)
      table.classIndices.append(row.classIndex)
      table.centerCovariances.append(row.covariance)
      if options.keepsLines { table.lines.append(Int32(clamping: line)) }
    }

    private func className(_ fields: [String]) -> String {
      let name = places[.className].map { fields[$0] } ?? ""
      return name.isEmpty ? places[.classNumber].map { fields[$0] } ?? "" : name
    }

    /// -1 for no class, nil for too many.
    private mutating func index(ofClass name: String) -> Int16? {
      guard !name.isEmpty else { return -1 }
      var name = name
      return name.withUTF8 { try? names.index(of: $0) }
    }

    private func wrong(_ column: NamedColumn, _ fields: [String], _ what: String) -> String {
      guard let place = places[column] else { return "column \(column) is \(what)" }
      let hint = what == "not a number" && fields[place].contains(",") ? "; write decimals with a point, not with a comma" : ""
      return "column \(header[place].prefix(40)) (\"\(fields[place].prefix(40))\") is \(what)\(hint)"
    }

    func finish() -> BoxTable {
      var table = self.table
      let (ids, warning) = identities.finish()
      table.ids = ids
      if let warning { table.warnings.append(warning) }
      table.classes = names.names
      table.takeNumbersOfClasses()
      if names.names.isEmpty { table.classIndices = [] }
      if !hasScores { table.confidences = [] }
      if !hasCovariances { table.centerCovariances = [] }
      table.settleScores(options.scores)
      return table
    }
  }

  /// The fields of a line; those in quotes may hold commas and doubled quotes (RFC 4180), but no line end.
  private static func fields(_ line: UnsafeBufferPointer<UInt8>, _ separator: UInt8) -> [String] {
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
      case separator where !isQuoted:
        fields.append(String(decoding: field, as: UTF8.self))
        field.removeAll(keepingCapacity: true)
      default: field.append(byte)
      }
    }
    fields.append(String(decoding: field, as: UTF8.self))
    return fields
  }
}
