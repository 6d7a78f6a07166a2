import Geometry

/// KITTI's object labels, a file per image: `type truncated occluded alpha left top right bottom h w l x y z rotation_y [score]`.
///
/// DeepStream's tracks have an id behind the type; whether a folder has is told before its rows are read (`hasIdentities(_:)`), for both
/// have 16 columns where one of them has a score.
struct KITTIObjectRows: ImageRows {
  // The id has more digits than a Double: it is read as text.
  static let textColumns: UInt32 = 0b11
  static let format = BoxFormat.kittiObjects

  var image: Int32 = 0
  private let options: BoxReadingOptions
  private let hasIdentities: Bool
  private var names = ClassNames(known: KITTIRows.classes)
  private var identities = IdentityColumn()
  private var columns = 0
  private var truncations = OptionalColumn<Float>(empty: -1)
  private var occlusions = OptionalColumn<Int8>(empty: -1)
  private var spatialBoxes = OptionalColumn<SpatialBox>(empty: .unknown)
  /// What DeepStream writes for a box without a place in space.
  private static let unset = SpatialBox(height: 0, width: 0, length: 0, x: 0, y: 0, z: 0, rotationY: 0, alpha: 0)

  init(_ options: BoxReadingOptions, hasIdentities: Bool) {
    self.options = options
    self.hasIdentities = hasIdentities
  }

  /// Whether rows have an id as their second column.
  ///
  /// - Parameter rows: The columns of the rows looked at.
  static func hasIdentities(_ rows: [[String]]) -> Bool {
    guard let count = rows.first?.count, count != 15 else { return false }
    guard count == 16 else { return count == 17 }
    // Rows of other lengths are refused when they are read.
    let rows = rows.filter { $0.count == count }
    // Occlusion is written as a whole number: in the third column without an id, in the fourth with one.
    func isWhole(_ text: String) -> Bool { Int(text) != nil || UInt64(text) != nil }
    return rows.allSatisfy { isWhole($0[1]) && !isWhole($0[2]) && isWhole($0[3]) }
      || rows.contains { Double($0[1]).map { $0 > 1 && $0 == $0.rounded() } ?? false }
  }

  mutating func append(_ row: borrowing RowScanner, to table: inout BoxTable) throws(RowProblem) {
    try row.requireSame(&columns, in: 15...17)
    let shift = hasIdentities ? 1 : 0
    guard row.count >= 15 + shift else { throw .columnCount(found: row.count, expected: "\(15 + shift) or more") }
    let second = String(decoding: row.text(1), as: UTF8.self)
    let truncation = hasIdentities ? row[2] : Double(second)
    guard let truncation, truncation.isFinite else { throw .notANumber(column: 1) }
    if hasIdentities, UInt64(second) == nil, Int64(second) == nil { throw .notAnInteger(column: 1) }
    let occlusion = try row.integer(2 + shift, in: -128...127)
    let box = row.axisBox(corners: 4 + shift)
    table.classIndices.append(try names.index(of: row.text(0)))
    identities.append(hasIdentities ? second : nil)
    table.frames.append(image)
    table.axisBoxes.append(box)
    if row.count == 16 + shift { table.confidences.append(row[15 + shift]) }
    truncations.append(Float(truncation))
    occlusions.append(Int8(occlusion))
    let s = SpatialBox(
      height: row[8 + shift], width: row[9 + shift], length: row[10 + shift], x: row[11 + shift], y: row[12 + shift],
      z: row[13 + shift], rotationY: row[14 + shift], alpha: row[3 + shift])
    spatialBoxes.append(s == KITTIObjectRows.unset ? .unknown : s)
  }

  mutating func finish(_ table: inout BoxTable) {
    let (ids, warning) = identities.finish()
    table.ids = ids
    if let warning { table.warnings.append(warning) }
    table.settleScores(options.scores)
    table.warnAboutInvertedBoxes()
    table.classes = names.names
    table.truncations = truncations.values
    table.occlusions = occlusions.values
    table.spatialBoxes = spatialBoxes.values
  }
}
