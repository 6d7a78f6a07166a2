import Geometry

/// COCO's annotations or results: boxes in a table, and what COCO adds to them.
///
/// The table's frames are places in the list of images, its class numbers are category ids; `difficult` holds `iscrowd`, `ids` the
/// objects' `track_id` where an entry has one, else the annotations' ids, where they fit.
public struct COCODataset: Sendable {
  /// The shape that an annotation gives beside its box.
  public enum Segmentation: Sendable, Hashable {
    /// Polygons in pixels.
    case polygons([[Point]])
    case mask(RunLengthMask)
  }

  public var table: BoxTable
  /// COCO's ids of the images, by frame.
  public var imageIDs: [Int] { table.imageRecords.map(\.id) }
  /// Width and height of the images in pixels, by frame; zeros where the file says nothing.
  public var imageSizes: [(width: Int, height: Int)] { table.imageRecords.map { ($0.width, $0.height) } }
  /// The shape of each row; empty unless they were asked for.
  public var segmentations: [Segmentation?] = []

  /// A larger file is refused: its parsed form must fit the memory.
  public static let maximumBytes = 1 << 30

  /// Reads annotations (an object with images, annotations, categories) or results (a list of boxes with scores).
  ///
  /// - Parameters:
  ///   - truth: The annotations that results belong to: their images and categories are taken over. Without it images and categories
  ///     of results are named by their numbers.
  ///   - keepsSegmentations: Whether polygons and masks are kept.
  public static func read(
    path: String, truth: COCODataset? = nil, keepsSegmentations: Bool = false,
    options: BoxTableReader.Options = .init()
  ) throws(RecordsError) -> COCODataset {
    try read(try LineReader(path: path), options, truth: truth, keepsSegmentations: keepsSegmentations)
  }

  /// Reads the bytes of such a file.
  public static func read(
    bytes: some Collection<UInt8>, name: String, truth: COCODataset? = nil, keepsSegmentations: Bool = false,
    options: BoxTableReader.Options = .init()
  ) throws(RecordsError) -> COCODataset {
    try read(
      LineReader(ByteSource(bytes: bytes, name: name)), options, truth: truth, keepsSegmentations: keepsSegmentations)
  }

  static func read(
    _ reader: LineReader, _ options: BoxTableReader.Options, truth: COCODataset? = nil, keepsSegmentations: Bool = false
  ) throws(RecordsError) -> COCODataset {
    let text = try reader.readAll(limit: maximumBytes)
    do throws(JSONReader.Problem) {
      let json = try JSONReader(maximumBytes: max(1, text.count), maximumDepth: 32)
      var parser = COCOParser(truth: truth, keepsSegmentations: keepsSegmentations, maximumRows: options.maximumRows)
      return try text.withUnsafeBufferPointer { bytes in
        json.withRoot(of: bytes) { root in
          Result { () throws(JSONReader.Problem) in try parser.parse(root) }
        }
      }.get().get()
    } catch {
      throw .malformed(path: reader.name, reason: error.reason)
    }
  }
}

/// Builds a dataset from parsed JSON.
private struct COCOParser {
  private var dataset = COCODataset(table: BoxTable(format: .coco))
  private var frameOfImage: [Int: Int32] = [:]
  private var classOfCategory: [Int: Int16] = [:]
  private let isTruthGiven: Bool
  private let keepsSegmentations: Bool
  private let maximumRows: Int
  private var hasScores = false

  init(truth: COCODataset?, keepsSegmentations: Bool, maximumRows: Int) {
    self.keepsSegmentations = keepsSegmentations
    self.maximumRows = maximumRows
    isTruthGiven = truth != nil
    guard let truth else { return }
    dataset.table.imageRecords = truth.table.imageRecords
    dataset.table.images = truth.table.images
    dataset.table.classes = truth.table.classes
    dataset.table.classNumbers = truth.table.classNumbers
    frameOfImage = Dictionary(truth.imageIDs.enumerated().map { ($1, Int32($0)) }) { first, _ in first }
    classOfCategory = Dictionary(truth.table.classNumbers.enumerated().map { (Int($1), Int16($0)) }) { first, _ in first }
  }

