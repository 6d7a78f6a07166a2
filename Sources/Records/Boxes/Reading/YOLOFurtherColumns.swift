/// What stands behind a YOLO box: a confidence, an identity, or both in this order.
///
/// A single further column is an identity where all its values are whole numbers, written without a point, and either one is above 1 or
/// no image has one twice (a video with one object); else a confidence. The table's warnings say where that was a guess.
struct YOLOFurtherColumns {
  private let columns: Int
  private var first: [Double] = []
  private var second: [Int32] = []
  private var images: [Int32] = []
  private var hasSecond = false
  private var areWhole = true
  private static let missing = Double.infinity

  /// - Parameter columns: How many columns the class and the box take.
  init(after columns: Int) { self.columns = columns }

  mutating func append(_ row: borrowing RowScanner, image: Int32) throws(RowProblem) {
    let count = row.count - columns
    let id = count > 1 ? try row.identity(columns + 1) : -1
    second.append(id)
    first.append(count > 0 ? row[columns] : YOLOFurtherColumns.missing)
    images.append(image)
    if count > 1 { hasSecond = true }
    if count == 1, areWhole {
      let value = row[columns]
      // As long as its digits: "1", not "1.0"; bounded by the comparison with 2³¹ − 1.
      let isWhole = value >= 0 && value <= Double(Int32.max) && value == value.rounded()
      let length = row.lastLength
      areWhole = isWhole && length == String(Int(isWhole ? value : 0)).count
    }
  }

  func finish(_ table: inout BoxTable) {
    let present = first.filter { $0 != YOLOFurtherColumns.missing }
    table.ids = second
    guard !present.isEmpty else { return }
    if hasSecond || !areIdentities(present) {
      table.confidences = first.map { $0 == YOLOFurtherColumns.missing ? 1 : $0 }
      return
    }
    // Bounded: whole numbers up to 2³¹ − 1.
    table.ids = first.map { $0 == YOLOFurtherColumns.missing ? -1 : Int32($0) }
    table.warnings.append("column \(columns + 1) holds whole numbers only and is taken as identities, not as confidences")
  }

  private func areIdentities(_ present: [Double]) -> Bool {
    guard areWhole else { return false }
    if present.contains(where: { $0 > 1 }) { return true }
    let named = zip(images, first).filter { $0.1 != YOLOFurtherColumns.missing }.map(\.0)
    return present.allSatisfy { $0 == 1 } && named.count > 1 && Set(named).count == named.count
  }
}
