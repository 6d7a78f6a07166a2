import Calibration
import Geometry
import Imaging
import Pipeline
import Video

/// Looks for a board in the pictures of an input.
struct BoardSearch {
  /// What was found in one input.
  struct Found {
    var views: [BoardView] = []
    /// Pictures without a board.
    var dropped: [DroppedView] = []
    var pictureCount = 0
    var size = (width: 0, height: 0)
    /// Pictures with the points drawn, by the index of their view; empty where no page was asked for.
    var pictures: [Int: CalibrationReport.Picture] = [:]
    /// The first picture with a board, to be shown undistorted.
    var sample: Image?
  }

  let pattern: BoardPattern
  /// Whether pictures are kept for a page.
  let keepsPictures: Bool
  let cancellation: Cancellation

  /// Seconds between the pictures of a video that are looked at: a hand moves a board by a few per cent of the picture meanwhile.
  private static let videoStep = 0.25
  /// The most pictures that a page shows.
  private static let shownPictures = 24

  /// Looks through pictures, each by its name, or a video, each by its time.
  func run(_ inputs: [String], progress: (RunProgress) -> Void) throws -> Found {
    var found = Found()
    if let files = try VideoSources.pictures(of: inputs) {
      for (index, file) in files.enumerated() where !cancellation.isRequested {
        let source = try VideoSources.open(file)
        guard case .frame(let frame)? = try source.next() else { continue }
        try look(at: frame, named: file.split(separator: "/").last.map(String.init) ?? file, index: index, isQuick: false, &found)
        progress(
          RunProgress(frames: index + 1, seconds: 0, share: Double(index + 1) / Double(files.count)))
      }
    } else {
      try lookThroughVideo(inputs, &found, progress)
    }
    return found
  }

  private func lookThroughVideo(
    _ inputs: [String], _ found: inout Found, _ progress: (RunProgress) -> Void
  ) throws {
    let source = try VideoSources.open(inputs)
    cancellation.onRequest { source.cancel() }
    var next = 0.0
    var frames = 0
    while let item = try source.next() {
      guard case .frame(let frame) = item else { continue }
      frames += 1
      guard frame.seconds >= next else { continue }
      next = frame.seconds + Self.videoStep
      try look(at: frame, named: "\((frame.seconds * 100).rounded() / 100) s", index: frame.ordinal, isQuick: true, &found)
      let share = source.information.duration.map { min(1, frame.seconds / $0) }
      progress(RunProgress(frames: frames, seconds: frame.seconds, share: share))
    }
  }

  private func look(at frame: Frame, named name: String, index: Int, isQuick: Bool, _ found: inout Found) throws {
    let image = try frame.grey(resizedTo: (frame.width, frame.height))
    if found.pictureCount == 0 { found.size = (image.width, image.height) }
    guard found.size == (image.width, image.height) else {
      throw CalibrationError.otherSize(
        name: name, size: "\(image.width)×\(image.height)", expected: "\(found.size.width)×\(found.size.height)")
    }
    found.pictureCount += 1
    guard let sighting = try pattern.find(in: image, isQuick: isQuick) else {
      found.dropped.append(DroppedView(name: name, index: index, reason: "no board was found"))
      return
    }
    guard let width = EdgeWidth.measure(image, around: sighting.points) else {
      found.dropped.append(DroppedView(name: name, index: index, reason: "the board has no contrast"))
      return
    }
    let view = BoardView(name: name, index: index, sighting: sighting, edgeWidth: width)
    found.views.append(view)
    guard keepsPictures else { return }
    if found.sample == nil { found.sample = image }
    if found.pictures.count < Self.shownPictures {
      found.pictures[index] = try CalibrationReport.picture(of: view, in: image, columns: pattern.columns)
    }
  }
}

extension BoardSearch.Found {
  /// The camera that took the pictures.
  func calibration(_ board: CalibrationBoard, _ lens: CameraSolver.Lens) throws -> CameraCalibration {
    let diagonal = Point(Double(size.width), Double(size.height)).length
    return try CameraCalibration(
      ViewSelection(views, diagonal: diagonal), board: board, lens: lens, width: size.width, height: size.height, without: dropped,
      pictureCount: pictureCount)
  }

  /// The camera's part of a page.
  func part(named name: String, _ calibration: CameraCalibration) throws -> CalibrationReport.Part {
    var shown = calibration.views.compactMap { pictures[$0.index] }
    if let sample, let view = views.first {
      shown.append(try CalibrationReport.undistorted(sample, by: calibration.camera, name: view.name))
    }
    return CalibrationReport.Part(name: name, calibration: calibration, pictures: shown)
  }
}
