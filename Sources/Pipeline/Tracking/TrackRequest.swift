import Appearance
import Detection
import Foundation
import Geometry
public import NetworkPrograms
import Orientation
import Records
import Tracking

/// Everything that one tracking run is asked to do, checked and with every default filled in.
public struct TrackRequest: Sendable {
  /// What happens to a live source that is faster than the program.
  public enum LivePolicy: String, Sendable, CaseIterable {
    /// Frames are dropped, the oldest first, and counted.
    case latest
    /// No frame is dropped; the source has to wait.
    case all
  }

  /// The input as `VideoSources.open` takes it, or several files that are one recording; empty to track a detections file without pictures.
  public var inputs: [String] = []
  /// What finds the objects.
  public var detector = DetectorChoice.motion
  /// The one object to follow in the place of what a detector finds.
  public var target = TargetChoice()
  /// What tells the tracker how detections look.
  public var appearance = AppearanceChoice.none
  /// A folder of examples, a folder a class, by which detections are named; nil: by their detector.
  public var examples: String?
  /// How the motion detector works.
  public var motionDetector = MotionDetectorSettings()
  /// Whether tracks have masks.
  public var findsMasks = false
  /// The size of a network's input; nil: the file's own, or 640×640.
  public var detectorSize: DetectorSize?
  /// What a network is computed in.
  public var detectorType = TypeChoice.auto
  /// The files to write.
  public var outputs = TrackOutputs()
  /// The detector runs on every n-th frame.
  public var detectEvery = 1
  /// Seconds after the first picture at which the run begins; nil: at once.
  public var startSeconds: Double?
  /// Seconds after the first picture at which it ends; nil: with the input.
  public var endSeconds: Double?
  /// The most frames; nil: all.
  public var maximumFrames: Int?
  /// Names of the classes that are kept; empty keeps all.
  public var classes: [String] = []
  /// Detections below this probability are left out.
  public var minimumScore = 0.0
  /// A picture that is white where detections count.
  public var regionOfInterest: String?
  /// What happens when a live source is faster than the program.
  public var livePolicy = LivePolicy.latest
  /// The values of pictures of more than 8 bits that become black and white; nil follows the values in use.
  public var valueRange: ClosedRange<Double>?
  /// The rate of pictures and detections that carry no times, in frames per second.
  public var framesPerSecond: Double?
  /// How long a read of a network source or camera may take.
  public var readTimeoutSeconds = 10.0
  /// How long a lost camera or stream is tried to be got back.
  public var giveUpSeconds = 30.0
  /// Threads of the run; their number never changes a result.
  public var threads = ProcessInfo.processInfo.activeProcessorCount
  /// Added to each detection, to measure what happens when the program is too slow for its source.
  public var detectorDelayMilliseconds = 0.0
  /// How the camera's motion is found.
  public var cameraMotion = CameraMotionSettings()
  /// The file of the camera, for bearings and poses.
  public var camera: String?
  /// A known rectangle on the ground, in the first frame's pixels.
  public var ground: GroundMap.Rectangle?
  /// Metres a pixel of the first frame, of a camera that looks straight down.
  public var metresPerPixel: Double?
  /// How the camera of boxes in space moves, where those are to be tracked on the ground; nil: boxes in the picture are tracked.
  public var poses: EgoMotion?
  /// How detections become tracks.
  public var tracker = TrackerSettings()
  /// How the objects move by themselves.
  public var motion = MotionChoice.kalman
  /// Whether rows are given only when their tracks have ended, smoothed and judged as a whole.
  public var smooths = false
  /// The same with a bound: how long a frame waits for what follows, in seconds; nil: not at all.
  public var lag: Double?
  /// When the stream goes on in a new file; nil: never.
  public var rotation: Rotation?
  /// Where the run tells its metrics; nil: nowhere.
  public var metrics: MetricsAddress?
  /// Where the run tells what it finds.
  public var publishing = PublishRequest()
  /// The file in which the run notes what it knows, to be gone on with; nil: it does not.
  public var checkpoint: String?
  /// Seconds between two such notes.
  public var checkpointSeconds = 900.0
  /// Whether the run goes on where the checkpoint was made, if there is one.
  public var resumes = false
  /// The file that settings were read from, which must not be written to.
  public var settingsFile: String?
  /// The program's name and version for the header.
  public var program: String

