import Geometry
import Records

extension TrackColumns {
  /// Frames that can still be asked for how they lie in the plane, seconds.
  private static let planeMemory = 60.0

  /// Reads a stream of this program, or any file of tracks.
  ///
  /// - Parameter framesPerSecond: Of a file without times; of a `seqinfo.ini` beside it, else 30, which is noted.
  /// - Throws: `RecordsError`, `ViewerError`.
  public static func read(path: String, framesPerSecond: Double? = nil) throws -> TrackColumns {
    if StreamHeader.read(path: path) != nil || path == "-" { return try stream(path: path) }
    return try table(path: path, framesPerSecond)
  }

  private static func stream(path: String) throws -> TrackColumns {
    let reader = try StreamReader(path: path, keepsFurther: false)
    var columns = TrackColumns()
    var plane = StabilizedPlane(memory: planeMemory)
    while reader.end == nil, let record = try reader.next() {
      switch record {
      case .header(let header): columns.header = header
      case .frame(let frame):
        plane.add(frame)
        let view = plane[frame.frame] ?? .init(origin: frame.frame, map: .identity)
        columns.add(Moment(number: frame.frame, time: frame.time, camera: frame.camera?.status, view: view))
        try columns.add(frame: frame.frame, time: frame.time, frame.tracks, path: path)
      case .backfill(let late): try columns.add(frame: late.frame, time: late.time, late.tracks, path: path)
      case .event(let event): columns.add(event)
      case .end(let end): columns.end = end
      case .unknown: break
      }
    }
    columns.classes = reader.classes
    if reader.end == nil { columns.notes.append("The stream was cut off or is still being written.") }
    guard columns.frameCount > 0 || reader.end == nil else {
      throw ViewerError.nothingToShow(path: reader.name, reason: "the stream has no frames")
    }
    return columns
  }

  private static func table(path: String, _ rate: Double?) throws -> TrackColumns {
    let table = try BoxTableReader.read(path: path)
    guard !table.ids.isEmpty else {
      throw ViewerError.nothingToShow(path: path, reason: "its boxes have no identities")
    }
    var columns = TrackColumns()
    let told = rate ?? SequenceInformation.beside(path)?.frameRate
    if told == nil { columns.notes.append("The file has no times; 30 frames per second are assumed.") }
    let framesPerSecond = told ?? 30
    for frame in 0..<table.frameCount {
      let view = StabilizedPlane.View(origin: 0, map: .identity)
      columns.add(Moment(number: frame, time: Double(frame) / framesPerSecond, camera: nil, view: view))
    }
    for row in 0..<table.count where table.ids[row] >= 0 {
      let record = TrackRecord(
        id: Int(table.ids[row]), classIndex: table.classIndex(row) ?? -1, score: table.confidence(row),
        box: table.orientedBox(row).canonical)
      let frame = Int(table.frames[row])
      try columns.add(frame: frame, time: Double(frame) / framesPerSecond, [record], path: path)
    }
    columns.classes = table.classes
    columns.notes += table.warnings
    return columns
  }
}
