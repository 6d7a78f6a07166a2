import Records

/// Reads the stream of one unit into tables: the rows that `sextant track --csv` and `--summary` write, the events and the recording itself.
struct UnitTables {
  let tables: GatheredTables
  let unit: BatchUnit
  /// The unit's place among those of the tables.
  let place: Int
  /// How late rows of earlier frames come, seconds; no setting of the tracker makes it longer.
  private static let lookBack = 120.0
  /// As `track` writes them unless it is asked otherwise.
  private static let rows = RowKinds.seen

  /// - Throws: `RecordsError` for a stream that cannot be read or a table that cannot be written.
  func add(_ receipt: Receipt, stream path: String) throws(RecordsError) {
    let reader = try StreamReader(path: path, keepsFurther: false)
    var video = ""
    var plane = StabilizedPlane(memory: UnitTables.lookBack)
    var summary = TrackSummary(classes: [], video: "", memory: UnitTables.lookBack)
    while let record = try reader.next() {
      switch record {
      case .header(let header):
        video = header.source?.uri ?? ""
        plane.begin(header)
        summary = TrackSummary(classes: header.classes, video: video, memory: UnitTables.lookBack)
      case .frame(let frame):
        plane.add(frame)
        try add(frame: frame.frame, time: frame.time, frame.tracks, plane[frame.frame], reader.classes, video, &summary)
      case .backfill(let frame):
        try add(frame: frame.frame, time: frame.time, frame.tracks, plane[frame.frame], reader.classes, video, &summary)
      case .event(let event):
        try add(event, video, &summary)
      case .end, .unknown: break
      }
    }
    for row in summary.endAll() { try tables.tracks.append(gathered(row)) }
    try tables.recordings.append(
      gathered(GatheredRecording(unit: unit, receipt: receipt, header: reader.header)))
  }

  private func add(
    frame: Int, time: Double, _ tracks: [TrackRecord], _ view: StabilizedPlane.View?, _ classes: [String], _ video: String,
    _ summary: inout TrackSummary
  ) throws(RecordsError) {
    let held = tracks.filter { UnitTables.rows.holds($0.observation) }
    for track in held {
      let row = TrackRow(frame: frame, time: time, track: track, classes: classes, view: view, video: video)
      try tables.observations.append(gathered(row))
    }
    summary.add(frame: frame, time: time, tracks: held, view: view)
  }

  private func add(_ event: EventRecord, _ video: String, _ summary: inout TrackSummary) throws(RecordsError) {
    try tables.events.append(gathered(GatheredEvent(event: event, video: video)))
    guard event.kind == .trackEnd, case .integer(let id)? = event["id"] else { return }
    let reason = if case .text(let reason)? = event["reason"] { reason } else { "" }
    if let row = summary.end(id, reason: reason) { try tables.tracks.append(gathered(row)) }
  }

  private func gathered<Row>(_ row: Row) -> GatheredRow<Row> { GatheredRow(row: row, unit: unit.key.text, place: place) }
}
