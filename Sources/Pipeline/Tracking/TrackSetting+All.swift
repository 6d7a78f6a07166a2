import Geometry
import Records

extension TrackSetting {
  /// Every setting of a tracking run, in the order in which a header lists them.
  public static let all = output + publishing + detection + target + camera + world + input + live + life + running

  /// A checkpoint takes some hundredths of a second.
  public static let leastCheckpointSeconds = 0.1

  private static let output = [
    TrackSetting(
      name: "output", section: .output, form: .file("file", extensions: []), place: .absent,
      help: "The stream of records; - or nothing is standard output.", defaultText: nil, letter: "o",
      assign: { $1.outputs.stream = $0[0] }, value: { .text($0.outputs.stream) }),
    file("mot_output", .output, \.outputs.mot, "Tracks as MOTChallenge text (upright boxes, frames from 1)."),
    file(
      "oriented_mot_output", .output, \.outputs.orientedMot, "Tracks as oriented MOT text of 13 columns (corners, frames from 1)."),
    file(
      "kitti_output", .output, \.outputs.kitti,
      "Tracks as KITTI's tracking results (frames from 0), with their boxes in space under --poses."),
    file("csv", .output, \.outputs.csv, "Tracks as CSV with a header that names the units."),
    file(
      "summary", .output, \.outputs.summary,
      "One row of CSV a track: class, start, end, duration, length of its path, mean speed, why it ended."),
    file(
      "detections_output", .output, \.outputs.detections, extensions: ["csv", "txt"],
      """
      What was detected, to be tracked again by --detections: NAME.csv with covariances, NAME.txt (mot-obb), or NAME.FORMAT.txt with \
      \(DetectionTextWriter.formats.dropFirst().map(\.rawValue).joined(separator: ", ")).
      """),
    choice(
      "rows", .output, \.outputs.rows, place: .absent,
      "Rows of those texts: 'observed' with a detection, 'seen' with filled gaps too, 'all' with coasting ones."),
    file(
      "overlay", .output, \.outputs.overlay, extensions: VideoContainer.extensions,
      "The video with the tracks drawn on it (H.264)."),
    TrackSetting(
      name: "overlay_layers", section: .output, form: .words("list", OverlayLayer.lists + OverlayLayer.allCases.map(\.rawValue)),
      place: .absent,
      help:
        "What the overlay shows: standard (all but scores), all, none, or of \(OverlayLayer.allCases.map(\.rawValue).joined(separator: ",")).",
      defaultText: "standard",
      assign: { texts, request in
        guard let layers = OverlayLayer.parse(texts[0]) else {
          let known = OverlayLayer.allCases.map(\.rawValue).joined(separator: ", ")
          throw TrackSettingError(
            setting: "overlay_layers", problem: "\(texts[0]) is not known: give 'standard', 'all', 'none' or a list of \(known)")
        }
        request.outputs.overlayLayers = layers
      }, value: { .text($0.outputs.overlayLayers.map(\.rawValue).sorted().joined(separator: ",")) }),
    TrackSetting(
      name: "blur", section: .output, form: .words("classes", ["all"]), place: .absent,
      help: "Hide what lies in the boxes of these classes (names with commas, or 'all') in the overlay and the view.",
      defaultText: nil,
      assign: { texts, request in
        guard let blurred = BlurredClasses(texts[0]) else {
          throw TrackSettingError(setting: "blur", problem: "\(texts[0]) has an empty name: give 'all' or names with commas")
        }
        request.outputs.blurred = blurred
      }, value: { .text($0.outputs.blurred.list) }),
    flag(
      "view", .output, \.outputs.isViewed, place: .absent,
      "Show the run in a browser while it goes; the address is said on standard error."),
    file("timings", .output, \.outputs.timings, "Each stage's processor time, and the whole run's wall time, as JSON."),
    file(
      "checkpoint", .output, \.checkpoint,
      "Note what is known of a long recording in this file, at intervals and when asked to end, to be gone on with by --resume."),
    TrackSetting(
      name: "checkpoint_every", section: .output, form: .value("time"), place: .absent, help: "The interval of --checkpoint.",
      defaultText: "15min",
      assign: { texts, request in
        guard let seconds = TimeSpan.seconds(texts[0]), seconds >= leastCheckpointSeconds else {
          throw TrackSettingError(
            setting: "checkpoint_every", problem: "\(texts[0]) is no interval: give 0.1s or more, such as 15min or 1h")
        }
        request.checkpointSeconds = seconds
      }, value: { .real($0.checkpointSeconds) }),
    flag(
      "resume", .output, \.resumes, place: .absent,
      "Go on where --checkpoint was last made, if there is one; the result is that of a run that never stopped."),
    TrackSetting(
      name: "rotate", section: .output, form: .value("time|size"), place: .absent,
      help: "Go on in a new file behind so much time or text, such as 1h or 1GB: NAME-000001.ndjson and so on, each whole.",
      defaultText: nil,
      assign: { texts, request in
        guard let rotation = Rotation(texts[0]) else {
          throw TrackSettingError(
            setting: "rotate", problem: "\(texts[0]) is neither time nor size: give such as 30min, 1h, 200MB or 1GB")
        }
        request.rotation = rotation
      }, value: { $0.rotation.map { .text("\($0)") } ?? .null }),
    TrackSetting(
      name: "metrics", section: .output, form: .value("[host:]port"), place: .absent,
      help: "Tell how the run stands as text for Prometheus, over HTTP on this machine alone unless an address is given.",
      defaultText: nil,
      assign: { texts, request in
        guard let address = MetricsAddress(texts[0]) else {
          throw TrackSettingError(
            setting: "metrics", problem: "\(texts[0]) is no address: give a port, or four numbers and a port such as 0.0.0.0:9100")
        }
        request.metrics = address
      }, value: { $0.metrics.map { .text($0.text) } ?? .null }),
    flag("overwrite", .output, \.outputs.overwrites, place: .absent, "Replace output files that exist."),
  ]