  /// The defaults, for an input.
  public init(inputs: [String] = [], program: String = "sextant") {
    self.inputs = inputs
    self.program = program
  }

  /// The defaults, for one input (or none), a detector and outputs.
  public init(input: String?, detector: DetectorChoice, outputs: TrackOutputs, program: String) {
    self.init(inputs: input.map { [$0] } ?? [], program: program)
    self.detector = detector
    self.outputs = outputs
  }
}

// MARK: - What is kept elsewhere

extension TrackRequest {
  /// Seconds of the forecast, 0 for none.
  public var forecastSeconds: Double {
    get { tracker.forecastTimes.last ?? 0 }
    set { tracker.forecastTimes = newValue > 0 ? TrackRequest.forecastTimes(upTo: newValue) : [] }
  }

  /// How long a frame waits for what follows, seconds: infinite to the end of its tracks, nil not at all.
  var lookahead: Double? { smooths ? .infinity : lag }

  /// The seed of everything random, of which the camera's motion is all.
  public var seed: UInt64 {
    get { cameraMotion.seed }
    set { cameraMotion.seed = newValue }
  }

  /// At most ten equal steps: enough to draw a path with, and few enough not to swamp the stream.
  static func forecastTimes(upTo seconds: Double) -> [Double] {
    let steps = Int(bounded: (seconds / 0.25).rounded(.up), in: 1...10)
    return (1..<steps).map { seconds * Double($0) / Double(steps) } + [seconds]
  }

  /// The files that settings name and that the result depends on: of detections, a network, a motion, a camera, a region of interest,
  /// examples.
  public var namedFiles: [String] {
    var files: [String] = []
    switch detector {
    case .motion: break
    case .file(let path), .network(let path): files.append(path)
    }
    if case .file(let path) = motion { files.append(path) }
    if case .file(let path) = poses { files.append(path) }
    if let examples { files += [examples] + ExampleClasses.paths(in: examples) }
    return files
      + [appearance.file, camera, regionOfInterest, target.model?.backbone, target.model?.head, target.picture].compactMap { $0 }
  }

  /// Checks that no output is an input or another output, and that each can be made.
  ///
  /// - Throws: As `OutputPlan.check` does.
  func checkFiles() throws {
    if let checkpoint, !resumes, !outputs.overwrites, FileIdentity(path: checkpoint) != nil {
      throw PipelineError.checkpointExists(path: checkpoint)
    }
    // What an earlier run left is checked where it is opened.
    var plan = OutputPlan(overwrites: outputs.overwrites || resumes)
    for input in inputs { plan.reads(input, as: "the video") }
    plan.reads(inputs.first.flatMap(RatedSource.description), as: "the description of the sequence")
    if case .file(let path) = detector {
      plan.reads(path, as: "the detections")
      plan.reads(SequenceInformation.path(beside: path), as: "the description of the sequence")
    }
    plan.readsNetwork(target.model?.backbone, as: "the target's backbone")
    plan.readsNetwork(target.model?.head, as: "the target's head")
    plan.reads(target.picture, as: "the target's picture")
    if case .network(let path) = detector { plan.readsNetwork(path, as: "the detector's network") }
    plan.readsNetwork(appearance.file, as: "the network of looks")
    for path in examples.map(ExampleClasses.paths) ?? [] { plan.reads(path, as: "an example") }
    plan.reads(regionOfInterest, as: "the region of interest")
    plan.reads(camera, as: "the camera")
    if case .file(let path) = poses { plan.reads(path, as: "the camera's poses") }
    plan.reads(publishing.authorities, as: "the broker's certificates")
    plan.reads(settingsFile, as: "the configuration")
    if case .file(let path) = motion { plan.reads(path, as: "the motion") }
    let first = RotatedStreamSink.firstNumber(outputs.stream, overwrites: outputs.overwrites)
    plan.writes(rotation == nil ? outputs.stream : RotatedStreamSink.name(outputs.stream, number: first), as: "the stream")
    plan.writes(outputs.mot, as: "the MOT text")
    plan.writes(outputs.orientedMot, as: "the oriented MOT text")
    plan.writes(outputs.kitti, as: "the KITTI text")
    plan.writes(outputs.csv, as: "the CSV")
    plan.writes(outputs.summary, as: "the summary")
    plan.writes(outputs.detections, as: "the detections that were found")
    plan.writes(outputs.timings, as: "the timings")
    plan.writes(checkpoint, as: "the checkpoint")
    try plan.writesVideo(outputs.overlay, as: "the overlay")
    try plan.check()
  }

