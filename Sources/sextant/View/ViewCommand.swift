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
      file: videos below 20 MB are put into it, larger ones are named by their place. Videos that browsers refuse are made H.264 anew. \
      Decisions of a review are saved as NAME.review.ndjson beside the stream; 'sextant convert --apply-review' applies them.

      examples:
        sextant view tracks.ndjson drone.mp4
        sextant view tracks.ndjson drone.mp4 -o page.html
        sextant view tracks.ndjson drone.mp4 --truth gt.txt
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
    help: ArgumentHelp("Another result of the same frames, drawn beside the first.", valueName: "stream"), completion: .file())
  var compare: String?

  @Option(help: ArgumentHelp("Frames per second of a file without times; of a seqinfo.ini beside it, else 30.", valueName: "rate"))
  var frameRate: Double?

  @Flag(help: "Replace the output file if it exists.")
  var overwrite = false

  @Flag(name: .shortAndLong, help: "Print no warnings.")
  var quiet = false

  func run() throws {
    try ExitStatus.reporting {
      try checkOptions()
      let loader = ViewLoader(stream: stream, truth: truth, compared: compare, frameRate: frameRate)
      let data = try loader.load(version: ViewSource.size(of: stream))
      let playable = try video.map { try PlayableVideo(path: $0, stream: stream) }
      if !quiet { playable?.warnings.forEach(StandardError.warn) }
      if let output {
        try write(data, playable, to: output)
      } else {
        try serve(loader, data, playable)
      }
    }
  }

  private func checkOptions() throws {
    if let frameRate { _ = try OptionCheck.value(frameRate, of: "--frame-rate", in: 1e-3...1e5, unit: "frames per second") }
    guard truth == nil || compare == nil else { throw CommandError.usage("give one of --truth and --compare") }
    guard stream != "-" || output != nil else {
      throw CommandError.usage("a stream from standard input is written as a page only (-o)")
    }
    guard stream != "-" || truth == nil else { throw CommandError.usage("--truth needs a stream that is a file") }
    var plan = OutputPlan(overwrites: overwrite)
    plan.reads(stream, as: "the stream")
    plan.reads(video, as: "the video")
    plan.reads(truth, as: "the truth")
    plan.reads(compare, as: "the other result")
    plan.writes(output, as: "the page")
    try plan.check()
  }

  private func write(_ data: ViewData, _ video: PlayableVideo?, to path: String) throws {
    let page = ViewPage.selfContained(data, video: try video?.forPage(at: path) ?? .none)
    let sink = try OutputSink(path: path, policy: .whole, overwrite: overwrite)
    try page.withUnsafeBytes { bytes in try sink.write(bytes) }
    try sink.close()
  }

  private func serve(_ loader: ViewLoader, _ data: ViewData, _ video: PlayableVideo?) throws {
    let source = ViewSource(path: stream, first: data) { version in try loader.load(version: version) }
    let content = PageServer.Content(
      source: source, video: video.map { ($0.path, $0.type) }, reviewPath: ReviewDecision.path(beside: stream))
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

/// Reads what a page shows, at first and whenever the stream has grown.
struct ViewLoader: Sendable {
  let stream: String
  let truth: String?
  let compared: String?
  let frameRate: Double?

  func load(version: Int) throws -> ViewData {
    let name = URL(fileURLWithPath: stream).lastPathComponent
    var data = ViewData(tracks: try TrackColumns.read(path: stream, framesPerSecond: frameRate), title: name, version: version)
    if let truth { try data.hold(against: truth, stream: stream, framesPerSecond: frameRate) }
    if let compared {
      data.compare(with: try TrackColumns.read(path: compared, framesPerSecond: frameRate), named: compared)
    }
    let review = ReviewDecision.path(beside: stream)
    if FileManager.default.fileExists(atPath: review) { data.review = try ReviewDecision.read(path: review) }
    return data
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
