import Detection
import NetworkDetection
import Tracking

extension TrackRequest {
  /// Where detections come from.
  public enum DetectorChoice: Sendable, Equatable {
    /// What moves against the background.
    case motion
    /// A file of detections.
    case file(String)
    /// A detector in an ONNX file.
    case network(String)

    /// What a setting names: a word, a model of the library, or a file by the end of its name.
    public init(_ text: String, library: ModelLibrary = .standard()) {
      let path = text == "motion" ? text : library.path(of: text)
      let name = path.lowercased()
      if text == "motion" {
        self = .motion
      } else if name.hasSuffix(".onnx") || name.hasSuffix(".onnx.gz") {
        self = .network(path)
      } else {
        self = .file(text)
      }
    }

    /// The tracker's settings that suit the detector's scores, where nobody gives others. Networks' authors take boxes of scores from 0.25
    /// or 0.3 on as found; the usual settings would begin no track with most of them. The motion detector's, and those of networks that find what
    /// moves, are probabilities, most of them small, and tell how plainly something moves: its surest are no measure for the others.
    public var usualTracker: TrackerSettings {
      var settings = TrackerSettings()
      switch self {
      case .network(let path) where NetworkSight(path: path) == .motion: settings.suitMotion()
      case .network: (settings.highScore, settings.neutralScore) = (0.4, 0.4)
      case .motion: settings.suitMotion()
      case .file: break
      }
      return settings
    }

    /// The same where boxes in space are tracked on the ground.
    public func usualTracker(onGround: Bool) -> TrackerSettings { onGround ? .onGround : usualTracker }

    /// As it is named in settings.
    var name: String {
      switch self {
      case .motion: "motion"
      case .file(let path), .network(let path): path
      }
    }
  }
}

extension TrackerSettings {
  /// Probabilities that something moves, most of them small.
  fileprivate mutating func suitMotion() {
    keptShare = 0
    (highScore, neutralScore) = (MotionDetector.neutralScore, MotionDetector.neutralScore)
    (lowScore, doubtWeight) = (MotionDetector.leastScore, 1)
  }
}
