import Geometry

/// This program's CSV: the columns of `track --csv` that a table of boxes has.
struct CSVLines: BoxLines {
  let table: BoxTable
  private let names: [String]

  init(_ table: BoxTable) {
    self.table = table
    names = table.classes.map(CSVField.quoted)
  }

  func appendHeader(to text: inout TextBuffer) {
    text.append("frame,id,class,score,cx_px,cy_px,w_px,h_px,angle_rad\n")
  }

  func append(_ row: Int, to text: inout TextBuffer) {
    let box = table.orientedBox(row)
    text.append(Int(table.frames[row]))
    text.append(",")
    text.append(Int(table.ids[row]))
    text.append(",")
    if let index = table.classIndex(row), names.indices.contains(index) { text.append(names[index]) }
    text.append(",")
    if !table.confidences.isEmpty { text.append(exact: table.confidences[row]) }
    text.append(",", exact: box.center.x)
    text.append(",", exact: box.center.y)
    text.append(",", exact: box.width)
    text.append(",", exact: box.height)
    text.append(",", exact: box.angle)
    text.append("\n")
  }
}
