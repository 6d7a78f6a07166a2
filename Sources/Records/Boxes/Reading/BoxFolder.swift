import Foundation

/// A folder of label files: one per image (DOTA, YOLO, KITTI's objects, VisDrone's detections) or one per class (DOTA's results).
struct BoxFolder {
  let path: String

  /// nil where the path is no folder.
  init?(path: String) {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue else {
      return nil
    }
    self.path = path
  }

  /// A file with the name that it stands for.
  private struct File {
    let path: String
    let stem: String
  }

  /// Rows that a guess looks at.
  private static let sampledRows = 1000

  func read(_ options: BoxReadingOptions) throws(RecordsError) -> BoxTable {
    let files = try textFiles()
    let sample = try sample(files)
    let guessed = options.format == nil ? guess(files, sample) : nil
    guard let format = options.format ?? guessed else {
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
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    } catch {
      throw .cannotOpen(path: path, reason: "the folder cannot be listed")
    }
    let files = names.compactMap { name -> File? in
      for suffix in [".txt", ".txt.gz"] where name.hasSuffix(suffix) && name != "classes.txt" {
        return File(path: path + "/" + name, stem: String(name.dropLast(suffix.count)))
      }
      return nil
    }
    guard !files.isEmpty else { throw .cannotOpen(path: path, reason: "the folder holds no .txt or .txt.gz file") }
    return files
  }

  /// The columns of the first rows of the folder.
  private func sample(_ files: [File]) throws(RecordsError) -> [[String]] {
    var rows: [[String]] = []
    for file in files {
      let reader = try LineReader(path: file.path)
      rows += try reader.peek { bytes -> [[String]] in
        let separator = ColumnSeparator(guessedFrom: bytes)
        return bytes.split(maxSplits: BoxFolder.sampledRows) { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
          .prefix(BoxFolder.sampledRows).map { UnsafeBufferPointer(rebasing: $0) }
          .filter { !DOTARows.isHeading($0) && !BoxRowLoop.isComment($0) }
          .map { separator.columns(of: $0.prefix(4096)).map { String(decoding: $0, as: UTF8.self) } }
      }.filter { !$0.isEmpty }
      if rows.count >= BoxFolder.sampledRows || rows.count > 0 && files.count > BoxFolder.sampledRows { break }
    }
    return rows
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

  // MARK: A file per image

  private func readSized<Rows: SizedImageRows>(
    _ files: [File], _ options: BoxReadingOptions, _ rows: Rows
  ) throws(RecordsError) -> BoxTable {
    try readImages(files, options, rows) { rows, file in
      rows.size = options.images.sizes[file.stem] ?? options.images.size
    }
  }

  private func readImages<Rows: ImageRows>(
    _ files: [File], _ options: BoxReadingOptions, _ rows: Rows, prepare: (inout Rows, File) -> Void = { _, _ in }
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
      prepare(&rows, file)
      let reader = try LineReader(path: file.path)
      // KITTI's class names may hold commas.
      let separator = Rows.format == .kittiObjects ? .blank : try reader.peek { ColumnSeparator(guessedFrom: $0) }
      try BoxRowLoop.append(reader, separator, options, &rows, to: &table)
    }
    rows.finish(&table)
    table.warnAboutCrossedBoxes()
    if let numbers, let first = numbers.min() {
      let begins: Int32 = first == 0 ? 0 : 1
      table.firstFrame = begins
      if begins == 1 { for row in table.frames.indices { table.frames[row] -= 1 } }
      table.statedFrameCount = (numbers.max() ?? 0) + 1 - begins
      table.warnings.append(
        "frames are the numbers at the end of the files' names, counted from \(begins): \(files[0].stem) is frame \(numbers[0])")
    } else {
      table.images = images.names
      table.statedFrameCount = Int32(images.names.count)
      if options.images.numbering == .automatic {
        table.warnings.append("the files' names do not end in the numbers of frames; they are taken in the order of their names")
      }
    }
    return table
  }

  /// The number of each file's frame as its name has it; nil where files are images in their order.
  private func frameNumbers(_ files: [File], _ options: BoxReadingOptions.ImageOptions) throws(RecordsError) -> [Int32]? {
    guard options.numbering != .byImage else { return nil }
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
    for file in files where file.stem.hasPrefix(DOTAResultNames.prefix) {
      guard table.classes.count < ClassNames.maximumCount else {
        throw .tooLarge(path: path, reason: "it has more than \(ClassNames.maximumCount) classes")
      }
      rows.classIndex = Int16(table.classes.count)
      table.classes.append(String(file.stem.dropFirst(DOTAResultNames.prefix.count)))
      let reader = try LineReader(path: file.path)
      let separator = try reader.peek { ColumnSeparator(guessedFrom: $0) }
      try BoxRowLoop.append(reader, separator, options, &rows, to: &table)
    }
    rows.finish(&table)
    table.warnAboutCrossedBoxes()
    return table
  }
}

/// How the files of DOTA's results are named.
enum DOTAResultNames {
  static let prefix = "Task1_"
}
