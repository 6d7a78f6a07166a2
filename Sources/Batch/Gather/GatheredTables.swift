import Records

/// A row of a gathered table: one of a unit's own, and which unit it is of.
struct GatheredRow<Row> {
  let row: Row
  /// The unit's key.
  let unit: String
  /// The unit's place among those of the table.
  let place: Int

  /// The columns of the row, and the unit's key behind them.
  static func columns(_ columns: [TableColumn<Row>]) -> [TableColumn<GatheredRow<Row>>] {
    columns.map { $0.of { (gathered: GatheredRow<Row>) in gathered.row } } + [TableColumn("unit", .text) { .text($0.unit) }]
  }
}

/// Something that happened in a recording.
struct GatheredEvent {
  let event: EventRecord
  let video: String

  static let columns: [TableColumn<GatheredEvent>] = [
    TableColumn("frame", .integer) { $0.event.frame.map { .integer($0) } ?? .none },
    TableColumn("time_s", .real(decimals: StreamDecimals.seconds, isLong: true)) { $0.event.time.map { .real($0) } ?? .none },
    TableColumn("kind", .text) { .text($0.event.kind.rawValue) },
    TableColumn("details", .text) { row in
      row.event.details.isEmpty ? .none : .text(JSONValue.object(row.event.details.map { ($0.key, $0.value) }).json)
    },
    TableColumn("video", .text) { .text($0.video) },
  ]
}

/// What is known of a recording as a whole.
struct GatheredRecording {
  let unit: BatchUnit
  let receipt: Receipt
  let header: StreamHeader?

  static let columns: [TableColumn<GatheredRecording>] = [
    TableColumn("files", .text) { .text($0.unit.files.map(\.name).joined(separator: "\n")) },
    TableColumn("modified_utc", .text) { .text(Day.time($0.unit.files.first?.modified ?? 0)) },
    TableColumn("bytes", .integer) { .integer($0.unit.files.reduce(0) { $0 + $1.size }) },
    TableColumn("duration_s", .real(decimals: StreamDecimals.seconds, isLong: true)) { $0.unit.seconds.map { .real($0) } ?? .none },
    TableColumn("frames", .integer) { .integer($0.receipt.frames) },
    TableColumn("tracks", .integer) { .integer($0.receipt.tracks) },
    TableColumn("damaged", .integer) { $0.receipt.damaged.map { .integer($0) } ?? .none },
    TableColumn("frame_rate_assumed", .integer) { $0.receipt.isRateAssumed.map { .integer($0 ? 1 : 0) } ?? .none },
    TableColumn("warnings", .text) { row in row.receipt.warnings.map { .text($0.joined(separator: "\n")) } ?? .none },
    TableColumn("work_s", .real(decimals: 3)) { .real($0.receipt.seconds) },
    TableColumn("peak_memory_bytes", .integer) { .integer($0.receipt.peakMemory) },
    TableColumn("stream_bytes", .integer) { .integer($0.receipt.length) },
    TableColumn("digest", .text) { .text($0.receipt.digest.text) },
    TableColumn("program", .text) { .text($0.receipt.program) },
    TableColumn("processor", .text) { .text($0.receipt.machine.processor) },
    TableColumn("libraries", .text) { .text($0.receipt.machine.libraries) },
    TableColumn("video", .text) { $0.header?.source.map { .text($0.uri) } ?? .none },
  ]
}

/// The four tables of a dataset while they are written.
struct GatheredTables {
  /// Their names, in the order in which they stand below.
  static let names = ["observations", "tracks", "events", "recordings"]

  let observations: any TableWriter<GatheredRow<TrackRow>>
  let tracks: any TableWriter<GatheredRow<TrackSummary.Row>>
  let events: any TableWriter<GatheredRow<GatheredEvent>>
  let recordings: any TableWriter<GatheredRow<GatheredRecording>>

  /// Parquet files.
  ///
  /// - Parameter path: Where a table lies, by its name.
  init(parquet path: (String) -> String) throws(RecordsError) {
    observations = try ParquetWriter(
      path: path("observations"), columns: GatheredRow.columns(TrackRow.columns), overwrite: true
    ) { RowOrder($0.place, $0.row.track.id, $0.row.frame) }
    tracks = try ParquetWriter(path: path("tracks"), columns: GatheredRow.columns(TrackSummary.columns), overwrite: true) {
      RowOrder($0.place, $0.row.id)
    }
    events = try ParquetWriter(path: path("events"), columns: GatheredRow.columns(GatheredEvent.columns), overwrite: true) {
      RowOrder($0.place)
    }
    recordings = try ParquetWriter(
      path: path("recordings"), columns: GatheredRow.columns(GatheredRecording.columns), overwrite: true
    ) { RowOrder($0.place) }
  }

  /// Comma-separated text.
  init(csv path: (String) -> String) throws(RecordsError) {
    observations = try CSVTableWriter(path: path("observations"), columns: GatheredRow.columns(TrackRow.columns), overwrite: true)
    tracks = try CSVTableWriter(path: path("tracks"), columns: GatheredRow.columns(TrackSummary.columns), overwrite: true)
    events = try CSVTableWriter(path: path("events"), columns: GatheredRow.columns(GatheredEvent.columns), overwrite: true)
    recordings = try CSVTableWriter(
      path: path("recordings"), columns: GatheredRow.columns(GatheredRecording.columns), overwrite: true)
  }

  /// Tables of a database.
  init(sqlite database: SQLiteDatabase) throws(RecordsError) {
    observations = try SQLiteTableWriter(database, name: "observations", columns: GatheredRow.columns(TrackRow.columns))
    tracks = try SQLiteTableWriter(database, name: "tracks", columns: GatheredRow.columns(TrackSummary.columns))
    events = try SQLiteTableWriter(database, name: "events", columns: GatheredRow.columns(GatheredEvent.columns))
    recordings = try SQLiteTableWriter(database, name: "recordings", columns: GatheredRow.columns(GatheredRecording.columns))
  }

  /// What a database is asked for first: a track of a recording.
  static let indices = ["observations", "tracks"].map { "CREATE INDEX \"\($0)_of_track\" ON \"\($0)\" (unit, id)" }

  func close() throws(RecordsError) {
    try observations.close()
    try tracks.close()
    try events.close()
    try recordings.close()
  }
}