  private static let detection = [
    TrackSetting(
      name: "detector", section: .detection, form: .value("motion|FILE|NAME|MODEL.onnx"), place: .settings,
      help:
        "'motion', a file of detections, a name of 'sextant models list', or a detector's network: YOLOv5 to v26, with angles too, YOLOX, FastestDet.",
      defaultText: "motion", rival: "detections",
      assign: { $1.detector = TrackRequest.DetectorChoice($0[0]) }, value: detectorValue),
    TrackSetting(
      name: "detector_size", section: .detection, form: .value("HEIGHTxWIDTH"), place: .settings,
      help: "The size of a network's input, such as 480x832; by default the file's own, else 640x640.", defaultText: nil,
      assign: { texts, request in
        guard let size = DetectorSize(texts[0]) else {
          throw TrackSettingError(setting: "detector_size", problem: "\(texts[0]) is no size: give one such as 480x832")
        }
        request.detectorSize = size
      }, value: { $0.detectorSize.map { .text($0.description) } ?? .null }),
    choice(
      "detector_type", .detection, \.detectorType,
      "What a network is computed in; by itself int8 for a quantised one. A processor without a type takes f32 instead and says so."
    ),
    TrackSetting(
      name: "detections", section: .detection, form: .file("file", extensions: []), place: .absent,
      help: """
        Detections from a file or folder: \(BoxFormat.allCases.map(\.rawValue).joined(separator: ", ")); gzip or not. Without a video a \
        stream's own times and camera motions hold.
        """, defaultText: nil, rival: "detector",
      assign: { $1.detector = .file($0[0]) }, value: { .text($0.detector.name) }),
    file(
      "examples", .detection, \.examples, word: "folder", place: .settings,
      "Name what is detected by pictures: a folder a class, a few crops each; the nearest in --appearance (else 'stripes') counts."),
    number("detect_every", .detection, \.detectEvery, in: 1...1_000_000, unit: "frames", "Run the detector on every n-th frame."),
    hidden(
      number(
        "detector_delay", .detection, \.detectorDelayMilliseconds, in: 0...60_000, unit: "milliseconds", place: .absent,
        "Milliseconds added to each detection, to try out slow detectors.")),
    TrackSetting(
      name: "classes", section: .detection, form: .list("class"), place: .settings,
      help: "Keep only these classes: names with commas, in upper or lower case.",
      defaultText: nil,
      assign: { texts, request in
        let names = texts.flatMap { $0.split(separator: ",").map(String.init) }
        guard texts.isEmpty || !names.isEmpty else {
          throw TrackSettingError(setting: "classes", problem: "name nothing: give names with commas between")
        }
        request.classes = names
      },
      value: { .list($0.classes.map { .text($0) }) }),
    number("min_score", .detection, \.minimumScore, in: 0...1, unit: "", "Leave out detections below this probability."),
    flag(
      "masks", .detection, \.findsMasks,
      "Add each track's pixels in the frames that it is seen in, as COCO's run lengths; of the motion detector, and of networks that tell masks."
    ),
    file("roi", .detection, \.regionOfInterest, word: "mask", place: .settings, "A picture that is white where detections count."),
  ]

