import Geometry

/// Reads trajectories. The format is told or guessed from the first line with numbers: `{` is our stream, twelve columns are KITTI's
/// poses, eight or more with commas EuRoC's if the stamp is a whole number, else eight TUM's; four are TUM's without rotations.
///
/// Poses whose quaternions are all zero, or that have none, are positions: the file says that it has no rotations.
public enum TrajectoryReader {
  /// A file with more poses is refused.
  public static let maximumPoses = 20_000_000
  /// A rotation matrix further from a rotation than this is reported (largest entry of RᵀR − I).
  static let rotationTolerance = 1e-3

  /// Why four numbers are no rotation: their length is far from 1, as with a table of boxes that has as many columns; nil where they are.
  fileprivate static func problem(of quaternion: Quaternion) -> String? {
    let length = quaternion.length
    guard !(0.5...2).contains(length) else { return nil }
    let told = (length * 1000).rounded() / 1000
    return "the quaternion has length \(told) instead of 1; is this a trajectory?"
  }

  /// Reads a file, gzipped or not.
  ///
  /// - Parameters:
  ///   - format: nil: guessed.
  ///   - timesPath: KITTI's file of times, a number of seconds per line.
  public static func read(
    path: String, format: TrajectoryFile.Format? = nil, timesPath: String? = nil
  ) throws(RecordsError) -> TrajectoryFile {
    var file = try read(try LineReader(path: path), format: format)
    if let timesPath {
      let times = try readTimes(path: timesPath)
      guard times.count == file.trajectory.poses.count else {
        throw .malformed(path: timesPath, reason: "\(times.count) times for the \(file.trajectory.poses.count) poses of \(path)")
      }
      file.trajectory.times = times
      file.warnAboutTimes()
    }
    return file
  }

  /// Reads the bytes of such a file.
  public static func read(
    bytes: some Collection<UInt8>, name: String, format: TrajectoryFile.Format? = nil
  ) throws(RecordsError) -> TrajectoryFile {
    try read(LineReader(ByteSource(bytes: bytes, name: name)), format: format)
  }

  private static func read(_ reader: LineReader, format: TrajectoryFile.Format?) throws(RecordsError) -> TrajectoryFile {
    let guessed = try reader.peek { guess($0) }
    let separator = try reader.peek { ColumnSeparator(guessedFrom: $0) }
    switch format ?? guessed {
    case nil:
      throw .unknownFormat(
        path: reader.name,
        reason: "its first line has neither 4 (positions), 8 (TUM, EuRoC) nor 12 (KITTI) numbers and is no stream; name the format")
    case .tum: return try read(reader, separator, TUMPoses(isScalarFirst: try reader.peek { namesScalarFirst($0) }))
    case .kitti: return try read(reader, separator, KITTIPoses())
    case .euroc: return try read(reader, separator, EuRoCPoses())
    case .sextant: return try StreamPoses.read(reader)
    }
  }

  private static func guess(_ bytes: UnsafeBufferPointer<UInt8>) -> TrajectoryFile.Format? {
    let lines = bytes.split(maxSplits: 100) { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
    for line in lines.prefix(100) {
      let line = UnsafeBufferPointer(rebasing: line)
      guard let first = line.first(where: { !RowScanner.isBlank($0) }) else { continue }
      if first == UInt8(ascii: "{") { return .sextant }
      if skips(line, hasRows: false) { continue }
      let separator = ColumnSeparator(guessedFrom: line)
      let columns = separator.columns(of: line)
      // EuRoC's stamps are whole nanoseconds.
      let isStampWhole = columns.first.map { $0.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } } ?? false
      switch columns.count {
      case 12 where separator == .blank: return .kitti
      case 8... where separator != .blank && isStampWhole: return .euroc
      case 4, 8: return .tum
      default: return nil
      }
    }
    return nil
  }

  /// Whether the heading of a text names the quaternion's scalar part before its vector.
  private static func namesScalarFirst(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    let heading = bytes.prefix(4096).prefix { $0 != UInt8(ascii: "\n") }.filter { $0 != UInt8(ascii: "_") }
    guard heading.first == UInt8(ascii: "#") || heading.first.map({ !"0123456789+-.".utf8.contains($0) }) ?? false else {
      return false
    }
    let words = String(decoding: heading, as: UTF8.self).lowercased().split { !$0.isLetter }
    guard let w = words.firstIndex(of: "qw"), let x = words.firstIndex(of: "qx") else { return false }
    return w < x
  }

