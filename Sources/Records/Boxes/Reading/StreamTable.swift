import Geometry

/// Reads this program's stream into a table: a row for each track of each frame and of the back-filled rows, as the text outputs of `track`
/// have them: coasting rows are left out (`RowKinds.seen`).
///
/// As detections only rows that stand for one are taken. A later row of the same track in the same frame replaces the earlier one.
/// `visibilities` has 1 for observed rows and 0.5 for interpolated ones.
enum StreamTable {
  static func read(_ lines: LineReader, _ options: BoxReadingOptions) throws(RecordsError) -> BoxTable {
    let reader = try StreamReader(lines, keepsFurther: false)
    var builder = Builder(options.role == .detections ? .observed : .seen)
    var problems = LineProblems(limit: options.listedBadLines)
    var isOpen = true
    while isOpen {
      do throws(RecordsError) {
        guard let record = try reader.next() else {
          isOpen = false
          break
        }
        try builder.add(record, line: reader.line, options)
      } catch .malformedLines(_, let lines, _) where !lines.isEmpty {
        problems.add(line: lines[0].line, lines[0].reason)
      } catch {
        throw error
      }
      guard builder.table.count <= options.maximumRows else {
        throw .tooLarge(path: reader.name, reason: "it has more than \(options.maximumRows) boxes; split it")
      }
    }
    try problems.throwIfAny(path: reader.name)
    return builder.finish(reader)
  }

  /// What a stream has and a table has not.
  private static let leftOut = [
    "the camera's motion, velocities, headings, covariances, forecasts and events of the stream are no part of a table of boxes"
  ]

  private struct Builder {
    var table = BoxTable(format: .sextant)
    private var places: StreamRowPlaces

    init(_ kinds: RowKinds) { places = StreamRowPlaces(kinds) }

    mutating func add(
      _ record: StreamRecord, line: Int, _ options: BoxReadingOptions
    ) throws(RecordsError) {
      switch record {
      case .frame(let frame): try add(frame.frame, frame.tracks, line, options)
      case .backfill(let backfill): try add(backfill.frame, backfill.tracks, line, options)
      default: break
      }
    }

    private mutating func add(
      _ frame: Int, _ tracks: [TrackRecord], _ line: Int, _ options: BoxReadingOptions
    ) throws(RecordsError) {
      guard frame <= BoxLimits.maximumFrame else {
        let problem = LineProblem(line: line, reason: "frame \(frame) is above \(BoxLimits.maximumFrame)")
        throw .malformedLines(path: "", lines: [problem], total: 1)
      }
      places.count(frame: frame)
      for track in tracks {
        guard let place = places.row(frame: frame, track) else { continue }
        guard place.isNew else {
          replace(place.number, by: track)
          continue
        }
        append(frame, track)
        if options.keepsLines { table.lines.append(Int32(clamping: line)) }
      }
    }

    private mutating func append(_ frame: Int, _ track: TrackRecord) {
      table.frames.append(Int32(frame))
      // The reader has checked that ids fit.
      table.ids.append(Int32(track.id))
      table.orientedBoxes.append(track.box)
      table.confidences.append(track.score ?? 1)
      table.classIndices.append(Int16(clamping: track.classIndex))
      table.visibilities.append(Builder.visibility(track.observation))
      setMask(table.count - 1, track.mask)
      setWorld(table.count - 1, track.world)
    }

    private mutating func replace(_ row: Int, by track: TrackRecord) {
      table.orientedBoxes[row] = track.box
      table.confidences[row] = track.score ?? 1
      table.classIndices[row] = Int16(clamping: track.classIndex)
      table.visibilities[row] = Builder.visibility(track.observation)
      setMask(row, track.mask)
      setWorld(row, track.world)
    }

    /// The column begins with the first box in space.
    private mutating func setWorld(_ row: Int, _ world: WorldRecord?) {
      guard world != nil || !table.spatialBoxes.isEmpty else { return }
      table.spatialBoxes += Array(repeating: .unknown, count: table.count - table.spatialBoxes.count)
      table.spatialBoxes[row] = world?.box ?? .unknown
    }

    /// The column begins with the first mask.
    private mutating func setMask(_ row: Int, _ mask: RunLengthMask?) {
      guard mask != nil || !table.masks.isEmpty else { return }
      table.masks += Array(repeating: nil, count: table.count - table.masks.count)
      table.masks[row] = mask
    }

    private static func visibility(_ observation: TrackRecord.Observation) -> Float {
      switch observation {
      case .observed, .smoothed: 1
      case .interpolated: 0.5
      case .predicted: 0
      }
    }

    func finish(_ reader: StreamReader) -> BoxTable {
      var table = self.table
      table.classes = reader.classes
      if !table.visibilities.contains(where: { $0 != 1 }) { table.visibilities = [] }
      table.leftOut = StreamTable.leftOut
      if let warning = places.leftOut.warning { table.warnings.append(warning) }
      if places.frameCount > 0 { table.statedFrameCount = Int32(places.frameCount) }
      if let warning = reader.earlyEnd { table.warnings.append(warning) }
      return table
    }
  }
}
