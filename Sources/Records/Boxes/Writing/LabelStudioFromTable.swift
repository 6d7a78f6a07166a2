import Geometry

/// Writes a table as a task of Label Studio with a `videorectangle` for each identity.
///
/// Every row is a key frame, for Label Studio's own interpolation turns the long way round where an angle passes ±180°. Positions are in per
/// cent of the picture, and `x`, `y` is the corner that the box is turned about: its upper left one before it is turned.
struct LabelStudioFromTable {
  let table: BoxTable
  let options: BoxTableWriter.Options

  func write(_ output: (TextBuffer) throws(RecordsError) -> Void) throws(RecordsError) -> [ConversionLoss] {
    guard let size = options.imageSize else { throw .unknownImageSize(path: "the boxes as Label Studio's json") }
    var text = TextBuffer(capacity: 1 << 16)
    let tracks = TrackRowOrder(table)
    text.append("[{\"data\":{\"video\":\"\"},\"annotations\":[{\"result\":[")
    for (place, track) in tracks.tracks.enumerated() {
      text.append(place == 0 ? "\n" : ",\n")
      appendHead(track, size, to: &text)
      for (place, row) in track.rows.enumerated() {
        if place > 0 { text.append(",") }
        let next = place + 1 < track.rows.count ? Int(table.frames[track.rows[place + 1]]) : nil
        append(row, size, endsHere: next != Int(table.frames[row]) + 1, to: &text)
        try text.drainIfFull(output)
      }
      text.append("],\"labels\":[")
      text.append(jsonString: track.className)
      text.append("]}}")
    }
    text.append("\n]}]}]\n")
    try output(text)
    return tracks.losses
      + [ConversionLoss("the video's name is left empty, and frames are numbered from 1")]
  }

  private func appendHead(_ track: TrackRowOrder.OneTrack, _ size: (width: Double, height: Double), to text: inout TextBuffer) {
    text.append("{\"id\":\"")
    text.append(track.id)
    text.append("\",\"type\":\"videorectangle\",\"from_name\":\"box\",\"to_name\":\"video\",\"original_width\":", exact: size.width)
    text.append(",\"original_height\":", exact: size.height)
    text.append(",\"value\":{\"framesCount\":")
    text.append(table.frameCount)
    text.append(",\"duration\":", exact: Double(table.frameCount) / options.frameRate)
    text.append(",\"sequence\":[")
  }

  private func append(_ row: Int, _ size: (width: Double, height: Double), endsHere: Bool, to text: inout TextBuffer) {
    let box = table.orientedBox(row)
    let corner = box.corners[0]
    text.append("{\"frame\":")
    text.append(Int(table.frames[row]) + 1)
    // A sequence goes on behind a key frame only where it is enabled.
    text.append(endsHere ? ",\"enabled\":false" : ",\"enabled\":true")
    text.append(",\"rotation\":", exact: box.angle * 180 / .pi)
    text.append(",\"x\":", exact: corner.x / size.width * 100)
    text.append(",\"y\":", exact: corner.y / size.height * 100)
    text.append(",\"width\":", exact: box.width / size.width * 100)
    text.append(",\"height\":", exact: box.height / size.height * 100)
    text.append(",\"time\":", exact: Double(table.frames[row]) / options.frameRate)
    text.append("}")
  }
}
