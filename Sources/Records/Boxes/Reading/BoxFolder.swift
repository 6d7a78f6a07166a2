import Foundation

/// A folder of label files: one per image (DOTA, YOLO) or one per class (DOTA's results).
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

  func read(_ options: BoxTableReader.Options) throws(RecordsError) -> BoxTable {
    let files = try textFiles()
    let guessed = options.format == nil ? try guess(files) : nil
    guard let format = options.format ?? guessed else {
      throw .unknownFormat(path: path, reason: "its files are neither DOTA's nor YOLO's; name the format")
    }
    switch format {
    case .dota: return try readImages(files, options, DOTARows(options)) { _, _ throws(RecordsError) in }
    case .dotaResults: return try readClasses(files, options)
    case .yolo: return try readSized(files, options, YOLORows(options))
    case .yoloOriented: return try readSized(files, options, YOLOOrientedRows(options))
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

  /// Guesses from names, or from the first line of the first file that has one.
  private func guess(_ files: [File]) throws(RecordsError) -> BoxFormat? {
    if files.allSatisfy({ $0.stem.hasPrefix(DOTAResultNames.prefix) }) { return .dotaResults }
    for file in files {
      let reader = try LineReader(path: file.path)
      let columns = try reader.peek { bytes -> (count: Int, isLabel: Bool) in
        let text = String(decoding: bytes.prefix(4096), as: UTF8.self)
        let line = text.split(whereSeparator: \.isNewline).first { !$0.hasPrefix("imagesource:") && !$0.hasPrefix("gsd:") }
        let fields = (line ?? "").split { $0 == " " || $0 == "\t" }
        return (fields.count, fields.count > 8 && fields[8].first?.isLetter == true)
      }
      switch columns.count {
      case 0: continue
      case 5, 6: return .yolo
      case 9, 10: return columns.isLabel ? .dota : .yoloOriented
      default: return nil
      }
    }
    return nil
  }

  // MARK: A file per image

  private func readSized<Rows: SizedImageRows>(
    _ files: [File], _ options: BoxTableReader.Options, _ rows: Rows
  ) throws(RecordsError) -> BoxTable {
    try readImages(files, options, rows) { rows, file throws(RecordsError) in
      guard let size = options.images.sizes[file.stem] ?? options.images.size else {
        throw .malformed(path: file.path, reason: "its boxes are shares of an image whose size is not known; give the size")
      }
      rows.size = size
    }
  }

  private func readImages<Rows: ImageRows>(
    _ files: [File], _ options: BoxTableReader.Options, _ rows: Rows,
    prepare: (inout Rows, File) throws(RecordsError) -> Void
  ) throws(RecordsError) -> BoxTable {
    var rows = rows
    var table = BoxTable(format: Rows.format)
    let byNumber = options.images.numbering == .byNumber
    var images = ImageNames(byNumber ? [] : options.images.names)
    for file in files {
      do throws(RowProblem) {
        rows.image = byNumber ? try BoxFolder.number(of: file.stem) : try images.index(of: file.stem)
      } catch {
        throw .malformed(path: file.path, reason: error.reason(line: .init(start: nil, count: 0), separator: .blank))
      }
      try prepare(&rows, file)
      try BoxRowLoop.append(try LineReader(path: file.path), .blank, options, &rows, to: &table)
    }
    rows.finish(&table)
    if byNumber {
      let first = files.compactMap { try? BoxFolder.number(of: $0.stem) }.min()
      if first != 0 { table.settleFrames(first: 1) }
    } else {
      table.images = images.names
      table.statedFrameCount = Int32(images.names.count)
    }
    return table
  }

  /// The number at the end of a name: 12 for `frame_000012`.
  private static func number(of stem: String) throws(RowProblem) -> Int32 {
    let digits = stem.reversed().prefix { ("0"..."9").contains($0) }.reversed()
    guard let number = Int32(String(digits)), number <= Int32(BoxTableReader.maximumFrame) else {
      throw .other("its name does not end in a frame number")
    }
    return number
  }

  // MARK: A file per class

  private func readClasses(_ files: [File], _ options: BoxTableReader.Options) throws(RecordsError) -> BoxTable {
    var rows = DOTAResultRows(options)
    var table = BoxTable(format: .dotaResults)
    for file in files where file.stem.hasPrefix(DOTAResultNames.prefix) {
      guard table.classes.count < ClassNames.maximumCount else {
        throw .tooLarge(path: path, reason: "it has more than \(ClassNames.maximumCount) classes")
      }
      rows.classIndex = Int16(table.classes.count)
      table.classes.append(String(file.stem.dropFirst(DOTAResultNames.prefix.count)))
      try BoxRowLoop.append(try LineReader(path: file.path), .blank, options, &rows, to: &table)
    }
    rows.finish(&table)
    return table
  }
}

/// How the files of DOTA's results are named.
enum DOTAResultNames {
  static let prefix = "Task1_"
}
