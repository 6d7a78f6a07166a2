import Geometry
import Imaging
import Records

/// Lays all pictures of a flight or a pan together, and draws the paths of the tracks on them.
public struct MosaicRendering: Sendable {
  /// The stream's file; it is read more than once.
  public var stream: String
  /// The video that it describes, or the files of the recording in order.
  public var videos: [String]
  /// Whose boxes' contents are hidden in each picture that is laid on.
  public var blurred: BlurredClasses
  /// The most pixels of the mosaic, which is reduced where it would have more.
  public var mostPixels = 40_000_000.0

  /// A mosaic reaches at most so many pictures' sides from its first picture: a camera that looks towards the horizon would have no end.
  private static let longestReach = 40.0
  /// A picture is laid on when the view has moved by this share of the picture's shorter side.
  private static let leastMove = 0.1

  /// A rendering that nothing is done for yet.
  public init(stream: String, videos: [String], blurred: BlurredClasses = .none) {
    (self.stream, self.videos, self.blurred) = (stream, videos, blurred)
  }

  /// Whether a name tells a kind of picture that can be written.
  public static func canWrite(_ path: String) -> Bool { ["jpg", "jpeg", "png"].contains(FilePlace.suffix(of: path)) }

  /// Writes the mosaic with the paths as a `.jpg`, `.jpeg` or `.png`.
  ///
  /// - Returns: What a user should know.
  /// - Throws: As `StreamRendering.run` does.
  public func write(
    to path: String, overwrites: Bool, cancellation: Cancellation, progress: (RunProgress) -> Void = { _ in }
  ) throws -> [String] {
    try checkFiles(path, overwrites)
    guard var mosaic = try mosaic(cancellation: cancellation, progress: progress) else { return [] }
    for id in mosaic.scene.tracks.keys.sorted() { try mosaic.canvas.draw(path: mosaic.scene.path(id), id: id) }
    let image = mosaic.image
    let bytes = FilePlace.suffix(of: path) == "png" ? try ImageFile.png(image) : try ImageFile.jpeg(image)
    let sink = try OutputSink(path: path, policy: .whole, overwrite: overwrites)
    try bytes.withUnsafeBytes { try sink.write($0) }
    try sink.close()
    return mosaic.warnings
  }

  /// Lays the pictures together.
  ///
  /// - Returns: nil where it was called off before the first picture; called off later, what was laid by then.
  /// - Throws: As `StreamRendering.run` does.
  public func mosaic(cancellation: Cancellation, progress: (RunProgress) -> Void = { _ in }) throws -> Mosaic? {
    var scene = try StreamScene(path: stream)
    let late = blurred == .none ? nil : try LateRows(stream: stream)
    let walk = try StreamWalk(stream: stream, videos: videos, cancellation: cancellation)
    var canvas: MosaicCanvas?
    var (count, beyond) = (0, 0)
    var last: Homography?
    var lastFrame = 0
    while let (picture, record) = try walk.next() {
      guard var record, let view = scene.views[record.frame] else { continue }
      if canvas == nil { canvas = self.canvas(scene, picture.width, picture.height) }
      count += 1
      lastFrame = record.frame
      progress(RunProgress(frames: count, seconds: picture.seconds, share: Double(count) / Double(max(1, scene.views.count))))
      guard MosaicRendering.hull(view, picture.width, picture.height) != nil else {
        beyond += 1
        continue
      }
      if let last, !hasMoved(from: last, to: view.map, picture.width, picture.height), count < scene.views.count { continue }
      last = view.map
      record.tracks += late?[record.frame] ?? []
      var image = try picture.colorImage()
      blurred.hideContents(of: record, classes: walk.classes, on: &image)
      try canvas?.add(image, by: view.map)
    }
    guard let canvas else {
      if cancellation.isRequested { return nil }
      throw walk.noCommonFrame
    }
    // Of a scene that goes on behind the video's end, such as a recording's first file, only what was drawn has paths.
    let missing = cancellation.isRequested ? 0 : scene.end(at: lastFrame)
    return Mosaic(
      canvas: canvas, scene: scene, warnings: warnings(scene, beyond, missing) + blurred.warnings(classes: walk.classes))
  }

  private func checkFiles(_ path: String, _ overwrites: Bool) throws {
    var plan = OutputPlan(overwrites: overwrites)
    plan.reads(stream, as: "the stream")
    for video in videos { plan.reads(video, as: "the video") }
    plan.writes(path, as: "the mosaic")
    try plan.check()
  }

  private func warnings(_ scene: StreamScene, _ beyond: Int, _ missing: Int) -> [String] {
    [
      scene.otherFrames > 0 ? "\(scene.otherFrames) frames are of other scenes; the longest without a cut is drawn" : nil,
      beyond > 0 ? "\(beyond) frames reach beyond the horizon of the first or lie too far from it and are left out" : nil,
      missing > 0
        ? "\(missing) frames of the stream lie behind the video's end and are left out; name all files of the recording" : nil,
    ].compactMap { $0 }
  }

  /// A canvas for all frames of a scene.
  func canvas(_ scene: StreamScene, _ width: Int, _ height: Int) -> MosaicCanvas {
    let hulls = scene.views.values.compactMap { MosaicRendering.hull($0, width, height) }
    let corners = hulls.flatMap { [Point($0.left, $0.top), Point($0.right, $0.bottom)] }
    let bounds = corners.isEmpty ? AxisBox(left: 0, top: 0, width: Double(width), height: Double(height)) : AxisBox(around: corners)
    return MosaicCanvas(bounds: bounds, mostPixels: mostPixels, width: width, height: height)
  }

  /// What of the plane a frame shows; nil where it reaches beyond the horizon or too far.
  private static func hull(_ view: StabilizedPlane.View, _ width: Int, _ height: Int) -> AxisBox? {
    let size = Point(Double(width), Double(height))
    let corners = [Point.zero, Point(size.x, 0), size, Point(0, size.y)].compactMap(view.place)
    guard corners.count == 4 else { return nil }
    let hull = AxisBox(around: corners)
    let reach = longestReach * max(size.x, size.y)
    return [hull.left, hull.top, hull.right, hull.bottom].allSatisfy { abs($0) <= reach } ? hull : nil
  }

  /// Whether the middle or a corner of the picture lies elsewhere in the plane.
  private func hasMoved(from a: Homography, to b: Homography, _ width: Int, _ height: Int) -> Bool {
    let size = Point(Double(width), Double(height))
    let least = Self.leastMove * min(size.x, size.y)
    return [size / 2, .zero, size].contains { (a.apply($0) - b.apply($0)).length >= least }
  }
}
