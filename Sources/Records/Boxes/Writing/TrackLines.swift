import Geometry

/// MOTChallenge: 10 columns with the world position, 9 for a truth with classes or visibilities, else 10 with the class as the eighth.
struct MOTLines: BoxLines {
  let table: BoxTable
  private let numbers: [Int]
  private let hasVisibility: Bool
  private let isTruth: Bool

  init(_ table: BoxTable) {
    self.table = table
    numbers = table.writtenClassNumbers(known: MOTRows.classes, first: 1)
    hasVisibility = !table.visibilities.isEmpty && table.format != .uavdt
    isTruth = hasVisibility || (!table.considered.isEmpty && !table.classIndices.isEmpty)
  }

  func append(_ row: Int, to text: inout TextBuffer) {
    let box = table.axisBox(row)
    text.appendMOT(
      frame: Int(table.frames[row]), id: Int(table.ids[row]), box: box, score: table.writtenScoreOrFlag(row) ?? -1, .exact)
    if !table.worldPositions.isEmpty {
      let position = table.worldPositions[row]
      text.append(",", exact: position.x)
      text.append(",", exact: position.y)
      text.append(",", exact: position.z)
    } else {
      text.append(",")
      text.append(table.classIndex(row).map { numbers[$0] } ?? -1)
      if isTruth {
        text.append(",", exact: hasVisibility ? table.visibilities[row] : 1)
      } else {
        text.append(",-1,-1")
      }
    }
    text.append("\n")
  }

  var losses: [ConversionLoss] {
    let lostClasses =
      table.worldPositions.isEmpty || !table.has(.className)
      ? [] : [ConversionLoss("columns 8 to 10 hold world positions, so classes are left out")]
    return table.numberingLoss(numbers, known: MOTRows.classes, first: 1) + lostClasses
  }
}

/// Oriented MOT with corners.
struct OrientedMOTLines: BoxLines {
  let table: BoxTable
  private let numbers: [Int]

  init(_ table: BoxTable) {
    self.table = table
    numbers = table.writtenClassNumbers(first: 0)
  }

  func append(_ row: Int, to text: inout TextBuffer) {
    let c = table.writtenCorners(row)
    text.appendOrientedMOT(
      frame: Int(table.frames[row]), id: Int(table.ids[row]), corners: [c.first, c.second, c.third, c.fourth],
      score: table.writtenScoreOrFlag(row) ?? 1, class: table.classIndex(row).map { numbers[$0] } ?? -1, .exact)
    text.append(",", exact: table.truncations.isEmpty ? -1 : table.truncations[row])
    text.append("\n")
  }

  var losses: [ConversionLoss] { table.numberingLoss(numbers, first: 0) }
}

/// Oriented MOT with an angle.
struct CenterAngleLines: BoxLines {
  let table: BoxTable
  private let numbers: [Int]
  private let hasVisibility: Bool

  init(_ table: BoxTable) {
    self.table = table
    numbers = table.writtenClassNumbers(first: 0)
    hasVisibility = !table.visibilities.isEmpty && table.format != .uavdt
  }

  func append(_ row: Int, to text: inout TextBuffer) {
    let box = table.orientedBox(row)
    text.append(Int(table.frames[row]) + 1)
    text.append(",")
    text.append(Int(table.ids[row]))
    for value in [box.center.x, box.center.y, box.width, box.height, box.angle] { text.append(",", exact: value) }
    text.append(",", exact: table.writtenScoreOrFlag(row) ?? 1)
    text.append(",")
    text.append(table.classIndex(row).map { numbers[$0] } ?? -1)
    if hasVisibility { text.append(",", exact: table.visibilities[row]) }
    text.append("\n")
  }

  var losses: [ConversionLoss] { table.numberingLoss(numbers, first: 0) }
}

/// KITTI tracking: 17 columns, 18 with a score.
struct KITTILines: BoxLines {
  let table: BoxTable
  private let hasScore: Bool

  init(_ table: BoxTable) {
    self.table = table
    // A truth's flags are no scores.
    hasScore = !table.confidences.isEmpty && table.considered.isEmpty
  }

