internal import Foundation
internal import MaskEvaluation
internal import NetworkDetection
public import Records
internal import Reports
internal import Synchronization

/// A picture with a file that tells the class of each of its pixels.
public struct SegmentedPicture: Sendable, Equatable {
  /// The picture's file, or its name where it is made.
  public var path: String
  /// The label image's.
  public var labels: String

  /// - Parameters: As the properties of their names.
  public init(path: String, labels: String) { (self.path, self.labels) = (path, labels) }
}

/// Where the pixels of pictures and the classes of pixels come from.
public protocol SegmentedSource: Sendable {
  /// The pixels of a picture; always the same ones.
  func pixels(of picture: SegmentedPicture) throws -> TrainingPixels
  /// The class of each pixel; labels beyond the classes are of nobody.
  func labels(of picture: SegmentedPicture) throws -> LabelImage
}

/// Pictures and label images in files, the first ones kept in memory.
public final class SegmentedStore: SegmentedSource {
  private let pictures = PictureStore()
  /// Bytes of labels that are kept.
  private static let keptBytes = 1 << 29
  private let kept = Mutex<(labels: [String: LabelImage], bytes: Int, nameless: Set<UInt8>)>(([:], 0, []))
  /// The label that each label of a file stands for.
  private let classOfLabel: [UInt8]
  /// The labels that the file of names speaks of.
  private let known: Set<Int>

  /// - Parameters:
  ///   - classOfLabel: For each of the 256 labels of a file the class that is learned, or one beyond the classes.
  ///   - known: The labels that are spoken of, be it that they are not to be learned.
  init(classOfLabel: [UInt8], known: some Sequence<Int>) { (self.classOfLabel, self.known) = (classOfLabel, Set(known)) }

  /// The labels of the images that were read of which nothing is known, in order.
  var nameless: [UInt8] { kept.withLock { $0.nameless.sorted() } }

  public func pixels(of picture: SegmentedPicture) throws -> TrainingPixels { try pictures.pixels(at: picture.path) }

  /// - Throws: `RecordsError` for a file that is no label image.
  public func labels(of picture: SegmentedPicture) throws -> LabelImage {
    if let stored = kept.withLock({ $0.labels[picture.labels] }) { return stored }
    var image = try LabelImageReader.read(path: picture.labels)
    // A table and no set: labels that memory does not keep are read anew in every epoch.
    var occurs = [Bool](repeating: false, count: 256)
    for label in image.labels { occurs[Int(label)] = true }
    let nameless = (0...UInt8.max).filter { occurs[Int($0)] && !known.contains(Int($0)) }
    image.labels = image.labels.map { classOfLabel[Int($0)] }
    kept.withLock { store in
      store.nameless.formUnion(nameless)
      guard store.bytes + image.labels.count <= SegmentedStore.keptBytes else { return }
      store.bytes += image.labels.count
      store.labels[picture.labels] = image
    }
    return image
  }
}

/// Pictures with a class for each pixel, to learn from and to measure on.
public struct SegmenterData: Sendable {
  /// The names of the classes.
  public let classes: [String]
  /// What is learned from.
  public let training: [SegmentedPicture]
  /// What is measured on and never learned from.
  public let validation: [SegmentedPicture]
  /// Whether the data had no part to measure on, so that every tenth picture was held out.
  public let isSplitHere: Bool
  /// What was left out.
  public let notes: DataNotes
  /// For each class how many pixels to learn from are of it, and how many all pictures that hold it have.
  let frequencies: [(pixels: Int, ofPictures: Int)]

  /// The file of class names in a folder of data, where there is one.
  public static let namesFile = "classes.csv"

  /// Reads a folder of pictures and label images: `images/train` and `labels/train`, or `train/images` and `train/labels`, of equal names, and
  /// likewise `val`; labels are PNG files whose grey or palette index is the class's number. What has no name is ignored.
  ///
  /// Every picture is decoded once, so that a damaged one is named before hours of training and not after.
  /// - Parameters:
  ///   - names: A file that names the labels; nil: `classes.csv` of the folder.
  ///   - ignored: Names of labels that are neither learned nor measured.
  /// - Returns: The data, and where their pixels come from.
  /// - Throws: `PictureTrainingError` for a folder without pictures or labels, `EvaluationError` for names that cannot be read.
  public static func read(
    folder: String, names path: String? = nil, ignored: [String] = []
  ) throws -> (data: SegmenterData, store: SegmentedStore) {
    let parts = try PictureFolder(path: folder, format: nil)
    let file = path ?? folder + "/" + namesFile
    let given = try labelNames(file)
    let names = given.filter { !$0.value.allSatisfy(\.isWhitespace) }
    let labels = names.keys.sorted().compactMap { names[$0] }
    for name in ignored where !labels.contains(name) {
      throw PictureTrainingError.input(
        "\(folder): has no class \(name) to ignore; its classes are \(labels.joined(separator: ", ")).")
    }
    let classes = labels.filter { !ignored.contains($0) }
    if let twice = ClassNames.repeated(in: classes) {
      throw PictureTrainingError.input(
        "\(file): names the class \(twice) twice; give each label that is learned a name of its own.")
    }
    let store = SegmentedStore(
      classOfLabel: (0..<256).map { label in
        let place = names[label].flatMap { classes.firstIndex(of: $0) }
        return place.map { UInt8(clamping: $0) } ?? .max
      }, known: given.keys)
    var notes = DataNotes()
    var read: [PictureFolder.Part: [SegmentedPicture]] = [:]
    for part in parts.parts { read[part] = try pictures(of: part, in: parts, store, &notes) }
    for label in store.nameless { notes.add(.nameless, "\(label)") }
    return (try SegmenterData(folder, classes: classes, read, notes, store), store)
  }

