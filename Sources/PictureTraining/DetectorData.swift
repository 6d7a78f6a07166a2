internal import Foundation
internal import Geometry
internal import NetworkDetection
public import Records

/// Annotated pictures to learn from and others to measure on.
public struct DetectorData: Sendable {
  /// The names of the classes.
  public let classes: [String]
  /// What is learned from.
  public let training: [AnnotatedPicture]
  /// What is measured on and never learned from.
  public let validation: [AnnotatedPicture]
  /// Whether the data had no part to measure on, so that every tenth picture was held out.
  public let isSplitHere: Bool
  /// What was left out.
  public let notes: DataNotes
  /// Who stood in for labels; nil where nobody did.
  public let teacher: TeacherFacts?
  /// Where the truth of what is measured on comes from.
  public let reference: MeasuredAgainst
  /// The films that are measured on, where pictures come in films.
  public let heldOutFilms: [String]

  /// How data are read.
  public struct Options: Sendable {
    /// nil: guessed from the files.
    public var format: BoxFormat?
    /// The classes to learn, in this order; empty: all that the training part names.
    public var classes: [String] = []
    /// Classes that are neither learned nor background.
    public var ignoredClasses: [String] = []
    /// Names for class numbers of formats without names.
    public var classNames: [Int: String] = [:]
    /// What stands in for labels: for all of them in pictures without, and for classes that the labels do not know in the others.
    public var teacher: TeacherFindings?
    /// Whether masks of the labels are read too.
    public var readsMasks = false
    /// Whether pictures come with the frames before them.
    public var looksBack = false
    /// Whether the folder holds films with masks as DAVIS has them, and no format of boxes.
    public var isDAVIS = false

    /// All classes of the files.
    public init() {}
  }

  /// Reads a folder of pictures and labels; docs/detectors.md lists the arrangements that are known.
  ///
  /// Every picture is decoded once, so that a damaged one is named before hours of training and not after.
  /// - Throws: `PictureTrainingError` for a folder without pictures or labels, `RecordsError` for labels that cannot be read.
  public init(folder: String, options: Options = Options(), store: PictureStore) throws {
    guard !options.isDAVIS else {
      self = try DetectorData(davis: folder, options, store)
      return
    }
    let parts = try PictureFolder(path: folder, format: options.format)
    var notes = DataNotes()
    var lists: [PictureFolder.Part: Labels] = [:]
    for part in parts.parts {
      let pictures = try PictureList(parts.pictures(of: part), store, &notes)
      lists[part] = (pictures, try parts.labels(of: part, pictures, options) ?? BoxTable(format: .dota))
    }
    let teaching = options.teacher.map { Teaching($0, beside: lists.values.map { $0.table }) }
    // Without a teacher nothing but the training part tells of a class.
    let naming = teaching == nil ? [lists[.training]].compactMap { $0 } : Array(lists.values)
    try DetectorData.check(options, against: naming.flatMap { $0.table.classes }, folder)
    let classes =
      options.classes.isEmpty
      ? DetectorData.classes(of: lists[.training], teaching, without: options.ignoredClasses) : options.classes
    let reading = LabelReading(classes: classes, ignored: options.ignoredClasses, teaching: teaching)
    let all = lists[.training].map { reading.pictures($0.pictures, $0.table, &notes) } ?? []
    let held = lists[.validation].map { reading.pictures($0.pictures, $0.table, &notes) }
    isSplitHere = held == nil
    let (learned, measured) = held.map { (all, $0) } ?? HeldOut.split(all)
    (training, validation) =
      options.looksBack
      ? try FormerPictures.added(to: (learned.map(\.picture), measured.map(\.picture)), folder, store, &notes)
      : (learned.map(\.picture), measured.map(\.picture))
    reference = LabelReading.reference(measured)
    (self.classes, self.notes, teacher, heldOutFilms) = (classes, notes, options.teacher?.facts, [])
    try check(folder)
  }

  /// The pictures of a part with what their labels tell.
  private typealias Labels = (pictures: PictureList, table: BoxTable)