  mutating func parse(_ root: JSONView) throws(JSONReader.Problem) -> COCODataset {
    if root.isArray {
      try parseBoxes(root, named: "result")
    } else if root.isObject {
      try parseAnnotations(root)
    } else {
      throw JSONReader.Problem(reason: "neither COCO annotations (an object) nor COCO results (a list)")
    }
    dataset.table.statedFrameCount = Int32(dataset.table.imageRecords.count)
    if !hasScores { dataset.table.confidences = [] }
    return dataset
  }

  private mutating func parseAnnotations(_ root: JSONView) throws(JSONReader.Problem) {
    guard let annotations = root.member("annotations"), annotations.isArray else {
      throw JSONReader.Problem(reason: "an object without a list \"annotations\"; are these COCO annotations?")
    }
    for (index, image) in (root.member("images")?.elements ?? JSONView.Children.none).enumerated() {
      guard let id = image.member("id")?.integer else { throw JSONReader.Problem(reason: "image \(index) has no integer \"id\"") }
      // A result in the form of annotations lists the truth's images again.
      if isTruthGiven, frameOfImage[id] != nil { continue }
      try addImage(
        ImageRecord(
          id: id, fileName: image.member("file_name")?.string ?? "", width: image.member("width")?.integer ?? 0,
          height: image.member("height")?.integer ?? 0))
    }
    for (index, category) in (root.member("categories")?.elements ?? JSONView.Children.none).enumerated() {
      guard let id = category.member("id")?.integer else {
        throw JSONReader.Problem(reason: "category \(index) has no integer \"id\"")
      }
      if isTruthGiven, classOfCategory[id] != nil { continue }
      try addCategory(id, name: category.member("name")?.string ?? String(id))
    }
    try parseBoxes(annotations, named: "annotation")
  }

  private mutating func parseBoxes(_ list: JSONView, named kind: String) throws(JSONReader.Problem) {
    for (index, entry) in list.elements.enumerated() {
      guard dataset.table.count < maximumRows else { throw JSONReader.Problem(reason: "more than \(maximumRows) boxes") }
      try parseBox(entry, named: "\(kind) \(index)")
    }
  }

  private mutating func parseBox(_ entry: JSONView, named place: @autoclosure () -> String) throws(JSONReader.Problem) {
    func need(_ key: StaticString) throws(JSONReader.Problem) -> Int {
      guard let number = entry.member(key)?.integer else {
        throw JSONReader.Problem(reason: "\(place()) has no integer \"\(key)\"")
      }
      return number
    }
    let frame = try frame(ofImage: try need("image_id"))
    let classIndex = try classIndex(ofCategory: try need("category_id"))
    let segmentation = try segmentation(of: entry, place())
    let numbers = entry.member("bbox")?.elements.map { $0.real ?? -1 } ?? segmentation.map(COCOParser.hull) ?? []
    guard numbers.count == 4, numbers[2] >= 0, numbers[3] >= 0 else {
      throw JSONReader.Problem(reason: "\(place()) has no \"bbox\" of four numbers with a size of at least 0")
    }
    dataset.table.frames.append(frame)
    dataset.table.ids.append((entry.member("track_id") ?? entry.member("id"))?.integer.flatMap(Int32.init(exactly:)) ?? -1)
    dataset.table.classIndices.append(classIndex)
    dataset.table.axisBoxes.append(AxisBox(left: numbers[0], top: numbers[1], width: numbers[2], height: numbers[3]))
    let score = entry.member("score")?.real
    if score != nil { hasScores = true }
    dataset.table.confidences.append(score ?? 1)
    let crowd = entry.member("iscrowd")
    dataset.table.difficult.append((crowd?.integer ?? 0) != 0 || crowd?.flag == true)
    dataset.table.areas.append(entry.member("area")?.real ?? numbers[2] * numbers[3])
    if keepsSegmentations { dataset.segmentations.append(segmentation) }
  }

  // MARK: Images and categories

  private mutating func addImage(_ image: ImageRecord) throws(JSONReader.Problem) {
    guard frameOfImage[image.id] == nil else { throw JSONReader.Problem(reason: "two images have the id \(image.id)") }
    frameOfImage[image.id] = Int32(dataset.table.imageRecords.count)
    dataset.table.imageRecords.append(image)
    dataset.table.images.append(image.fileName.isEmpty ? String(image.id) : COCOParser.stem(image.fileName))
  }

