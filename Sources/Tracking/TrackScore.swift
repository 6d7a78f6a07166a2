/// What the scores of a track's detections say of it as a whole.
///
/// Scores of one track err together: a detector that takes a bush for a car does so in every frame. Their mean log-odds tell more than
/// their sum, which grows with the track's length whatever it is of.
struct TrackScore: Codable {
  private var sum = 0.0
  private var count = 0

  /// Takes in a detection's score.
  mutating func see(_ score: Double) {
    sum += ScoreEvidence.logOdds(score)
    count += 1
  }

  /// Takes in those of another track.
  mutating func add(_ other: TrackScore) {
    sum += other.sum
    count += other.count
  }

  /// The mean log-odds of the detections and of one of which nothing is known: few detections say little.
  var mean: Double { sum / Double(count + 1) }
}

/// The span of a track whose detections speak most for an object: the run of frames with the largest sum of evidence.
///
/// What lies before and after it speaks against one: the first guesses from far away, a last detection of half of what hides the object.
/// Found as the frames come (Kadane's algorithm), so it takes no memory.
struct EvidenceSpan: Codable {
  /// The numbers of the first and the last frame of the best run so far.
  private(set) var frames: ClosedRange<Int>
  private var best: Double
  /// The run that goes on.
  private var start: Int
  private var sum: Double

  /// - Parameter evidence: The log of how much likelier the first detection's score is for an object than for clutter.
  init(frame: Int, evidence: Double) {
    frames = frame...frame
    start = frame
    (sum, best) = (evidence, evidence)
  }

  /// Takes in a later detection.
  mutating func see(frame: Int, evidence: Double) {
    if sum <= 0 { (start, sum) = (frame, 0) }
    sum += evidence
    if sum > best { (frames, best) = (start...frame, sum) }
  }

  /// Takes in the span of a later track that this one goes on with: both are known to be of one object.
  mutating func add(_ later: EvidenceSpan) {
    sum = best + later.sum
    best += later.best
    start = frames.lowerBound
    frames = frames.lowerBound...later.frames.upperBound
  }
}

/// How sure the detector of a stream is where it is at its surest: what its scores have to be measured by, for every detector has its own scale.
struct ScoreScale: Codable {
  /// Counts of log-odds from the least to the most that a score can have.
  private var counts = [Int](repeating: 0, count: ScoreScale.bins)
  private var count = 0

  /// Steps of 0.024 in log-odds.
  private static let bins = 512
  /// The share of detections below the surest ones: one in ten is enough to be no accident.
  private static let share = 0.9

  private static let least = ScoreEvidence.logOdds(0)
  private static let width = (ScoreEvidence.logOdds(1) - least) / Double(bins)

  /// Takes in the score of a detection that a track used.
  mutating func see(_ score: Double) {
    let bin = (ScoreEvidence.logOdds(score) - ScoreScale.least) / ScoreScale.width
    // Bounded: log-odds are within theirs, so the bin is too but for the upper bound itself.
    counts[Int(min(max(bin, 0), Double(ScoreScale.bins - 1)))] += 1
    count += 1
  }

  /// The log-odds that nine of ten detections do not exceed; −∞ before the first.
  var surest: Double {
    var below = 0
    for (bin, number) in counts.enumerated() {
      below += number
      if number > 0, Double(below) >= ScoreScale.share * Double(count) {
        return ScoreScale.least + ScoreScale.width * Double(bin + 1)
      }
    }
    return -.infinity
  }
}
