import ArgumentParser
import Depth
import Foundation
import Geometry
import Imaging
import Pipeline
import Video

/// `sextant depth`: how far away each pixel of a stereo pair is, or what one moving camera sees.
struct DepthCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "depth",
    abstract: "Measure the depth of a scene from a stereo pair, or from one moving camera.",
    discussion: """
      With --camera the pictures are rectified and depth is in metres; without it they are taken as rectified and only disparities are written.

      The folder gets disparity.npy and depth.npy (32-bit floats, NaN where nothing was measured), disparity.png and depth.png (16 bits, 1/256 pixel \
      or metre, 0 for none and for what lies beyond 255.99), preview.png, measured.png (255 where measured) and points.ply (metres, the left camera's frame). Of videos each pair's \
      files begin with its number.

      One video alone, with --camera, is that of a moving camera: points.ply holds the places of the points that its path stands on, in the frame of \
      the first picture, path.txt that path (TUM's format). Some pictures along the path get dense maps, four unless --frames tells: depth.npy and .png, \
      preview.png, measured.png and points.ply, each name with the frame's number. All is in a unit of its own.

      examples:
        sextant depth flight.mp4 --camera camera.yml -o scene/
        sextant depth left.png right.png --camera stereo.yml -o depth/
        sextant depth left.mp4 right.mp4 --camera calib.txt --max-disparity 96 -o depth/
      """)

  @Argument(
    help: ArgumentHelp("The left picture or video, or the video of one moving camera.", valueName: "left"), completion: .file())
  var left: String

  @Argument(help: ArgumentHelp("The right one of a pair.", valueName: "right"), completion: .file())
  var right: String?

  @Option(
    help: ArgumentHelp(
      "Both cameras, as 'sextant calibrate --right' writes them, Kalibr's or KITTI's; or the one that moves.", valueName: "file"),
    completion: .file())
  var camera: String?

  @Option(name: .shortAndLong, help: ArgumentHelp("The folder to write into.", valueName: "folder"), completion: .directory)
  var output: String

  @Option(help: ArgumentHelp("The largest disparity in pixels; an eighth of the width unless told.", valueName: "pixels"))
  var maxDisparity: Int?

  @Flag(help: "Fill places without a measurement from their surroundings.")
  var fill = false

  @Option(help: ArgumentHelp("The most pairs, or pictures of a moving camera that get dense maps.", valueName: "n"))
  var frames: Int?

  @Flag(help: "Replace output files that exist.")
  var overwrite = false

  @Flag(name: .shortAndLong, help: "Print no progress.")
  var quiet = false

  /// Below this share of measured pixels the pictures are probably no pair.
  private static let leastShare = 0.3

  func run() throws {
    try ExitStatus.reporting {
      if let maxDisparity { _ = try OptionCheck.value(maxDisparity, of: "--max-disparity", in: 1...1024, unit: "pixels") }
      if let frames { _ = try OptionCheck.value(frames, of: "--frames", in: 1...1_000_000, unit: "") }
      var plan = OutputPlan(overwrites: overwrite)
      plan.reads(left, as: "the left input")
      plan.reads(right, as: "the right input")
      plan.reads(camera, as: "the camera")
      plan.writesFolder(output, as: "the output")
      try plan.check()
      try OutputFolder.check(output)
      guard let right else { return try measureFromMotion() }
      try InterruptibleRun(isQuiet: quiet).run { cancellation, progress in
        try measure(right, cancellation, progress)
      } report: { pairs, _ in
        tell(pairs)
      }
    }
  }

  // MARK: - One moving camera

  /// Depth maps of a moving camera unless told.
  private static let sweepCount = 4

  private struct Scene {
    var path: CameraPath
    /// The share of measured pixels of each depth map.
    var shares: [Double] = []
  }

  private func measureFromMotion() throws {
    guard let camera else {
      throw CommandError.usage("give the right picture as well, or --camera FILE where \(left) is the video of one moving camera")
    }
    guard maxDisparity == nil else {
      throw CommandError.usage("--max-disparity is for pairs; one moving camera tells its own range")
    }
    try InterruptibleRun(isQuiet: quiet).run { cancellation, progress -> Scene in
      let path = try CameraPath.following(left, camera: camera, keepsScene: true, threads: 1, cancellation, progress)
      guard path.poses.count > 1 else {
        throw CommandError.malformed(
          "cannot measure the depth of \(left): it is a single picture, and one camera sees depth by its motion; give its video, or "
            + "the right picture of a pair")
      }
      try OutputFolder.make(output)
      try SceneFiles(folder: output, overwrite: overwrite).write(path)
      return try measure(Scene(path: path), camera, cancellation, progress)
    } report: { scene, _ in
      tell(scene)
    }
  }

  private func measure(
    _ scene: Scene, _ camera: String, _ cancellation: Cancellation, _ progress: (RunProgress) -> Void
  ) throws -> Scene {
    guard !cancellation.isRequested else { return scene }
    let information = try VideoSources.open(left).information
    let model = try CameraArgument.rig(camera, width: information.width, height: information.height, isQuiet: true).left
    // KITTI's files do not tell the size of their pictures.
    let depth = SceneDepth(
      input: left, camera: model.scaled(width: information.width, height: information.height), path: scene.path)
    let files = DepthFiles(folder: output, overwrite: overwrite, fills: fill)
    var result = scene
    try depth.measure(depth.plans(frames ?? Self.sweepCount), cancellation, progress) { plan, sweep, image, map in
      try files.write(
        map, camera: sweep.camera, worldFromCamera: scene.path.poses[plan.frame].worldFromCamera, image: image,
        prefix: DepthCommand.prefix(plan.frame))
      result.shares.append(map.measuredShare)
    }
    return result
  }

  private func tell(_ scene: Scene) {
    scene.path.warn()
    if scene.shares.isEmpty {
      StandardError.warn("no depth maps: nowhere along the path does the camera move far enough before and behind a picture")
    }
    guard !quiet else { return }
    let length = String(format: "%.2f", scene.path.length)
    StandardError.say("\(scene.path.scene.count) points along a path of \(length) \(scene.path.unit)")
    guard !scene.shares.isEmpty else { return }
    let mean = scene.shares.reduce(0, +) / Double(scene.shares.count)
    StandardError.say(
      "\(scene.shares.count) depth \(scene.shares.count == 1 ? "map" : "maps"), \(Int(bounded: (100 * mean).rounded(), in: 0...100)) % of the pixels measured"
    )
  }

  /// What the names of a picture's files begin with.
  private static func prefix(_ index: Int) -> String {
    let number = String(index)
    return String(repeating: "0", count: max(0, 6 - number.count)) + number + "_"
  }

  // MARK: - Pairs

  private struct Measured {
    /// The share of measured pixels of each pair.
    var shares: [Double] = []
    /// Where the points of the first pair lie.
    var order = StereoOrder()
  }

  private func measure(_ right: String, _ cancellation: Cancellation, _ progress: (RunProgress) -> Void) throws -> Measured {
    let pairs = try PairedFrames(left: left, right: right)
    cancellation.onRequest { pairs.cancel() }
    let (width, height) = pairs.size
    let rectification = try camera.map {
      try StereoRectification(try CameraArgument.rig($0, width: width, height: height), width: width, height: height)
    }
    let matcher = StereoMatcher(disparities: maxDisparity.map { $0 + 1 } ?? min(256, max(16, (width / 8 + 15) / 16 * 16)))
    let files = DepthFiles(folder: output, overwrite: overwrite, fills: fill)
    var measured = Measured()
    var current = try pairs.next()
    while let pair = current, !cancellation.isRequested {
      // Whether another pair follows tells whether names need numbers: a picture's file does not say how many it holds.
      current = measured.shares.count + 1 < frames ?? .max ? try pairs.next() : nil
      let isSingle = measured.shares.isEmpty && current == nil
      var images = (left: try pair.left.color(), right: try pair.right.color())
      if let rectification { images = try rectification.rectified(left: images.left, right: images.right) }
      if measured.shares.isEmpty {
        measured.order = try StereoOrder(
          left: images.left, right: images.right, largestDisparity: Double(matcher.disparities - 1))
      }
      let map = try matcher.match(left: images.left, right: images.right)
      try OutputFolder.make(output)
      let prefix = isSingle ? "" : DepthCommand.prefix(measured.shares.count)
      try files.write(map, rectification, image: images.left, prefix: prefix)
      measured.shares.append(map.measuredShare)
      let share = pairs.frameCount.map { min(1, Double(measured.shares.count) / Double(max(1, min($0, frames ?? $0)))) }
      progress(RunProgress(frames: measured.shares.count, seconds: pair.left.seconds, share: share))
    }
    return measured
  }

  private func tell(_ measured: Measured) {
    let shares = measured.shares
    if let problem = measured.order.problem { StandardError.warn(problem) }
    let poor = shares.count { $0 < Self.leastShare }
    if poor > 0 {
      StandardError.warn(
        "in \(poor) of \(shares.count) pairs less than \(Int(bounded: 100 * Self.leastShare, in: 0...100)) % of the pixels have a match; are the pictures black or blurred, left and right swapped, or not of these cameras?"
      )
    }
    guard !quiet, !shares.isEmpty else { return }
    let mean = shares.reduce(0, +) / Double(shares.count)
    StandardError.say(
      "\(shares.count) \(shares.count == 1 ? "pair" : "pairs"), \(Int(bounded: (100 * mean).rounded(), in: 0...100)) % of the pixels measured"
    )
  }
}
