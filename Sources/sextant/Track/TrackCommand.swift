import ArgumentParser
import Foundation
import Pipeline

/// `sextant track`: a video, folder, camera or detections file in, a stream of oriented tracks out.
struct TrackCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "track",
    abstract: "Track what moves in a video, a folder of pictures, a camera or a network stream.",
    discussion: """
      INPUT is a video file, a folder of pictures, a quoted glob ('shots/*.jpg'), a pattern (shots/%06d.png), - for a stream on standard \
      input, a camera (/dev/video0), or a URL (rtsp, http, udp, tcp, srt). With --detections it may be left out.

      The result is one JSON object a line (schema sextant/1, docs/schema.md). Times are in seconds, positions in pixels of the upright \
      picture with square pixels: x right, y down, from the top-left corner. Angles run from the x axis towards the y axis, in radians.

      examples:
        sextant track drone.mp4 -o tracks.ndjson --overlay seen.mp4
        sextant track rtsp://camera.local/stream --live latest | jq -c 'select(.record=="frame") | .tracks[]'
        sextant track --detections det.txt --fps 30 --mot-output result.txt -o /dev/null
      """)

  @Argument(help: ArgumentHelp("What to track in.", valueName: "input"), completion: .file())
  var input: String?

  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup(title: "Detection") var detection: DetectionOptions
  @OptionGroup(title: "Input") var source: SourceArguments
  @OptionGroup(title: "Tracking") var tracking: TrackingArguments

  @Option(help: ArgumentHelp("Number of threads; it never changes the result.", valueName: "n"))
  var threads: Int?

  @Option(
    help: ArgumentHelp("YAML file with any of these options by their long names, and a 'tracker' section.", valueName: "file"),
    completion: .file(extensions: ["yaml", "yml"]))
  var config: String?

  @Flag(name: .shortAndLong, help: "Print no progress and no warnings.")
  var quiet = false

  func run() throws {
    try ExitStatus.reporting {
      let builder = try TrackRequestBuilder(command: self)
      try TrackRunner(request: builder.request(), timingsPath: builder.timingsPath, isQuiet: quiet).run()
    }
  }
}

/// Where results go.
struct OutputOptions: ParsableArguments {
  @Option(
    name: .shortAndLong, help: ArgumentHelp("The stream of records; - or nothing is standard output.", valueName: "file"),
    completion: .file())
  var output: String?

  @Option(help: ArgumentHelp("Tracks as MOTChallenge text (upright boxes, frames from 1).", valueName: "file"), completion: .file())
  var motOutput: String?

  @Option(
    help: ArgumentHelp("Tracks as oriented MOT text of 13 columns (corners, frames from 1).", valueName: "file"),
    completion: .file())
  var orientedMotOutput: String?

  @Option(help: ArgumentHelp("Tracks as CSV with a header that names the units.", valueName: "file"), completion: .file())
  var csv: String?

  @Option(
    help: ArgumentHelp("The video with the tracks drawn on it (H.264).", valueName: "file"),
    completion: .file(extensions: ["mp4", "mkv"]))
  var overlay: String?

  @Option(
    help: ArgumentHelp(
      "What the overlay shows: all, none, or of \(OverlayLayer.allCases.map(\.rawValue).joined(separator: ",")).", valueName: "list"
    ))
  var overlayLayers: String?

  @Option(
    help: ArgumentHelp("Each stage's processor time, and the whole run's wall time, as JSON.", valueName: "file"),
    completion: .file())
  var timings: String?

  @Flag(help: "Replace output files that exist.")
  var overwrite = false
}

/// What is detected.
struct DetectionOptions: ParsableArguments {
  @Option(help: ArgumentHelp("'motion', or a file of detections.", valueName: "motion|file"))
  var detector: String?

  @Option(
    help: ArgumentHelp(
      """
      Detections from a file: MOT, oriented MOT, KITTI, AB3DMOT, a DOTA folder, our CSV or stream; gzip or not. Without a video a stream's \
      own times and camera motions hold.
      """, valueName: "file"),
    completion: .file())
  var detections: String?

  @Option(help: ArgumentHelp("Run the detector on every n-th frame.", valueName: "n"))
  var detectEvery: Int?

  @Option(help: ArgumentHelp("Milliseconds added to each detection, to try out --live.", visibility: .hidden))
  var detectorDelay: Double?

  @Option(parsing: .upToNextOption, help: ArgumentHelp("Keep only these classes, by name.", valueName: "class"))
  var classes: [String] = []

  @Option(help: ArgumentHelp("Leave out detections below this probability.", valueName: "p"))
  var minScore: Double?

  @Option(help: ArgumentHelp("A picture that is white where detections count.", valueName: "mask"), completion: .file())
  var roi: String?
}

/// How the input is read.
struct SourceArguments: ParsableArguments {
  @Option(help: ArgumentHelp("Begin this many seconds after the first picture.", valueName: "seconds"))
  var start: Double?

  @Option(help: ArgumentHelp("End this many seconds after the first picture.", valueName: "seconds"))
  var end: Double?

  @Option(help: ArgumentHelp("End after this many frames.", valueName: "n"))
  var maxFrames: Int?

  @Option(help: ArgumentHelp("Frames per second of pictures or of a detections file, which carry no times.", valueName: "f"))
  var fps: Double?

  @Option(
    help: ArgumentHelp(
      "For live input: 'latest' drops frames when behind and counts them, 'all' never drops.", valueName: "latest|all"))
  var live: String?

  @Option(help: ArgumentHelp("Give up a network or camera read after this many seconds.", valueName: "seconds"))
  var timeout: Double?

  @Option(help: ArgumentHelp("Try to get a lost camera or stream back for this many seconds.", valueName: "seconds"))
  var giveUp: Double?
}

/// How detections become tracks.
struct TrackingArguments: ParsableArguments {
  @Option(help: ArgumentHelp("Features that the camera's motion is found by: 'orb' or 'akaze'.", valueName: "orb|akaze"))
  var features: String?

  @Option(help: ArgumentHelp("Add where each track will be, up to this many seconds ahead.", valueName: "seconds"))
  var forecast: Double?

  @Option(help: ArgumentHelp("At a scene cut: 'reset' ends all tracks, 'keep' goes on with them.", valueName: "reset|keep"))
  var acrossCuts: String?

  @Flag(help: "Add the rows of a track from before it was confirmed; records come later by the time of a confirmation.")
  var backfill = false

  @Option(help: ArgumentHelp("Seed of everything random.", valueName: "n"))
  var seed: UInt64?
}