  /// The detector with its settings, as the `detector` section of a configuration file has them.
  private static func detectorValue(_ request: TrackRequest) -> JSONValue {
    // What is pointed at is followed in a detector's place.
    if request.target.isAsked { return .null }
    switch request.detector {
    case .motion:
      guard case .object(let settings) = SettingsJSON.value(of: request.motionDetector) else { return .null }
      return .object([("kind", .text("motion"))] + settings)
    case .file(let path): return .object([("kind", .text("file")), ("file", .text(path))])
    case .network(let path): return .object([("kind", .text("network")), ("file", .text(path))])
    }
  }

  private static let camera = [
    choice("features", .tracking, \.cameraMotion.features, "Features that the camera's motion is found by."),
    number(
      "forecast", .tracking, \.forecastSeconds, in: 0...60, unit: "seconds",
      "Add where each track will be, up to this many seconds ahead."),
  ]

  private static let world = [
    TrackSetting(
      name: "poses", section: .tracking, form: .words("file|still", [EgoMotion.still.name]), place: .settings,
      help: """
        Track the boxes in space of --detections (KITTI, AB3DMOT) on the ground, seen from above, in metres: a file of the camera's poses \
        (KITTI, TUM; one a frame), or 'still'.
        """, defaultText: nil,
      assign: { $1.poses = EgoMotion(name: $0[0]) }, value: { $0.poses.map { .text($0.name) } ?? .null }),
    file(
      "camera", .tracking, \.camera, place: .settings,
      "The camera's file ('sextant calibrate'): tracks gain their bearings, frames the pose over a known ground."),
    TrackSetting(
      name: "ground", section: .tracking, form: .value("corners:WxH"), place: .settings,
      help: """
        Four corners of a rectangle on the ground in the first frame, clockwise, and its sides in metres, such as \
        '412,300 880,310 1010,620 250,600:30x12': tracks gain places and motions in metres.
        """, defaultText: nil, rival: "gsd",
      assign: { texts, request in
        guard let rectangle = GroundSetting.rectangle(texts[0]) else {
          throw TrackSettingError(
            setting: "ground",
            problem: "\(texts[0]) is no rectangle: give four corners and its sides, such as '4,3 88,3 99,60 2,60:30x12'")
        }
        request.ground = rectangle
      }, value: { $0.ground.map { .text(GroundSetting.text($0)) } ?? .null }),
    metresPerPixel,
  ]

  private static let metresPerPixel = {
    var setting = number(
      "gsd", .tracking, \.metresPerPixel, in: 1e-6...1e6, unit: "metres",
      "Metres a pixel of the first frame, of a camera that looks straight down: places and motions in metres.")
    setting.rival = "ground"
    return setting
  }()