  /// The names of a file, whose faults are told as those of data to learn from.
  ///
  /// - Throws: `EvaluationError.missing` where there is no file, else `PictureTrainingError`.
  private static func labelNames(_ file: String) throws -> [Int: String] {
    do {
      return try LabelNames.given(file)
    } catch {
      switch error {
      case .unusable(let path, let reason): throw PictureTrainingError.input("\(path): \(reason).")
      case .missing(let what, _):
        throw EvaluationError.missing(
          what: "\(what): make it, with a name a line or lines of index,name, or name another by --class-names", lookedFor: [])
      default: throw error
      }
    }
  }

  /// Data that are made rather than read.
  ///
  /// - Throws: What reading labels throws.
  public init(
    classes: [String], training: [SegmentedPicture], validation: [SegmentedPicture], source: any SegmentedSource
  ) throws {
    (self.classes, self.training, self.validation) = (classes, training, validation)
    (isSplitHere, notes) = (false, DataNotes())
    frequencies = try SegmenterData.frequencies(training, classes: classes.count, source)
  }

  private init(
    _ folder: String, classes: [String], _ read: [PictureFolder.Part: [SegmentedPicture]], _ notes: DataNotes,
    _ store: SegmentedStore
  ) throws {
    let all = read[.training] ?? []
    isSplitHere = read[.validation] == nil
    (training, validation) = read[.validation].map { (all, $0) } ?? HeldOut.split(all)
    (self.classes, self.notes) = (classes, notes)
    frequencies = try SegmenterData.frequencies(training, classes: classes.count, store)
    try check(folder)
  }

  private func check(_ folder: String) throws {
    guard (2...255).contains(classes.count) else {
      throw PictureTrainingError.input(
        "\(folder): classes that are named and not ignored: \(classes.count), and a segmenter tells 2 to 255 apart; name more, or ignore fewer."
      )
    }
    let told = notes.sentences.isEmpty ? "" : " (\(notes.sentences.joined(separator: "; ")))"
    func refuse(_ problem: String, _ remedy: String) -> PictureTrainingError {
      .input("\(folder): \(problem)\(told); \(remedy).")
    }
    guard !training.isEmpty else { throw refuse("none of its pictures can be learned from", "mend the files that are named") }
    guard frequencies.contains(where: { $0.pixels > 0 }) else {
      throw refuse("the \(training.count) pictures to learn from hold no pixel of a class", "check labels and names")
    }
    guard !validation.isEmpty else {
      let remedy = isSplitHere ? "give a part 'val' or at least ten pictures" : "mend the files that are named"
      throw refuse("no picture is left to measure on", remedy)
    }
  }

  /// The pictures of a part that can be decoded and have labels of their own size.
  private static func pictures(
    of part: PictureFolder.Part, in folder: PictureFolder, _ store: SegmentedStore, _ notes: inout DataNotes
  ) throws -> [SegmentedPicture] {
    var found: [SegmentedPicture] = []
    for path in folder.pictures(of: part) {
      guard let labels = folder.labelImage(of: path, part) else {
        notes.add(.labelless, path)
        continue
      }
      let picture = SegmentedPicture(path: path, labels: labels)
      guard let pixels = try? store.pixels(of: picture) else {
        notes.add(.damaged, path)
        continue
      }
      guard let image = try? store.labels(of: picture), image.width == pixels.width, image.height == pixels.height else {
        notes.add(.unlike, labels)
        continue
      }
      found.append(picture)
    }
    return found
  }

  private static func frequencies(
    _ pictures: [SegmentedPicture], classes: Int, _ source: any SegmentedSource
  ) throws -> [(pixels: Int, ofPictures: Int)] {
    var sums = [(pixels: Int, ofPictures: Int)](repeating: (0, 0), count: classes)
    for picture in pictures {
      let labels = try source.labels(of: picture).labels
      var counts = [Int](repeating: 0, count: 256)
      for label in labels { counts[Int(label)] += 1 }
      for place in 0..<classes where counts[place] > 0 {
        sums[place].pixels += counts[place]
        sums[place].ofPictures += labels.count
      }
    }
    return sums
  }

  /// How much each class's pixels count: the root of the median frequency over the class's own (Eigen and Fergus 2015, section 6.3.2, without the
  /// root), so that rare classes weigh more, by less than their rarity.
  var weights: [Double] {
    let shares = frequencies.map { $0.pixels > 0 ? Double($0.pixels) / Double($0.ofPictures) : nil }
    let known = shares.compactMap { $0 }.sorted()
    guard !known.isEmpty else { return shares.map { _ in 1 } }
    let median = known[known.count / 2]
    return shares.map { share in share.map { (median / $0).squareRoot() } ?? 1 }
  }
}
