import Orientation
import Tracking

/// Everything that one tracking run is asked to do, checked and with every default filled in.
public struct TrackRequest: Sendable {
  /// Where detections come from.
  public enum DetectorChoice: Sendable, Equatable {
    /// What moves against the background.
    case motion
    /// A file of detections.
    case file(String)
  }

  /// What happens to a live source that is faster than the program.
  public enum LivePolicy: String, Sendable, CaseIterable {
    /// Frames are dropped, the oldest first, and counted.
    case latest
    /// No frame is dropped; the source has to wait.
    case all
  }

  /// What happens to tracks at a scene cut.
  public enum CutPolicy: String, Sendable, CaseIterable {
    case reset, keep
  }

  /// The input as `VideoSources.open` takes it; nil to track a detections file without pictures.
  public var input: String?
  public var detector: DetectorChoice
  public var outputs: TrackOutputs
  /// Seconds of the forecast, 0 for none.
  public var forecastSeconds: Double
  /// The detector runs on every n-th frame.
  public var detectEvery: Int
  public var startSeconds: Double?
  public var endSeconds: Double?
  public var maximumFrames: Int?
  /// Names of the classes that are kept; empty keeps all.
  public var classes: [String]
  /// Detections below this probability are left out.
  public var minimumScore: Double
  /// A picture that is white where detections count.
  public var regionOfInterest: String?
  public var cutPolicy: CutPolicy
  public var livePolicy: LivePolicy
  /// The rate of pictures and detections that carry no times, in frames per second.
  public var framesPerSecond: Double?
  public var readTimeoutSeconds: Double
  public var giveUpSeconds: Double
  public var threads: Int
  /// Added to each detection, to measure what happens when the program is too slow for its source.
  public var detectorDelayMilliseconds: Double
  public var backfills: Bool
  public var seed: UInt64
  public var cameraMotion: CameraMotionSettings
  public var tracker: TrackerSettings
  /// The program's name and version for the header.
  public var program: String

  public init(input: String?, detector: DetectorChoice, outputs: TrackOutputs, program: String) {
    self.input = input
    self.detector = detector
    self.outputs = outputs
    self.program = program
    forecastSeconds = 0
    detectEvery = 1
    classes = []
    minimumScore = 0
    cutPolicy = .reset
    livePolicy = .all
    readTimeoutSeconds = 10
    giveUpSeconds = 30
    threads = 2
    detectorDelayMilliseconds = 0
    backfills = false
    seed = 0
    cameraMotion = CameraMotionSettings()
    tracker = TrackerSettings()
  }
}

extension TrackRequest {
  /// The tracker's settings with what the other options say about it.
  var trackerSettings: TrackerSettings {
    var settings = tracker
    settings.backfills = backfills || settings.backfills
    settings.cuts = cutPolicy == .keep ? .keep : settings.cuts
    if forecastSeconds > 0 { settings.forecastTimes = TrackRequest.forecastTimes(upTo: forecastSeconds) }
    return settings
  }

  /// At most ten equal steps: enough to draw a path with, and few enough not to swamp the stream.
  static func forecastTimes(upTo seconds: Double) -> [Double] {
    let steps = max(1, min(10, Int((seconds / 0.25).rounded(.up))))
    return (1...steps).map { seconds * Double($0) / Double(steps) }
  }
}

/// The files that a tracking run writes; nil ones are not written.
public struct TrackOutputs: Sendable, Equatable {
  /// The stream of records; `-` is standard output.
  public var stream: String
  public var mot: String?
  public var orientedMot: String?
  public var csv: String?
  public var overlay: String?
  /// What the overlay shows.
  public var overlayLayers: Set<OverlayLayer>
  /// Files that exist are replaced only on request.
  public var overwrites: Bool

  public init(
    stream: String = "-", mot: String? = nil, orientedMot: String? = nil, csv: String? = nil, overlay: String? = nil,
    overlayLayers: Set<OverlayLayer> = Set(OverlayLayer.allCases),
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
