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

      --mosaic lays all pictures of a flight or a pan together, as far as no cut parts them, and draws the paths on them. --ground-view shows the \
      ground from above, for streams of 'track --ground' or '--gsd'. Either may be asked for without -o.

      layers: \(OverlayLayer.allCases.map(\.rawValue).joined(separator: ", "))

      examples:
        sextant render tracks.ndjson drone.mp4 -o seen.mp4
        sextant render tracks.ndjson drone.mp4 -o boxes.mp4 --layers boxes,labels
        sextant render tracks.ndjson drone.mp4 -o hidden.mp4 --blur person
        sextant render tracks.ndjson drone.mp4 --mosaic flight.jpg --blur person
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
  var output: String?

  @Option(
    help: ArgumentHelp("All pictures as one, with the tracks' paths, as .jpg or .png.", valueName: "file"),
    completion: .file(extensions: ["jpg", "jpeg", "png"]))
  var mosaic: String?

  @Option(
    help: ArgumentHelp("The video as seen from above (H.264).", valueName: "file"), completion: .file(extensions: ["mp4", "mkv"]))
  var groundView: String?

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
      let blurred = try OverlayArgument.blurred(blur)
      try check()
      try InterruptibleRun(isQuiet: quiet).run { cancellation, progress in
        try render(layers, blurred, cancellation, progress)
      } report: { warnings, _ in
        if !quiet { warnings.forEach(StandardError.warn) }
      }
    }
  }

  private func check() throws {
    let outputs = [output, mosaic, groundView].compactMap { $0 }
    guard !outputs.isEmpty else { throw CommandError.usage("there is nothing to write: give -o, --mosaic or --ground-view") }
    if let mosaic, !MosaicRendering.canWrite(mosaic) {
      throw CommandError.usage("--mosaic \(mosaic): give a name that ends in .jpg, .jpeg or .png")
    }
    guard stream != "-" || (mosaic == nil && groundView == nil) else {
      throw CommandError.usage(
        "--mosaic and --ground-view read the stream twice, which standard input does not allow: give its file")
    }
    guard blur == nil || groundView == nil else {
      throw CommandError.usage("--blur is for -o and --mosaic: a view from above hides nothing")
    }
    var plan = OutputPlan(overwrites: overwrite)
    // Names are looked at before the first picture is drawn.
    try plan.writesVideo(output, as: "the overlay")
    plan.writes(mosaic, as: "the mosaic")
    try plan.writesVideo(groundView, as: "the ground view")
    try plan.check()
  }

  /// - Returns: What a user should know.
  private func render(
    _ layers: Set<OverlayLayer>, _ blurred: BlurredClasses, _ cancellation: Cancellation, _ progress: (RunProgress) -> Void
  ) throws -> [String] {
    var warnings: [String] = []
    if let output {
      let rendering = StreamRendering(
        stream: stream, videos: videos, output: output, layers: layers, blurred: blurred, overwrites: overwrite)
      warnings += try rendering.run(cancellation: cancellation, progress: progress).warnings
    }
    if let mosaic {
      let rendering = MosaicRendering(stream: stream, videos: videos, blurred: blurred)
      warnings += try rendering.write(to: mosaic, overwrites: overwrite, cancellation: cancellation, progress: progress)
    }
    if let groundView {
      let rendering = GroundRendering(stream: stream, videos: videos, output: groundView, overwrites: overwrite)
      try rendering.run(cancellation: cancellation, progress: progress)
    }
    return warnings
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
