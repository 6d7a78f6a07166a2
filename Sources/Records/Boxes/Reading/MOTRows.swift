import Geometry

/// MOTChallenge: `frame,id,left,top,width,height[,conf[,class[,visibility]]]` or `…,conf,x,y,z`; frames from 1.
///
/// Column 7 is a confidence or a truth's flag (`BoxReadingOptions.Role`). With 8 or 9 columns the eighth is a class number and the ninth the
/// visibility. With 10, columns 8 to 10 are a world position if 9 or 10 differ from −1 anywhere in the file (MOT15's truth), else column
/// 8 is a class number where all its values are integers, else nothing.
/// Left and top are kept as the file has them, though MOTChallenge's first pixel is at (1, 1).
struct MOTRows: BoxRows {
  static let textColumns: UInt32 = 0
  static let format = BoxFormat.mot

  /// The classes of MOT16, MOT17 and MOT20, numbered from 1.
  static let classes = [
    "pedestrian", "person_on_vehicle", "car", "bicycle", "motorbike", "non_motorized_vehicle", "static_person",
    "distractor", "occluder", "occluder_on_ground", "occluder_full", "reflection", "crowd",
  ]
  private static let noPosition = SpatialPoint(x: -1, y: -1, z: -1)

  private let options: BoxReadingOptions
  private var columns = 0
  private var classes = ClassNumbering()
  private var visibilities = OptionalColumn<Float>(empty: -1)
  private var positions = OptionalColumn<SpatialPoint>(empty: noPosition)

  init(_ options: BoxReadingOptions) { self.options = options }

  @inline(__always)
  mutating func append(_ row: borrowing RowScanner, to table: inout BoxTable) throws(RowProblem) {
    try row.requireSame(&columns, in: 6...10)
    let frame = try row.frame(0)
    let id = try row.identity(1)
    let width = try row.size(4)
    let height = try row.size(5)
    if columns == 8 || columns == 9 {
      classes.append(try row.integer(7, in: ClassNumbering.range))
      visibilities.append(columns == 9 ? Float(row[8]) : -1)
    } else if columns == 10 {
      positions.append(SpatialPoint(x: row[7], y: row[8], z: row[9]))
    }
    table.frames.append(frame)
    table.ids.append(id)
    table.axisBoxes.append(AxisBox(left: row[2], top: row[3], width: width, height: height))
    if columns > 6, options.readsScores { table.confidences.append(row[6]) }
  }

  mutating func finish(_ table: inout BoxTable) {
    table.settleFlags(options.role)
    table.settleScores(options.scores)
    table.visibilities = visibilities.values
    if let numbers = classNumbersAmongPositions() {
      for number in numbers { classes.append(number) }
    } else {
      table.worldPositions = positions.values
    }
    let own = options.ownClasses
    classes.finish(&table, names: options.classNames, known: own.isEmpty ? MOTRows.classes : own)
    guard !own.isEmpty else { return }
    table.hasOwnClassNames = true
    table.warnings.append("class names are those of \(ClassLabels.fileName) beside it: \(own.prefix(10).joined(separator: ", "))")
  }

  /// Column 8 of a ten-column file if it holds class numbers.
  private func classNumbersAmongPositions() -> [Int]? {
    guard !positions.values.isEmpty else { return nil }
    let areNumbers = positions.values.allSatisfy {
      $0.y == -1 && $0.z == -1 && $0.x == $0.x.rounded() && $0.x >= -1 && $0.x <= Double(ClassNumbering.range.upperBound)
    }
    // Bounded: by the test of all numbers above.
    return areNumbers ? positions.values.map { Int($0.x) } : nil
  }
}

extension RowScanner {
  /// Asks for a column count in a range and for the same one in every row of a file.
  @inline(__always)
  func requireSame(_ columns: inout Int, in counts: ClosedRange<Int>) throws(RowProblem) {
    if columns == 0 {
      try require(counts, named: counts.count == 1 ? "\(counts.lowerBound)" : "\(counts.lowerBound) to \(counts.upperBound)")
      columns = count
    }
    guard count == columns else { throw .columnCount(found: count, expected: "\(columns) as in the rows before") }
  }

  /// A frame number as the file has it.
  @inline(__always)
  func frame(_ column: Int) throws(RowProblem) -> Int32 {
    Int32(try integer(column, in: 0...BoxLimits.maximumFrame))
  }

  /// An identity, −1 for none.
  @inline(__always)
  func identity(_ column: Int) throws(RowProblem) -> Int32 {
    Int32(try integer(column, in: -1...Int(Int32.max)))
  }
}

extension BoxTable {
  /// Fills `considered` where the confidences are, or are to be read as, a truth's flags.
  mutating func settleFlags(_ role: BoxReadingOptions.Role) {
    switch role {
    case .truth:
      considered = confidences.map { $0 != 0 }
      confidences = confidences.map { $0 == 0 ? 0 : 1 }
    case .automatic where confidences.allSatisfy({ $0 == 0 || $0 == 1 }): considered = confidences.map { $0 != 0 }
    default: break
    }
  }
}
