import Foundation
import Geometry
import Records

/// What a file of tracks may not tell of its frames.
struct FrameHints: Sendable {
  /// Frames per second of a file without times, as somebody said.
  var told: Double?
  /// The same where no `seqinfo.ini` beside the file says more; without it 30, which is noted.
  var otherwise: Double?
  /// The pictures' size, pixels, for formats with shares of it.
  var size: (width: Double, height: Double)?
}

extension TrackColumns {
  /// Where a reading is when it gives what it has.
  enum ReadingState: Sendable {
    /// More of the file is there.
    case reading
    /// The file has no more for now; another program may be writing it.
    case waiting
    /// Nothing comes after it.
    case whole
  }

  /// Frames that can still be asked for how they lie in the plane, seconds.
  fileprivate static let planeMemory = 60.0
  /// Rows after which a reading gives its first part: a tenth of a second's work. Each later part has four times the rows, so that all parts
  /// together cost a third of the whole.
  private static let firstPart = 20_000

  /// Reads a stream of this program, or any file of tracks, as far as it is there.
  ///
  /// - Parameters:
  ///   - format: nil to be told from the file.
  ///   - hints: What the file may not tell.
  /// - Throws: `RecordsError`, `ViewerError`.
  static func read(path: String, _ format: BoxFormat? = nil, _ hints: FrameHints = FrameHints()) throws -> TrackColumns {
    guard isStream(path, format) else { return try table(path: path, format, hints) }
    let reading = ColumnReading(path: path)
    let reader = try StreamReader(path: path, keepsFurther: false)
    while let record = try reader.next() { try reading.take(record, classes: reader.classes) }
    return try reading.finished(reader.end, name: reader.name)
  }

  /// Reads as `read` does, gives parts on the way, and goes on with a stream that is still being written.
  ///
  /// - Parameter take: Called with what is there by now. At the end of a growing file it is to wait a little; false ends the reading.
  static func follow(
    path: String, _ format: BoxFormat?, _ hints: FrameHints, _ take: @escaping (TrackColumns, ReadingState) throws -> Bool
  ) throws {
    guard isStream(path, format) else {
      _ = try take(try table(path: path, format, hints), .whole)
      return
    }
    let reading = ColumnReading(path: path)
    var failure: (any Error)?
    var isEnded = false
    let reader = try StreamReader(following: path, keepsFurther: false) {
      guard !isEnded else { return false }
      do {
        return try take(reading.soFar, .waiting)
      } catch {
        failure = error
        return false
      }
    }
    var due = firstPart
    while let record = try reader.next() {
      // Behind its end a stream has nothing; what is there nevertheless is an error of the next call.
      if case .end = record { isEnded = true }
      try reading.take(record, classes: reader.classes)
      guard reading.columns.count >= due else { continue }
      due *= 4
      guard try take(reading.columns, .reading) else { return }
    }
    if let failure { throw failure }
    _ = try take(try reading.finished(reader.end, name: reader.name), .whole)
  }

  /// Whether a file is a stream of this program, perhaps one whose first record is not all there yet.
  private static func isStream(_ path: String, _ format: BoxFormat?) -> Bool {
    if let format { return format == .sextant }
    return path == "-" || StreamHeader.read(path: path) != nil || StreamHeader.begins(path: path)
  }

  private static func table(path: String, _ format: BoxFormat?, _ hints: FrameHints) throws -> TrackColumns {
    var options = BoxTableReader.Options(format: format)
    options.images.size = hints.size
    let table = try BoxTableReader.read(path: path, options: options)
    guard !table.isEmpty else { throw ViewerError.nothingToShow(path: path, reason: "it has no boxes") }
    guard !table.ids.isEmpty else {
      throw ViewerError.nothingToShow(path: path, reason: "its boxes have no identities")
    }
    var columns = TrackColumns()
    let told = hints.told ?? SequenceInformation.beside(path)?.frameRate ?? hints.otherwise
    if told == nil { columns.notes.append("The file has no times; 30 frames per second are assumed.") }
    let framesPerSecond = told ?? 30
    columns.framesPerSecond = framesPerSecond
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

/// The columns of one stream while it is read.
private final class ColumnReading {
  private(set) var columns = TrackColumns()
  private var plane = StabilizedPlane(memory: TrackColumns.planeMemory)
  private let path: String

  init(path: String) { self.path = path }

  func take(_ record: StreamRecord, classes: [String]) throws {
    switch record {
    case .header(let header): columns.header = header
    case .frame(let frame):
      plane.add(frame)
      let view = plane[frame.frame] ?? .init(origin: frame.frame, map: .identity)
      columns.add(.init(number: frame.frame, time: frame.time, camera: frame.camera?.status, view: view))
      try columns.add(frame: frame.frame, time: frame.time, frame.tracks, path: path)
    case .backfill(let late): try columns.add(frame: late.frame, time: late.time, late.tracks, path: path)
    case .event(let event): columns.add(event)
    case .end(let end): columns.end = end
    case .unknown: break
    }
    if columns.classes.count != classes.count { columns.classes = classes }
  }

  /// What a stream without its end holds by now.
  var soFar: TrackColumns {
    var columns = self.columns
    columns.notes.append("The stream was cut off or is still being written.")
    if columns.frameCount == 0 { columns.notes.append("It has no frame yet.") }
    return columns
  }

  /// - Throws: `ViewerError.nothingToShow` for a stream that is whole and has no frames.
  func finished(_ end: EndRecord?, name: String) throws -> TrackColumns {
    guard end != nil else { return soFar }
    guard columns.frameCount > 0 else { throw ViewerError.nothingToShow(path: name, reason: "the stream has no frames") }
    return columns
  }
}
