import ArgumentParser
import Batch
import Foundation
import Pipeline

/// `sextant track`: a video, folder, camera or detections file in, a stream of oriented tracks out.
struct TrackCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "track",
    abstract: "Track what moves in a video, a folder of pictures, a camera or a network stream.",
    discussion: """
      INPUT is a video file, a folder of pictures, a quoted glob of pictures or videos ('shots/*.jpg'), a pattern (shots/%06d.png), - for \
      a stream on standard input, a camera (/dev/video0), or a URL (rtsp, http, udp, tcp, srt). Several files are one recording in the \
      order given. With --detections it may be left out.

      The result is one JSON object a line (schema sextant/2, docs/schema.md). Times are in seconds, positions in pixels of the upright \
      picture with square pixels: x right, y down, from the top-left corner. Angles run from the x axis towards the y axis, in radians.

      examples:
        sextant track drone.mp4 -o tracks.ndjson --overlay seen.mp4
        sextant track rtsp://camera.local/stream --live latest | jq -c 'select(.record=="frame") | .tracks[]'
        sextant track --detections det.txt --fps 30 --mot-output result.txt -o /dev/null
      """)

  @Argument(help: ArgumentHelp("What to track in; several files are one recording.", valueName: "input"), completion: .file())
  var inputs: [String] = []

  @OptionGroup(title: "Output") var output: SettingArguments<OutputSection>
  @OptionGroup(title: "Detection") var detection: SettingArguments<DetectionSection>
  @OptionGroup(title: "Input") var source: SettingArguments<InputSection>
  @OptionGroup(title: "Tracking") var tracking: SettingArguments<TrackingSection>
  @OptionGroup var running: SettingArguments<RunningSection>

  @Option(
    help: ArgumentHelp(
      "YAML file with any of these options, spelt as in a stream's header (max_frames), and sections 'tracker' and 'detector'.",
      valueName: "file"
    ),
    completion: .file(extensions: ["yaml", "yml"]))
  var config: String?

  @Flag(name: .shortAndLong, help: "Print no progress and no warnings.")
  var quiet = false

  /// The texts of the settings that were given, by their names.
  var given: [String: [String]] {
    [output.given, detection.given, source.given, tracking.given, running.given].reduce(into: [:]) {
      $0.merge($1) { first, _ in first }
    }
  }

  func run() throws {
    Lifeline.heed()
    try ExitStatus.reporting {
      let builder = try TrackRequestBuilder(command: self)
      let request = try builder.request()
      if !quiet { builder.warnings.forEach(StandardError.warn) }
      try TrackRunner(request: request, isQuiet: quiet).run()
    }
  }
}
