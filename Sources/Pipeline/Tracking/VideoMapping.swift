import Records
import Video

extension SourceOptions {
  /// How a tracking run reads its input.
  init(_ request: TrackRequest, cancellation: SourceCancellation) {
    self.init()
    startSeconds = request.startSeconds ?? 0
    // A file of detections, read or written, speaks of the frames of the whole input.
    if case .file = request.detector { numbersWholeInput = true }
    if request.outputs.detections != nil { numbersWholeInput = true }
    endSeconds = request.endSeconds
    maximumFrames = request.maximumFrames
    framesPerSecond = request.framesPerSecond.map(Rational.init(approximating:))
    timeoutSeconds = request.readTimeoutSeconds
    giveUpSeconds = request.giveUpSeconds
    valueRange = request.valueRange
    self.cancellation = cancellation
  }
}

extension Rational {
  /// A rate as a fraction: exact for whole numbers and thousandths, and for the rates of television (30000/1001, …).
  init(approximating rate: Double) {
    // Bounded: a rate is at most what its setting allows, 100,000 a second.
    let television = (rate * 1.001).rounded()
    if rate == rate.rounded() {
      self.init(Int(rate), 1)
    } else if abs(television / 1.001 - rate) < 0.0005 {
      // Bounded: as above.
      self.init(Int(television) * 1000, 1001)
    } else {
      // Bounded: as above.
      self.init(Int((rate * 1000).rounded()), 1000)
    }
  }
}

extension StreamSource {
  init(_ information: SourceInformation) {
    self.init(
      uri: information.uri, kind: information.kind.rawValue, width: information.width, height: information.height,
      timeBase: StreamRatio(information.timeBase.numerator, information.timeBase.denominator),
      frameRate: information.frameRate.map { StreamRatio($0.numerator, $0.denominator) }, duration: information.duration)
  }
}

extension EventRecord {
  init(_ event: SourceEvent) {
    self.init(
      frame: event.ordinal, time: event.seconds, kind: Kind(rawValue: event.kind.rawValue),
      details: [FurtherKey("message", .text(event.detail))])
  }
}

extension TrackedFrame {
  init(_ work: FrameWork) {
    self.init(
      ordinal: work.frame.ordinal, pts: work.frame.pts, time: work.frame.seconds, isKey: work.frame.isKey,
      width: work.frame.width, height: work.frame.height, camera: work.motion, detections: work.detections,
      picture: work.frame, arrival: work.arrival, received: work.received)
  }
}
