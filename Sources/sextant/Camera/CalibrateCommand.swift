import ArgumentParser
import Calibration
import Geometry
import Imaging
import Pipeline
import Records
import Reports

/// `sextant calibrate`: a camera, or two, from pictures of a board; a camera over a crossing from its traffic.
struct CalibrateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calibrate",
    abstract:
      "Find a camera's focal length, centre and distortion from pictures of a board, or its focal length from traffic or motion.",
    discussion: """
      boards: \(CalibrationBoard.forms)

      --from-traffic takes the tracks of a camera that stands still over roads that cross at a right angle: focal length, tilt and roll, the lens \
      taken as free of distortion.

      --from-motion takes a video of a scene that stands still, by a camera that turns, or turns while it moves: the focal length, likewise.

      Blurred pictures and such as tell nothing new are left out, each with its reason. The file is OpenCV's (YAML, or XML by its name).

      examples:
        sextant calibrate --board chessboard:9x6 --square 0.025 --print-board board.svg
        sextant calibrate shots/ --board chessboard:9x6 --square 0.025 -o camera.yml --report camera.html
        sextant calibrate --from-traffic tracks.ndjson -o camera.yml
        sextant calibrate pan.mp4 --from-motion -o camera.yml
        sextant calibrate 'left*.jpg' --right 'right*.jpg' --board chessboard:9x6 --square 0.025 -o stereo.yml
      """)

  @Argument(
    help: ArgumentHelp(
      "Pictures, a folder or a quoted glob of them, a video or a camera; for two cameras the left one.", valueName: "input"),
    completion: .file())
  var inputs: [String] = []

  @Option(help: ArgumentHelp("The board, such as chessboard:9x6.", valueName: "board"))
  var board: String?

  @Option(help: ArgumentHelp("Side of a square, or step between circles, in metres.", valueName: "metres"))
  var square: Double?

  @Option(
    help: ArgumentHelp("A stream of tracks instead of a board: vehicles on crossing roads.", valueName: "stream"),
    completion: .file())
  var fromTraffic: String?

  @Flag(help: "No board: the focal length from the motion of the camera itself.")
  var fromMotion = false

  @Option(
    help: ArgumentHelp("Pictures of the right camera, in the order of the left one's.", valueName: "input"), completion: .file())
  var right: String?

  @Option(
    help: ArgumentHelp("pinhole (k1 k2 p1 p2 k3) or fisheye (k1 to k4).", valueName: "lens"),
    completion: .list(["pinhole", "fisheye"]))
  var lens = "pinhole"

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The file to write; - for standard output.", valueName: "file"),
    completion: .file(extensions: ["yml", "yaml", "xml"]))
  var output: String?

  @Option(
    help: ArgumentHelp("A page with the corners, their coverage and the undistorted picture.", valueName: "file"),
    completion: .file(extensions: ["html"]))
  var report: String?

  @Option(
    help: ArgumentHelp("Draw the board to print, at its true size.", valueName: "file"), completion: .file(extensions: ["svg"]))
  var printBoard: String?

  @Flag(help: "Replace output files that exist.")
  var overwrite = false

  @Flag(name: .shortAndLong, help: "Print no progress and no table.")
  var quiet = false

  func run() throws {
    try ExitStatus.reporting {
      if fromMotion { return try calibrateFromMotion() }
      if let fromTraffic { return try calibrate(fromTraffic: fromTraffic) }
      let board = try checkedBoard()
      guard let lens = CameraSolver.Lens(rawValue: lens) else {
        throw CommandError.usage(
          "--lens \(lens) is not known: give \(CameraSolver.Lens.allCases.map(\.rawValue).joined(separator: " or "))")
      }
      guard printBoard != nil || !inputs.isEmpty else {
        throw CommandError.usage("there is nothing to do: name pictures of the board, or --print-board FILE")
      }
      guard inputs.isEmpty == (output == nil) else {
        throw CommandError.usage(inputs.isEmpty ? "--output needs pictures of the board" : "give --output FILE for the camera")
      }
      try checkFiles()
      if let printBoard { try CalibrateCommand.write(BoardDrawing.svg(board), to: printBoard, overwrite: overwrite) }
      if !inputs.isEmpty { try calibrate(board, lens) }
    }
  }

  private func checkedBoard() throws -> CalibrationBoard {
    guard let board, let square else {
      throw CommandError.usage(
        "give the board and its size, --board chessboard:9x6 --square 0.025, or --from-motion, or --from-traffic STREAM")
    }
    let size = try OptionCheck.value(square, of: "--square", in: 1e-4...100, unit: "metres")
    do {
      return CalibrationBoard(pattern: try CalibrationBoard.pattern(board), square: size)
    } catch {
      throw CommandError.usage("--board \(error)")
    }
  }

  private func checkFiles() throws {
    var plan = OutputPlan(overwrites: overwrite)
    for input in inputs { plan.reads(input, as: "the input") }
    plan.reads(right, as: "the right input")
    plan.reads(fromTraffic, as: "the stream")
    plan.writes(output, as: "the camera")
    plan.writes(report, as: "the report")
    plan.writes(printBoard, as: "the board")
    try plan.check()
  }

  static func write(_ text: String, to path: String, overwrite: Bool) throws {
    let sink = try OutputSink(path: path, policy: .whole, overwrite: overwrite)
    try sink.write(text)
    try sink.close()
  }

  // MARK: - From traffic

  private func calibrate(fromTraffic stream: String) throws {
    guard inputs.isEmpty, board == nil, square == nil, right == nil, report == nil, printBoard == nil, lens == "pinhole" else {
      throw CommandError.usage("--from-traffic needs no pictures and no board; it goes with --output alone")
    }
    guard let output else { throw CommandError.usage("give --output FILE for the camera") }
    try checkFiles()
    let traffic = try TrafficPaths(stream: stream)
    let found = try TrafficCalibration(traffic.paths, width: traffic.width, height: traffic.height)
    let file = CameraFile(rig: CameraRig(left: found.camera))
    try CameraWriter.write(file, path: output, overwrite: overwrite)
    guard !quiet else { return }
    let degrees = 180 / Double.pi
    StandardError.say(
      "focal length \(CalibrateCommand.interval(found.camera.focalX, found.focalDeviation * found.camera.focalX, 1)) pixels, tilt \(CalibrateCommand.interval(found.tilt * degrees, found.tiltDeviation * degrees, 2))°, roll \(CalibrateCommand.interval(found.roll * degrees, found.rollDeviation * degrees, 2))° (95 %), from \(found.counts[0]) and \(found.counts[1]) straight pieces of paths"
    )
  }

  /// A value with its 95 per cent interval.
  private static func interval(_ value: Double, _ deviation: Double, _ count: Int) -> String {
    "\(decimals(value, count)) ± \(decimals(1.96 * deviation, count))"
  }

  // MARK: - From motion

  private func calibrateFromMotion() throws {
    guard !inputs.isEmpty, fromTraffic == nil, board == nil, square == nil, right == nil, report == nil, printBoard == nil,
      lens == "pinhole"
    else { throw CommandError.usage("--from-motion needs one video and no board; it goes with --output alone") }
    guard let output else { throw CommandError.usage("give --output FILE for the camera") }
    try checkFiles()
    try InterruptibleRun(isQuiet: quiet).run { cancellation, progress -> MotionCalibration? in
      let found = try MotionPairs(inputs, cancellation, progress)
      // What was seen so far is not what was asked for.
      if cancellation.isRequested { return nil }
      return try MotionCalibration(found.pairs, width: found.width, height: found.height)
    } report: { found, _ in
      guard let found else { return }
      try CameraWriter.write(CameraFile(rig: CameraRig(left: found.camera)), path: output, overwrite: overwrite)
      guard !quiet else { return }
      let focal = found.camera.focalX
      StandardError.say(
        "focal length \(CalibrateCommand.interval(focal, found.focalDeviation * focal, 1)) pixels (95 %), from \(found.pairCount) pairs of pictures of a camera that \(found.isTurning ? "turns" : "moves"), off by \(CalibrateCommand.decimals(found.error, 2)) pixels"
      )
    }
  }

  // MARK: - The work

  private struct Result {
    var parts: [CalibrationReport.Part]
    var stereo: StereoCalibration?
  }

  private func calibrate(_ board: CalibrationBoard, _ lens: CameraSolver.Lens) throws {
    try InterruptibleRun(isQuiet: quiet).run { cancellation, progress -> Result? in
      let search = BoardSearch(
        pattern: board.pattern, keepsPictures: report != nil, cancellation: cancellation)
      let left = try search.run(inputs, progress: progress)
      let found = try right.map { try search.run([$0], progress: progress) }
      // What was found so far is no calibration of what was asked for.
      if cancellation.isRequested { return nil }
      let camera = try left.calibration(board, lens)
      guard let found else { return Result(parts: [try left.part(named: "camera", camera)]) }
      try CalibrateCommand.checkPair(left, found)
      let other = try found.calibration(board, lens)
      return Result(
        parts: [try left.part(named: "left camera", camera), try found.part(named: "right camera", other)],
        stereo: try StereoCalibration(left: camera, right: other, board: board))
    } report: { result, _ in
      if let result { try write(result) }
    }
  }

  private static func checkPair(_ left: BoardSearch.Found, _ right: BoardSearch.Found) throws {
    guard left.size == right.size else {
      throw CalibrationError.unpaired(
        detail:
          "the left pictures have \(left.size.width)×\(left.size.height) pixels and the right ones \(right.size.width)×\(right.size.height)"
      )
    }
    guard left.pictureCount == right.pictureCount else {
      throw CalibrationError.unpaired(
        detail: "there are \(left.pictureCount) left and \(right.pictureCount) right pictures; name pairs only, in one order")
    }
  }

  private func write(_ result: Result) throws {
    var file = CameraFile(rig: CameraRig(left: result.parts[0].calibration.camera))
    file.quality = result.parts.map(\.calibration.quality)
    if let stereo = result.stereo {
      file.rig = CameraRig(left: stereo.left.camera, right: stereo.right.camera, rightFromLeft: stereo.rightFromLeft)
      file.stereoError = stereo.error
    }
    if let output { try CameraWriter.write(file, path: output, overwrite: overwrite) }
    if let report {
      let statements = [
        (name: "input", text: (inputs + (right.map { [$0] } ?? [])).joined(separator: " ")),
        (name: "board", text: "\(board ?? ""), \(square ?? 0) m"), (name: "lens", text: lens),
        (name: "program", text: ProgramVersion.programText),
      ]
      try CalibrateCommand.write(
        CalibrationReport.page(result.parts, stereo: result.stereo, statements: statements), to: report, overwrite: overwrite)
    }
    tell(result)
  }

  private func tell(_ result: Result) {
    for part in result.parts {
      for view in part.calibration.dropped where !quiet { StandardError.say("left out: \(view.name), \(view.reason)") }
    }
    for warning in result.stereo?.warnings ?? [] { StandardError.warn(warning) }
    guard !quiet else { return }
    for part in result.parts {
      let calibration = part.calibration
      StandardError.say(
        "the \(part.name): \(calibration.views.count) views, reprojection error \(CalibrateCommand.decimals(calibration.error, 4)) pixels"
      )
      StandardError.write([CalibrationReport.parameterTable(calibration).rendered(as: .terminal)])
    }
    if let stereo = result.stereo {
      StandardError.say(
        "distance of the cameras \(CalibrateCommand.decimals(1000 * stereo.baseline, 2)) mm from \(stereo.pairCount) pairs, reprojection error \(CalibrateCommand.decimals(stereo.error, 4)) pixels"
      )
    }
  }

  private static func decimals(_ value: Double, _ count: Int) -> String { DecimalText.fixed(value, decimals: count) ?? "-" }
}
