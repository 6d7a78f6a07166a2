/// What the first bytes of a text say about its format.
///
/// The rule: `[` begins COCO results; `{` our stream if the first line has a "record", `sextant detect`'s lines if it begins with "boxes",
/// else COCO. Otherwise the first line's columns are counted, separated by commas or semicolons if it has one, else by blanks; comments (`#`) are passed over.
/// - `<`: CVAT's xml.
/// - names of columns, those of a box among them: a CSV with names.
/// - 10 columns with a category of 0 to 11, a truncation of 0 or 1 and an occlusion of 0 to 2 in all sampled rows, and one of them above
///   0 anywhere: VisDrone's tracks.
/// - 7 columns with a second one that is no whole number: BoxMOT's detections.
/// - 17 or 18 columns with a word as the third: KITTI tracking.
/// - 16 columns with a word as the tenth: HIT-UAV's labels.
/// - 15 to 17 columns with a word as the first: KITTI's objects in one image; 9 or 10 with a word as the ninth: DOTA's.
/// - 5 to 7 columns of numbers, a whole one and four within [0, 1], and 9 to 11 with eight of them: YOLO's boxes in one image.
/// - 8 columns with a score in [0, 1], a category of 0 to 11, a truncation and an occlusion in all sampled rows: VisDrone's boxes in one
///   image. Of a MOT file these would be a width, a height, a confidence and a class: boxes of at most one pixel.
/// - 15: AB3DMOT; 13: oriented MOT with corners; 6, 7, 8: MOT.
/// - 9 or 10 are MOT unless the sampled rows speak for `frame,id,cx,cy,w,h,angle,conf,class[,visibility]`. All of them must have an angle
///   within ±2π, a confidence in [0, 1], an integer class of at least 0 (of nine columns also −1 for none) and a visibility in [0, 1] (if
///   there), and at least one must say more than a MOT row could: an angle outside [0, 1] other than −1, a class above 1, or of nine
///   columns a confidence that is no whole number, where MOT has the class.
///
/// UAVDT's nine columns look like MOT's: that format must be named.
struct BoxFormatGuess {
  /// Rows that the guess looks at.
  static let sampledRows = 1000

  private(set) var format: BoxFormat?
  private(set) var separator = ColumnSeparator.comma
  /// Whether there is anything but blank lines.
  private(set) var hasContent = false
  private(set) var isEmptyFile = false
  /// Why there is no guess.
  private(set) var reason = ""
  /// What a user should know of the guess.
  private(set) var warning: String?
  /// A number with a decimal comma, where the columns of numbers are separated by something else.
  private(set) var decimalComma: String?

  init(firstBytes bytes: UnsafeBufferPointer<UInt8>) {
    isEmptyFile = bytes.isEmpty
    let texts = bytes.split(maxSplits: BoxFormatGuess.sampledRows) { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
      .prefix(BoxFormatGuess.sampledRows).map { UnsafeBufferPointer(rebasing: $0) }.filter { !$0.allSatisfy(RowScanner.isBlank) }
    let lines = texts.filter { !BoxRowLoop.isComment($0) && !DOTARows.isHeading($0) }
    guard let first = lines.first else {
      // A heading without rows is a file without boxes.
      if !texts.isEmpty { isEmptyFile = true }
      return
    }
    hasContent = true
    separator = ColumnSeparator(guessedFrom: bytes)
    let start = first.first { !RowScanner.isBlank($0) }
    if start == UInt8(ascii: "[") {
      format = .coco
    } else if start == UInt8(ascii: "{") {
      // Without blanks, which other writers put behind colons and commas.
      let text = String(decoding: first.prefix(4096).filter { !RowScanner.isBlank($0) }, as: UTF8.self)
      let isPicture = text.contains("\"boxes\":[") && !text.contains("\"images\":[")
      format = isPicture ? .detect : text.contains("\"record\"") ? .sextant : .coco
    } else if start == UInt8(ascii: "<") {
      format = .cvat
    } else if NamedColumnTable.isHeader(first) {
      format = .csv
    } else {
      decimalComma = BoxFormatGuess.decimalComma(in: first)
      guess(first, lines)
    }
  }

  /// The first number with a decimal comma of a line whose columns are separated by semicolons, blanks or tabs.
  private static func decimalComma(in line: UnsafeBufferPointer<UInt8>) -> String? {
    let fields = line.split { $0 == UInt8(ascii: ";") || RowScanner.isBlank($0) || $0 == UInt8(ascii: "\r") }
    // A comma with a blank behind it separates columns, and so does the comma of a line without any other separator.
    guard fields.count > 2 else { return nil }
    let parts = fields.map { $0.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) }
    guard parts.allSatisfy({ $0.count <= 2 && $0.allSatisfy { !$0.isEmpty && isNumber($0) } }) else { return nil }
    return zip(fields, parts).first { $1.count == 2 }.map { String(decoding: $0.0.prefix(40), as: UTF8.self) }
  }

  private static func isNumber(_ field: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    field.allSatisfy { "0123456789+-.eE".utf8.contains($0) }
  }

