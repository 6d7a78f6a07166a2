/// The tracks of a stream as a Parquet file: a row a track and frame, with the columns of `track --csv`.
public enum ObservationTable {
  /// How late rows of earlier frames come, seconds; no setting of the tracker makes it longer.
  private static let lookBack = 120.0
  /// As `track --csv` writes them unless it is asked otherwise.
  private static let rows = RowKinds.seen

  /// Reads a stream and writes the file.
  ///
  /// - Returns: The number of rows.
  /// - Throws: `RecordsError` for a stream that cannot be read or a file that cannot be written.
  public static func writeParquet(stream path: String, to output: String, overwrite: Bool) throws(RecordsError) -> Int {
    let reader = try StreamReader(path: path, keepsFurther: false)
    let writer = try ParquetWriter(path: output, columns: TrackRow.columns, overwrite: overwrite) {
      RowOrder($0.track.id, $0.frame)
    }
    var plane = StabilizedPlane(memory: lookBack)
    var count = 0
    while let record = try reader.next() {
      let (frame, time, tracks): (Int, Double, [TrackRecord])
      switch record {
      case .frame(let record):
        plane.add(record)
        (frame, time, tracks) = (record.frame, record.time, record.tracks)
      case .backfill(let record): (frame, time, tracks) = (record.frame, record.time, record.tracks)
      case .header, .event, .end, .unknown: continue
      }
      for track in tracks where rows.holds(track.observation) {
        let video = reader.header?.source?.uri ?? ""
        try writer.append(
          TrackRow(frame: frame, time: time, track: track, classes: reader.classes, view: plane[frame], video: video))
        count += 1
      }
    }
    try writer.close()
    return count
  }
}
