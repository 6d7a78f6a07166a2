import Geometry

/// CVAT's xml: `<track id label>` with a `<box frame …>` for each frame ("CVAT for video"), or `<image id name>` with boxes ("for images").
///
/// Frames are the file's numbers from 0. A box with `outside="1"` is not there. A rotation is in degrees, clockwise in the picture, about
/// the centre of the box before it is turned; it is folded to [−90°, 90°), for a rectangle turned by 180° is the same. Frames between key
/// frames, where CVAT goes on with a track, are not filled in, and the table says how many. Polygons, masks, points and cuboids are passed over, and the table says how many.
enum CVATTable {
  private static let otherShapes: Set<String> = ["polygon", "polyline", "points", "cuboid", "mask", "ellipse", "skeleton"]

  static func read(_ reader: LineReader, _ options: BoxReadingOptions) throws(RecordsError) -> BoxTable {
    let bytes = try reader.readAll(limit: COCODataset.maximumBytes)
    var scanner = XMLScanner(bytes)
    var builder = Builder()
    do throws(XMLScanner.Problem) {
      while let event = try scanner.next() {
        if let reason = builder.take(event) { throw XMLScanner.Problem(line: scanner.line, reason: reason) }
        guard builder.table.count <= options.maximumRows else {
          throw XMLScanner.Problem(line: scanner.line, reason: "more than \(options.maximumRows) boxes")
        }
      }
    } catch {
      throw .malformedLines(path: reader.name, lines: [LineProblem(line: error.line, reason: error.reason)], total: 1)
    }
    guard builder.isCVAT else {
      throw .malformed(path: reader.name, reason: "its first element is not <annotations>; is this CVAT's xml?")
    }
    let table = builder.finish()
    return options.images.numbering == .byImage ? table : table.asOneSequence()
  }

  private struct Builder {
    var table = BoxTable(format: .cvat)
    private(set) var isCVAT = false
    private var path: [String] = []
    private var names = ClassNames()
    private var identities = IdentityColumn()
    private var boxes = RotatedBoxes()
    private var track: (id: String, label: String)?
    /// The frame of the image being read and its place in the list.
    private var image: Int32?
    private var stated = 0
    private var skipped = 0
    /// The last box of the track being read that it goes on from; frames between two boxes of a track that it has none in.
    private var lastKey: Int32?
    private var unfilled = 0
    private var hasOcclusion = false
    private var occluded: [Bool] = []
    /// The attribute of a box being read, and whether that box was taken.
    private var attribute: String?
    private var ownIdentity: String?
    private var isInBox = false

    /// Takes an event.
    ///
    /// - Returns: What is wrong with it; nil where nothing is.
    mutating func take(_ event: XMLScanner.Event) -> String? {
      switch event {
      case .start(let name, let attributes):
        if path.isEmpty { isCVAT = name == "annotations" }
        path.append(name)
        return start(name, attributes)
      case .text(let text):
        if path == ["annotations", "meta", "task", "size"] { stated = Int(text) ?? 0 }
        if isInBox, attribute == "track_id" { ownIdentity = text.filter { !$0.isWhitespace } }
      case .end(let name):
        path.removeLast()
        switch name {
        case "track": track = nil
        case "image": image = nil
        case "attribute": attribute = nil
        case "box" where isInBox:
          identities.append(track?.id ?? ownIdentity)
          (isInBox, ownIdentity) = (false, nil)
        default: break
        }
      }
      return nil
    }

    private mutating func start(_ name: String, _ attributes: [String: String]) -> String? {
      switch name {
      case "track":
        track = (attributes["id"] ?? "", attributes["label"] ?? "")
        lastKey = nil
      case "image":
        guard let id = attributes["id"].flatMap(Int.init), 0...BoxLimits.maximumFrame ~= id else {
          return "<image> has no number \"id\""
        }
        image = Int32(table.imageRecords.count)
        let record = ImageRecord(
          id: id, fileName: attributes["name"] ?? "", width: attributes["width"].flatMap(Int.init) ?? 0,
          height: attributes["height"].flatMap(Int.init) ?? 0, frameNumber: id)
        table.imageRecords.append(record)
        table.images.append(record.stem)
      case "attribute": attribute = attributes["name"]
      case "box" where track != nil || image != nil: return box(attributes)
      case _ where CVATTable.otherShapes.contains(name) && (track != nil || image != nil): skipped += 1
      default: break
      }
      return nil
    }

    private mutating func box(_ attributes: [String: String]) -> String? {
      guard attributes["outside"] != "1" else {
        lastKey = nil
        return nil
      }
      func number(_ key: String) -> Double? { attributes[key].flatMap(Double.init).flatMap { $0.isFinite ? $0 : nil } }
      guard let left = number("xtl"), let top = number("ytl"), let right = number("xbr"), let bottom = number("ybr") else {
        return "<box> has no numbers \"xtl\", \"ytl\", \"xbr\" and \"ybr\""
      }
      guard right >= left, bottom >= top else { return "<box> has its right or lower side before the left or upper one" }
      var frame = image
      if frame == nil {
        frame = attributes["frame"].flatMap(Int32.init).flatMap { 0...Int32(BoxLimits.maximumFrame) ~= $0 ? $0 : nil }
      }
      guard let frame else { return "<box> has no \"frame\" from 0 to \(BoxLimits.maximumFrame)" }
      var label = attributes["label"] ?? track?.label ?? ""
      guard let classIndex = label.withUTF8({ try? names.index(of: $0) }) else {
        return "more than \(ClassNames.maximumCount) labels"
      }
      if image == nil {
        if let lastKey, frame > lastKey { unfilled += Int(frame - lastKey) - 1 }
        lastKey = frame
      }
      table.frames.append(frame)
      table.classIndices.append(classIndex)
      occluded.append(attributes["occluded"] == "1")
      boxes.append(
        AxisBox(left: left, top: top, width: right - left, height: bottom - top), degrees: number("rotation").map(Builder.folded))
      isInBox = true
      return nil
    }

    /// The same rectangle's rotation in [−90°, 90°).
    private static func folded(_ degrees: Double) -> Double {
      let turn = (degrees + 90).truncatingRemainder(dividingBy: 180)
      return (turn < 0 ? turn + 180 : turn) - 90
    }

    func finish() -> BoxTable {
      var table = self.table
      let (ids, warning) = identities.finish()
      table.ids = ids
      if let warning { table.warnings.append(warning) }
      boxes.finish(&table)
      table.classes = names.names
      if occluded.contains(true) { table.occlusions = occluded.map { $0 ? 1 : 0 } }
      if skipped > 0 { table.leftOut.append("\(skipped) shapes other than boxes (polygons, points, masks, …)") }
      if unfilled > 0 { table.leftOut.append("\(unfilled) frames between key frames, which CVAT interpolates") }
      let last = Int(table.frames.max() ?? -1)
      if !table.imageRecords.isEmpty {
        table.statedFrameCount = Int32(table.imageRecords.count)
      } else if stated > last, stated <= BoxLimits.maximumFrame {
        table.statedFrameCount = Int32(stated)
      }
      return table
    }
  }
}
