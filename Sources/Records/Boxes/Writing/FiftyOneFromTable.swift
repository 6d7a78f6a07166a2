import Geometry

/// Writes a table as FiftyOne's video labels (ETA's `VideoLabels`): the objects of each frame, frames counted from 1.
///
/// Places are shares of the picture. A `bounding_box` is upright; what a turned box is stands in three attributes: `rotation` in degrees
/// (clockwise on the screen) and its own `width` and `height` in pixels, about the same middle.
struct FiftyOneFromTable {
  let table: BoxTable
  let options: BoxTableWriter.Options

  /// The attributes' names, which the reader looks for.
  static let attributes = (rotation: "rotation", width: "width", height: "height")

  func write(_ output: (TextBuffer) throws(RecordsError) -> Void) throws(RecordsError) -> [ConversionLoss] {
    guard let size = options.imageSize else { throw .unknownImageSize(path: "the boxes as FiftyOne's video labels") }
    var text = TextBuffer(capacity: 1 << 16)
    text.append("{\"frames\":{")
    var last: Int32?
    for row in table.rowsByFrame() {
      let frame = table.frames[row]
      if frame == last {
        text.append(",\n")
      } else {
        text.append(last == nil ? "\n\"" : "\n]}},\n\"")
        text.append(Int(frame) + 1)
        text.append("\":{\"frame_number\":")
        text.append(Int(frame) + 1)
        text.append(",\"objects\":{\"objects\":[\n")
      }
      last = frame
      append(row, size, to: &text)
      try text.drainIfFull(output)
    }
    text.append(last == nil ? "}}\n" : "\n]}}\n}}\n")
    try output(text)
    return [ConversionLoss("frames are numbered from 1, and those without boxes are left out")]
  }

  private func append(_ row: Int, _ size: (width: Double, height: Double), to text: inout TextBuffer) {
    let box = table.axisBox(row)
    text.append("{\"type\":\"eta.core.objects.DetectedObject\",\"label\":")
    text.append(jsonString: table.className(row) ?? TrackRowOrder.unnamed)
    text.append(",\"bounding_box\":{\"top_left\":{\"x\":", exact: box.left / size.width)
    text.append(",\"y\":", exact: box.top / size.height)
    text.append("},\"bottom_right\":{\"x\":", exact: box.right / size.width)
    text.append(",\"y\":", exact: box.bottom / size.height)
    text.append("}}")
    if !table.confidences.isEmpty { text.append(",\"confidence\":", exact: table.confidence(row)) }
    if table.ids[row] >= 0 {
      text.append(",\"index\":")
      text.append(Int(table.ids[row]))
    }
    text.append(",\"frame_number\":")
    text.append(Int(table.frames[row]) + 1)
    if table.isOriented, table.orientedBoxes[row].angle != 0 { appendAttributes(table.orientedBoxes[row], to: &text) }
    text.append("}")
  }

  private func appendAttributes(_ box: OrientedBox, to text: inout TextBuffer) {
    let names = FiftyOneFromTable.attributes
    let values = [(names.rotation, box.angle * 180 / .pi), (names.width, box.width), (names.height, box.height)]
    text.append(",\"attrs\":{\"attrs\":[")
    for (place, (name, value)) in values.enumerated() {
      text.append(place == 0 ? "" : ",")
      text.append("{\"type\":\"eta.core.data.NumericAttribute\",\"name\":\"")
      text.append(name)
      text.append("\",\"value\":", exact: value)
      text.append("}")
    }
    text.append("]}")
  }
}

extension BoxTable {
  /// The rows by frame, those of a frame in the table's order.
  fileprivate func rowsByFrame() -> [Int] { frames.indices.sorted { (frames[$0], $0) < (frames[$1], $1) } }
}
