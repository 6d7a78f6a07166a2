internal import Foundation
internal import Geometry
internal import Imaging
internal import Records

/// Films with a mask for each object as DAVIS has them: pictures in `JPEGImages/480p/FILM`, label images of the same names in
/// `Annotations/480p/FILM`, lists of films in `ImageSets`. Pictures may also lie in `Full-Resolution` or `1080p`, or without a folder of a size.
///
/// A label image's palette index, or its grey, is the object's number, 0 is no object, and 255 is known to nobody; where a film has no other number than
/// 255 it is the one object, as in DAVIS 2016.
struct DAVISFolder {
  /// The class of all objects.
  static let className = "object"

  private let path: String
  /// The folder below `JPEGImages` and `Annotations`, with a slash before it, or nothing.
  private let size: String
  private let films: [String]

  /// Folders of sizes, the one that is measured on first.
  private static let sizes = ["/480p", "/Full-Resolution", "/1080p", ""]
  /// Where lists of films lie.
  private static let lists = ["2017", "2016", "480p", "1080p", ""]
  /// A larger list is none: DAVIS 2016's, with a line a picture, have 150 kB.
  private static let greatestList = 1 << 22
  /// Without lists every so manieth film is held out, the last of fewer.
  private static let step = 5
  private static let void: UInt8 = 255

  /// - Throws: `PictureTrainingError` for a folder without films.
  init(path: String) throws {
    self.path = path
    for size in Self.sizes {
      let films = Self.names(path + "/JPEGImages" + size).filter { film in
        Self.isFolder("\(path)/JPEGImages\(size)/\(film)") && Self.isFolder("\(path)/Annotations\(size)/\(film)")
      }
      guard !films.isEmpty else { continue }
      (self.size, self.films) = (size, films)
      return
    }
    throw PictureTrainingError.input(
      "\(path): has no films as DAVIS has them: give pictures in JPEGImages/480p/FILM and label images of their names in "
        + "Annotations/480p/FILM.")
  }

  /// The films to learn from and those to measure on, as the lists say; nil for the second where nothing tells and there is one film alone.
  func parts(_ notes: inout DataNotes) throws -> (training: [String], validation: [String]?) {
    if let training = try list("train", &notes) {
      let rest = films.filter { !training.contains($0) }
      let validation = try list("val", &notes)
      if let twice = validation?.first(where: training.contains) {
        throw PictureTrainingError.input(
          "\(path): the film \(twice) is in both lists of ImageSets, train and val, and would be learned from and measured on; take it out of one."
        )
      }
      return (training, validation ?? (rest.isEmpty ? nil : rest))
    }
    guard films.count > 1 else { return (films, nil) }
    let held = films.count < Self.step ? [films.count - 1] : films.indices.filter { $0 % Self.step == Self.step - 1 }
    return (films.indices.filter { !held.contains($0) }.map { films[$0] }, held.map { films[$0] })
  }

  /// The films of a list: a name a line, or DAVIS 2016's files, `/JPEGImages/480p/FILM/00000.jpg …`; nil where there is no list.
  private func list(_ part: String, _ notes: inout DataNotes) throws -> [String]? {
    let places = Self.lists.map { "\(path)/ImageSets/\($0)/\(part).txt" }
    guard let place = places.first(where: { FileManager.default.fileExists(atPath: $0) }) else { return nil }
    let bytes = (try? FileManager.default.attributesOfItem(atPath: place))?[.size] as? Int ?? 0
    guard bytes <= Self.greatestList, let data = FileManager.default.contents(atPath: place),
      let text = String(data: data, encoding: .utf8)
    else { throw PictureTrainingError.input("\(place): is no list of films: a text of at most 4 MB with a name a line.") }
    var found: [String] = []
    for line in text.split(whereSeparator: \.isNewline) {
      guard let word = line.split(whereSeparator: \.isWhitespace).first else { continue }
      let steps = word.split(separator: "/")
      let film = String(steps.count > 1 ? steps[steps.count - 2] : word)
      guard !found.contains(film) else { continue }
      guard films.contains(film) else {
        notes.add(.filmless, "\(film) of \(place)")
        continue
      }
      found.append(film)
    }
    return found
  }

  /// The pictures of a film that can be decoded and have a label image of their own size.
  func pictures(of film: String, _ store: PictureStore, _ notes: inout DataNotes) throws -> [AnnotatedPicture] {
    let folder = "\(path)/JPEGImages\(size)/\(film)"
    let names = Self.names(folder).filter { name in PictureStore.suffixes.contains { name.lowercased().hasSuffix("." + $0) } }
    var frames: [(path: String, labels: [UInt8: RunLengthMask])] = []
    for entry in try PictureList(names.map { folder + "/" + $0 }, store, &notes).entries {
      let place = "\(path)/Annotations\(size)/\(film)/\(entry.stem).png"
      guard FileManager.default.fileExists(atPath: place) else {
        notes.add(.labelless, entry.path)
        continue
      }
      guard let image = try? LabelImageReader.read(path: place), image.width == entry.width, image.height == entry.height else {
        notes.add(.unlike, place)
        continue
      }
      frames.append((entry.path, Self.masks(image)))
    }
    let hasNumbers = frames.contains { $0.labels.keys.contains { $0 != Self.void } }
    return frames.map { frame in
      AnnotatedPicture(
        path: frame.path,
        boxes: frame.labels.sorted { $0.key < $1.key }.compactMap { label, mask in
          Self.object(mask, isVoid: hasNumbers && label == Self.void)
        })
    }
  }

  /// An object with its mask. Its box is the smallest around its pixels: turned with them it stays that, as an upright one would not.
  private static func object(_ mask: RunLengthMask, isVoid: Bool) -> LabelledBox? {
    mask.smallestBox.map { LabelledBox(box: $0, classIndex: 0, isIgnored: isVoid, mask: isVoid ? nil : mask) }
  }

  /// The pixels of each number but 0.
  private static func masks(_ image: LabelImage) -> [UInt8: RunLengthMask] {
    var isThere = [Bool](repeating: false, count: 256)
    for label in image.labels { isThere[Int(label)] = true }
    var masks: [UInt8: RunLengthMask] = [:]
    for label in UInt8(1)...255 where isThere[Int(label)] {
      masks[label] = RunLengthMask(width: image.width, height: image.height, pixels: image.labels.map { $0 == label ? 1 : 0 })
    }
    return masks
  }

  private static func names(_ folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  private static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }
}

extension DetectorData {
  /// Reads a folder of DAVIS.
  init(davis folder: String, _ options: Options, _ store: PictureStore) throws {
    guard options.teacher == nil else {
      throw PictureTrainingError.input(
        "\(folder): DAVIS' films have masks, which a teacher's boxes cannot add to; leave one of them out.")
    }
    try DetectorData.check(options, against: [DAVISFolder.className], folder)
    let (source, isLearned) = (try DAVISFolder(path: folder), options.ignoredClasses.isEmpty)
    var notes = DataNotes()
    let parts = try source.parts(&notes)
    func pictures(_ films: [String]) throws -> [AnnotatedPicture] {
      try films.flatMap { try source.pictures(of: $0, store, &notes) }
    }
    let all = try pictures(parts.training)
    let held = try parts.validation.map(pictures)
    let (learned, measured) = held.map { (all, $0) } ?? HeldOut.split(all)
    self.init(
      classes: isLearned ? [DAVISFolder.className] : [], training: learned, validation: measured, notes: notes,
      isSplitHere: held == nil, heldOutFilms: parts.validation ?? [])
    try check(folder)
  }
}