  /// Whether a line is blank, a comment, or a heading of words, which stands before the first row alone.
  fileprivate static func skips(_ line: UnsafeBufferPointer<UInt8>, hasRows: Bool) -> Bool {
    guard let first = line.first(where: { !RowScanner.isBlank($0) }) else { return true }
    return first == UInt8(ascii: "#") || !hasRows && (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first | 0x20)
  }

  private static func read<Rows: PoseRows>(
    _ reader: LineReader, _ separator: ColumnSeparator, _ rows: Rows
  ) throws(RecordsError) -> TrajectoryFile {
    var rows = rows
    var hasRows = false
    try reader.forEachRow(
      separator, textColumns: Rows.textColumns, limit: (maximumPoses, "poses"), skips: { skips($0, hasRows: hasRows) }
    ) { row throws(RowProblem) in
      try rows.append(row)
      hasRows = true
    }
    guard !rows.file.trajectory.poses.isEmpty else {
      throw .malformed(path: reader.name, reason: "it has no pose")
    }
    try rows.file.settleRotations(path: reader.name)
    rows.file.warnAboutTimes()
    rows.file.warnAboutRotations()
    return rows.file
  }

  private static func readTimes(path: String) throws(RecordsError) -> [Double] {
    var times: [Double] = []
    try LineReader(path: path).forEachRow(
      .blank, limit: (maximumPoses, "times"), skips: { skips($0, hasRows: !times.isEmpty) }
    ) { row throws(RowProblem) in
      try row.require(1...1, named: "1")
      times.append(row[0])
    }
    return times
  }
}

extension TrajectoryFile {
  fileprivate mutating func warnAboutTimes() {
    guard let times = trajectory.times else { return }
    let steps = zip(times, times.dropFirst())
    let back = steps.count { $0 > $1 }
    let equal = steps.count { $0 == $1 }
    if back > 0 { warnings.append("times go back in \(back) place\(back == 1 ? "" : "s")") }
    if equal > 0 { warnings.append("\(equal) time\(equal == 1 ? " is" : "s are") the same as the one before") }
  }

  /// Tells a file of positions, and refuses one in which only some poses have a rotation.
  fileprivate mutating func settleRotations(path: String) throws(RecordsError) {
    let missing = quaternions.count { $0.length == 0 }
    guard missing > 0 else { return }
    guard missing == quaternions.count else {
      throw .malformed(
        path: path,
        reason: "\(missing) of its \(quaternions.count) poses have a quaternion of zeros, which is no rotation; leave them out")
    }
    quaternions = []
    hasRotations = false
    for index in trajectory.poses.indices { trajectory.poses[index].rotation = .identity }
    warnings.append("it has positions without rotations, so only translations can be measured")
  }

  fileprivate mutating func warnAboutRotations() {
    let bad = trajectory.poses.count { $0.rotation.rotationDefect > TrajectoryReader.rotationTolerance }
    if bad > 0 {
      warnings.append("the matrices of \(bad) pose\(bad == 1 ? "" : "s") are no rotations to \(TrajectoryReader.rotationTolerance)")
    }
  }
}

// MARK: - The formats' rows

/// How one row becomes a pose.
private protocol PoseRows {
  static var textColumns: UInt32 { get }
  var file: TrajectoryFile { get set }
  /// Appends the row's pose, or throws and leaves the file as it was.
  mutating func append(_ row: borrowing RowScanner) throws(RowProblem)
}

extension PoseRows {
  mutating func append(time: Double, _ quaternion: Quaternion, _ position: Vector3) throws(RowProblem) {
    // All zero means that there is none; what that means for the file is settled at its end.
    if quaternion.length != 0, let problem = TrajectoryReader.problem(of: quaternion) { throw .other(problem) }
    file.quaternions.append(quaternion)
    file.trajectory.times?.append(time)
    file.trajectory.poses.append(RigidTransform(quaternion: quaternion, translation: position))
  }
}

private struct TUMPoses: PoseRows {
  static let textColumns: UInt32 = 0
  var file = TrajectoryFile(format: .tum, trajectory: Trajectory(poses: [], times: []))
  private let isScalarFirst: Bool
  private var columns = 0

