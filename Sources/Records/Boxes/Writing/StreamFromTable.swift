import Geometry

/// Writes a table as this program's stream: a frame record for every frame up to the last, times by a nominal frame rate.
struct StreamFromTable {
  let table: BoxTable
  let options: BoxTableWriter.Options
  /// Added to ids: a stream's are positive, and KITTI's begin at 0.
  private let shift: Int

  init(table: BoxTable, options: BoxTableWriter.Options) {
    self.table = table
    self.options = options
    shift = table.ids.contains(0) ? 1 : 0
  }

  func write(_ output: (TextBuffer) throws(RecordsError) -> Void) throws(RecordsError) -> [ConversionLoss] {
    try table.refuseLongGaps(path: "the boxes as a stream")
    // The stream tells a name for every row.
    let classes = table.classes.isEmpty ? ["object"] : table.classes
    var encoder = StreamEncoder(classes: classes)
    let rows = table.rowsByFrame()
    var text = TextBuffer(capacity: 1 << 16)
    func append(_ record: StreamRecord) throws(RecordsError) {
      encoder.encode(record) { text.append(contentsOf: $0.bindMemory(to: UInt8.self)) }
      try text.drainIfFull(output)
    }
    let source = StreamSource(uri: "", kind: "detections", duration: Double(table.frameCount) / options.frameRate)
    try append(.header(StreamHeader(program: options.program, source: source, classes: classes)))
    var tracks = Set<Int>()
    for frame in 0..<table.frameCount {
      let records = rows.rows(of: frame).compactMap(record)
      tracks.formUnion(records.map(\.id))
      try append(.frame(FrameRecord(frame: frame, time: Double(frame) / options.frameRate, tracks: records)))
    }
    try append(.end(EndRecord(frames: table.frameCount, tracks: tracks.count, status: .complete)))
    try output(text)
    return losses
  }

  private func record(_ row: Int) -> TrackRecord? {
    guard table.ids[row] >= 0 else { return nil }
    return TrackRecord(
      id: Int(table.ids[row]) + shift, classIndex: table.classIndex(row) ?? 0,
      score: table.confidences.isEmpty ? nil : min(max(table.confidences[row], 0), 1),
      box: table.orientedBox(row).canonical, mask: table.masks.isEmpty ? nil : table.masks[row])
  }

  private var losses: [ConversionLoss] {
    var losses = [
      ConversionLoss("positions are rounded to 0.01 pixel, angles and probabilities to 0.0001"),
      ConversionLoss("times are frame numbers over \(options.frameRate) frames per second"),
    ]
    if shift > 0 { losses.append(ConversionLoss("ids are 1 higher, for a stream's begin at 1")) }
    let anonymous = table.ids.count { $0 < 0 }
    if anonymous > 0 { losses.append(ConversionLoss("\(anonymous) of \(table.count) boxes have no id and are left out")) }
    return losses
  }
}
