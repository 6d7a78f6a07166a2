import Geometry

/// The boxes that `sextant detect` writes: an object a line and picture, with `image`, `width`, `height` and `boxes`, each of `class`, `score`,
/// `cx`, `cy`, `w`, `h` (pixels) and `angle` (radians, direction of w). Frames are indices into the pictures in the order of the lines, or
/// into the list given; pictures are told by the names of their files, without folder and suffix. A picture without boxes has a line too.
struct PictureLines {
  private var table = BoxTable(format: .detect)
  private var images: ImageNames
  private var names = ClassNames()
  private var seen: Set<Int32> = []
  private let options: BoxReadingOptions

  private init(_ options: BoxReadingOptions) {
    images = ImageNames(options.images.names)
    self.options = options
  }

  static func read(_ reader: LineReader, _ options: BoxReadingOptions) throws(RecordsError) -> BoxTable {
    var lines = PictureLines(options)
    var problems = LineProblems(limit: options.listedBadLines)
    let json: JSONReader
    do throws(JSONReader.Problem) {
      json = try JSONReader(maximumBytes: reader.maximumLineLength, maximumDepth: 8)
    } catch {
      throw .malformed(path: reader.name, reason: error.reason)
    }
    try reader.forEachLine { line throws(RecordsError) in
      guard !line.bytes.allSatisfy(RowScanner.isBlank) else { return }
      do throws(JSONReader.Problem) {
        try json.withRoot(of: line.bytes) { root in
          Result { () throws(JSONReader.Problem) in try lines.append(root, line: line.number) }
        }.get().get()
      } catch {
        problems.add(line: line.number, error.reason)
      }
      guard lines.table.count <= options.maximumRows else {
        throw .tooLarge(path: reader.name, reason: "it has more than \(options.maximumRows) boxes; split it")
      }
    }
    try problems.throwIfAny(path: reader.name)
    let table = lines.finish()
    return options.images.numbering == .byImage ? table : table.asOneSequence()
  }

  private consuming func finish() -> BoxTable {
    table.classes = names.names
    table.images = images.names
    table.statedFrameCount = Int32(images.names.count)
    table.settleScores(.automatic)
    return table
  }

  private mutating func append(_ picture: JSONView, line: Int) throws(JSONReader.Problem) {
    guard let file = picture.member("image")?.string, !file.isEmpty else { throw JSONReader.Problem(reason: "no \"image\"") }
    guard let boxes = picture.member("boxes"), boxes.isArray else { throw JSONReader.Problem(reason: "no list of \"boxes\"") }
    let record = ImageRecord(
      id: images.names.count + 1, fileName: file, width: picture.member("width")?.integer ?? 0,
      height: picture.member("height")?.integer ?? 0)
    let frame: Int32
    do throws(RowProblem) {
      frame = try images.index(of: record.stem)
    } catch {
      throw JSONReader.Problem(reason: "the picture \"\(record.stem.prefix(80))\" is not in the list of images")
    }
    guard seen.insert(frame).inserted else {
      throw JSONReader.Problem(reason: "a second picture called \"\(record.stem.prefix(80))\"")
    }
    for box in boxes.elements { try append(box, frame: frame, line: line) }
  }

  private mutating func append(_ box: JSONView, frame: Int32, line: Int) throws(JSONReader.Problem) {
    func number(_ key: StaticString) throws(JSONReader.Problem) -> Double {
      guard let number = box.member(key)?.real, number.isFinite else {
        throw JSONReader.Problem(reason: "a box without a number \"\(key)\"")
      }
      return number
    }
    let (width, height) = (try number("w"), try number("h"))
    guard width >= 0, height >= 0 else { throw JSONReader.Problem(reason: "a box of negative size") }
    table.orientedBoxes.append(
      OrientedBox(center: Point(try number("cx"), try number("cy")), width: width, height: height, angle: try number("angle")))
    table.confidences.append(try number("score"))
    table.classIndices.append(try names.index(of: box.member("class")?.string ?? TrackRowOrder.unnamed))
    table.frames.append(frame)
    table.ids.append(-1)
    if options.keepsLines { table.lines.append(Int32(clamping: line)) }
  }
}