  init(isScalarFirst: Bool) { self.isScalarFirst = isScalarFirst }

  mutating func append(_ row: borrowing RowScanner) throws(RowProblem) {
    let count = row.count
    guard count == 4 || count == 8 else {
      throw .columnCount(found: count, expected: "8 (timestamp tx ty tz qx qy qz qw) or 4 (timestamp tx ty tz)")
    }
    if columns == 0 { columns = count }
    guard columns == count else { throw .columnCount(found: count, expected: "\(columns) as in the rows before") }
    let q = count == 4 ? SIMD4<Double>.zero : SIMD4(row[4], row[5], row[6], row[7])
    let quaternion = isScalarFirst ? Quaternion(x: q.y, y: q.z, z: q.w, w: q.x) : Quaternion(x: q.x, y: q.y, z: q.z, w: q.w)
    try append(time: row[0], quaternion, Vector3(row[1], row[2], row[3]))
  }
}

private struct KITTIPoses: PoseRows {
  static let textColumns: UInt32 = 0
  var file = TrajectoryFile(format: .kitti, trajectory: Trajectory(poses: []))

  mutating func append(_ row: borrowing RowScanner) throws(RowProblem) {
    try row.require(12...12, named: "12 (the rows of [R|t])")
    let rotation = Matrix3(
      rows: Vector3(row[0], row[1], row[2]), Vector3(row[4], row[5], row[6]), Vector3(row[8], row[9], row[10]))
    file.trajectory.poses.append(RigidTransform(rotation: rotation, translation: Vector3(row[3], row[7], row[11])))
  }
}

private struct EuRoCPoses: PoseRows {
  // Stamps have more digits than a Double: they are read as text.
  static let textColumns: UInt32 = 1
  var file = TrajectoryFile(format: .euroc, trajectory: Trajectory(poses: [], times: []))

  mutating func append(_ row: borrowing RowScanner) throws(RowProblem) {
    try row.require(8...24, named: "at least 8 (timestamp, position, quaternion w first)")
    guard let stamp = Int64(String(decoding: row.text(0), as: UTF8.self)) else { throw .notAnInteger(column: 0) }
    try append(
      time: Double(stamp) / 1e9, Quaternion(x: row[5], y: row[6], z: row[7], w: row[4]), Vector3(row[1], row[2], row[3]))
    file.nanoseconds.append(stamp)
    file.furtherColumns = max(file.furtherColumns, row.count - 8)
  }
}

/// The poses of our stream: `"pose":{"position":[x,y,z],"quaternion":[x,y,z,w]}` in frame records, metres, camera to world.
private enum StreamPoses {
  static func read(_ lines: LineReader) throws(RecordsError) -> TrajectoryFile {
    let reader = try StreamReader(lines, keepsFurther: true)
    var file = TrajectoryFile(format: .sextant, trajectory: Trajectory(poses: [], times: []))
    while let record = try reader.next() {
      guard case .frame(let frame) = record, let pose = frame.further.first(where: { $0.key == "pose" })?.value,
        let position = numbers(pose["position"], count: 3), let q = numbers(pose["quaternion"], count: 4)
      else { continue }
      let quaternion = Quaternion(x: q[0], y: q[1], z: q[2], w: q[3])
      if let problem = TrajectoryReader.problem(of: quaternion) {
        throw .malformedLines(path: reader.name, lines: [LineProblem(line: reader.line, reason: problem)], total: 1)
      }
      file.quaternions.append(quaternion)
      file.trajectory.times?.append(frame.time)
      file.trajectory.poses.append(
        RigidTransform(quaternion: quaternion, translation: Vector3(position[0], position[1], position[2])))
    }
    guard !file.trajectory.poses.isEmpty else {
      throw .malformed(path: reader.name, reason: "no frame of the stream has a \"pose\"")
    }
    file.warnAboutTimes()
    return file
  }

  private static func numbers(_ value: JSONValue?, count: Int) -> [Double]? {
    guard case .list(let values)? = value else { return nil }
    let numbers = values.compactMap { value -> Double? in
      switch value {
      case .integer(let number): Double(number)
      case .real(let number): number
      default: nil
      }
    }
    return numbers.count == count && values.count == count ? numbers : nil
  }
}