  /// Looking ahead writes each row once, when it is final: what that excludes is refused.
  private func checkLookahead() throws(TrackSettingError) {
    guard lookahead != nil else { return }
    if smooths, lag != nil {
      throw TrackSettingError(
        setting: "lag", excludes: "smooth", "give a time to look ahead, or look to the end")
    }
    let name = smooths ? "smooth" : "lag"
    if forecastSeconds > 0 {
      throw TrackSettingError(
        setting: "forecast", excludes: name, "what is forecast has been seen by then")
    }
    if smooths, outputs.isViewed {
      throw TrackSettingError(
        setting: "view", excludes: "smooth", "nothing is known before the end; view the stream afterwards")
    }
    if smooths, outputs.overlay != nil {
      throw TrackSettingError(
        setting: "overlay", excludes: "smooth", "every picture would have to be held; draw it from the stream afterwards")
    }
  }

  /// A run can only be gone on with where its input and its outputs are files.
  private func checkCheckpoint() throws(TrackSettingError) {
    if resumes, checkpoint == nil {
      throw TrackSettingError(setting: "resume", problem: "needs a checkpoint to go on from: name its file (--checkpoint)")
    }
    try checkRotation()
    guard checkpoint != nil else { return }
    func refuse(_ problem: String) throws(TrackSettingError) { throw TrackSettingError(setting: "checkpoint", problem: problem) }
    func refuse(_ rival: String, _ reason: String) throws(TrackSettingError) {
      throw TrackSettingError(setting: "checkpoint", excludes: rival, reason)
    }
    if outputs.overlay != nil {
      try refuse("overlay", "a video cannot be gone on with; draw it from the stream afterwards (sextant render)")
    }
    if outputs.stream == "-" { try refuse("needs the stream in a file: name it (--output)") }
    if rotation != nil { try refuse("rotate", "a recording that is gone on with is one stream") }
    if inputs.isEmpty { try refuse("needs a video: detections alone are tracked in seconds") }
  }

  /// On the ground only boxes in space are tracked, of which a file tells.
  private func checkPoses() throws(TrackSettingError) {
    guard poses != nil else { return }
    guard inputs.isEmpty, case .file = detector else {
      throw TrackSettingError(
        setting: "poses", problem: "needs a file of detections with boxes in space, and no pictures: name it (--detections)")
    }
    for (isThere, name) in [(camera != nil, "camera"), (ground != nil, "ground"), (metresPerPixel != nil, "gsd")] where isThere {
      throw TrackSettingError(setting: "poses", excludes: name, "boxes in space have their places already")
    }
    if forecastSeconds > 0 {
      throw TrackSettingError(setting: "poses", excludes: "forecast", "forecasts are places in the picture")
    }
  }

  /// Only the stream is written in several files, and its rows come in their order.
  private func checkRotation() throws(TrackSettingError) {
    guard rotation != nil else { return }
    func refuse(_ problem: String) throws(TrackSettingError) { throw TrackSettingError(setting: "rotate", problem: problem) }
    if outputs.stream == "-" { try refuse("needs the stream in files: name the first (--output)") }
    if tracker.backfills || tracker.interpolation > 0 {
      throw TrackSettingError(
        setting: "rotate", excludes: tracker.backfills ? "backfill" : "interpolation",
        "earlier rows would belong to a file that is complete; look ahead in its stead")
    }
    if [outputs.mot, outputs.orientedMot, outputs.kitti, outputs.csv, outputs.summary, outputs.detections, outputs.overlay]
      .contains(where: {
        $0 != nil
      })
    {
      try refuse("is for the stream alone: leave other outputs out, and make them of its files afterwards")
    }
  }

