import ArgumentParser
import Depth
import Geometry
import Imaging
import Pipeline

/// `sextant depth`: how far away each pixel of a stereo pair is.
struct DepthCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "depth",
    abstract: "Measure the depth of a scene from a stereo pair.",
    discussion: """
      With --camera the pictures are rectified and depth is in metres; without it they are taken as rectified and only disparities are written.

      The folder gets disparity.npy and depth.npy (32-bit floats, NaN where nothing was measured), disparity.png and depth.png (16 bits, 1/256 pixel \
      or metre, 0 for none and for what lies beyond 255.99), preview.png, measured.png (255 where measured) and points.ply (metres, the left camera's frame). Of videos each pair's \
      files begin with its number.

      examples:
        sextant depth left.png right.png --camera stereo.yml -o depth/
        sextant depth left.mp4 right.mp4 --camera calib.txt --max-disparity 96 -o depth/
      """)

  @Argument(help: ArgumentHelp("The left picture or video.", valueName: "left"), completion: .file())
  var left: String

  @Argument(help: ArgumentHelp("The right one.", valueName: "right"), completion: .file())
  var right: String

  @Option(
    help: ArgumentHelp("Both cameras, as 'sextant calibrate --right' writes them, Kalibr's or KITTI's.", valueName: "file"),
    completion: .file())
  var camera: String?

  @Option(name: .shortAndLong, help: ArgumentHelp("The folder to write into.", valueName: "folder"), completion: .directory)
  var output: String

  @Option(help: ArgumentHelp("The largest disparity in pixels; an eighth of the width unless told.", valueName: "pixels"))
  var maxDisparity: Int?

  @Flag(help: "Fill places without a measurement from their surroundings.")
  var fill = false

  @Option(help: ArgumentHelp("The most pairs.", valueName: "n"))
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
      try InterruptibleRun(isQuiet: quiet).run { cancellation, progress in
        try measure(cancellation, progress)
      } report: { pairs, _ in
        tell(pairs)
      }
    }
  }

  private struct Measured {
    /// The share of measured pixels of each pair.
    var shares: [Double] = []
    /// Where the points of the first pair lie.
    var order = StereoOrder()
  }

  private func measure(_ cancellation: Cancellation, _ progress: (RunProgress) -> Void) throws -> Measured {
    let pairs = try PairedFrames(left: left, right: right)
    cancellation.onRequest { pairs.cancel() }
    let (width, height) = pairs.size
    let rectification = try camera.map {
      try StereoRectification(try CameraArgument.rig($0, width: width, height: height), width: width, height: height)
    }
    let matcher = StereoMatcher(disparities: maxDisparity.map { $0 + 1 } ?? min(256, max(16, (width / 8 + 15) / 16 * 16)))
    let files = DepthFiles(folder: output, overwrite: overwrite, fills: fill)
    try OutputFolder.make(output)
    var measured = Measured()
    var current = try pairs.next()
    while let pair = current, !cancellation.isRequested {
      // Whether another pair follows tells whether names need numbers: a picture's file does not say how many it holds.
      current = measured.shares.count + 1 < frames ?? .max ? try pairs.next() : nil
      let isSingle = measured.shares.isEmpty && current == nil
      var images = (left: try pair.left.color(), right: try pair.right.color())
      if let rectification { images = try rectification.rectified(left: images.left, right: images.right) }
      if measured.shares.isEmpty { measured.order = try StereoOrder(left: images.left, right: images.right) }
      let map = try matcher.match(left: images.left, right: images.right)
      let number = String(measured.shares.count)
      let prefix = isSingle ? "" : String(repeating: "0", count: max(0, 6 - number.count)) + number + "_"
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
