import ArgumentParser
import Foundation
import Geometry
import Motion
import MotionTraining
import Pipeline
import Records

/// `sextant train motion`: how the objects of annotated tracks move.
struct TrainMotionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "motion",
    abstract: "Learn how objects move from annotated tracks.",
    discussion: """
      Tracks are boxes with identities in any format that the program reads, or points on the ground (frame, id, x, y). Five motions are \
      learned, each on top of the one before: today's Kalman filter, the same with the noises of the largest likelihood, linear rates, \
      rates and noise by curves (a KAN), and curves that look at the trend of the recent velocity too (memory). Each is measured on sequences that it did not learn from: those of --hold-out, or else every \
      fourth file; of fewer than four files the tracks that begin in the last quarter. Of boxes a second table tells how a filter of their \
      detections expects them 1, 5 and 10 frames ahead. docs/motion-models.md describes all.

      examples:
        sextant train motion --tracks label_02/*.txt --fps 10 -o cars.json
        sextant train motion --tracks label_02/*.txt --detections det/car --fps 10 -o cars.json
        sextant train motion --tracks train/*.txt --hold-out val/*.txt --step-seconds 0.4 --rung kan -o walkers.json
        sextant track --detections det.txt --motion cars.json -o tracks.ndjson
      """)

  @Option(parsing: .upToNextOption, help: ArgumentHelp("Files of tracks to learn from.", valueName: "files"), completion: .file())
  var tracks: [String]

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Files of tracks to measure on, and to choose the curves' smoothness.", valueName: "files"),
    completion: .file())
  var holdOut: [String] = []

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Files of tracks of boxes that choose nothing, for the second table; without them those held out.", valueName: "files"),
    completion: .file())
  var test: [String] = []

  @Option(
    help: ArgumentHelp(
      "A folder with detections of the boxes, a file of the same name for each of the tracks: what the filter sees.",
      valueName: "folder"), completion: .directory)
  var detections: String?

  @Option(
    help: ArgumentHelp(
      "A folder with streams of sextant track, NAME.ndjson for the tracks NAME.txt: the motion of their cameras is taken off.",
      valueName: "folder"), completion: .directory)
  var cameras: String?

  @Option(name: .shortAndLong, help: ArgumentHelp("Where the motion goes.", valueName: "file"), completion: .file())
  var output: String

  @Option(help: ArgumentHelp("Frames per second of boxes.", valueName: "hertz"))
  var fps = 30.0

  @Option(help: ArgumentHelp("Seconds between neighbouring frames of points.", valueName: "seconds"))
  var stepSeconds = 0.4

  @Option(help: ArgumentHelp("Rows that the filter sees before it forecasts.", valueName: "n"))
  var observed = 8

  @Option(help: ArgumentHelp("Rows that it forecasts.", valueName: "n"))
  var predicted = 12

  @Option(
    help: ArgumentHelp("What is written: kalman, noise, linear, kan, memory, or best on the tracks held out.", valueName: "rung"),
    completion: .list(MotionLadder.Rung.allCases.map(\.rawValue) + ["best"]))
  var rung = "best"

  @Option(
    help: ArgumentHelp("A folder for the motions of all rungs, RUNG.json, beside.", valueName: "folder"), completion: .directory)
  var rungs: String?

  @Flag(help: "Replace an output file that exists.")
  var overwrite = false

  func run() throws {
    try ExitStatus.reporting {
      let settings = try ladderSettings()
      guard rung == "best" || MotionLadder.Rung(rawValue: rung) != nil else {
        throw CommandError.usage(
          "--rung \(rung): give best or one of \(MotionLadder.Rung.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      let source = try self.source()
      try checkFiles(source)
      let sink = try OutputSink(path: output, policy: .whole, overwrite: overwrite)
      let (training, others, tests) = try sequences(source)
      let screen = try OutputSink(path: output == "-" ? "/dev/stderr" : "-", policy: .live, overwrite: true)
      try screen.write(MotionTable.head(training, others))
      let ladder = try MotionLadder(training: training, heldOut: others, settings: settings) {
        try? screen.write(MotionTable.row($0))
      }
      try screen.write(BoxForecastTable.text(of: ladder, tests))
      let chosen = MotionLadder.Rung(rawValue: rung).flatMap { ladder[$0] } ?? ladder.best
      try screen.write("\(chosen.rung.rawValue) is written to \(output)\n")
      try screen.close()
      try sink.write(String(decoding: LearnedMotionFile.encode(chosen.motion), as: UTF8.self))
      try sink.close()
      if let rungs { try writeAll(ladder, to: rungs) }
    }
  }

  private func source() throws -> MotionSource {
    MotionSource(
      framesPerSecond: try OptionCheck.value(fps, of: "--fps", in: 0.001...100_000, unit: "Hz"),
      stepSeconds: try OptionCheck.value(stepSeconds, of: "--step-seconds", in: 1e-6...1e6, unit: "s"), detections: detections,
      cameras: cameras)
  }

  private func checkFiles(_ source: MotionSource) throws {
    var plan = OutputPlan(overwrites: overwrite)
    for path in tracks + holdOut + test {
      plan.reads(path, as: "tracks")
      if let detections = source.detections(of: path) { plan.reads(detections, as: "detections") }
      if let camera = source.camera(of: path) { plan.reads(camera, as: "the camera's motion") }
    }
    try refuseSharedFiles()
    plan.writes(output, as: "the motion")
    for rung in rungs == nil ? [] : MotionLadder.Rung.allCases {
      plan.writes("\(rungs ?? "")/\(rung.rawValue).json", as: "the motion of a rung")
    }
    if let rungs { try OutputFolder.make(rungs) }
    try plan.check()
  }

  /// - Throws: A usage error for a file that is learned from and measured on: its figures would tell nothing.
  private func refuseSharedFiles() throws {
    let learned = Set(tracks.compactMap { FileIdentity(path: $0) })
    for (paths, option) in [(holdOut, "--hold-out"), (test, "--test")] {
      for path in paths where FileIdentity(path: path).map(learned.contains) ?? false {
        throw CommandError.usage("\(option) \(path): it is among --tracks, so that it would be measured on what it taught")
      }
    }
  }

  private func writeAll(_ ladder: MotionLadder, to folder: String) throws {
    for step in ladder.steps {
      let sink = try OutputSink(path: "\(folder)/\(step.rung.rawValue).json", policy: .whole, overwrite: overwrite)
      try sink.write(String(decoding: LearnedMotionFile.encode(step.motion), as: UTF8.self))
      try sink.close()
    }
  }

  private func ladderSettings() throws -> MotionLadder.Settings {
    var settings = MotionLadder.Settings()
    settings.windowing.observed = try OptionCheck.value(observed, of: "--observed", in: 2...1000, unit: "rows")
    settings.windowing.expected = try OptionCheck.value(predicted, of: "--predicted", in: 1...1000, unit: "rows")
    return settings
  }

  /// What is learned from, what chooses, and what the boxes' forecasts are measured on.
  private func sequences(
    _ source: MotionSource
  ) throws -> (training: [MotionSequence], heldOut: [MotionSequence], tests: [MotionSequence]) {
    let own = try tracks.map(source.read)
    let others = try holdOut.map(source.read)
    let tests = try test.map(source.read)
    let units = Set((own + others + tests).map(\.unit))
    guard units.count <= 1 else {
      throw CommandError.usage("some of the tracks are of boxes and some of points: learn each kind by itself")
    }
    if units == [.length], detections != nil || cameras != nil || !test.isEmpty {
      throw CommandError.usage(
        "--detections, --cameras and --test are for tracks of boxes, and these are of points; leave them out")
    }
    let (training, heldOut) = others.isEmpty ? MotionSource.split(own) : (own, others)
    return (training, heldOut, tests.isEmpty ? heldOut : tests)
  }
}

/// Reads annotated tracks.
struct MotionSource {
  let framesPerSecond: Double
  let stepSeconds: Double
  /// The folder of the boxes' detections; nil: the annotated boxes are what the filter sees.
  let detections: String?
  /// The folder of the streams that tell the cameras' motions; nil for cameras that stand still.
  let cameras: String?

  /// The file of detections that belongs to one of tracks.
  func detections(of path: String) -> String? { detections.map { "\($0)/\((path as NSString).lastPathComponent)" } }

  /// The stream that belongs to one of tracks: that of its name without the endings.
  func camera(of path: String) -> String? {
    cameras.map { "\($0)/\((path as NSString).lastPathComponent.prefix { $0 != "." }).ndjson" }
  }

  /// By frame, how the camera moved from the one before; frames of which that is not known have none.
  private static func motions(inStream path: String) throws -> [Int: Homography] {
    let stream = try StreamReader(path: path)
    var motions: [Int: Homography] = [:]
    while let record = try stream.next() {
      guard case .frame(let frame) = record, let camera = frame.camera, camera.homography.isFinite else { continue }
      motions[frame.frame] = camera.homography
    }
    return motions
  }

  /// The tracks of a file: points where its rows have four columns, otherwise boxes.
  func read(_ path: String) throws -> MotionSequence {
    let name = (path as NSString).lastPathComponent
    if try PointTable.isKept(inFile: path) {
      let points = try PointTable.read(path: path)
      for sentence in [points.repetition(in: path), points.unevenness(in: path)].compactMap(\.self) { StandardError.warn(sentence) }
      return MotionSequence(name: name, points: points, seconds: stepSeconds)
    }
    let boxes = try BoxTableReader.read(path: path)
    guard !boxes.isEmpty else { throw CommandError.malformed("\(path) is empty; give annotated tracks") }
    guard !boxes.ids.isEmpty else { throw CommandError.malformed("\(path) has boxes without identities; give annotated tracks") }
    let found = try detections(of: path).map { try BoxTableReader.read(path: $0) }
    let motions = try camera(of: path).map(MotionSource.motions) ?? [:]
    return MotionSequence(name: name, truth: boxes, detections: found, camera: motions, framesPerSecond: framesPerSecond)
  }

  /// Every fourth sequence is held out; of fewer than four the tracks that begin in the last quarter.
  static func split(_ sequences: [MotionSequence]) -> ([MotionSequence], [MotionSequence]) {
    if sequences.count >= 4 {
      let others = sequences.indices.filter { $0 % 4 == 3 }
      return (sequences.indices.filter { $0 % 4 != 3 }.map { sequences[$0] }, others.map { sequences[$0] })
    }
    let parts = sequences.map(\.withoutLastQuarter)
    return (parts.map(\.first), parts.map(\.last))
  }
}

/// The table of the rungs.
enum MotionTable {
  static func head(_ training: [MotionSequence], _ others: [MotionSequence]) -> String {
    let unit = training.first?.unit == .side ? "sides" : "units"
    return "learning from \(training.count) sequences, measured on \(others.count); log-likelihood a row, errors in \(unit)\n"
      + "rung      held out: log-lik.     ADE     FDE  90 % holds   NIS/2    learned from: log-lik.     ADE\n"
  }

  static func row(_ step: MotionLadder.Step) -> String {
    let (a, b) = (step.heldOut, step.training)
    let name = step.rung.rawValue.padding(toLength: 10, withPad: " ", startingAt: 0)
    return name
      + String(
        format: "%18.3f %7.3f %7.3f %10.1f %% %7.2f %25.3f %7.3f\n", a.logLikelihood, a.average, a.final, 100 * a.coverage,
        a.innovation,
        b.logLikelihood, b.average)
  }
}

/// How the rungs expect boxes.
enum BoxForecastTable {
  /// Nothing for points.
  static func text(of ladder: MotionLadder, _ sequences: [MotionSequence]) -> String {
    guard sequences.contains(where: { !$0.boxes.isEmpty }) else { return "" }
    return ladder.steps.reduce(head(sequences)) { $0 + row($1.rung, BoxForecastScores($1.motion, on: sequences)) }
  }

  private static func head(_ sequences: [MotionSequence]) -> String {
    let frames = BoxForecastScores.frames.map { "\($0)" }.joined(separator: ", ")
    return
      "boxes of the \(sequences.count) sequences \(frames) frames ahead: how many, IoU, RMSE in sides, 90 % ellipses hold of true and of detected centres\n"
  }

  private static func row(_ rung: MotionLadder.Rung, _ scores: BoxForecastScores) -> String {
    let cells = scores.ahead.map {
      String(
        format: "%4d: %d %.3f %.3f %5.1f %% %5.1f %%", $0.frames, $0.count, $0.overlap, $0.relativeError, 100 * $0.truthsHeld,
        100 * $0.detectionsHeld)
    }
    return rung.rawValue.padding(toLength: 8, withPad: " ", startingAt: 0) + cells.joined(separator: " ")
      + String(format: "  NIS/2 %.3f of %d\n", scores.innovation, scores.innovations)
  }
}
