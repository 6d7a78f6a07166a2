import Geometry

/// Frames of BDD100K and Scalabel: `name`, `videoName`, `frameIndex` and `labels` with `id`, `category` and `box2d`; or an object with
/// such a list as `frames`. Labels without a box are passed over, and the table says how many.
struct ScalabelParser {
  private var table = BoxTable(format: .scalabel)
  private var names = ClassNames()
  private var identities = IdentityColumn()
  private var placeOfVideo: [String: Int] = [:]
  private var scores: [Double] = []
  private var hasScores = false
  private var labelsWithoutBox = 0
  private let maximumRows: Int

  init(maximumRows: Int) { self.maximumRows = maximumRows }

  mutating func parse(_ list: JSONView) throws(JSONReader.Problem) -> BoxTable {
    for (index, frame) in list.elements.enumerated() {
      guard let name = frame.member("name")?.label else { throw JSONReader.Problem(reason: "frame \(index) has no \"name\"") }
      guard index < BoxLimits.maximumFrame else { throw JSONReader.Problem(reason: "more than \(BoxLimits.maximumFrame) frames") }
      let number = (frame.member("frameIndex") ?? frame.member("frame_index"))?.integer
      let record = ImageRecord(
        id: index + 1, fileName: name,
        video: (frame.member("videoName") ?? frame.member("video_name"))?.label.map { place(of: $0) },
        frameNumber: number.flatMap { 0...BoxLimits.maximumFrame ~= $0 ? $0 : nil })
      table.imageRecords.append(record)
      table.images.append(record.stem)
      for (place, label) in (frame.member("labels")?.elements ?? JSONView.Children.none).enumerated() {
        try append(label, Int32(index), named: "label \(place) of frame \(index)")
      }
    }
    let (ids, warning) = identities.finish()
    table.ids = ids
    if let warning { table.warnings.append(warning) }
    if labelsWithoutBox > 0 { table.leftOut.append("\(labelsWithoutBox) labels without a \"box2d\"") }
    table.classes = names.names
    if hasScores { table.confidences = scores }
    table.settleScores(.automatic)
    table.statedFrameCount = Int32(table.imageRecords.count)
    return table
  }

  private mutating func append(
    _ label: JSONView, _ frame: Int32, named place: @autoclosure () -> String
  ) throws(JSONReader.Problem) {
    guard table.count < maximumRows else { throw JSONReader.Problem(reason: "more than \(maximumRows) boxes") }
    guard let box = label.member("box2d"), !box.isNull else {
      labelsWithoutBox += 1
      return
    }
    guard let left = box.member("x1")?.looseReal, let top = box.member("y1")?.looseReal, let right = box.member("x2")?.looseReal,
      let bottom = box.member("y2")?.looseReal, right >= left, bottom >= top
    else { throw JSONReader.Problem(reason: "\(place()) has no \"box2d\" with x1 ≤ x2 and y1 ≤ y2") }
    table.classIndices.append(try names.index(of: label.member("category")?.string ?? "object"))
    table.frames.append(frame)
    table.axisBoxes.append(AxisBox(left: left, top: top, width: right - left, height: bottom - top))
    identities.append(label.member("id")?.label)
    let score = label.member("score")?.looseReal
    if score != nil { hasScores = true }
    scores.append(score ?? 1)
  }

  private mutating func place(of video: String) -> Int {
    if let place = placeOfVideo[video] { return place }
    placeOfVideo[video] = table.videos.count
    table.videos.append(VideoRecord(id: video, name: video))
    return table.videos.count - 1
  }
}

extension ClassNames {
  /// The index of a name in json, where too many names are a fault of the whole file.
  mutating func index(of name: String) throws(JSONReader.Problem) -> Int16 {
    var name = name
    let index = name.withUTF8 { try? self.index(of: $0) }
    guard let index else { throw JSONReader.Problem(reason: "it has more than \(ClassNames.maximumCount) class names") }
    return index
  }
}
