import Geometry

/// Tasks of Label Studio with `videorectangle` regions: a track each, its key frames with places in per cent of the picture.
///
/// The first task with such regions is read, of its first annotation or, where it has none, prediction. Frames between key frames are not
/// filled in, and the table says how many. A picture's size is the region's `original_width` and `original_height`, else the one given.
struct LabelStudioParser {
  private var table = BoxTable(format: .labelStudio)
  private var names = ClassNames()
  private var identities = IdentityColumn()
  private var otherRegions = 0
  private var unfilled = 0
  private let size: (width: Double, height: Double)?
  private let maximumRows: Int

  init(size: (width: Double, height: Double)?, maximumRows: Int) {
    self.size = size
    self.maximumRows = maximumRows
  }

  /// Whether an entry of a list is a task.
  static func isTask(_ entry: JSONView) -> Bool {
    entry.member("data") != nil && (entry.member("annotations") != nil || entry.member("predictions") != nil)
  }

  mutating func parse(_ list: JSONView) throws(JSONReader.Problem) -> BoxTable {
    var tasks = 0
    for task in list.elements {
      guard let regions = regions(of: task) else { continue }
      tasks += 1
      guard tasks == 1 else { continue }
      for (index, region) in regions.elements.enumerated() { try append(region, named: "region \(index)") }
    }
    let (ids, warning) = identities.finish()
    table.ids = ids
    if let warning { table.warnings.append(warning) }
    table.classes = names.names
    if tasks > 1 { table.leftOut.append("\(tasks - 1) further tasks; one file holds one sequence") }
    if otherRegions > 0 { table.leftOut.append("\(otherRegions) regions that are no rectangles in a video") }
    if unfilled > 0 { table.leftOut.append("\(unfilled) frames between key frames, which Label Studio interpolates") }
    return table
  }

  private func regions(of task: JSONView) -> JSONView? {
    for list in [task.member("annotations"), task.member("predictions")] {
      for entry in list?.elements ?? JSONView.Children.none {
        if let regions = entry.member("result"), regions.isArray { return regions }
      }
    }
    return nil
  }

  private mutating func append(_ region: JSONView, named place: String) throws(JSONReader.Problem) {
    guard region.member("type")?.string == "videorectangle", let value = region.member("value") else {
      otherRegions += 1
      return
    }
    guard let width = region.member("original_width")?.looseReal ?? size?.width,
      let height = region.member("original_height")?.looseReal ?? size?.height, width > 0, height > 0
    else { throw JSONReader.Problem(reason: "\(place) tells no \"original_width\" and \"original_height\", and no size was given") }
    if let count = value.member("framesCount")?.integer, count > 0, count <= BoxLimits.maximumFrame {
      table.statedFrameCount = max(table.statedFrameCount ?? 0, Int32(count))
    }
    let label = value.member("labels")?.elements.first { $0.string != nil }?.string
    let classIndex = try names.index(of: label ?? TrackRowOrder.unnamed)
    let id = region.member("id")?.label
    var last: (frame: Int, goesOn: Bool)?
    for key in value.member("sequence")?.elements ?? JSONView.Children.none {
      guard table.count < maximumRows else { throw JSONReader.Problem(reason: "more than \(maximumRows) boxes") }
      guard let frame = key.member("frame")?.integer, 1...BoxLimits.maximumFrame ~= frame else {
        throw JSONReader.Problem(reason: "a key frame of \(place) has no \"frame\" from 1 to \(BoxLimits.maximumFrame)")
      }
      if let last, last.goesOn, frame > last.frame + 1 { unfilled += frame - last.frame - 1 }
      last = (frame, key.member("enabled")?.flag ?? true)
      table.frames.append(Int32(frame - 1))
      table.classIndices.append(classIndex)
      identities.append(id)
      table.orientedBoxes.append(try box(key, width, height, named: place))
    }
  }

  private func box(_ key: JSONView, _ width: Double, _ height: Double, named place: String) throws(JSONReader.Problem)
    -> OrientedBox
  {
    guard let x = key.member("x")?.looseReal, let y = key.member("y")?.looseReal, let w = key.member("width")?.looseReal,
      let h = key.member("height")?.looseReal
    else { throw JSONReader.Problem(reason: "a key frame of \(place) has no numbers \"x\", \"y\", \"width\" and \"height\"") }
    let angle = (key.member("rotation")?.looseReal ?? 0) * .pi / 180
    let (sides, corner) = (Point(w / 100 * width, h / 100 * height), Point(x / 100 * width, y / 100 * height))
    // From the corner that it is turned about to the middle.
    let middle = corner + Point(angle: angle) * (sides.x / 2) + Point(angle: angle + .pi / 2) * (sides.y / 2)
    return OrientedBox(center: middle, width: sides.x, height: sides.y, angle: angle)
  }
}
