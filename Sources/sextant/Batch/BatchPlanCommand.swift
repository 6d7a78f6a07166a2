import ArgumentParser
import Batch
import Checkpoints
import Dispatch
import Foundation
import Pipeline
import Records
import Synchronization
import Video

/// `sextant batch plan`: recordings in, a plan of units and shards out.
struct BatchPlanCommand: ParsableCommand {
  /// How the cost of a recording is estimated.
  enum Cost: String, ExpressibleByArgument, CaseIterable {
    case seconds, bytes
  }

  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Plan the tracking of many recordings.",
    discussion: """
      INPUTS are video files, folders, which are searched for videos at any depth, and quoted globs. What stands after -- are options of \
      'sextant track' for every recording; its outputs are the run's. Planning again with other options or files keeps the results that \
      still hold.

      examples:
        sextant batch plan footage/ --out run
        sextant batch plan 'cam*/*.mp4' --out run --recording 'cam([0-9]+)_([0-9]{8})' --shard 6h -- --smooth --classes car
      """)

  @Argument(help: ArgumentHelp("Files, folders and globs.", valueName: "inputs"), completion: .file())
  var inputs: [String] = []

  @Option(help: ArgumentHelp("The run's folder.", valueName: "folder"), completion: .directory)
  var out: String

  @Option(
    help: ArgumentHelp("Settings of every recording, as of 'sextant track --config'; the run keeps a copy.", valueName: "file"),
    completion: .file(extensions: ["yaml", "yml"]))
  var config: String?

  @Option(
    help: ArgumentHelp(
      "What one recording is: each file, all files of a folder, or those that have the same text in the groups of a regular expression.",
      valueName: "file|folder|pattern"))
  var recording = "file"

  @Option(help: ArgumentHelp("How much recording a shard holds, in s, min, h or d.", valueName: "time"))
  var shard = "3h"

  @Option(help: ArgumentHelp("Estimate cost by durations, for which each file is opened, or by sizes.", valueName: "seconds|bytes"))
  var cost = Cost.seconds

  @Flag(
    help:
      "Read every file whole and know it by its content: a changed one of the same size is another, a copy of another time is the same."
  )
  var verify = false

  @Flag(name: .shortAndLong, help: "Print nothing.")
  var quiet = false

  @Argument(parsing: .postTerminator, help: ArgumentHelp("Options of 'sextant track', after --.", valueName: "track-options"))
  var options: [String] = []

  func run() throws {
    try ExitStatus.reporting {
      let run = RunFolder(path: BatchPlanCommand.absolute(out))
      let seconds = try ShardDuration.seconds(shard)
      let files = try BatchOptions(options: options, config: config).checkedFiles()
      var named = try files.map { try NamedDigest(path: $0) }
      if let config { named.append(try NamedDigest(path: run.settingsFile, contentOf: config)) }
      let builder = PlanBuilder(
        program: ProgramVersion.programText, options: options, files: named, rule: recording, shardSeconds: seconds)
      var recordings = try builder.recordings(of: inputs, onLeftOut: warn, isVideo: VideoSources.isVideo(named:))
      if verify { recordings = try recordings.map { try $0.map(BatchPlanCommand.withDigest) } }
      let durations = cost == .seconds ? RecordingDurations.of(recordings) : [Double?](repeating: nil, count: recordings.count)
      let (plan, units, shards) = builder.plan(of: recordings, seconds: durations)
      try run.create()
      if let config { try run.keepSettings(of: config) }
      try run.write(plan, units: units, shards: shards)
      if !quiet { StandardError.say(summary(plan, unknown: durations.count { $0 == nil })) }
    }
  }

  private func warn(_ sentence: String) { if !quiet { StandardError.warn(sentence) } }

  private func summary(_ plan: BatchPlan, unknown: Int) -> String {
    let hours = String(format: "%.2f h", plan.cost / 3600)
    let guessed = unknown == 0 ? "" : ", the duration of \(unknown) guessed from the size"
    let (units, shards) = (plan.units == 1 ? "recording" : "recordings", plan.shards == 1 ? "shard" : "shards")
    return "\(plan.units) \(units) of \(hours) in \(plan.shards) \(shards)\(guessed): \(out)"
  }

  private static func withDigest(_ file: RecordingFile) throws -> RecordingFile {
    var file = file
    file.digest = try .ofFile(file.path)
    return file
  }

  static func absolute(_ path: String) -> String {
    URL(fileURLWithPath: path).standardizedFileURL.path
  }
}

