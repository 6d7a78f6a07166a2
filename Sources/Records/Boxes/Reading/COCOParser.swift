import Geometry

/// Builds a dataset from the parsed JSON of COCO.
struct COCOParser {
  private var dataset = COCODataset(table: BoxTable(format: .coco))
  private var frameOfImage: [Int: Int32] = [:]
  private var classOfCategory: [Int: Int16] = [:]
  private let isTruthGiven: Bool
  private let keepsSegmentations: Bool
  /// Whether run-length masks go into the table, for what writes them again.
  private let keepsMasks: Bool
  private var segmentationsLeftOut = 0
  private let maximumRows: Int
  private var hasScores = false
  private var areImagesListed = false
  private var areCategoriesListed = false
  private var placeOfVideo: [Int: Int] = [:]
  private var frameOfName: [String: Int32] = [:]
  private var identities = IdentityColumn()
  private var boxes = RotatedBoxes()

  init(truth: COCODataset?, keepsSegmentations: Bool, keepsMasks: Bool = false, maximumRows: Int) {
    self.keepsSegmentations = keepsSegmentations
    self.keepsMasks = keepsMasks
    self.maximumRows = maximumRows
    isTruthGiven = truth != nil
    guard let truth else { return }
    dataset.table.imageRecords = truth.table.imageRecords
    dataset.table.images = truth.table.images
    dataset.table.classes = truth.table.classes
    dataset.table.classNumbers = truth.table.classNumbers
    frameOfImage = Dictionary(truth.imageIDs.enumerated().map { ($1, Int32($0)) }) { first, _ in first }
    frameOfName = Dictionary(truth.table.images.enumerated().map { ($1, Int32($0)) }) { first, _ in first }
    dataset.table.videos = truth.table.videos
    classOfCategory = Dictionary(truth.table.classNumbers.enumerated().map { (Int($1), Int16($0)) }) { first, _ in first }
  }

  mutating func parse(_ root: JSONView) throws(JSONReader.Problem) -> COCODataset {
    if root.isArray {
      try parseBoxes(root, named: "result")
    } else {
      try parseAnnotations(root)
    }
    let (ids, warning) = identities.finish()
    dataset.table.ids = ids
    if let warning { dataset.table.warnings.append(warning) }
    boxes.finish(&dataset.table)
    if !dataset.table.masks.isEmpty {
      dataset.table.masks += Array(repeating: nil, count: dataset.table.count - dataset.table.masks.count)
    }
    if segmentationsLeftOut > 0 {
      dataset.table.leftOut.append("\(segmentationsLeftOut) segmentations that are no run-length masks")
    }
    if !dataset.table.annotationIDs.contains(where: { $0 != -1 }) { dataset.table.annotationIDs = [] }
    dataset.table.sortNamelessImages()
    dataset.table.statedFrameCount = Int32(dataset.table.imageRecords.count)
    if !hasScores { dataset.table.confidences = [] }
    return dataset
  }