  /// Checks what no setting shows by itself.
  ///
  /// - Throws: `TrackSettingError`, or `TrackingError` for one of the tracker's settings.
  public func check() throws {
    if let start = startSeconds, let end = endSeconds, end <= start {
      throw TrackSettingError(setting: "end", problem: "\(end) does not lie after the start, \(start)")
    }
    if let ground, GroundMap(ground) == nil {
      throw TrackSettingError(
        setting: "ground",
        problem: "has corners that do not go clockwise around a convex shape in the picture: give them in that order")
    }
    try checkLookahead()
    try checkCheckpoint()
    try checkPoses()
    try checkTarget()
    try checkAppearance()
    try checkPublishing()
    try outputs.check(lookahead == nil ? tracker.interpolation : 0)
    try tracker.check()
    try motionDetector.check()
  }
}

/// The files that a tracking run writes; nil ones are not written.
public struct TrackOutputs: Sendable, Equatable {
  /// The stream of records; `-` is standard output.
  public var stream: String
  /// MOTChallenge text.
  public var mot: String?
  /// Oriented MOT text.
  public var orientedMot: String?
  /// KITTI's tracking results.
  public var kitti: String?
  /// CSV with a header.
  public var csv: String?
  /// One row of CSV a track.
  public var summary: String?
  /// What the detector found, in the format that the name tells (`DetectionTextWriter.format(ofName:)`).
  public var detections: String?
  /// Which rows the texts (MOT, oriented MOT, KITTI, CSV) hold; the stream has all.
  public var rows = RowKinds.seen
  /// The video with the tracks drawn on it.
  public var overlay: String?
  /// What the overlay shows.
  public var overlayLayers: Set<OverlayLayer>
  /// Whose boxes' contents are hidden in the overlay and in the page of a running tracker.
  public var blurred = BlurredClasses.none
  /// Whether the run is shown in browsers while it goes.
  public var isViewed = false
  /// Each stage's time.
  public var timings: String?
  /// Files that exist are replaced only on request.
  public var overwrites: Bool

  /// Checks that what was asked for can be had together.
  ///
  /// - Parameter interpolation: The longest gap whose rows come a second time, seconds.
  /// - Throws: `TrackSettingError` for kinds of rows without an output that they are for, or rows of a text that would stand in it twice.
  func check(_ interpolation: Double) throws(TrackSettingError) {
    if let detections, DetectionTextWriter.format(ofName: detections) == nil {
      throw TrackSettingError(
        setting: "detections_output",
        problem:
          "\(detections) has a name that tells no format: let it end in .csv, in .txt, or in"
          + " .\(DetectionTextWriter.formats.dropFirst().map(\.rawValue).joined(separator: ".txt, .")).txt"
      )
    }
    if blurred != .none, overlay == nil, !isViewed {
      throw TrackSettingError(
        setting: "blur", problem: "hides contents in pictures and none are shown: ask for an overlay or a view too")
    }
    guard rows != .seen else { return }
    guard mot != nil || orientedMot != nil || kitti != nil || csv != nil else {
      throw TrackSettingError(
        setting: "rows",
        problem: "\(rows.rawValue) is about texts and none is written: ask for MOT text, oriented MOT text, KITTI text or CSV too")
    }
    if rows == .all, interpolation > 0, mot != nil || orientedMot != nil || kitti != nil {
      throw TrackSettingError(
        setting: "rows",
        problem:
          "all and the tracker's interpolation exclude each other: a gap's rows would stand in the text twice, coasting and filled in"
      )
    }
  }

  /// What is not named is not written, but for the stream.
  public init(
    stream: String = "-", mot: String? = nil, orientedMot: String? = nil, csv: String? = nil, overlay: String? = nil,
    overlayLayers: Set<OverlayLayer> = OverlayLayer.standard,
    overwrites: Bool = false
  ) {
    self.stream = stream
    self.mot = mot
    self.orientedMot = orientedMot
    self.csv = csv
    self.overlay = overlay
    self.overlayLayers = overlayLayers
    self.overwrites = overwrites
  }
}