  /// The classes of labels, then those that a teacher adds.
  private static func classes(of labels: Labels?, _ teaching: Teaching?, without ignored: [String]) -> [String] {
    guard let labels else { return [] }
    let named = classes(of: labels.table, without: ignored)
    let labelled = Set(labels.table.images)
    let pictures = labels.pictures.entries.map { ($0.path, labelled.contains($0.stem)) }
    return teaching?.classes(named, pictures, without: ignored) ?? named
  }

  /// Data that are made rather than read.
  public init(classes: [String], training: [AnnotatedPicture], validation: [AnnotatedPicture]) {
    self.init(
      classes: classes, training: training, validation: validation, notes: DataNotes(), isSplitHere: false, heldOutFilms: [])
  }

  /// Data whose truth are labels.
  init(
    classes: [String], training: [AnnotatedPicture], validation: [AnnotatedPicture], notes: DataNotes, isSplitHere: Bool,
    heldOutFilms: [String]
  ) {
    (self.classes, self.training, self.validation) = (classes, training, validation)
    (self.isSplitHere, self.notes, self.heldOutFilms, teacher, reference) = (isSplitHere, notes, heldOutFilms, nil, .labels)
  }

  /// Classes that a user asks for have to be there: a misspelt one would be learned from nothing, or be background.
  static func check(_ options: Options, against labels: [String], _ folder: String) throws {
    let names = options.classes + options.ignoredClasses
    if let teacher = options.teacher {
      return try Teaching.check(names, against: labels, teacher.classes, of: teacher.facts, folder)
    }
    for name in names where !labels.contains(name) {
      let known = labels.isEmpty ? "none at all" : Set(labels).sorted().joined(separator: ", ")
      throw PictureTrainingError.input("\(folder): its labels have no class \(name); they have \(known).")
    }
  }

  /// The classes in the order of their numbers, else by name.
  private static func classes(of table: BoxTable, without ignored: [String]) -> [String] {
    let order =
      table.classNumbers.count == table.classes.count && !table.classNumbers.isEmpty
      ? table.classes.indices.sorted { table.classNumbers[$0] < table.classNumbers[$1] }
      : table.classes.indices.sorted { table.classes[$0] < table.classes[$1] }
    return order.map { table.classes[$0] }.filter { !ignored.contains($0) }
  }

  func check(_ folder: String) throws {
    let objects = training.reduce(0) { sum, picture in sum + picture.boxes.count { !$0.isIgnored } }
    guard !training.isEmpty else {
      let told = notes.sentences.isEmpty ? "" : " (\(notes.sentences.joined(separator: "; ")))"
      throw PictureTrainingError.input("\(folder): there is no picture to learn from\(told); give some that can be read.")
    }
    guard !classes.isEmpty, objects > 0 else {
      if let teacher {
        throw PictureTrainingError.input(
          "\(folder): \(teacher.name) finds no box of a class to learn with a score of \(teacher.score) or more in the "
            + "\(training.count) pictures to learn from; give a lower score, other classes or another teacher.")
      }
      throw PictureTrainingError.input(
        "\(folder): the \(training.count) pictures to learn from hold no box of a class to learn; check labels, --format and --classes."
      )
    }
    guard validation.contains(where: { $0.boxes.contains { !$0.isIgnored } }) else {
      throw PictureTrainingError.input(
        "\(folder): the \(validation.count) pictures to measure on hold no box of a class to learn; give a part 'val' with \(teacher == nil ? "labels" : "objects"), or at least ten pictures."
      )
    }
    if let twice = ClassNames.repeated(in: classes) {
      throw PictureTrainingError.input(
        "\(folder): its labels have two classes of the name \(twice); give each a name of its own, or --classes to learn all of a name as one."
      )
    }
    guard classes.count <= DetectorData.greatestClassCount else {
      throw PictureTrainingError.input(
        "\(folder): has \(classes.count) classes; at most \(DetectorData.greatestClassCount) are learned, choose some with --classes."
      )
    }
  }

  /// More classes than any data set of boxes that is in use has.
  private static let greatestClassCount = 2_000
}

/// The pictures of a part that could be decoded, with their sizes.
struct PictureList {
  struct Entry {
    let path: String
    let stem: String
    let width: Int
    let height: Int
  }
  let entries: [Entry]
  /// The stems of pictures that are there and cannot be decoded.
  let damaged: Set<String>

