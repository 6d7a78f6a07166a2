/// Pictures without labels, to learn from and to measure on.
public struct BackboneData: Sendable {
  /// What is learned from.
  public let training: [AnnotatedPicture]
  /// What is measured on and never learned from.
  public let validation: [AnnotatedPicture]
  /// Whether the data had no part to measure on, so that every tenth picture was held out.
  public let isSplitHere: Bool
  /// What was left out.
  public let notes: DataNotes

  /// Reads the pictures of a folder, in the arrangements of docs/detectors.md; labels are not looked at.
  ///
  /// Every picture is decoded once, so that a damaged one is named before hours of training and not after.
  /// - Throws: `PictureTrainingError` for a folder without pictures to learn from, or with fewer than two to measure on.
  public init(folder: String, store: PictureStore) throws {
    let parts = try PictureFolder(path: folder, format: nil)
    var notes = DataNotes()
    var read: [PictureFolder.Part: [AnnotatedPicture]] = [:]
    for part in parts.parts {
      let list = try PictureList(parts.pictures(of: part), store, &notes)
      read[part] = list.entries.map { AnnotatedPicture(path: $0.path, boxes: []) }
    }
    let all = read[.training] ?? []
    isSplitHere = read[.validation] == nil
    (training, validation) = read[.validation].map { (all, $0) } ?? HeldOut.split(all)
    self.notes = notes
    guard !training.isEmpty, validation.count >= 2 else {
      throw PictureTrainingError.input(
        "\(folder): has \(training.count) pictures to learn from and \(validation.count) to measure on; give a part 'val' of two or more, or "
          + "at least twenty pictures.")
    }
  }

  /// Data that are made rather than read.
  public init(training: [AnnotatedPicture], validation: [AnnotatedPicture]) {
    (self.training, self.validation, isSplitHere, notes) = (training, validation, false, DataNotes())
  }
}
