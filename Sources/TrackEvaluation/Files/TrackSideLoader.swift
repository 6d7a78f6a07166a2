import Geometry
import Records

/// One side of a sequence as loaded.
struct TrackSide: Sendable {
  var boxes: GroupedBoxes
  var format: BoxFormat
  /// The number of the first frame in the file's own counting.
  var firstFrame: Int
  var size: (width: Int, height: Int)?
  var warnings: [String]
}

/// Reads a side of a sequence from any track format.
enum TrackSideLoader {
  /// - Parameter size: Pixels of the pictures, for formats that hold shares of them; nil where it is not known.
  static func load(
    path: String, role: BoxTableReader.Role, format: BoxFormat?, size: (width: Double, height: Double)? = nil
  ) throws(RecordsError) -> TrackSide {
    if format == .sextant || (format == nil && isStream(path)) { return try loadStream(path) }
    var options = BoxTableReader.Options(format: format, role: role)
    options.keepsScores = role == .truth
    options.images.numbering = .automatic
    options.images.size = size
    return try side(of: try BoxTableReader.read(path: path, options: options), path: path, role: role)
  }

  /// One side of a sequence from a table.
  ///
  /// - Throws: `RecordsError.malformed` for a truth whose boxes have no identities: none are made up.
  static func side(of table: consuming BoxTable, path: String, role: BoxTableReader.Role) throws(RecordsError) -> TrackSide {
    if role == .truth, !table.isEmpty, table.ids.allSatisfy({ $0 < 0 }) {
      throw .malformed(path: path, reason: "its boxes have no identities, which a truth of tracks needs")
    }
    // Dropped before the boxes are brought into order, so that both are never held at once.
    table.confidences = []
    table.rawScores = []
    table.visibilities = []
    table.worldPositions = []
    if !table.considered.contains(false) { table.considered = [] }
    let (format, firstFrame, warnings) = (table.format, Int(table.firstFrame), table.warnings.map { "\(path): \($0)" })
    return TrackSide(
      boxes: GroupedBoxes(taking: &table), format: format, firstFrame: firstFrame, size: nil, warnings: warnings)
  }

  /// Whether a name is that of a stream, also of one whose writing was cut off (`NAME.part`).
  static func isStream(_ path: String) -> Bool {
    let plain = Packing.plainName(of: path.hasSuffix(PartialFile.suffix) ? String(path.dropLast(PartialFile.suffix.count)) : path)
    return plain.hasSuffix(".ndjson") || plain.hasSuffix(".jsonl")
  }
}
