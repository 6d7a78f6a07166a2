import Foundation

/// A folder of label files: one per image (DOTA, YOLO, KITTI's objects, VisDrone's detections) or one per class (DOTA's results). One file
/// of such a folder is read as a folder that holds nothing else.
struct BoxFolder {
  let path: String
  /// The one file; nil for a folder.
  private let single: LineReader?

  /// nil where the path is no folder.
  init?(path: String) {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue else {
      return nil
    }
    self.path = path
    single = nil
  }

  /// - Parameter file: One file of a folder, nothing of it read yet.
  init(file: LineReader) {
    path = file.name
    single = file
  }

  /// A file with the name that it stands for.
  private struct File {
    let path: String
    let stem: String
    /// nil: opened when it is read.
    var opened: LineReader?

    func reader() throws(RecordsError) -> LineReader {
      if let opened { return opened }
      return try LineReader(path: path)
    }
  }

  private static let suffixes = Packing.names(of: ".txt")

  /// Rows that a guess looks at.
  private static let sampledRows = 1000

  /// - Parameter format: nil: guessed.
  func read(_ options: BoxReadingOptions, as format: BoxFormat?) throws(RecordsError) -> BoxTable {
    let files = try textFiles()
    let sample = try sample(files)
    guard let format = format ?? guess(files, sample) else {
      throw .unknownFormat(path: path, reason: "its files are none of DOTA's, YOLO's, KITTI's or VisDrone's; name the format")
    }
    switch format {
    case .dota: return try readImages(files, options, DOTARows(options))
    case .dotaResults: return try readClasses(files, options)
    case .yolo: return try readSized(files, options, YOLORows(options))
    case .yoloOriented: return try readSized(files, options, YOLOOrientedRows(options))
    case .kittiObjects:
      return try readImages(files, options, KITTIObjectRows(options, hasIdentities: KITTIObjectRows.hasIdentities(sample)))
    case .visDroneDetections: return try readImages(files, options, VisDroneDetectionRows(options))
    default: throw .cannotOpen(path: path, reason: "it is a folder; name a file of the format \(format.rawValue)")
    }
  }

