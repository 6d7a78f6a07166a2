import Geometry

/// Writes a table as COCO json: results (a list) where it has confidences, else annotations.
///
/// Images are numbered from 1 in the table's order, categories by the table's class numbers or from 1.
struct COCOFromTable {
  let table: BoxTable
  let options: BoxTableWriter.Options

  private var isResult: Bool { !table.confidences.isEmpty && table.considered.isEmpty }
  private var numbers: [Int] { table.writtenClassNumbers(first: 1) }

  func write(_ output: (TextBuffer) throws(RecordsError) -> Void) throws(RecordsError) -> [ConversionLoss] {
    var text = TextBuffer(capacity: 1 << 16)
    if isResult {
      text.append("[")
    } else {
      text.append(json: header)
      // The list of annotations goes into the object before its closing brace.
      text.removeLast()
      text.append(",\"annotations\":[")
    }
    let numbers = self.numbers
    for row in table.frames.indices {
      text.append(row == 0 ? "\n" : ",\n")
      append(row, numbers, to: &text)
      if text.count > 1 << 15 {
        try output(text)
        text.removeAll()
      }
    }
    text.append(isResult ? "\n]\n" : "\n]}\n")
    try output(text)
    return [ConversionLoss("images are numbered from 1 in their order")]
  }

  private var header: JSONValue {
    let frames = max(table.images.count, table.frameCount)
    let images = (0..<frames).map { frame -> JSONValue in
      var image: [(String, JSONValue)] = [
        ("id", .integer(frame + 1)), ("file_name", .text(table.writtenImage(Int32(frame)))),
      ]
      if let size = options.imageSize {
        image += [("width", .integer(Int(size.width))), ("height", .integer(Int(size.height)))]
      }
      return .object(image)
    }
    let categories = zip(numbers, table.classes).map { number, name -> JSONValue in
      .object([("id", .integer(number)), ("name", .text(name))])
    }
    return .object([("images", .list(images)), ("categories", .list(categories))])
  }

  private func append(_ row: Int, _ numbers: [Int], to text: inout TextBuffer) {
    let box = table.axisBox(row)
    text.append("{")
    if !isResult {
      text.append("\"id\":")
      text.append(table.ids[row] > 0 ? Int(table.ids[row]) : row + 1)
      text.append(",")
    }
    text.append("\"image_id\":")
    text.append(Int(table.frames[row]) + 1)
    text.append(",\"category_id\":")
    text.append(table.classIndex(row).map { numbers[$0] } ?? 1)
    text.append(",\"bbox\":[")
    text.append("", exact: box.left)
    text.append(",", exact: box.top)
    text.append(",", exact: box.width)
    text.append(",", exact: box.height)
    text.append("]")
    if isResult {
      text.append(",\"score\":", exact: table.confidence(row))
    } else {
      text.append(",\"area\":", exact: table.areas.isEmpty ? box.area : table.areas[row])
      text.append(!table.difficult.isEmpty && table.difficult[row] ? ",\"iscrowd\":1" : ",\"iscrowd\":0")
    }
    text.append("}")
  }
}
