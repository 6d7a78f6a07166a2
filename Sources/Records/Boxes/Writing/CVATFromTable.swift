import Geometry

/// Writes a table as CVAT's xml for video, version 1.1: a track for each identity with a key frame for each of its rows.
///
/// A rotation is in degrees, clockwise in the picture, about the centre of the box before it is turned. CVAT goes on with a track until a
/// box that is `outside`, so one stands behind the last row before every gap; none is left for CVAT to interpolate.
struct CVATFromTable {
  let table: BoxTable
  let options: BoxTableWriter.Options

  func write(_ output: (TextBuffer) throws(RecordsError) -> Void) throws(RecordsError) -> [ConversionLoss] {
    var text = TextBuffer(capacity: 1 << 16)
    appendHeader(to: &text)
    let tracks = TrackRowOrder(table)
    for track in tracks.tracks {
      text.append("  <track id=\"")
      text.append(track.id)
      text.append("\" label=\"")
      text.append(xml: track.className)
      text.append("\" source=\"auto\">\n")
      for (place, row) in track.rows.enumerated() {
        appendBox(row, frame: Int(table.frames[row]), isOutside: false, to: &text)
        let next = Int(table.frames[row]) + 1
        let follows = place + 1 < track.rows.count && Int(table.frames[track.rows[place + 1]]) == next
        if !follows, next < table.frameCount { appendBox(row, frame: next, isOutside: true, to: &text) }
        try text.drainIfFull(output)
      }
      text.append("  </track>\n")
    }
    text.append("</annotations>\n")
    try output(text)
    return tracks.losses
  }

  private func appendHeader(to text: inout TextBuffer) {
    text.append(
      "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<annotations>\n  <version>1.1</version>\n  <meta>\n    <task>\n      <size>")
    text.append(table.frameCount)
    text.append("</size>\n      <labels>\n")
    for name in table.classes {
      text.append("        <label><name>")
      text.append(xml: name)
      text.append("</name></label>\n")
    }
    text.append("      </labels>\n")
    if let size = options.imageSize {
      text.append("      <original_size><width>", exact: size.width)
      text.append("</width><height>", exact: size.height)
      text.append("</height></original_size>\n")
    }
    text.append("    </task>\n  </meta>\n")
  }

  private func appendBox(_ row: Int, frame: Int, isOutside: Bool, to text: inout TextBuffer) {
    let box = table.orientedBox(row)
    let (halfWidth, halfHeight) = (box.width / 2, box.height / 2)
    text.append("    <box frame=\"")
    text.append(frame)
    text.append("\" keyframe=\"1\" outside=\"")
    text.append(isOutside ? 1 : 0)
    text.append("\" occluded=\"0\" xtl=\"", exact: box.center.x - halfWidth)
    text.append("\" ytl=\"", exact: box.center.y - halfHeight)
    text.append("\" xbr=\"", exact: box.center.x + halfWidth)
    text.append("\" ybr=\"", exact: box.center.y + halfHeight)
    if box.angle != 0 {
      // CVAT counts from 0 to 360.
      let degrees = (box.angle * 180 / .pi).truncatingRemainder(dividingBy: 360)
      text.append("\" rotation=\"", exact: degrees < 0 ? degrees + 360 : degrees)
    }
    text.append("\" z_order=\"0\"></box>\n")
  }
}

/// The rows of a table by identity, for formats whose lists are tracks.
struct TrackRowOrder {
  /// One identity.
  struct OneTrack {
    var id: Int
    /// That of its last row.
    var className: String
    /// By ascending frame, one a frame: the later of two.
    var rows: [Int]
  }

  private(set) var tracks: [OneTrack] = []
  private let anonymous: Int
  private let reclassed: Int
  private let rowCount: Int

  /// The name of rows without a class.
  static let unnamed = "object"

  init(_ table: BoxTable) {
    rowCount = table.count
    anonymous = table.ids.count { $0 < 0 }
    var changed = 0
    var rowsOfID: [Int32: [Int32: Int]] = [:]
    for row in 0..<table.count where table.ids[row] >= 0 { rowsOfID[table.ids[row], default: [:]][table.frames[row]] = row }
    for id in rowsOfID.keys.sorted() {
      let rows = (rowsOfID[id] ?? [:]).sorted { $0.key < $1.key }.map(\.value)
      guard let last = rows.last else { continue }
      changed += rows.count { table.classIndex($0) != table.classIndex(last) }
      tracks.append(OneTrack(id: Int(id), className: table.className(last) ?? TrackRowOrder.unnamed, rows: rows))
    }
    reclassed = changed
  }

  var losses: [ConversionLoss] {
    var losses: [ConversionLoss] = []
    if anonymous > 0 { losses.append(ConversionLoss("\(anonymous) of \(rowCount) boxes have no id and are left out")) }
    if reclassed > 0 {
      losses.append(ConversionLoss("\(reclassed) boxes get the class of their track's last one, for a track has one"))
    }
    return losses
  }
}

extension TextBuffer {
  /// Appends a text with what XML reserves escaped; control characters, which XML 1.0 has no place for, become question marks.
  mutating func append(xml text: String) {
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": append("&amp;")
      case "<": append("&lt;")
      case ">": append("&gt;")
      case "\"": append("&quot;")
      default: append(scalar.value < 0x20 ? "?" : String(scalar))
      }
    }
  }
}
