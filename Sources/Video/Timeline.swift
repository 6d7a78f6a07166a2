import Geometry

/// Turns pictures into frames: ordinals, time stamps, seconds that never go back, trimming, and events about what changed.
struct Timeline {
  private let options: SourceOptions
  private let converters = ConverterPool()
  private var timeBase: Rational
  /// Ticks from one picture to the next where the stream does not say.
  private var interval: Double
  /// Time stamps are made here, from the interval.
  private var isUnstamped: Bool

  /// The next delivered frame's ordinal.
  private(set) var ordinal = 0
  private var delivered = 0
  /// The time of the last picture, delivered or not.
  private(set) var seconds: Double = 0
  private var last: (pts: Int64, duration: Int64)?
  /// `originSeconds` is the time of the picture stamped `originPts`.
  private var originPts: Int64
  private var originSeconds: Double = 0
  private var size: (width: Int, height: Int)
  /// Pictures seen, delivered or not, since the present origin.
  private var pictures = 0
  private var range = RunningRange()

  init(information: SourceInformation, isUnstamped: Bool, options: SourceOptions) {
    self.options = options
    self.isUnstamped = isUnstamped
    timeBase = information.timeBase
    originPts = information.firstPts
    size = (information.width, information.height)
    interval = Self.interval(rate: information.frameRate, timeBase: information.timeBase)
  }

  static func interval(rate: Rational?, timeBase: Rational) -> Double {
    let seconds = 1 / (rate ?? SourceOptions.defaultImageRate).value
    return seconds.isFinite && timeBase.isPositive ? max(seconds / timeBase.value, 1) : 1
  }

  /// An event at the present place.
  func event(_ kind: SourceEvent.Kind, _ detail: String) -> SourceItem {
    .event(SourceEvent(kind: kind, ordinal: ordinal, seconds: ordinal == 0 ? 0 : seconds, detail: detail))
  }

  /// An event about the picture that is stamped `pts`.
  func event(_ kind: SourceEvent.Kind, _ detail: String, at pts: Int64) -> SourceItem {
    .event(SourceEvent(kind: kind, ordinal: ordinal, seconds: max(0, stampedSeconds(of: pts)), detail: detail))
  }

  enum Admission {
    /// The picture and the events before it; empty where it comes before the start.
    case items([SourceItem])
    /// The picture lies beyond the end: the stream is finished.
    case finished
  }

  /// Numbers and stamps a picture.
  ///
  /// - Parameters:
  ///   - pts: Goes before the picture's own stamp.
  ///   - place: The ordinal of a picture whose name tells it; nil counts on.
  mutating func admit(_ picture: Picture, pts given: Int64? = nil, place: Int? = nil) -> Admission {
    let pts = given ?? stamp(of: picture)
    var items: [SourceItem] = []
    let isRestart = advance(to: pts)
    // Where stamps are made here the picture's own duration is in other ticks, and a guess.
    last = (pts, isUnstamped ? 0 : picture.description.duration)
    pictures += 1
    switch options.place(of: seconds) {
    case .before:
      if options.numbersWholeInput { ordinal = (place ?? ordinal) + 1 }
      return .items([])
    case .after: return .finished
    case .within: break
    }
    if isFull { return .finished }
    if let place { ordinal = max(ordinal, place) }
    if isRestart { items.append(event(.source, "the time stamps start anew")) }
    if (picture.width, picture.height) != size {
      size = (picture.width, picture.height)
      items.append(event(.size, "the pictures are now \(size.width)x\(size.height)"))
    }
    if picture.description.is_damaged != 0 { items.append(event(.damage, "errors in the picture were concealed")) }
    items.append(.frame(frame(picture, pts: pts)))
    ordinal += 1
    delivered += 1
    return .items(items)
  }

  private mutating func frame(_ picture: Picture, pts: Int64) -> Frame {
    let stretched = picture.measuredRange.map { options.valueRange ?? range.follow($0, at: seconds) }
    return Frame(
      ordinal: ordinal, pts: pts, timeBase: timeBase, seconds: seconds, isKey: picture.description.is_key != 0,
      isDamaged: picture.description.is_damaged != 0, range: stretched, picture: picture, converters: converters)
  }

  /// Leaves the place of a picture that cannot be had empty.
  mutating func skip(to place: Int) { ordinal = max(ordinal, place) }

  /// The end of the last picture, in seconds.
  var endSeconds: Double {
    seconds + timeBase.value * max(interval, Double(last?.duration ?? 0))
  }

  /// Whether no further frame is wanted.
  var isFull: Bool { options.maximumFrames.map { delivered >= $0 } ?? false }

  /// Goes on with a live input that was opened anew: its first picture comes `elapsed` seconds after the last one before.
  mutating func resume(information: SourceInformation, isUnstamped: Bool, elapsed: Double) {
    self.isUnstamped = isUnstamped
    timeBase = information.timeBase
    interval = Self.interval(rate: information.frameRate, timeBase: information.timeBase)
    originPts = information.firstPts
    originSeconds = seconds + max(elapsed, Self.leastStep)
    last = nil
    pictures = 0
  }

  /// What the stream's pictures are apart at the least: the last digit of a time in the records.
  private static let leastStep = 1e-6
  /// Stamps that jump back so far, or by so many pictures where that is less, belong to a new beginning rather than to a disorder of a few
  /// pictures: H.264 holds at most 16 pictures back, and encoders in use no more than 4.
  private static let restartSeconds = 1.0
  private static let restartPictures = 8.0

  private func stamp(of picture: Picture) -> Int64 {
    if isUnstamped { return originPts &+ ticks(Double(pictures) * interval) }
    if let pts = picture.pts { return pts }
    guard let last else { return originPts }
    return last.pts &+ (last.duration > 0 ? last.duration : ticks(interval))
  }

  /// Whole ticks, kept inside what 64 bits hold: rates and time bases come from the file.
  private func ticks(_ number: Double) -> Int64 {
    Int64(Int(bounded: number.rounded(), in: 0...1 << 62))
  }

  /// The time that a stamp means since the present origin, in seconds.
  private func stampedSeconds(of pts: Int64) -> Double {
    originSeconds + timeBase.seconds(pts.subtractingClamped(originPts))
  }

  /// Sets `seconds` for a picture; whether the stamps started anew.
  private mutating func advance(to pts: Int64) -> Bool {
    let stamped = stampedSeconds(of: pts)
    guard let last else {
      seconds = stamped
      return false
    }
    if stamped > seconds {
      seconds = stamped
      return false
    }
    let longest = min(Self.restartSeconds, Self.restartPictures * timeBase.value * interval)
    let isRestart = timeBase.seconds(last.pts.subtractingClamped(pts)) > longest
    if isRestart {
      originPts = pts
      originSeconds = seconds + timeBase.value * interval
      seconds = originSeconds
    } else {
      seconds += Self.leastStep
    }
    return isRestart
  }
}

extension Int64 {
  /// The difference, or the nearest number that 64 bits can hold.
  fileprivate func subtractingClamped(_ other: Int64) -> Int64 {
    let (difference, overflows) = subtractingReportingOverflow(other)
    guard overflows else { return difference }
    return other > 0 ? .min : .max
  }
}
