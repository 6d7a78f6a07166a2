import Geometry
import Records

/// Puts columns into one block of bytes, each at a multiple of 8, and lists them: name, type, offset in bytes, number of values.
struct ColumnPacker {
  private(set) var bytes: [UInt8] = []
  private(set) var list: [JSONValue] = []

  mutating func add<Value: BitwiseCopyable>(_ name: String, _ type: String, _ values: [Value]) {
    bytes.append(contentsOf: repeatElement(0, count: (8 - bytes.count % 8) % 8))
    list.append(.list([.text(name), .text(type), .integer(bytes.count), .integer(values.count)]))
    // The page's arrays and this machine are little-endian both.
    values.withUnsafeBytes { bytes.append(contentsOf: $0) }
  }

  mutating func clearList() { list = [] }
}

extension TrackColumns {
  /// The numbers that the page has for the camera's status.
  private static let cameraOrder: [CameraMotion.Status] = [.ok, .isStatic, .degenerate, .cut, .first]
  /// Stands for no class.
  private static let noClass = UInt16.max

  /// Adds all columns and gives what the page is told of the set.
  func pack(into packer: inout ColumnPacker) -> JSONValue {
    packer.clearList()
    let order = self.order
    packMoments(order, into: &packer)
    let reasons = packIdentities(into: &packer)
    packRows(order, into: &packer)
    let size = maskSize.map { JSONValue.list([.integer($0.height), .integer($0.width)]) }
    return .object([
      ("maskSize", size ?? .null), ("columns", .list(packer.list)), ("classes", .list(classes.map { .text($0) })),
      ("reasons", .list(reasons.map { .text($0) })), ("events", .list(events.map(TrackColumns.json))),
    ])
  }

  private func packMoments(_ order: [Int], into packer: inout ColumnPacker) {
    let sorted = order.map { moments[$0] }
    packer.add("frame.number", "u32", sorted.map { UInt32(clamping: $0.number) })
    packer.add("frame.time", "f64", sorted.map(\.time))
    packer.add(
      "frame.camera", "u8",
      sorted.map { moment in
        UInt8(moment.camera.flatMap { TrackColumns.cameraOrder.firstIndex(of: $0) }.map { $0 + 1 } ?? 0)
      })
    guard sorted.contains(where: { $0.view.map != .identity || $0.view.origin != sorted[0].view.origin }) else { return }
    packer.add("frame.origin", "u32", sorted.map { UInt32(clamping: $0.view.origin) })
    packer.add("frame.map", "f64", sorted.flatMap(\.view.map.rowMajor))
  }

  private func packIdentities(into packer: inout ColumnPacker) -> [String] {
    let reasons = Set(identities.compactMap(\.endReason)).sorted()
    packer.add("track.id", "u32", identities.map { UInt32(clamping: $0.id) })
    packer.add(
      "track.class", "u16",
      identities.map {
        $0.classIndex >= 0 && $0.classIndex < Int(TrackColumns.noClass) ? UInt16($0.classIndex) : TrackColumns.noClass
      })
    packer.add(
      "track.reason", "u16",
      identities.map { identity in
        UInt16(clamping: identity.endReason.flatMap { reasons.firstIndex(of: $0) }.map { $0 + 1 } ?? 0)
      })
    return reasons
  }

  private func packRows(_ order: [Int], into packer: inout ColumnPacker) {
    let (rows, starts) = rowsByFrame(order)
    packer.add("frame.start", "u32", starts)
    packer.add("row.track", "u32", rows.map { rowIdentity[$0] })
    packer.add("row.kind", "u8", rows.map { kinds[$0] })
    for (index, column) in Column.allCases.enumerated() {
      let column = (name: "row." + column.rawValue, values: values[index])
      packer.add(column.name, "f32", rows.map { column.values[$0] })
    }
    if !fates.isEmpty { packer.add("row.fate", "u8", rows.map { fates[$0] }) }
    if !forecasts.isEmpty { packForecasts(rows, into: &packer) }
    if !maskText.isEmpty { packMasks(rows, into: &packer) }
  }

  /// Rows by frame in the order of frames, those of a frame as they came: by counting.
  func rowsByFrame(_ order: [Int]) -> (rows: [Int], starts: [UInt32]) {
    var rank = [Int](repeating: 0, count: moments.count)
    for (place, moment) in order.enumerated() { rank[moment] = place }
    var starts = [UInt32](repeating: 0, count: moments.count + 1)
    for moment in rowMoment { starts[rank[Int(moment)] + 1] += 1 }
    for place in 0..<moments.count { starts[place + 1] += starts[place] }
    var next = starts
    var rows = [Int](repeating: 0, count: count)
    for row in 0..<count {
      let place = rank[Int(rowMoment[row])]
      rows[Int(next[place])] = row
      next[place] += 1
    }
    return (rows, starts)
  }

  private func packMasks(_ rows: [Int], into packer: inout ColumnPacker) {
    var starts: [UInt32] = [0]
    var text: [UInt8] = []
    for row in rows {
      if let range = maskRanges[row] { text += maskText[range] }
      starts.append(UInt32(clamping: text.count))
    }
    packer.add("mask.start", "u32", starts)
    packer.add("mask.text", "u8", text)
  }

  private func packForecasts(_ rows: [Int], into packer: inout ColumnPacker) {
    var starts: [UInt32] = [0]
    var points: [ForecastRecord] = []
    for row in rows {
      if let range = forecastRanges[row] { points += forecasts[range] }
      starts.append(UInt32(points.count))
    }
    packer.add("forecast.start", "u32", starts)
    packer.add("forecast.cx", "f32", points.map { Float($0.center.x) })
    packer.add("forecast.cy", "f32", points.map { Float($0.center.y) })
    packer.add("forecast.xx", "f32", points.map { Float($0.covariance?.xx ?? .nan) })
    packer.add("forecast.xy", "f32", points.map { Float($0.covariance?.xy ?? .nan) })
    packer.add("forecast.yy", "f32", points.map { Float($0.covariance?.yy ?? .nan) })
  }

  private static func json(_ event: EventRecord) -> JSONValue {
    .object([
      ("time", event.time.map { .real($0) } ?? .null), ("kind", .text(event.kind.rawValue)),
      ("message", event["message"] ?? .null),
    ])
  }
}