  init(_ paths: [String], _ store: PictureStore, _ notes: inout DataNotes) throws {
    var (entries, damaged) = ([Entry](), Set<String>())
    for path in paths {
      let stem = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
      guard let pixels = try? store.pixels(at: path) else {
        notes.add(.damaged, path)
        damaged.insert(stem)
        continue
      }
      entries.append(Entry(path: path, stem: stem, width: pixels.width, height: pixels.height))
    }
    (self.entries, self.damaged) = (entries, damaged)
  }

  var sizes: [String: (width: Double, height: Double)] {
    Dictionary(entries.map { ($0.stem, (Double($0.width), Double($0.height))) }) { first, _ in first }
  }
}

/// Makes labelled pictures of a table of boxes.
struct LabelReading {
  let classes: [String]
  let ignored: [String]
  /// What stands in for labels that are not there.
  let teaching: Teaching?

  /// A picture, and where its boxes come from.
  struct Read {
    let picture: AnnotatedPicture
    let isLabelled: Bool
    let isTaught: Bool
  }

  /// Where the boxes of pictures come from.
  static func reference(_ pictures: [Read]) -> MeasuredAgainst {
    guard pictures.contains(where: \.isTaught) else { return .labels }
    return pictures.contains { $0.isLabelled } ? .both : .teacher
  }

  func pictures(_ list: PictureList, _ table: BoxTable, _ notes: inout DataNotes) -> [Read] {
    // Labels are of a name without its end: pictures that differ in the end alone (a.png, a.jpg) show the same and share them.
    let places = Dictionary(grouping: list.entries.indices) { list.entries[$0].stem }
    var boxes = [[LabelledBox]](repeating: [], count: list.entries.count)
    var isLabelled = [Bool](repeating: false, count: list.entries.count)
    for name in table.images {
      if places[name] == nil, !list.damaged.contains(name) { notes.add(.pictureless, name) }
      for place in places[name] ?? [] { isLabelled[place] = true }
    }
    for row in 0..<table.count {
      let frame = Int(table.frames[row])
      guard table.images.indices.contains(frame) else { continue }
      for place in places[table.images[frame]] ?? [] {
        if let box = label(table, row, list.entries[place], &notes) { boxes[place].append(box) }
      }
    }
    return list.entries.enumerated().map { place, entry in
      if teaching == nil, !isLabelled[place] { notes.add(.unlabelled, entry.path) }
      let taught = teaching?.labels(in: entry, isLabelled: isLabelled[place], classes: classes, ignored: ignored) ?? []
      return Read(
        picture: AnnotatedPicture(path: entry.path, boxes: boxes[place] + taught), isLabelled: isLabelled[place],
        isTaught: teaching != nil && (!isLabelled[place] || !taught.isEmpty))
    }
  }

  private func label(_ table: BoxTable, _ row: Int, _ picture: PictureList.Entry, _ notes: inout DataNotes) -> LabelledBox? {
    let box = table.orientedBox(row)
    guard box.width > 0, box.height > 0 else {
      notes.add(.empty, picture.path)
      return nil
    }
    let isInside =
      box.center.x >= 0 && box.center.y >= 0 && box.center.x <= Double(picture.width) && box.center.y <= Double(picture.height)
    guard isInside else {
      notes.add(.outside, picture.path)
      return nil
    }
    let name = table.className(row) ?? "object"
    let isIgnored = ignored.contains(name) || !table.difficult.isEmpty && table.difficult[row]
    guard let index = classes.firstIndex(of: name) ?? (isIgnored ? 0 : nil) else {
      notes.add(.unknownClass, "\(name) in \(picture.path)")
      return nil
    }
    return LabelledBox(
      box: box, classIndex: index, isIgnored: isIgnored, mask: isIgnored ? nil : mask(table, row, picture, &notes))
  }

  /// The mask of a row; nil where it has none that can be used.
  private func mask(
    _ table: BoxTable, _ row: Int, _ picture: PictureList.Entry, _ notes: inout DataNotes
  ) -> RunLengthMask? {
    guard table.masks.indices.contains(row), let mask = table.masks[row] else { return nil }
    guard mask.width == picture.width, mask.height == picture.height else {
      notes.add(.unlikeMask, picture.path)
      return nil
    }
    guard mask.area > 0 else {
      notes.add(.emptyMask, picture.path)
      return nil
    }
    return mask
  }
}