  private mutating func parseAnnotations(_ root: JSONView) throws(JSONReader.Problem) {
    guard let annotations = root.member("annotations"), annotations.isArray else {
      throw JSONReader.Problem(reason: "an object without a list \"annotations\"; are these COCO annotations?")
    }
    areImagesListed = root.member("images")?.isArray ?? false
    for (index, video) in (root.member("videos")?.elements ?? JSONView.Children.none).enumerated() {
      guard let id = video.member("id")?.integer else { throw JSONReader.Problem(reason: "video \(index) has no integer \"id\"") }
      if placeOfVideo[id] == nil { addVideo(id, name: video.member("name")?.string ?? String(id)) }
    }
    for (index, image) in (root.member("images")?.elements ?? JSONView.Children.none).enumerated() {
      guard let id = image.member("id")?.integer else { throw JSONReader.Problem(reason: "image \(index) has no integer \"id\"") }
      // A result in the form of annotations lists the truth's images again.
      if isTruthGiven, frameOfImage[id] != nil { continue }
      try addImage(
        ImageRecord(
          id: id, fileName: image.member("file_name")?.string ?? "", width: image.member("width")?.integer ?? 0,
          height: image.member("height")?.integer ?? 0, video: image.member("video_id")?.integer.map { place(ofVideo: $0) },
          frameNumber: COCOParser.frameNumber(image)))
    }
    for (index, category) in (root.member("categories")?.elements ?? JSONView.Children.none).enumerated() {
      guard let id = category.member("id")?.integer else {
        throw JSONReader.Problem(reason: "category \(index) has no integer \"id\"")
      }
      if isTruthGiven, classOfCategory[id] != nil { continue }
      try addCategory(id, name: category.member("name")?.string ?? String(id))
    }
    areCategoriesListed = !dataset.table.classes.isEmpty
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
    let frame = try frame(of: entry, named: place())
    let classIndex = try classIndex(ofCategory: try need("category_id"), entry, place())
    let segmentation = try segmentation(of: entry, place())
    if !keepsSegmentations { try keepMask(of: entry, place()) }
    let numbers = entry.member("bbox")?.elements.map { $0.real ?? .nan } ?? segmentation.map(COCOParser.hull) ?? []
    guard numbers.count == 4 || numbers.count == 5, numbers[2] >= 0, numbers[3] >= 0, numbers.allSatisfy(\.isFinite) else {
      throw JSONReader.Problem(reason: "\(place()) has no \"bbox\" of four or five numbers with a size of at least 0")
    }
    dataset.table.frames.append(frame)
    let attributes = entry.member("attributes")
    let identity = entry.member("track_id") ?? entry.member("instance_id") ?? attributes?.member("track_id")
    identities.append(identity?.label)
    dataset.table.annotationIDs.append(entry.member("id")?.integer.flatMap(Int32.init(exactly:)) ?? -1)
    dataset.table.classIndices.append(classIndex)
    boxes.append(
      AxisBox(left: numbers[0], top: numbers[1], width: numbers[2], height: numbers[3]),
      degrees: attributes?.member("rotation")?.real, fifth: numbers.count == 5 ? numbers[4] : nil)
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
    dataset.table.images.append(image.stem)
    frameOfName[image.stem] = frameOfName[image.stem] ?? Int32(dataset.table.imageRecords.count - 1)
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

  /// The frame of an entry: its image by id or, where the id is a name, by that of the image's file.
  private mutating func frame(of entry: JSONView, named place: @autoclosure () -> String) throws(JSONReader.Problem) -> Int32 {
    guard let image = entry.member("image_id"), let label = image.label else {
      throw JSONReader.Problem(reason: "\(place()) has no \"image_id\"")
    }
    if let id = image.integer ?? Int(label), let frame = frameOfImage[id] { return frame }
    if let frame = frameOfName[ImageRecord(id: 0, fileName: label).stem] { return frame }
    if isTruthGiven, let number = Int(label), let frame = frame(numbered: number) { return frame }
    guard !isTruthGiven else { throw JSONReader.Problem(reason: "\(place()): image \(label) is not among the truth's images") }
    guard !areImagesListed else {
      throw JSONReader.Problem(
        reason: "\(place())\(COCOParser.ownID(entry)) belongs to image \(label), which the list of images does not have")
    }
    if let id = image.integer ?? Int(label) {
      try addImage(ImageRecord(id: id))
    } else {
      var id = dataset.table.imageRecords.count + 1
      while frameOfImage[id] != nil { id += 1 }
      var image = ImageRecord(id: id, fileName: label)
      image.isPlace = true
      try addImage(image)
    }
    return Int32(dataset.table.imageRecords.count - 1)
  }

  private static func ownID(_ entry: JSONView) -> String { entry.member("id")?.label.map { " (id \($0))" } ?? "" }

  /// The image whose name is a number: Ultralytics writes 5 for `000005.jpg`.
  private func frame(numbered number: Int) -> Int32? {
    dataset.table.images.firstIndex { Int($0) == number }.map { Int32($0) }
  }

  /// CocoVID calls the number of a frame `frame_id`, YouTube-VIS files `frame_index`.
  private static func frameNumber(_ image: JSONView) -> Int? {
    let number = (image.member("frame_id") ?? image.member("frame_index"))?.integer
    return number.flatMap { 0...BoxLimits.maximumFrame ~= $0 ? $0 : nil }
  }

  private mutating func addVideo(_ id: Int, name: String) {
    placeOfVideo[id] = dataset.table.videos.count
    dataset.table.videos.append(VideoRecord(id: String(id), name: name))
  }

  private mutating func place(ofVideo id: Int) -> Int {
    if placeOfVideo[id] == nil { addVideo(id, name: String(id)) }
    return placeOfVideo[id] ?? 0
  }

  private mutating func classIndex(
    ofCategory id: Int, _ entry: JSONView, _ place: @autoclosure () -> String
  ) throws(JSONReader.Problem) -> Int16 {
    if let index = classOfCategory[id] { return index }
    guard !isTruthGiven else { throw JSONReader.Problem(reason: "\(place()): category \(id) is not among the truth's categories") }
    guard !areCategoriesListed else {
      throw JSONReader.Problem(
        reason: "\(place())\(COCOParser.ownID(entry)) has the category \(id), which the list of categories does not have")
    }
    try addCategory(id, name: String(id))
    return Int16(dataset.table.classes.count - 1)
  }

  // MARK: Shapes

  private func segmentation(
    of entry: JSONView, _ place: @autoclosure () -> String
  ) throws(JSONReader.Problem) -> COCODataset.Segmentation? {
    guard keepsSegmentations || entry.member("bbox") == nil, let shape = entry.member("segmentation") else { return nil }
    if shape.isArray { return .polygons(shape.elements.map(COCOParser.polygon)) }
    if shape.isNull { return nil }
    guard shape.isObject else {
      throw JSONReader.Problem(reason: "\(place()) has a \"segmentation\" that is neither polygons nor a run-length mask")
    }
    guard let mask = RunLengthMask(coco: shape) else {
      throw JSONReader.Problem(reason: "\(place()) has a \"segmentation\" that is no run-length mask")
    }
    return .mask(mask)
  }

  /// Takes a run-length mask into the table, and counts what has no place there.
  private mutating func keepMask(of entry: JSONView, _ place: @autoclosure () -> String) throws(JSONReader.Problem) {
    guard let shape = entry.member("segmentation"), !shape.isNull else { return }
    guard keepsMasks, shape.isObject else {
      // An empty list is how writers say that there is none.
      if !shape.isArray || shape.elements.contains(where: { _ in true }) { segmentationsLeftOut += 1 }
      return
    }
    guard let mask = RunLengthMask(coco: shape) else {
      throw JSONReader.Problem(reason: "\(place()) has a \"segmentation\" that is no run-length mask")
    }
    dataset.table.masks += Array(repeating: nil, count: dataset.table.frames.count - dataset.table.masks.count)
    dataset.table.masks.append(mask)
  }

  private static func polygon(_ list: JSONView) -> [Point] {
    let numbers = list.elements.map { $0.real ?? 0 }
    return stride(from: 0, to: numbers.count - 1, by: 2).map { Point(numbers[$0], numbers[$0 + 1]) }
  }

  /// Left, top, width and height of a shape.
  private static func hull(_ shape: COCODataset.Segmentation) -> [Double] {
    let box: AxisBox
    switch shape {
    case .polygons(let polygons): box = AxisBox(around: polygons.joined())
    case .mask(let mask):
      let (columns, rows) = mask.hull ?? (0..<0, 0..<0)
      box = AxisBox(
        left: Double(columns.lowerBound), top: Double(rows.lowerBound), width: Double(columns.count), height: Double(rows.count))
    }
    return [box.left, box.top, box.width, box.height]
  }
}