  private mutating func addCategory(_ id: Int, name: String) throws(JSONReader.Problem) {
    guard classOfCategory[id] == nil else { throw JSONReader.Problem(reason: "two categories have the id \(id)") }
    guard let number = Int32(exactly: id), dataset.table.classes.count < ClassNames.maximumCount else {
      throw JSONReader.Problem(reason: "category \(id) is out of range, or there are more than \(ClassNames.maximumCount)")
    }
    classOfCategory[id] = Int16(dataset.table.classes.count)
    dataset.table.classes.append(name)
    dataset.table.classNumbers.append(number)
  }

  private mutating func frame(ofImage id: Int) throws(JSONReader.Problem) -> Int32 {
    if let frame = frameOfImage[id] { return frame }
    guard !isTruthGiven else { throw JSONReader.Problem(reason: "image \(id) is not among the truth's images") }
    try addImage(ImageRecord(id: id))
    return Int32(dataset.table.imageRecords.count - 1)
  }

  private mutating func classIndex(ofCategory id: Int) throws(JSONReader.Problem) -> Int16 {
    if let index = classOfCategory[id] { return index }
    guard !isTruthGiven else { throw JSONReader.Problem(reason: "category \(id) is not among the truth's categories") }
    try addCategory(id, name: String(id))
    return Int16(dataset.table.classes.count - 1)
  }

  /// The name of an image without folder and suffix.
  private static func stem(_ path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    guard let point = name.lastIndex(of: "."), point > name.startIndex else { return name }
    return String(name[..<point])
  }

  // MARK: Shapes

  private func segmentation(
    of entry: JSONView, _ place: @autoclosure () -> String
  ) throws(JSONReader.Problem) -> COCODataset.Segmentation? {
    guard keepsSegmentations || entry.member("bbox") == nil, let shape = entry.member("segmentation") else { return nil }
    if shape.isArray { return .polygons(shape.elements.map(COCOParser.polygon)) }
    guard shape.isObject else { return nil }
    let size = shape.member("size")?.elements.map { $0.integer ?? 0 } ?? []
    guard size.count == 2, let mask = COCOParser.mask(shape.member("counts"), height: size[0], width: size[1]) else {
      throw JSONReader.Problem(reason: "\(place()) has a \"segmentation\" that is no run-length mask")
    }
    return .mask(mask)
  }

  private static func polygon(_ list: JSONView) -> [Point] {
    let numbers = list.elements.map { $0.real ?? 0 }
    return stride(from: 0, to: numbers.count - 1, by: 2).map { Point(numbers[$0], numbers[$0 + 1]) }
  }

  private static func mask(_ counts: JSONView?, height: Int, width: Int) -> RunLengthMask? {
    guard let counts else { return nil }
    if let text = counts.stringBytes { return RunLengthMask(width: width, height: height, compressed: text) }
    let numbers = counts.elements.map { $0.integer.flatMap(UInt32.init(exactly:)) }
    guard counts.isArray, numbers.allSatisfy({ $0 != nil }) else { return nil }
    return RunLengthMask(width: width, height: height, counts: numbers.compactMap(\.self))
  }

  /// Left, top, width and height of a shape.
  private static func hull(_ shape: COCODataset.Segmentation) -> [Double] {
    let box: AxisBox
    switch shape {
    case .polygons(let polygons): box = AxisBox(around: polygons.joined())
    case .mask(let mask):
      let pixels = mask.pixels
      let inside = pixels.indices.lazy.filter { pixels[$0] != 0 }
        .flatMap { place -> [Point] in
          let corner = Point(Double(place % mask.width), Double(place / mask.width))
          return [corner, corner + Point(1, 1)]
        }
      box = AxisBox(around: inside)
    }
    return [box.left, box.top, box.width, box.height]
  }
}

extension JSONView {
  /// The value of a key; nil where this is no object or has no such key.
  fileprivate func member(_ name: StaticString) -> JSONView? {
    for (key, value) in members where name ~= key { return value }
    return nil
  }
}
