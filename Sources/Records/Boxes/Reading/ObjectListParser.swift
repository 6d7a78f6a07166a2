import Geometry

/// A flat list of objects: Ultralytics' json of one image (`name`, `class`, `confidence`, `box` with two or four corners, `track_id`) and
/// supervision's json (`x_min` …, `class_id`, `confidence`, `tracker_id`, `class_name`, `frame_index`; numbers may be texts).
///
/// Frames are the objects' `frame_index`, or what else columns of frames are called (`NamedColumn`), or, for Ultralytics, the one image that the list is about.
struct ObjectListParser {
  private var table: BoxTable
  private var names = ClassNames()
  private var identities = IdentityColumn()
  private var frameOfNumber: [Int: Int32] = [:]
  private var scores: [Double] = []
  private var hasScores = false
  private var upright: [AxisBox] = []
  private var oriented: [OrientedBox?] = []
  private let maximumRows: Int

  init(_ format: BoxFormat, maximumRows: Int) {
    table = BoxTable(format: format)
    self.maximumRows = maximumRows
  }

  mutating func parse(_ list: JSONView) throws(JSONReader.Problem) -> BoxTable {
    for (index, object) in list.elements.enumerated() {
      guard table.count < maximumRows else { throw JSONReader.Problem(reason: "more than \(maximumRows) boxes") }
      try append(object, named: "object \(index)")
    }
    let (ids, warning) = identities.finish()
    table.ids = ids
    if let warning { table.warnings.append(warning) }
    table.classes = names.names
    table.takeNumbersOfClasses()
    if hasScores { table.confidences = scores }
    table.settleScores(.automatic)
    if oriented.contains(where: { $0 != nil }) {
      table.orientedBoxes = zip(oriented, upright).map {
        $0 ?? OrientedBox(center: $1.center, width: $1.width, height: $1.height, angle: 0)
      }
    } else {
      table.axisBoxes = AxisBoxColumn(upright)
    }
    table.statedFrameCount = Int32(table.imageRecords.count)
    return table
  }

  private mutating func append(_ object: JSONView, named place: @autoclosure () -> String) throws(JSONReader.Problem) {
    let frame = try frame(of: object, place())
    let box = object.member("box")
    let corners = try corners(of: box ?? object, isNested: box != nil, place())
    let (number, name) = (object.member("class_id") ?? object.member("class"), object.member("class_name") ?? object.member("name"))
    let className = name?.label.flatMap { $0.isEmpty ? nil : $0 } ?? number?.label
    if let className {
      table.classIndices.append(try names.index(of: className))
    } else {
      table.classIndices.append(-1)
    }
    table.frames.append(frame)
    upright.append(AxisBox(around: [corners.first, corners.second, corners.third, corners.fourth]))
    oriented.append(box?.member("x3") == nil ? nil : corners.orientedBox)
    identities.append((object.member("track_id") ?? object.member("tracker_id"))?.label)
    let score = object.value(of: .score)?.looseReal
    if score != nil { hasScores = true }
    scores.append(score ?? 1)
  }

  private func corners(of view: JSONView, isNested: Bool, _ place: @autoclosure () -> String) throws(JSONReader.Problem)
    -> BoxCorners
  {
    func point(_ x: StaticString, _ y: StaticString) throws(JSONReader.Problem) -> Point {
      guard let a = view.member(x)?.looseReal, let b = view.member(y)?.looseReal else {
        throw JSONReader.Problem(reason: "\(place()) has no number \"\(x)\" or \"\(y)\"")
      }
      return Point(a, b)
    }
    let first = isNested ? try point("x1", "y1") : try point("x_min", "y_min")
    let second = isNested ? try point("x2", "y2") : try point("x_max", "y_max")
    if isNested, view.member("x3") != nil {
      return BoxCorners(first, second, try point("x3", "y3"), try point("x4", "y4"))
    }
    guard second.x >= first.x, second.y >= first.y else {
      throw JSONReader.Problem(reason: "\(place()) has its right or lower side before the left or upper one")
    }
    return BoxCorners(first, Point(second.x, first.y), second, Point(first.x, second.y))
  }

  private mutating func frame(of object: JSONView, _ place: @autoclosure () -> String) throws(JSONReader.Problem) -> Int32 {
    let told = object.value(of: .frame)
    guard told != nil || table.format == .ultralytics else {
      let names = NamedColumn.frame.names.joined(separator: ", ")
      throw JSONReader.Problem(reason: "\(place()) has no number of a frame (\(names))")
    }
    guard let number = told == nil ? 0 : told?.label.flatMap({ Int($0) }), 0...BoxLimits.maximumFrame ~= number else {
      let value = told?.label.map { "\"\($0.prefix(80))\"" } ?? "no number"
      throw JSONReader.Problem(reason: "the frame of \(place()) is \(value), it must be from 0 to \(BoxLimits.maximumFrame)")
    }
    if let frame = frameOfNumber[number] { return frame }
    let frame = Int32(table.imageRecords.count)
    frameOfNumber[number] = frame
    table.imageRecords.append(ImageRecord(id: number, frameNumber: number))
    table.images.append(String(number))
    return frame
  }
}

extension JSONView {
  /// The value under the first of a column's names that the object has.
  fileprivate func value(of column: NamedColumn) -> JSONView? {
    column.names.lazy.compactMap { self.member(named: $0) }.first
  }
}