  func append(_ row: Int, to text: inout TextBuffer) {
    let box = table.axisBox(row)
    let spatial = table.spatialBoxes.isEmpty ? .unknown : table.spatialBoxes[row]
    text.append(Int(table.frames[row]))
    text.append(" ")
    text.append(Int(table.ids[row]))
    text.append(" ")
    text.append(table.writtenClass(row))
    text.append(" ", exact: table.truncations.isEmpty ? -1 : table.truncations[row])
    text.append(" ")
    text.append(table.occlusions.isEmpty || table.format == .uavdt ? -1 : Int(table.occlusions[row]))
    text.append(" ", exact: spatial.alpha)
    text.append(" ", exact: box.left)
    text.append(" ", exact: box.top)
    text.append(" ", derived: box.right)
    text.append(" ", derived: box.bottom)
    for value in [spatial.height, spatial.width, spatial.length, spatial.x, spatial.y, spatial.z, spatial.rotationY] {
      text.append(" ", exact: value)
    }
    if hasScore { text.append(" ", exact: table.writtenScore(row) ?? 1) }
    text.append("\n")
  }
}

/// AB3DMOT detections; only its three types can be written.
struct AB3DMOTLines: BoxLines {
  let table: BoxTable
  /// The type of each class; nil for a class that the format does not have.
  private let types: [Int?]

  init(_ table: BoxTable) {
    self.table = table
    types = table.classes.map { name in
      AB3DMOTRows.classes.firstIndex { $0.lowercased() == name.lowercased() }.map { $0 + 1 }
    }
  }

  private func type(_ row: Int) -> Int? { table.classIndex(row).flatMap { types[$0] } }

  func append(_ row: Int, to text: inout TextBuffer) {
    guard let type = type(row) else { return }
    let box = table.axisBox(row)
    let spatial = table.spatialBoxes.isEmpty ? .unknown : table.spatialBoxes[row]
    text.append(Int(table.frames[row]))
    text.append(",")
    text.append(type)
    text.append(",", exact: box.left)
    text.append(",", exact: box.top)
    text.append(",", derived: box.right)
    text.append(",", derived: box.bottom)
    text.append(",", exact: table.rawScores.isEmpty ? Logistic.logit(table.confidence(row)) : table.rawScores[row])
    for value in [
      spatial.height, spatial.width, spatial.length, spatial.x, spatial.y, spatial.z, spatial.rotationY, spatial.alpha,
    ] { text.append(",", exact: value) }
    text.append("\n")
  }

  var losses: [ConversionLoss] {
    let count = table.frames.indices.count { type($0) == nil }
    return count == 0 ? [] : [ConversionLoss("\(count) boxes of other classes than Pedestrian, Car and Cyclist are left out")]
  }
}

/// UAVDT.
struct UAVDTLines: BoxLines {
  let table: BoxTable
  private let numbers: [Int]

  init(_ table: BoxTable) {
    self.table = table
    numbers = table.writtenClassNumbers(known: UAVDTRows.classes, first: 1)
  }

  func append(_ row: Int, to text: inout TextBuffer) {
    let box = table.axisBox(row)
    text.append(Int(table.frames[row]) + 1)
    text.append(",")
    text.append(Int(table.ids[row]))
    for value in [box.left, box.top, box.width, box.height] { text.append(",", exact: value) }
    text.append(",")
    text.append(outOfView(row))
    text.append(",")
    text.append(table.occlusions.isEmpty || table.format != .uavdt ? 1 : min(4, max(-1, Int(table.occlusions[row]))))
    text.append(",")
    text.append(table.classIndex(row).map { numbers[$0] } ?? -1)
    text.append("\n")
  }

  /// The code of the file, or 1 for a row that counts and 3 for one that does not.
  private func outOfView(_ row: Int) -> Int {
    // Bounded: the reader takes codes from −1 to 3.
    if table.format == .uavdt, !table.visibilities.isEmpty { return Int(table.visibilities[row]) }
    return table.considered.isEmpty || table.considered[row] ? 1 : 3
  }

  var losses: [ConversionLoss] { table.numberingLoss(numbers, known: UAVDTRows.classes, first: 1) }
}

/// HIT-UAV's labels as one text.
struct HITUAVLines: BoxLines {
  let table: BoxTable

  init(_ table: BoxTable) { self.table = table }

  func append(_ row: Int, to text: inout TextBuffer) {
    let box = table.orientedBox(row)
    text.append(table.writtenImage(table.frames[row]))
    text.append(" ", corners: table.writtenCorners(row))
    text.append(" ")
    text.append(table.writtenClass(row))
    text.append(!table.difficult.isEmpty && table.difficult[row] ? " 1" : " 0")
    for value in [box.center.x, box.center.y, box.width, box.height, box.angle] { text.append(" ", exact: value) }
    text.append("\n")
  }
}

extension TextBuffer {
  /// Appends four corners, each number behind a separator.
  mutating func append(_ separator: StaticString, corners: BoxCorners) {
    for corner in [corners.first, corners.second, corners.third, corners.fourth] {
      append(separator, derived: corner.x)
      append(separator, derived: corner.y)
    }
  }
}