  /// The folder's texts by name, gzipped or not.
  private func textFiles() throws(RecordsError) -> [File] {
    if let single {
      let name = URL(fileURLWithPath: path).lastPathComponent
      let suffix = BoxFolder.suffixes.last(where: name.hasSuffix) ?? ""
      return [File(path: path, stem: String(name.dropLast(suffix.count)), opened: single)]
    }
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    } catch {
      throw .cannotOpen(path: path, reason: "the folder cannot be listed")
    }
    let files = names.compactMap { name -> File? in
      for suffix in BoxFolder.suffixes where name.hasSuffix(suffix) && name != "classes.txt" {
        return File(path: path + "/" + name, stem: String(name.dropLast(suffix.count)))
      }
      return nil
    }
    guard !files.isEmpty else { throw .cannotOpen(path: path, reason: "the folder holds no .txt or .txt.gz file") }
    // A pipe could be waited for without end.
    if let other = files.first(where: { FileIdentity(path: $0.path)?.isRegular == false }) {
      throw .cannotOpen(path: other.path, reason: "it is no plain file")
    }
    return files
  }

  /// The columns of the first rows of the folder.
  private func sample(_ files: [File]) throws(RecordsError) -> [[String]] {
    var rows: [[String]] = []
    for file in files {
      rows += try BoxFolder.sample(try file.reader())
      if rows.count >= BoxFolder.sampledRows || rows.count > 0 && files.count > BoxFolder.sampledRows { break }
    }
    return rows
  }

  private static func sample(_ reader: LineReader) throws(RecordsError) -> [[String]] {
    try reader.peek { bytes -> [[String]] in
      let separator = ColumnSeparator(guessedFrom: bytes)
      return bytes.split(maxSplits: sampledRows) { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
        .prefix(sampledRows).map { UnsafeBufferPointer(rebasing: $0) }
        .filter { !DOTARows.isHeading($0) && !BoxRowLoop.isComment($0) }
        .map { separator.columns(of: $0.prefix(4096)).map { String(decoding: $0, as: UTF8.self) } }
    }.filter { !$0.isEmpty }
  }

  /// Guesses from names or from the first row; files without any row are DOTA's labels of images without boxes.
  private func guess(_ files: [File], _ rows: [[String]]) -> BoxFormat? {
    if files.allSatisfy({ $0.stem.hasPrefix(DOTAResultNames.prefix) }) { return .dotaResults }
    guard let row = rows.first else { return .dota }
    let areNumbers = row.map { Double($0) != nil }
    switch row.count {
    case 5...7 where !areNumbers.contains(false): return .yolo
    case 8 where !areNumbers.contains(false): return .visDroneDetections
    case 9, 10: return areNumbers[8] ? .yoloOriented : .dota
    case 11 where !areNumbers.contains(false): return .yoloOriented
    case 15...17 where !areNumbers[0]: return .kittiObjects
    default: return nil
    }
  }

  /// Whether the files are one picture each and can hold tracks: KITTI's objects, and YOLO's labels, whose boxes lie within [0, 1]. A folder
  /// of sequences looks alike but for its rows.
  func isOneSequence() -> Bool {
    guard let files = try? textFiles(), let rows = try? sample(files), !rows.isEmpty else { return false }
    switch guess(files, rows) {
    case .kittiObjects: return true
    case .yolo: return areShares(rows, 4)
    case .yoloOriented: return areShares(rows, 8)
    default: return false
    }
  }

  private func areShares(_ rows: [[String]], _ count: Int) -> Bool {
    rows.allSatisfy { row in
      let numbers = row.prefix(count + 1).compactMap { Double($0) }
      return numbers.count == count + 1 && numbers[0] == numbers[0].rounded() && numbers[1...].allSatisfy { (0...1).contains($0) }
    } && rows.contains { Int($0[1]) == nil }
  }

  // MARK: A file per image

  private func readSized<Rows: SizedImageRows>(
    _ files: [File], _ options: BoxReadingOptions, _ rows: Rows
  ) throws(RecordsError) -> BoxTable {
    try readImages(files, options, rows) { (rows, file, reader) throws(RecordsError) in
      if let size = options.images.sizes[file.stem] ?? options.images.size {
        rows.size = size
      } else if !(try BoxFolder.sample(reader).isEmpty) {
        throw .unknownImageSize(path: path)
      }
    }
  }

  private func readImages<Rows: ImageRows>(
    _ files: [File], _ options: BoxReadingOptions, _ rows: Rows,
    prepare: (inout Rows, File, LineReader) throws(RecordsError) -> Void = { _, _, _ in }
  ) throws(RecordsError) -> BoxTable {
    var rows = rows
    var table = BoxTable(format: Rows.format)
    var (files, numbers) = (files, try frameNumbers(files, options.images))
    if let found = numbers {
      let order = files.indices.sorted { found[$0] < found[$1] }
      (files, numbers) = (order.map { files[$0] }, order.map { found[$0] })
    }
    var images = ImageNames(numbers == nil ? options.images.names : [])
    for (place, file) in files.enumerated() {
      do throws(RowProblem) {
        if let numbers { rows.image = numbers[place] } else { rows.image = try images.index(of: file.stem) }
      } catch {
        throw .malformed(path: file.path, reason: error.reason(line: .init(start: nil, count: 0), separator: .blank))
      }
      let reader = try file.reader()
      try prepare(&rows, file, reader)
      // KITTI's class names may hold commas.
      let separator = Rows.format == .kittiObjects ? .blank : try reader.peek { ColumnSeparator(guessedFrom: $0) }
      try BoxRowLoop.append(reader, separator, options, &rows, to: &table)
    }
    rows.finish(&table)
    table.warnAboutOddCorners()
    if let numbers {
      table.takeFrameNumbers(numbers, firstName: files[0].stem, pictures: options.images.count)
    } else {
      table.images = images.names
      table.statedFrameCount = Int32(images.names.count)
      table.isSingleImage = single != nil
      if options.images.numbering == .automatic, single == nil {
        table.warnings.append("the files' names do not end in the numbers of frames; they are taken in the order of their names")
      }
    }
    return table
  }

  /// The number of each file's frame as its name has it; nil where files are images in their order.
  private func frameNumbers(_ files: [File], _ options: BoxReadingOptions.ImageOptions) throws(RecordsError) -> [Int32]? {
    // One file is one image, whatever number its name ends in.
    guard options.numbering != .byImage, single == nil else { return nil }
    if let numbers = FrameNumber.ofNames(files.map(\.stem)) { return numbers }
    guard options.numbering == .byNumber else { return nil }
    let numbers = files.compactMap { FrameNumber(atEndOf: $0.stem)?.value }
    if Set(numbers).count == files.count { return numbers }
    let nameless = files.first { FrameNumber(atEndOf: $0.stem) == nil }
    throw .malformed(
      path: nameless?.path ?? path,
      reason: nameless == nil ? "two of its files have the same frame number" : "its name does not end in a frame number")
  }

  // MARK: A file per class

  private func readClasses(_ files: [File], _ options: BoxReadingOptions) throws(RecordsError) -> BoxTable {
    var rows = DOTAResultRows(options)
    var table = BoxTable(format: .dotaResults)
    for file in files where file.stem.hasPrefix(DOTAResultNames.prefix) || single != nil {
      guard table.classes.count < ClassNames.maximumCount else {
        throw .tooLarge(path: path, reason: "it has more than \(ClassNames.maximumCount) classes")
      }
      rows.classIndex = Int16(table.classes.count)
      table.classes.append(String(file.stem.trimmingPrefix(DOTAResultNames.prefix)))
      let reader = try file.reader()
      let separator = try reader.peek { ColumnSeparator(guessedFrom: $0) }
      try BoxRowLoop.append(reader, separator, options, &rows, to: &table)
    }
    rows.finish(&table)
    table.warnAboutOddCorners()
    return table
  }
}

extension BoxTable {
  /// Turns numbers that stand in names into frames from 0, and says from where they were counted.
  ///
  /// KITTI's and DeepStream's names count from 0, and so do all of which one is 0. Others count from 1, as Ultralytics does: that is known
  /// where the last of as many pictures has that number, and otherwise told as a guess, for the first picture may just have no labels.
  ///
  /// - Parameters:
  ///   - numbers: The number of each file's frame, ascending.
  ///   - name: What the first file is called.
  ///   - pictures: How many pictures there are; nil where that is not known.
  fileprivate mutating func takeFrameNumbers(_ numbers: [Int32], firstName name: String, pictures: Int?) {
    let (lowest, highest) = (numbers.first ?? 0, numbers.last ?? 0)
    let begins: Int32 = format == .kittiObjects || lowest == 0 ? 0 : 1
    firstFrame = begins
    if begins == 1 { for row in frames.indices { frames[row] -= 1 } }
    statedFrameCount = highest + 1 - begins
    let isSure = begins == 0 || pictures == Int(highest)
    warnings.append(
      "frames are the numbers at the end of the files' names, \(isSure ? "" : "taken as ")counted from \(begins)"
        + (isSure ? "" : ", for none is 0") + ": \(name) is frame \(lowest)")
  }
}

/// How the files of DOTA's results are named.
enum DOTAResultNames {
  static let prefix = "Task1_"
}
