import ArgumentParser
import Foundation
import Pipeline

/// `sextant render`: an overlay from a saved stream, without tracking again.
struct RenderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "render",
    abstract: "Draw a saved stream of tracks on its video.",
    discussion: """
      Frames and records are matched by the stream's own time stamps. Back-filled rows are drawn with the frame that they belong to, so \
      this shows more than 'track --overlay' can.

      layers: \(OverlayLayer.allCases.map(\.rawValue).joined(separator: ", "))

      examples:
        sextant render tracks.ndjson drone.mp4 -o seen.mp4
        sextant render tracks.ndjson drone.mp4 -o boxes.mp4 --layers boxes,labels
        sextant render tracks.ndjson drone.mp4 -o hidden.mp4 --blur person
      """)

  @Argument(help: ArgumentHelp("The stream that 'sextant track' wrote.", valueName: "stream"), completion: .file())
  var stream: String

  @Argument(
    help: ArgumentHelp("The video that it describes, or the files of the recording in order.", valueName: "video"),
    completion: .file())
  var videos: [String]

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The video to write (H.264).", valueName: "file"),
    completion: .file(extensions: ["mp4", "mkv"]))
  var output: String

  @Option(
    help: ArgumentHelp("What is drawn: 'standard' (all but scores), 'all', 'none', or names with commas.", valueName: "list"),
    completion: .list(OverlayLayer.lists + OverlayLayer.allCases.map(\.rawValue)))
  var layers = "standard"

  @Option(
    help: ArgumentHelp("Hide what lies in the boxes of these classes: names with commas, or 'all'.", valueName: "classes"),
    completion: .list(["all"]))
  var blur: String?

  @Flag(help: "Replace the output file if it exists.")
  var overwrite = false

  @Flag(name: .shortAndLong, help: "Print no progress.")
  var quiet = false

  func run() throws {
    try ExitStatus.reporting {
      let layers = try OverlayArgument.layers(layers, option: "--layers")
      let rendering = StreamRendering(
        stream: stream, videos: videos, output: output, layers: layers, blurred: try OverlayArgument.blurred(blur),
        overwrites: overwrite)
      try InterruptibleRun(isQuiet: quiet).run { cancellation, progress in
        try rendering.run(cancellation: cancellation, progress: progress)
      } report: { result, _ in
        if !quiet { result.warnings.forEach(StandardError.warn) }
      }
    }
  }
}

/// What an overlay shows and hides, as it is given on the command line.
enum OverlayArgument {
  /// - Throws: `CommandError` for an empty name.
  static func blurred(_ list: String?) throws -> BlurredClasses {
    guard let list else { return .none }
    if let blurred = BlurredClasses(list) { return blurred }
    throw CommandError.usage("--blur \(list) has an empty name: give 'all' or names with commas")
  }

  /// - Throws: `CommandError` for a name that is not known.
  static func layers(_ list: String, option: String) throws -> Set<OverlayLayer> {
    if let layers = OverlayLayer.parse(list) { return layers }
    let known = OverlayLayer.allCases.map(\.rawValue).joined(separator: ", ")
    throw CommandError.usage("\(option) \(list) is not known: give 'standard', 'all', 'none' or a list of \(known)")
  }
}
