import Records

/// What an evaluation of tracks is to do; what is nil is told from the files.
public struct TrackEvaluationOptions: Sendable {
  /// The format of both sides, and of each where they differ.
  public var truthFormat: BoxFormat?
  /// The format of the result's files.
  public var resultFormat: BoxFormat?
  /// Pixels of the pictures, for formats that hold shares of them; nil: as `seqinfo.ini` says.
  public var imageSize: (width: Double, height: Double)?
  /// nil: rotated where a side has oriented boxes, else upright.
  public var similarity: TrackSimilarity?
  /// nil: by the truth's format.
  public var preprocessing: TrackPreprocessing?
  /// The classes to evaluate; empty: those that the truth has or the benchmark asks for.
  public var classes: [String] = []
  /// Classes of the truth whose boxes only mark regions in which results do not count, beside those called DontCare.
  public var regionClasses: [String] = []
  /// Whether all classes count as one.
  public var takesClassesAsOne = false
  /// The families to compute.
  public var metrics: Set<TrackMetric> = Set(TrackMetric.allCases)
  /// Whether the id time lines are kept, for a report.
  public var keepsTimelines = false
  /// The first and last frame to evaluate, as the truth's file counts them; nil for all.
  public var frames: ClosedRange<Int>?

  /// Tells everything from the files and computes every family.
  public init() {}

  /// Whether a class, by its lower-case name, only marks regions: as asked for, or called DontCare in any spelling.
  func isRegion(_ name: String) -> Bool {
    name.filter(\.isLetter) == TrackPreprocessor.dontCare || regionClasses.contains { $0.lowercased() == name }
  }

  /// The frames to evaluate, from 0, of a sequence of `count` frames whose first one has the number `first`.
  func frames(of count: Int, first: Int) -> Range<Int> {
    guard let frames else { return 0..<count }
    return (frames.lowerBound - first..<frames.upperBound - first + 1).clamped(to: 0..<count)
  }
}

/// The scores of one class of one sequence.
public struct TrackClassEvaluation: Sendable {
  /// nil where all classes are one.
  public var className: String?
  /// The families' scores.
  public var scores: TrackScores
  /// Angles and covariances of the matched pairs.
  public var oriented: OrientedTrackScores
  /// Switches and fragmentations in the order of their frames.
  public var events: [TrackEvent]
  /// One for each truth id; empty unless they are kept for a report.
  public var timelines: [TrackTimeline]
  /// The result's boxes that count, those of ignored regions and classes left out; nil unless time lines are kept.
  public var countedResult: TrackIdentities?
}

/// The scores of one sequence.
public struct TrackSequenceEvaluation: Sendable {
  /// What the sequence is called.
  public var name: String
  /// How many frames were evaluated.
  public var frames: Int
  /// The number of the first frame evaluated in the truth's own counting; events and time lines count from it.
  public var firstFrame: Int
  /// The frames of the sequence before that one, which were not asked for.
  public var skippedFrames = 0
  /// All frames of the sequence, whether asked for or not, in the truth's own counting.
  var allFrames = 0..<0
  /// The evaluated classes, each by itself.
  public var classes: [TrackClassEvaluation]
  /// How boxes were compared.
  public var similarity: TrackSimilarity
  /// Which boxes were left out by which rule.
  public var preprocessing: TrackPreprocessing
  /// What a reader of the scores should know, a sentence each.
  public var warnings: [String]
  /// The classes of the truth that only mark regions.
  var regionClasses: Set<String> = []
  /// The names of classes on either side, without those of regions.
  var truthClasses: Set<String> = []
  var resultClasses: Set<String> = []
  /// Whether neither an option nor the benchmark says which classes are to be evaluated.
  var choosesClasses = false
}

/// The result ids that followed one truth id, in runs of frames.
public struct TrackTimeline: Sendable, Equatable {
  /// Frames in a row with the same result id.
  public struct Run: Sendable, Equatable {
    /// The first and the last frame, counted from 0 at the first one evaluated.
    public var frames: ClosedRange<Int>
    /// nil where the truth object was missed.
    public var resultID: Int?
  }

  /// The id as the truth's file gives it.
  public var truthID: Int
  /// The runs in the order of their frames; a frame without the object ends a run.
  public var runs: [Run]
}
