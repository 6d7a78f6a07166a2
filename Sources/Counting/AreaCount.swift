/// What tracks did at one area, summed over tracks.
public struct AreaCount: Sendable, Equatable {
  /// Crossings in one direction.
  public struct Passage: Sendable, Equatable {
    /// Every crossing; a track that dithers on a line crosses it again and again.
    public var crossings = 0
    /// The tracks that crossed at least once this way.
    public var tracks = 0
    /// The tracks that crossed more often this way than the other.
    public var net = 0
    /// Of the steps that crossed, pixels per second, and how many took time.
    var speedSum = 0.0
    var timedCrossings = 0

    /// Pixels per second; nil without a crossing that took time.
    public var meanSpeed: Double? { timedCrossings > 0 ? speedSum / Double(timedCrossings) : nil }
  }

  /// One for each of the area's directions, in their order.
  public var passages = [Passage(), Passage()]
  /// The tracks that were ever inside; 0 for lines.
  public var tracksInside = 0
  /// Seconds inside, all tracks together, and the longest of one track.
  public var dwell = 0.0
  public var longestDwell = 0.0
  /// Pixels gone inside.
  var path = 0.0

  /// Seconds a track; nil where none was inside.
  public var meanDwell: Double? { tracksInside > 0 ? dwell / Double(tracksInside) : nil }
  /// Pixels per second inside; nil where no time was spent there.
  public var meanSpeedInside: Double? { dwell > 0 ? path / dwell : nil }

  /// Adds what one track did.
  mutating func add(_ tally: PathTally.AreaTally) {
    for direction in 0...1 {
      let count = tally.crossings[direction]
      passages[direction].crossings += count
      passages[direction].tracks += count > 0 ? 1 : 0
      passages[direction].net += count > tally.crossings[1 - direction] ? 1 : 0
      passages[direction].speedSum += tally.speedSum[direction]
      passages[direction].timedCrossings += tally.timedCrossings[direction]
    }
    guard tally.wasInside else { return }
    tracksInside += 1
    dwell += tally.dwell
    longestDwell = max(longestDwell, tally.dwell)
    path += tally.path
  }

  /// Adds what other tracks did.
  mutating func add(_ other: AreaCount) {
    for direction in 0...1 {
      passages[direction].crossings += other.passages[direction].crossings
      passages[direction].tracks += other.passages[direction].tracks
      passages[direction].net += other.passages[direction].net
      passages[direction].speedSum += other.passages[direction].speedSum
      passages[direction].timedCrossings += other.passages[direction].timedCrossings
    }
    tracksInside += other.tracksInside
    dwell += other.dwell
    longestDwell = max(longestDwell, other.longestDwell)
    path += other.path
  }
}