/// The length of a shard, as people write it: `90min`, `3h`.
enum ShardDuration {
  private static let range = 1.0...8.64e6

  static func seconds(_ text: String) throws -> Double {
    guard let seconds = TimeSpan.seconds(text), range.contains(seconds) else {
      throw CommandError.usage("--shard \(text) is no time: give 1 s to 100 d, such as 90min or 3h")
    }
    return seconds
  }
}

/// How long recordings last, by their files' own word.
enum RecordingDurations {
  /// Files that are opened at a time; opening waits for the disk more than for the processor.
  private static let width = 4

  /// The sum of each recording's files, seconds; nil where a file does not tell.
  static func of(_ recordings: [[RecordingFile]]) -> [Double?] {
    let state = Mutex((next: 0, seconds: [Double?](repeating: nil, count: recordings.count)))
    DispatchQueue.concurrentPerform(iterations: min(width, recordings.count)) { _ in
      while true {
        let place = state.withLock { state in
          defer { state.next += 1 }
          return state.next
        }
        guard place < recordings.count else { return }
        let seconds = sum(recordings[place])
        state.withLock { $0.seconds[place] = seconds }
      }
    }
    return state.withLock { $0.seconds }
  }

  private static func sum(_ files: [RecordingFile]) -> Double? {
    var sum = 0.0
    for file in files {
      guard let duration = try? VideoSources.open(file.path, options: SourceOptions()).information.duration, duration.isFinite,
        duration >= 0
      else { return nil }
      sum += duration
    }
    return sum
  }
}

/// The options of `sextant track` in a plan, checked as they would be there.
struct BatchOptions {
  let options: [String]
  let config: String?

  /// What is asked of the tracker for any recording.
  ///
  /// - Throws: `CommandError.usage` for options that the tracker refuses.
  func request() throws -> TrackRequest {
    let configuration = config.map { ["--config", $0] } ?? []
    // Any input: whether a recording can be opened is seen when its turn comes.
    let command: TrackCommand
    do {
      command = try TrackCommand.parse(["recording"] + options + configuration)
    } catch {
      let message = TrackCommand.message(for: error)
      throw CommandError.usage("the options of track after --: \(message)")
    }
    guard command.inputs == ["recording"] else {
      throw CommandError.usage("\(command.inputs.last ?? "") after -- is an input: inputs stand before --out")
    }
    if options.contains("--config") { throw CommandError.usage("give --config before --, so that the run keeps a copy") }
    return try TrackRequestBuilder(command: command).request()
  }

  /// What the tracker would answer by advice that a plan refuses too.
  private static func isOfOneRun(_ option: String) -> Bool {
    ["--rotate", "--publish", "--metrics", "--checkpoint", "--resume"].contains {
      option == $0 || option.hasPrefix($0 + "=") || option.hasPrefix($0 + "-")
    }
  }

  private static var notOfAPlan: CommandError {
    .usage(
      "recordings are neither rotated nor told to anybody, and how they are gone on with is said to the run (batch run --checkpoint): "
        + "leave that out of the plan's options")
  }

  /// - Returns: The files that the options name.
  /// - Throws: `CommandError.usage` for options that the tracker refuses, or that say what the run itself says.
  func checkedFiles() throws -> [String] {
    guard !options.contains(where: BatchOptions.isOfOneRun) else { throw BatchOptions.notOfAPlan }
    let request = try request()
    guard request.outputs == TrackRequest(inputs: []).outputs else {
      throw CommandError.usage("a plan has no other output than the stream of each recording: leave outputs out of its options")
    }
    guard request.checkpoint == nil, !request.resumes, request.rotation == nil, request.metrics == nil,
      request.publishing.address == nil
    else { throw BatchOptions.notOfAPlan }
    let files = request.namedFiles
    if let file = files.first(where: { !$0.hasPrefix("/") }) {
      throw CommandError.usage("\(file) is named from this folder, and workers run elsewhere: give its whole path")
    }
    return files
  }
}