  private mutating func guess(_ first: UnsafeBufferPointer<UInt8>, _ lines: [UnsafeBufferPointer<UInt8>]) {
    let fields = BoxFormatGuess.fields(of: first, separator)
    func isWord(_ column: Int) -> Bool {
      fields.indices.contains(column) && fields[column].first.map(BoxFormatGuess.beginsWord) ?? false
    }
    switch fields.count {
    case 6 where separator == .blank && fields.map(BoxFormatGuess.isNumber) == [true, true, true, true, true, false]:
      reason = "its lines look like masks (frame id class height width rle), which are compared by the similarity of masks"
      return
    case 5...7 where isYOLO(lines, columns: fields.count, shares: 4): format = .yolo
    case 9...11 where isYOLO(lines, columns: fields.count, shares: 8): format = .yoloOriented
    case 7 where isBoxMOT(lines):
      format = .boxMOT
      warning = "the second column is no identity, so the rows are taken as BoxMOT's: frame, box, confidence, class"
    case 8 where isVisDroneImage(lines):
      format = .visDroneDetections
      warning = "the columns are taken as those of VisDrone's boxes in one image"
    case 6, 7, 8: format = .mot
    case 9 where isWord(8), 10 where isWord(8): format = .dota
    case 10 where isVisDrone(lines):
      format = .visDrone
      warning = "the last three columns are taken as VisDrone's category, truncation and occlusion"
    case 9, 10: format = speakForAngles(lines, columns: fields.count) ? .centerAngle : .mot
    case 13: format = .motOriented
    case 16 where isWord(9): format = .hitUAV
    case 17 where isWord(2), 18 where isWord(2): format = .kitti
    case 15...17 where isWord(0): format = .kittiObjects
    case 15: format = .ab3dmot
    default: format = nil
    }
    if format == nil {
      reason = "its first line has \(fields.count) column\(fields.count == 1 ? "" : "s"), as no known format has; name the format"
    }
  }

  private func speakForAngles(_ lines: [UnsafeBufferPointer<UInt8>], columns: Int) -> Bool {
    var scanner = RowScanner(separator: separator)
    var isEvident = false
    for line in lines.count > 1 ? lines.dropLast() : lines[...] {
      guard (try? scanner.scan(line)) != nil, scanner.count == columns else { return false }
      let angle = scanner[6]
      let kind = scanner[8]
      guard abs(angle) <= 2 * .pi, (0...1).contains(scanner[7]), kind >= (columns == 9 ? -1 : 0), kind == kind.rounded(),
        columns == 9 || (0...1).contains(scanner[9])
      else { return false }
      let isFraction = columns == 9 && scanner[7] != scanner[7].rounded()
      if (!(0...1).contains(angle) && angle != -1) || kind > 1 || isFraction { isEvident = true }
    }
    return isEvident
  }

  /// The sampled rows as numbers; nil where one is not. The last line may be cut off by the end of the sample.
  private func numbers(_ lines: [UnsafeBufferPointer<UInt8>], columns: Int) -> [[Double]]? {
    var scanner = RowScanner(separator: separator)
    var rows: [[Double]] = []
    for line in lines.count > 1 ? lines.dropLast() : lines[...] {
      guard (try? scanner.scan(line)) != nil, scanner.count == columns else { return nil }
      rows.append((0..<columns).map { scanner[$0] })
    }
    return rows
  }

  private func isVisDrone(_ lines: [UnsafeBufferPointer<UInt8>]) -> Bool {
    guard let rows = numbers(lines, columns: 10) else { return false }
    return rows.allSatisfy { row in
      BoxFormatGuess.isWhole(row[7], 0...11) && BoxFormatGuess.isWhole(row[8], 0...1) && BoxFormatGuess.isWhole(row[9], 0...2)
        && (0...1).contains(row[6])
    } && rows.contains { $0[7] > 0 }
  }

  /// VisDrone's results have −1 for truncation and occlusion.
  private func isVisDroneImage(_ lines: [UnsafeBufferPointer<UInt8>]) -> Bool {
    guard let rows = numbers(lines, columns: 8) else { return false }
    return rows.allSatisfy { row in
      (0...1).contains(row[4]) && BoxFormatGuess.isWhole(row[5], 0...11) && BoxFormatGuess.isWhole(row[6], -1...1)
        && BoxFormatGuess.isWhole(row[7], -1...2)
    }
  }

  /// Whether rows are a class and shares of an image, one of which stands where tracks have a whole number as their id.
  private func isYOLO(_ lines: [UnsafeBufferPointer<UInt8>], columns: Int, shares: Int) -> Bool {
    guard let rows = numbers(lines, columns: columns) else { return false }
    return rows.allSatisfy { row in
      BoxFormatGuess.isWhole(row[0], 0...Double(Int16.max)) && row[1...shares].allSatisfy { (0...1).contains($0) }
    } && rows.contains { $0[1] != $0[1].rounded() }
  }

  private static func isWhole(_ value: Double, _ range: ClosedRange<Double>) -> Bool {
    range.contains(value) && value == value.rounded()
  }

  private func isBoxMOT(_ lines: [UnsafeBufferPointer<UInt8>]) -> Bool {
    guard let rows = numbers(lines, columns: 7) else { return false }
    return rows.allSatisfy { (0...1).contains($0[5]) && $0[6] >= 0 && $0[6] == $0[6].rounded() }
      && rows.contains { $0[1] != $0[1].rounded() }
  }

  private static func fields(
    of line: UnsafeBufferPointer<UInt8>, _ separator: ColumnSeparator
  ) -> [Slice<UnsafeBufferPointer<UInt8>>] {
    let text = line.last == UInt8(ascii: "\r") ? line.dropLast() : line[...]
    guard let byte = separator.byte else { return text.split(whereSeparator: RowScanner.isBlank) }
    let fields = text.split(separator: byte, omittingEmptySubsequences: false)
    // One separator at the end of a line ends its last column.
    return fields.count > 1 && fields.last?.allSatisfy(RowScanner.isBlank) == true ? fields.dropLast() : fields
  }

  private static func beginsWord(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }
}
