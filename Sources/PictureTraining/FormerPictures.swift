internal import Foundation

/// The pictures of the frames before those of a folder: `before/PART/NAME.png` for `images/PART/NAME.png`.
enum FormerPictures {
  /// Adds them to the pictures to learn from and to measure on. A picture without one is the first of its scene.
  ///
  /// - Throws: `PictureTrainingError` where no picture to learn from has one, or one cannot be decoded or is of another size.
  static func added(
    to pictures: (training: [AnnotatedPicture], validation: [AnnotatedPicture]), _ folder: String, _ store: PictureStore,
    _ notes: inout DataNotes
  ) throws -> (training: [AnnotatedPicture], validation: [AnnotatedPicture]) {
    let training = try pictures.training.map { try added(to: $0, folder, store) }
    guard training.contains(where: { $0.before != nil }) else {
      throw PictureTrainingError.input(
        "\(folder): none of its pictures to learn from, PART/NAME, has the frame before it in before/PART/NAME, of the same name and end, which --time-mix "
          + "learns from; 'sextant train evidence --before' writes them.")
    }
    let validation = try pictures.validation.map { try added(to: $0, folder, store) }
    for picture in training + validation where picture.before == nil { notes.add(.beforeless, picture.path) }
    return (training, validation)
  }

  private static func added(
    to picture: AnnotatedPicture, _ folder: String, _ store: PictureStore
  ) throws -> AnnotatedPicture {
    let file = URL(fileURLWithPath: picture.path)
    let part = file.deletingLastPathComponent().lastPathComponent
    let path = "\(folder)/before/\(part)/\(file.lastPathComponent)"
    guard FileManager.default.fileExists(atPath: path) else { return picture }
    let (now, before) = (try store.pixels(of: picture), try store.pixels(at: path))
    guard (now.width, now.height, now.channels) == (before.width, before.height, before.channels) else {
      throw PictureTrainingError.input(
        "\(path): is of \(before.width)x\(before.height) pixels and \(before.channels) channels, and the frame behind it of "
          + "\(now.width)x\(now.height) and \(now.channels); give pictures of one film.")
    }
    var changed = picture
    changed.before = path
    return changed
  }
}
