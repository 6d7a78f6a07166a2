internal import Foundation
internal import Records

/// What is measured on where a folder has no part for it.
enum HeldOut {
  /// Every so manieth picture is held out.
  private static let step = 10

  /// The pictures to learn from and those that are held out, each in their order.
  static func split<Picture>(_ pictures: [Picture]) -> (training: [Picture], validation: [Picture]) {
    func isHeldOut(_ place: Int) -> Bool { place % step == step - 1 }
    return (
      pictures.indices.filter { !isHeldOut($0) }.map { pictures[$0] }, pictures.indices.filter(isHeldOut).map { pictures[$0] }
    )
  }
}

/// Where a folder of data has its pictures and labels, in the arrangements that are in use.
struct PictureFolder {
  /// A part of the data.
  enum Part: Hashable, CaseIterable { case training, validation }

  let path: String
  let parts: [Part]
  private let format: BoxFormat?
  /// The folder's own name of each part; the empty one where pictures and labels are not parted.
  private let names: [Part: String]

  private static let known: [(Part, [String])] = [
    (.training, ["train", "training"]), (.validation, ["val", "valid", "validation"]),
  ]
  /// Names of folders with a file of labels a picture.
  private static let labelFolders = ["labels", "labelTxt", "labelTxt-v1.0", "labelTxt-v1.5"]

  /// - Throws: `PictureTrainingError` for a folder that is none, or has no pictures.
  init(path: String, format: BoxFormat?) throws {
    (self.path, self.format) = (path, format)
    var names: [Part: String] = [:]
    for (part, candidates) in PictureFolder.known {
      if let name = candidates.first(where: { PictureFolder.pictureFolder(path, $0) != nil }) { names[part] = name }
    }
    if names[.training] == nil, PictureFolder.pictureFolder(path, "") != nil { names = [.training: ""] }
    guard names[.training] != nil else {
      throw PictureTrainingError.input(
        "\(path): has no folder of PNG or JPEG pictures to learn from: give images/train, train/images, or images.")
    }
    self.names = names
    parts = Part.allCases.filter { names[$0] != nil }
  }

  private static func pictureFolder(_ path: String, _ part: String) -> String? {
    let candidates = part.isEmpty ? ["images", "."] : ["images/\(part)", "\(part)/images", part]
    return candidates.map { path + "/" + $0 }.first { !pictures(in: $0).isEmpty }
  }

  private static func pictures(in folder: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { name in PictureStore.suffixes.contains { name.lowercased().hasSuffix("." + $0) } }.sorted()
      .map { folder + "/" + $0 }
  }

  /// The files of a part's pictures by name.
  func pictures(of part: Part) -> [String] {
    PictureFolder.pictureFolder(path, names[part] ?? "").map(PictureFolder.pictures) ?? []
  }

  /// Whether any part has labels.
  var hasLabels: Bool {
    parts.contains { part in labelPlaces(names[part] ?? "").contains { FileManager.default.fileExists(atPath: $0) } }
  }

  /// The boxes of a part; nil where there are no labels and a teacher stands in for them.
  ///
  /// - Throws: `PictureTrainingError` where there are no labels and no teacher, `RecordsError` for labels that cannot be read.
  func labels(of part: Part, _ pictures: PictureList, _ options: DetectorData.Options) throws -> BoxTable? {
    let candidates = labelPlaces(names[part] ?? "")
    guard let place = candidates.first(where: { FileManager.default.fileExists(atPath: $0) }) else {
      guard options.teacher == nil else { return nil }
      throw PictureTrainingError.input(
        "\(path): has no labels for its pictures\(names[part].map { $0.isEmpty ? "" : " in \($0)" } ?? ""); put them into \(candidates.prefix(2).joined(separator: " or "))."
      )
    }
    var reading = BoxReadingOptions(format: format, role: .truth, classNames: options.classNames)
    reading.images.sizes = pictures.sizes
    // Of labels whose picture is missing or damaged the size does not matter: they are counted and left out.
    reading.images.size = (1, 1)
    return options.readsMasks && place.hasSuffix(".json")
      ? try LabelMasks.coco(place, reading, sizes: pictures.sizes) : try BoxTableReader.read(path: place, options: reading)
  }

  /// The file beside a picture that tells the class of each of its pixels: of its name, a PNG; nil where there is none.
  func labelImage(of picture: String, _ part: Part) -> String? {
    let name = URL(fileURLWithPath: picture).deletingPathExtension().lastPathComponent
    let part = names[part] ?? ""
    let folders = part.isEmpty ? ["labels"] : ["labels/\(part)", "\(part)/labels"]
    return folders.map { "\(path)/\($0)/\(name).png" }.first { FileManager.default.fileExists(atPath: $0) }
  }

  private func labelPlaces(_ part: String) -> [String] {
    let folders = PictureFolder.labelFolders.flatMap { part.isEmpty ? [$0] : ["\($0)/\(part)", "\(part)/\($0)"] }
    let files =
      part.isEmpty
      ? ["annotations.json", "_annotations.coco.json", "labels.txt.gz", "labels.txt"]
      : [
        "annotations/\(part).json", "annotations/instances_\(part).json", "annotations/instances_\(part)2017.json",
        "\(part)/_annotations.coco.json", "\(part).json", "labels-\(part).txt.gz", "labels-\(part).txt",
      ]
    return (format == .coco ? files + folders : folders + files).map { path + "/" + $0 }
  }
}
