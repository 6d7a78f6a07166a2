import Geometry
import Imaging
import Records
import Video

/// A video as seen from above: each picture mapped onto the ground that its stream was tracked with, the tracks' boxes and paths on it.
public struct GroundRendering: Sendable {
  /// The stream's file, which tells the ground (`track --ground` or `--gsd`); it is read twice.
  public var stream: String
  /// The video that it describes, or the files of the recording in order.
  public var videos: [String]
  /// The H.264 file to write.
  public var output: String
  /// Whether a file of the output's name may be replaced.
  public var overwrites: Bool

  /// The longest side of the video in pixels.
  private static let longestSide = 1920.0

  /// A rendering that nothing is done for yet.
  public init(stream: String, videos: [String], output: String, overwrites: Bool = false) {
    (self.stream, self.videos, self.output, self.overwrites) = (stream, videos, output, overwrites)
  }

  /// Writes the video.
  ///
  /// - Throws: `RecordsError.malformed` for a stream without a ground; as `StreamRendering.run` does.
  public func run(cancellation: Cancellation, progress: (RunProgress) -> Void = { _ in }) throws {
    var plan = OutputPlan(overwrites: overwrites)
    plan.reads(stream, as: "the stream")
    for video in videos { plan.reads(video, as: "the video") }
    try plan.writesVideo(output, as: "the ground view")
    try plan.check()
    let scene = try StreamScene(path: stream)
    let walk = try StreamWalk(stream: stream, videos: videos, cancellation: cancellation)
    var sheet: GroundSheet?
    var file: VideoFile?
    var count = 0
    while let (picture, record) = try walk.next() {
      guard let record, let view = scene.views[record.frame], scene.origin == scene.firstFrame else { continue }
      if sheet == nil {
        let found = try ground(scene.header, picture)
        sheet = GroundSheet(ground: found.map, camera: found.camera, scene, width: picture.width, height: picture.height)
        file = try sheet.map { try opened(picture, walk.source.information, $0) }
      }
      guard let sheet, let encoder = file?.encoder else { break }
      let image = try sheet.view(try picture.colorImage(), view, record, scene)
      try encoder.write(image.pixels, pts: picture.pts)
      count += 1
      progress(RunProgress(frames: count, seconds: picture.seconds, share: Double(count) / Double(max(1, scene.views.count))))
    }
    guard count > 0 else {
      if cancellation.isRequested { return }
      throw scene.origin == scene.firstFrame
        ? walk.noCommonFrame
        : RecordsError.malformed(
          path: stream, reason: "its longest scene begins behind a cut, and the ground is told for its first frame")
    }
    try file?.finish()
  }

  private func opened(_ picture: Frame, _ information: SourceInformation, _ sheet: GroundSheet) throws -> VideoFile {
    var settings = VideoEncoder.Settings()
    if let rate = information.frameRate, rate.isPositive { settings.frameRate = rate }
    return try VideoFile(
      path: output, overwrites: overwrites, grows: false, width: sheet.width, height: sheet.height, timeBase: picture.timeBase,
      settings: settings)
  }

  /// The ground that the stream's header tells.
  private func ground(_ header: StreamHeader?, _ picture: Frame) throws -> (map: GroundMap, camera: CameraModel?) {
    var request = TrackRequest()
    if case .text(let path)? = header?.settings["camera"] { request.camera = path }
    if case .text(let text)? = header?.settings["ground"] { request.ground = GroundSetting.rectangle(text) }
    if case .real(let metres)? = header?.settings["gsd"] { request.metresPerPixel = metres }
    if case .integer(let metres)? = header?.settings["gsd"] { request.metresPerPixel = Double(metres) }
    let camera = try WorldMapping.camera(request, width: picture.width, height: picture.height) { _ in }
    guard let map = try WorldMapping.ground(request, camera, width: picture.width, height: picture.height) else {
      throw RecordsError.malformed(path: stream, reason: "it was tracked without a ground; track with --ground or --gsd")
    }
    return (map, camera)
  }

  static var longest: Double { longestSide }
}
