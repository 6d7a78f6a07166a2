import Geometry

/// This program's CSV: the columns of `track --csv` that a table of boxes has, and covariances where it has them.
struct CSVLines: BoxLines {
  let table: BoxTable
  private let names: [String]
  private let hasCovariances: Bool

  /// - Parameter hasCovariances: Whether there are columns for them; nil: where the table has any.
  init(_ table: BoxTable, hasCovariances: Bool? = nil) {
    self.table = table
    self.hasCovariances = hasCovariances ?? table.has(.centerCovariance)
    names = table.classes.map(CSVField.quoted)
  }

  func appendHeader(to text: inout TextBuffer) {
    text.append("frame,id,class,score,cx_px,cy_px,w_px,h_px,angle_rad")
    text.append(hasCovariances ? ",cx_var_px2,cx_cy_cov_px2,cy_var_px2\n" : "\n")
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
    if hasCovariances { append(table.centerCovariances.isEmpty ? nil : table.centerCovariances[row], to: &text) }
    text.append("\n")
  }

  private func append(_ covariance: SymmetricMatrix2?, to text: inout TextBuffer) {
    for value in [covariance?.xx, covariance?.xy, covariance?.yy] {
      text.append(",")
      if let value { text.append(exact: value) }
    }
  }
}
