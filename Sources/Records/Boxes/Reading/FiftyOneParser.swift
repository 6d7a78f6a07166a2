import Geometry

/// FiftyOne's video labels (ETA's `VideoLabels`) with the objects of each frame; `FiftyOneFromTable` tells the form.
///
/// Objects of the whole video, in ETA's other form, and events are left out, which is told.
struct FiftyOneParser {
  private var table = BoxTable(format: .fiftyOne)
  private var names = ClassNames()
  private var identities = IdentityColumn()
  private var hasScores = false
  private var withoutBox = 0
  private let size: (width: Double, height: Double)
  private let maximumRows: Int

  /// - Throws: `JSONReader.Problem` without a picture's size: places are shares of it.
  init(size: (width: Double, height: Double)?, maximumRows: Int) throws(JSONReader.Problem) {
    guard let size else {
      throw JSONReader.Problem(reason: "FiftyOne's places are shares of the picture, and no size of it was given (--image-size)")
    }
    self.size = size
    self.maximumRows = maximumRows
  }

  /// Whether a file's frames are an object with the numbers of frames as keys.
  static func isVideo(_ root: JSONView) -> Bool { root.member("frames")?.isObject ?? false }

  mutating func parse(_ root: JSONView) throws(JSONReader.Problem) -> BoxTable {
    guard let frames = root.member("frames") else { throw JSONReader.Problem(reason: "no \"frames\"") }
    for (key, frame) in frames.members { try append(frame, named: key.string) }
    let (ids, warning) = identities.finish()
    table.ids = ids
    if let warning { table.warnings.append(warning) }
    table.classes = names.names
    if !hasScores { table.confidences = [] }
    if withoutBox > 0 { table.leftOut.append("\(withoutBox) objects without a bounding box") }
    let others = ["objects", "events"].filter { root.member(named: $0) != nil }
    if !others.isEmpty {
      table.leftOut.append("the \(others.joined(separator: " and ")) of the whole video; those of frames are read")
    }
    return table
  }

  private mutating func append(_ frame: JSONView, named key: String) throws(JSONReader.Problem) {
    guard let number = frame.member("frame_number")?.integer ?? Int(key), 1...BoxLimits.maximumFrame ~= number else {
      throw JSONReader.Problem(
        reason: "a frame is called \"\(key.prefix(40))\", frames are numbers from 1 to \(BoxLimits.maximumFrame)")
    }
    for object in frame.member("objects")?.member("objects")?.elements ?? JSONView.Children.none {
      guard table.count < maximumRows else { throw JSONReader.Problem(reason: "more than \(maximumRows) boxes") }
      guard let place = object.member("bounding_box") else {
        withoutBox += 1
        continue
      }
      let box = try box(place, frame: number)
      table.frames.append(Int32(number - 1))
      table.orientedBoxes.append(turned(box, object))
      table.classIndices.append(try names.index(of: object.member("label")?.string ?? TrackRowOrder.unnamed))
      identities.append(object.member("index")?.label)
      let score = object.member("confidence")?.real
      if score != nil { hasScores = true }
      table.confidences.append(score ?? 1)
    }
  }

  private func box(_ place: JSONView, frame: Int) throws(JSONReader.Problem) -> AxisBox {
    let numbers = [("top_left", "x"), ("top_left", "y"), ("bottom_right", "x"), ("bottom_right", "y")].map { corner, axis in
      place.member(named: corner)?.member(named: axis)?.real ?? .nan
    }
    guard numbers.allSatisfy(\.isFinite), numbers[2] >= numbers[0], numbers[3] >= numbers[1] else {
      throw JSONReader.Problem(
        reason: "a box of frame \(frame) has no \"top_left\" and \"bottom_right\" with numbers \"x\" and \"y\" in order")
    }
    return AxisBox(
      left: numbers[0] * size.width, top: numbers[1] * size.height, width: (numbers[2] - numbers[0]) * size.width,
      height: (numbers[3] - numbers[1]) * size.height)
  }

  /// The box that the attributes tell of, about the same middle.
  private func turned(_ box: AxisBox, _ object: JSONView) -> OrientedBox {
    var values: [String: Double] = [:]
    for attribute in object.member("attrs")?.member("attrs")?.elements ?? JSONView.Children.none {
      if let name = attribute.member("name")?.string, let value = attribute.member("value")?.real { values[name] = value }
    }
    let names = FiftyOneFromTable.attributes
    guard let degrees = values[names.rotation], let width = values[names.width], let height = values[names.height], width >= 0,
      height >= 0
    else { return OrientedBox(center: box.center, width: box.width, height: box.height, angle: 0) }
    return OrientedBox(center: box.center, width: width, height: height, angle: degrees * .pi / 180)
  }
}