  private static let input = [
    number(
      "start", .input, \.startSeconds, in: 0...1e9, unit: "seconds",
      "Begin this many seconds after the first picture. Frames are counted from there; beside a file of detections, read or written, from the first picture."
    ),
    number("end", .input, \.endSeconds, in: 0...1e9, unit: "seconds", "End this many seconds after the first picture."),
    number("max_frames", .input, \.maximumFrames, in: 1...Int(Int32.max), unit: "frames", "End after this many frames."),
    choice("across_cuts", .tracking, \.tracker.cuts, "At a scene cut: 'reset' ends all tracks, 'keep' goes on with them."),
  ]

  private static let live = [
    choice("live", .input, \.livePolicy, "For live input: 'latest' drops frames when behind and counts them, 'all' never drops."),
    number(
      "fps", .input, \.framesPerSecond, in: 0.001...100_000, unit: "frames per second",
      "Frames per second of pictures or of a detections file, which carry no times."),
    TrackSetting(
      name: "range", section: .input, form: .value("low:high"), place: .settings,
      help: "The values of pictures of more than 8 bits that become black and white; by default those in use, followed slowly.",
      defaultText: nil,
      assign: { texts, request in
        let ends = texts[0].split(separator: ":", omittingEmptySubsequences: false).map { Double($0) }
        guard ends.count == 2, let low = ends[0], let high = ends[1], low.isFinite, high.isFinite, low < high else {
          throw TrackSettingError(setting: "range", problem: "\(texts[0]) is no range: give two values such as 29400:30300")
        }
        request.valueRange = low...high
      },
      value: { request in request.valueRange.map { .text("\($0.lowerBound.plain):\($0.upperBound.plain)") } ?? .null }),
    number(
      "timeout", .input, \.readTimeoutSeconds, in: 0.1...3600, unit: "seconds", place: .absent,
      "Give up a network or camera read after this many seconds."),
    number(
      "give_up", .input, \.giveUpSeconds, in: 0...1e7, unit: "seconds", place: .absent,
      "Try to get a lost camera or stream back for this many seconds."),
  ]

  private static let life = [
    TrackSetting(
      name: "appearance", section: .tracking, form: .words("none|stripes|detector|model.onnx", AppearanceChoice.named),
      place: .settings,
      help: """
        How objects look helps to tell them apart, and gives who comes back the same id: by colour in three 'stripes', by what the 'detector' \
        itself tells (a network of 'train detector --embedding'), or by a network for re-identification.
        """, defaultText: "none",
      assign: { texts, request in
        guard let choice = AppearanceChoice(texts[0]) else {
          throw TrackSettingError(
            setting: "appearance",
            problem:
              "\(texts[0]) is not known: give none, stripes, detector, a model of 'sextant models list' or a network's file, such as model.onnx"
          )
        }
        request.appearance = choice
      }, value: { $0.appearance.name.map { .text($0) } ?? .null }),
    TrackSetting(
      name: "motion", section: .tracking, form: .words("kalman|ss-kan|file", MotionChoice.named.map(\.name)), place: .settings,
      help: "How objects move: 'kalman', 'ss-kan' (learned, brought along), or a file of 'sextant train motion'.",
      defaultText: MotionChoice.kalman.name,
      assign: { $1.motion = MotionChoice(name: $0[0]) }, value: { .text($0.motion.name) }),
    flag(
      "smooth", .tracking, \.smooths,
      "Look to the end of every track: poor ones are left out, the others have their early rows and filled gaps, boxes are smoothed."
    ),
    number(
      "lag", .tracking, \.lag, in: 0...3600, unit: "seconds",
      "The same for live use: look this many seconds ahead; frames are written that much later."),
    flag(
      "backfill", .tracking, \.tracker.backfills,
      "Add the rows of a track from before it was confirmed; records come later by the time of a confirmation."),
  ]

  private static let running = [
    number("seed", .tracking, \.seed, in: 0...UInt64(Int64.max), unit: "", place: .top, "Seed of everything random."),
    number(
      "threads", .running, \.threads, in: 1...1024, unit: "threads", place: .absent, showsDefault: false,
      "Number of threads; it never changes the result."),
  ]

  private static func hidden(_ setting: TrackSetting) -> TrackSetting {
    var setting = setting
    setting.isHidden = true
    return setting
  }
}
