import Geometry

/// Writes a table as COCO json: results (a list) where it has confidences, else annotations.
///
/// Images keep COCO's own ids, names and sizes where the table comes from COCO and are else numbered from 1 in the table's order; categories
/// have the table's class numbers or are numbered from 1. Annotations keep their ids where these tell them apart; else, as with tracks,
/// they are numbered from 1. The table's identities are the annotations' `track_id`.
///
/// As CocoVID it is always annotations, of one video: images tell their `frame_id` from 0, annotations their `instance_id` and, where the
/// table has one, their `score`. Turned boxes stand as upright ones with their four corners as a polygon.
struct COCOFromTable {
  let table: BoxTable
  let options: BoxTableWriter.Options

  private var isResult: Bool { !isVideo && !table.confidences.isEmpty && table.considered.isEmpty }
  private let isVideo: Bool
  private let numbers: [Int]
  /// Whether the annotations' own ids are unique numbers from 1.
  private let hasOwnIDs: Bool

  init(table: BoxTable, options: BoxTableWriter.Options, isVideo: Bool = false) {
    self.table = table
    self.isVideo = isVideo
    self.options = options
    numbers = table.writtenClassNumbers(first: 1)
    hasOwnIDs =
      table.annotationIDs.count == table.count && table.annotationIDs.allSatisfy { $0 > 0 }
      && Set(table.annotationIDs).count == table.count
  }

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
    for row in table.frames.indices {
      text.append(row == 0 ? "\n" : ",\n")
      append(row, to: &text)
      try text.drainIfFull(output)
    }
    text.append(isResult ? "\n]\n" : "\n]}\n")
    try output(text)
    return losses
  }

  private var losses: [ConversionLoss] {
    if isVideo { return [ConversionLoss("the video has no name, and boxes that are turned have their corners as polygons")] }
    var losses = table.imageRecords.isEmpty ? [ConversionLoss("images are numbered from 1 in their order")] : []
    if isResult {
      losses += table.numberingLoss(numbers, first: 1)
      let namesAreIDs =
        zip(table.images, table.imageRecords).allSatisfy { $0 == String($1.id) } && table.images.count == table.imageRecords.count
      if !table.images.isEmpty, !namesAreIDs { losses.append(ConversionLoss("COCO's results have no place for the images' names")) }
    }
    return losses
  }

  private func imageID(_ frame: Int) -> Int {
    table.imageRecords.indices.contains(frame) ? table.imageRecords[frame].id : frame + 1
  }

  private var header: JSONValue {
    let frames = max(table.images.count, table.frameCount)
    let images = (0..<frames).map { frame -> JSONValue in
      let record = table.imageRecords.indices.contains(frame) ? table.imageRecords[frame] : nil
      let name = record.map(\.fileName).flatMap { $0.isEmpty ? nil : $0 } ?? table.writtenImage(Int32(frame))
      var image: [(String, JSONValue)] = [("id", .integer(imageID(frame))), ("file_name", .text(name))]
      let size =
        record.flatMap { $0.width > 0 && $0.height > 0 ? ($0.width, $0.height) : nil }
        // Bounded: a size is made of whole numbers.
        ?? options.imageSize.map { (Int($0.width), Int($0.height)) }
      if let size { image += [("width", .integer(size.0)), ("height", .integer(size.1))] }
      if isVideo { image += [("video_id", .integer(1)), ("frame_id", .integer(frame))] }
      return .object(image)
    }
    let categories = zip(numbers, table.classes).map { number, name -> JSONValue in
      .object([("id", .integer(number)), ("name", .text(name))])
    }
    let videos = JSONValue.list([.object([("id", .integer(1)), ("name", .text("video"))])])
    return .object((isVideo ? [("videos", videos)] : []) + [("images", .list(images)), ("categories", .list(categories))])
  }

  private func append(_ row: Int, to text: inout TextBuffer) {
    let box = table.axisBox(row)
    text.append("{")
    // An annotation has an id in any case, a result only one that it came with.
    if hasOwnIDs || !isResult {
      text.append("\"id\":")
      text.append(hasOwnIDs ? Int(table.annotationIDs[row]) : row + 1)
      text.append(",")
    }
    if table.ids[row] >= 0 {
      text.append("\"track_id\":")
      text.append(Int(table.ids[row]))
      text.append(",")
      if isVideo { appendInstance(row, to: &text) }
    }
    text.append("\"image_id\":")
    text.append(imageID(Int(table.frames[row])))
    text.append(",\"category_id\":")
    text.append(table.classIndex(row).map { numbers[$0] } ?? 1)
    text.append(",\"bbox\":[", exact: box.left)
    text.append(",", exact: box.top)
    text.append(",", exact: box.width)
    text.append(",", exact: box.height)
    text.append("]")
    if isResult || (isVideo && !table.confidences.isEmpty) { text.append(",\"score\":", exact: table.confidence(row)) }
    let mask = table.masks.isEmpty ? nil : table.masks[row]
    if let mask {
      append(mask, to: &text)
    } else if isVideo, table.isOriented, table.orientedBoxes[row].angle != 0 {
      appendPolygon(table.orientedBoxes[row], to: &text)
    }
    if !isResult {
      text.append(",\"area\":", exact: mask.map { Double($0.area) } ?? (table.areas.isEmpty ? box.area : table.areas[row]))
      text.append(!table.difficult.isEmpty && table.difficult[row] ? ",\"iscrowd\":1" : ",\"iscrowd\":0")
    }
    text.append("}")
  }

  private func appendInstance(_ row: Int, to text: inout TextBuffer) {
    text.append("\"instance_id\":")
    text.append(Int(table.ids[row]))
    text.append(",\"video_id\":1,")
  }

  private func appendPolygon(_ box: OrientedBox, to text: inout TextBuffer) {
    text.append(",\"segmentation\":[[")
    for (place, corner) in box.corners.enumerated() {
      text.append(place == 0 ? "" : ",", exact: corner.x)
      text.append(",", exact: corner.y)
    }
    text.append("]]")
  }

  /// The mask's outlines as polygons; run lengths where it has holes, which polygons cannot tell, or no pixel.
  private func append(_ mask: RunLengthMask, to text: inout TextBuffer) {
    let polygons = mask.outlines
    text.append(",\"segmentation\":")
    guard !polygons.isEmpty, polygons.allSatisfy({ COCOFromTable.signedArea($0) > 0 }) else {
      text.append(mask)
      return
    }
    let numbers = polygons.map { polygon in polygon.flatMap { [JSONValue.real($0.x), .real($0.y)] } }
    text.append(json: .list(numbers.map(JSONValue.list)))
  }

  /// Positive for corners that run clockwise on the screen; in pixels².
  private static func signedArea(_ polygon: [Point]) -> Double {
    zip(polygon, polygon.dropFirst() + polygon.prefix(1)).reduce(0) { $0 + $1.0.cross($1.1) } / 2
  }
}
