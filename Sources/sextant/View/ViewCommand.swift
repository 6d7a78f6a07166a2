import ArgumentParser
import Foundation
import Pipeline
import Records
import Viewer

/// `sextant view`: tracks in a browser.
struct ViewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "view",
    abstract: "Look at tracks in a browser: picture, time line, table, plots and map.",
    discussion: """
      Serves one page on this machine (127.0.0.1) until Ctrl-C and prints its address, or writes it as a file (-o). The page needs no other \
      file: videos below 20 MB are put into it, larger ones are named by their place. Videos that browsers refuse are made H.264 anew, \
      while a served page is open. Its map lies on a picture of the video or, when asked for, on a mosaic of all. \
      Decisions of a review are saved as NAME.review.ndjson beside the stream; 'sextant convert --apply-review' applies them.

      examples:
        sextant view tracks.ndjson drone.mp4
        sextant view tracks.ndjson drone.mp4 -o page.html --mosaic
        sextant view tracks.ndjson drone.mp4 --truth gt.txt --compare other.ndjson
      """)

  @Argument(help: ArgumentHelp("The stream, or a file of tracks.", valueName: "stream"), completion: .file())
  var stream: String

  @Argument(
    help: ArgumentHelp("The video that it describes; without it map and lanes are shown.", valueName: "video"), completion: .file())
  var video: String?

  @Option(
    name: .shortAndLong, help: ArgumentHelp("Write the page instead of serving it.", valueName: "page.html"),
    completion: .file(extensions: ["html"]))
  var output: String?

  @Option(help: ArgumentHelp("The port to serve on; 0 for any that is free.", valueName: "port"))
  var port: UInt16 = 0

  @Option(
    help: ArgumentHelp("Annotations of the same frames: matched, missed, false and switched are told apart.", valueName: "file"),
    completion: .file())
  var truth: String?

  @Option(
    help: ArgumentHelp(
      "Another result of the same frames, shown beside the first; with --truth, both are held against it.", valueName: "stream"),
    completion: .file())
  var compare: String?

  @Option(help: ArgumentHelp("The results' format; guessed unless told.", valueName: "format"), completion: .trackFormats)
  var from = "auto"

  @Option(help: ArgumentHelp("The truth's format; guessed unless told.", valueName: "format"), completion: .trackFormats)
  var truthFormat = "auto"

  @Option(
    help: ArgumentHelp(
      "Size of the pictures, for formats with shares of it (YOLO, FiftyOne); the video's unless told.", valueName: "WxH"))
  var imageSize: String?

  @Option(help: ArgumentHelp("Frames per second of a file without times; of a seqinfo.ini beside it, else 30.", valueName: "rate"))
  var frameRate: Double?

  @Flag(help: "Lay all pictures together beneath the map of paths; a served page makes them when its button is pressed.")
  var mosaic = false

  @Option(
    help: ArgumentHelp(
      "Hide what lies in the boxes of these classes (names with commas, or 'all'): video and mosaic are made without it.",
      valueName: "classes"), completion: .list(["all"]))
  var blur: String?

  @Flag(help: "Replace the output file if it exists.")
  var overwrite = false

  @Flag(name: .shortAndLong, help: "Print no warnings.")
  var quiet = false

  func run() throws {
    try ExitStatus.reporting {
      try checkOptions()
      let blurred = try OverlayArgument.blurred(blur)
      let formats = try [(from, "--from"), (truthFormat, "--truth-format")].map {
        try BoxFormatArgument($0, option: $1, among: BoxFormat.ofTracks).format
      }
      var files = ViewFiles(
        stream: stream, truth: truth, compared: compare, format: formats[0], truthFormat: formats[1], framesPerSecond: frameRate)
      files.imageSize = try imageSize.map { try ImageSizeArgument($0).size }
      let playable = try video.map {
        try PlayableVideo(path: $0, stream: stream, format: files.format, imageSize: files.imageSize, blurred: blurred)
      }
      files.video = playable?.facts
      // Before a video is made anew, which may take long.
      let data = try output.map { _ in try files.load() }
      // A review that cannot be read is told before anything is served.
      if output == nil { _ = try files.review() }
      if let output, let data {
        try write(data, playable, to: output)
      } else {
        try serve(files, playable)
      }
    }
  }

  private func checkOptions() throws {
    if let frameRate { _ = try OptionCheck.value(frameRate, of: "--frame-rate", in: 1e-3...1e5, unit: "frames per second") }
    guard blur == nil || video != nil else { throw CommandError.usage("--blur hides contents of a video: name one") }
    guard port == 0 || output == nil else { throw CommandError.usage("--port is for a page that is served, and -o writes one") }
    guard !mosaic || video != nil else { throw CommandError.usage("--mosaic lays the pictures of a video together: name one") }
    guard stream != "-" || output != nil else {
      throw CommandError.usage("a stream from standard input is written as a page only (-o)")
    }
    guard stream != "-" || (truth == nil && !mosaic) else {
      throw CommandError.usage("--truth and --mosaic need a stream that is a file")
    }
    var plan = OutputPlan(overwrites: overwrite)
    plan.reads(stream, as: "the stream")
    plan.reads(video, as: "the video")
    plan.reads(truth, as: "the truth")
    plan.reads(compare, as: "the other result")
    plan.writes(output, as: "the page")
    try plan.check()
  }

  private func write(_ data: ViewData, _ video: PlayableVideo?, to path: String) throws {
    let shown = try video?.forPage(at: path)
    let laid = mosaic ? try video?.mosaic { _ in } : nil
    warn((shown?.warnings ?? []) + (laid?.warnings ?? []))
    let page = ViewPage.selfContained(data, video: shown?.video ?? .none, mosaic: laid?.mosaic)
    let sink = try OutputSink(path: path, policy: .whole, overwrite: overwrite)
    try page.withUnsafeBytes { bytes in try sink.write(bytes) }
    try sink.close()
  }

  private func warn(_ texts: [String]) { if !quiet { texts.forEach(StandardError.warn) } }

  private func serve(_ files: ViewFiles, _ video: PlayableVideo?) throws {
    let content = PageServer.Content.stream(
      ViewSource(files), parts: video?.parts(laysMosaic: mosaic, isQuiet: quiet) ?? PageParts(),
      reviewPath: ReviewDecision.path(beside: stream))
    let server = PageServer(content, port: port)
    try BlockingTask.run {
      try await server.run { address in
        StandardError.say("Ctrl-C ends the viewer")
        // At once, also into a pipe: scripts wait for it.
        FileHandle.standardOutput.write(Data((address + "\n").utf8))
      }
    }
  }
}

/// Runs asynchronous work to its end from a command that is not.
enum BlockingTask {
  /// What the work came to, written once before the semaphore is raised.
  private final class Outcome: @unchecked Sendable {
    var result: Result<Void, any Error>?
  }

  static func run(_ work: @escaping @Sendable () async throws -> Void) throws {
    let outcome = Outcome()
    let isDone = DispatchSemaphore(value: 0)
    Task {
      do {
        try await work()
        outcome.result = .success(())
      } catch {
        outcome.result = .failure(error)
      }
      isDone.signal()
    }
    isDone.wait()
    try outcome.result?.get()
  }
}
