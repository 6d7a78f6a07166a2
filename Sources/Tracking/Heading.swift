import Foundation
import Geometry
import Motion

/// Which way an object's body points, over the whole circle, judged from how it moves.
///
/// A box knows its axis only up to half a turn; motion tells front from back. Where the object keeps moving along its box's longer side
/// (a vehicle seen from above), the heading is that axis, turned forward, and stays so while the object stands. Where it does not (a
/// person, or a source of upright boxes), the body is taken to point where it goes, and the heading fades when the motion stops.
///
/// Motion in one direction for a second never leaves the heading backwards: `turnRound`.
struct Heading: Codable {
  /// What a snapshot tells.
  struct Report {
    var angle: Double
    var deviation: Double
    /// Probability that the heading points forward rather than backward.
    var confidence: Double
  }

  /// Unit vector; zero until motion has told a direction.
  private(set) var direction = Point.zero
  /// Since when the object has moved against `direction`, seconds; nil since it last moved forward.
  private var contrarySince: Double?
  /// Log-odds that `direction` is forward rather than backward.
  private var forward = 0.0
  /// Variance of the direction's angle where it comes from motion alone.
  private var variance = Heading.unknownVariance
  /// Sum and weight of cos 2(angle of motion − axis) over the recent past: 1 for motion along the longer side.
  private var alignment = 0.0
  private var alignmentWeight = 0.0

  /// Velocities this near to each other in time are one piece of evidence, seconds.
  private static let evidenceInterval = 1.0
  /// No velocity says more than this many standard deviations: a car that backs up for a moment has not turned round.
  private static let mostSignificance = 3.0
  /// Motion against the heading for this long, seconds, turns it round, however sure it was: whoever moves in one direction for a second is
  /// not led by its back. The rest of that second is for the velocity to follow a change of direction.
  private static let longestContrary = 0.7
  /// How long motion is remembered for the alignment, seconds.
  private static let alignmentMemory = 5.0
  /// Mean cos 2(…) from which motion counts as along the axis: within about 20 degrees.
  private static let aligned = 0.75
  /// Speeds below this, in mean sides per second, may be no motion at all: errors of box and registration.
  private static let doubtfulSpeed = 0.1
  /// Squared significance of a velocity that tells a direction.
  private static let significance = 6.0
  /// Growth of the direction's variance, rad²/s: an object may turn.
  private static let diffusion = 0.5
  /// Mean time between changes from driving forward to driving backward, seconds.
  private static let reversal = 60.0
  /// Above this variance no heading is told; that of a uniform direction is π²/3.
  private static let unknownVariance = 0.64
  private static let mostLogOdds = 12.0

  /// Turns the direction with the camera.
  mutating func transform(_ map: Matrix2) {
    let moved = map * direction
    let length = moved.length
    if length > 0, length.isFinite { direction = moved / length }
  }

  /// Takes in the state after an observation.
  ///
  /// - Parameters:
  ///   - meanSide: Of the box, px.
  ///   - axis: Unit vector along the box's longer side; nil where the box has none or its source gives upright boxes.
  ///   - now: Seconds from the start of the stream.
  ///   - seconds: Since the previous frame.
  mutating func observe(_ center: PlanarMotion, meanSide: Double, axis: Point?, now: Double, seconds: Double) {
    let share = min(1, seconds / Heading.evidenceInterval)
    let doubt = Heading.doubtfulSpeed * meanSide
    let spread = center.velocityCovariance + .identity * (doubt * doubt)
    let speed = center.velocity.length
    guard speed > 0, let inverse = spread.inverse else { return coast(seconds: seconds) }
    let evidence = inverse.quadraticForm(center.velocity)
    let course = center.velocity / speed
    if let axis, evidence > Heading.significance {
      let keep = exp(-seconds / Heading.alignmentMemory)
      let along = course.dot(axis)
      alignment = alignment * keep + share * (2 * along * along - 1)
      alignmentWeight = alignmentWeight * keep + share
    }
    if let axis, isAligned {
      follow(axis, velocity: center.velocity, spread: spread, share: share, seconds: seconds)
    } else {
      follow(course: course, speed: speed, spread: spread, evidence: evidence, share: share, seconds: seconds)
    }
    if speed > doubt, let course = center.course { turnRound(against: course, isAlongAxis: axis != nil && isAligned, now: now) }
  }

  /// Whether the object keeps moving along its box's longer side.
  private var isAligned: Bool { alignmentWeight > 0 && alignment > Heading.aligned * alignmentWeight }

  /// Lets time pass without an observation.
  mutating func coast(seconds: Double) {
    variance = min(variance + Heading.diffusion * seconds, 2 * Heading.unknownVariance)
  }

  /// The heading; `axisVariance` is that of the box's angle, nil where it has none.
  func report(axis: Point?, axisVariance: Double?) -> Report? {
    guard direction != .zero else { return nil }
    let spread = axis != nil && isAligned ? axisVariance ?? variance : variance
    guard spread < Heading.unknownVariance else { return nil }
    return Report(
      angle: Angle.wrappedHeading(direction.angle), deviation: spread.squareRoot(),
      confidence: 1 / (1 + exp(-forward)))
  }

  /// Along the box's axis: its end nearest to the last direction, judged by the velocity's sign.
  private mutating func follow(
    _ axis: Point, velocity: Point, spread: SymmetricMatrix2, share: Double, seconds: Double
  ) {
    let reference = direction == .zero ? velocity : direction
    direction = axis.dot(reference) < 0 ? -axis : axis
    variance = Heading.unknownVariance
    let significance = velocity.dot(direction) / spread.quadraticForm(direction).squareRoot()
    judge(significance: significance, share, seconds)
    if forward < 0 {
      direction = -direction
      forward = -forward
    }
  }

  /// Turns the heading round where the course has been against it for too long. What does not stand out as a course says nothing.
  private mutating func turnRound(against course: Course, isAlongAxis: Bool, now: Double) {
    let way = Point(angle: course.angle)
    guard direction.dot(way) < 0 else {
      contrarySince = nil
      return
    }
    let since = contrarySince ?? now
    contrarySince = since
    guard now - since >= Heading.longestContrary else { return }
    direction = isAlongAxis ? -direction : way
    if !isAlongAxis { variance = course.deviation * course.deviation }
    // Turned round against long evidence, the new direction has only that of the contrary motion.
    forward = Heading.longestContrary / Heading.evidenceInterval * 1.6 * Heading.mostSignificance
    contrarySince = nil
  }

  /// Along the motion: a filter of the direction's angle on the circle.
  private mutating func follow(
    course: Point, speed: Double, spread: SymmetricMatrix2, evidence: Double, share: Double, seconds: Double
  ) {
    coast(seconds: seconds)
    guard evidence > Heading.significance else { return }
    let across = Point(-course.y, course.x)
    let noise = spread.quadraticForm(across) / (speed * speed * max(share, 1e-3))
    if direction == .zero || variance > Heading.unknownVariance || course.dot(direction) < 0 {
      direction = course
      variance = noise
      forward = 0
    } else {
      let turn = Point(direction.dot(course), direction.cross(course)).angle
      let gain = variance / (variance + noise)
      direction = Matrix2(rotation: gain * turn) * direction
      variance = gain * noise
    }
    judge(significance: evidence.squareRoot(), share, seconds)
  }

  /// Adds the evidence of a velocity's component along the direction, in standard deviations; reversals let old evidence fade.
  private mutating func judge(significance: Double, _ share: Double, _ seconds: Double) {
    let flips = -expm1(-seconds / Heading.reversal)
    let probability = 1 / (1 + exp(-forward))
    let faded = probability + flips * (1 - 2 * probability)
    // ln(Φ(x)/Φ(−x)) is near 1.6 x; beyond that the tails would only saturate.
    let gained = share * 1.6 * min(max(significance, -Heading.mostSignificance), Heading.mostSignificance)
    forward = min(max(log(faded / (1 - faded)) + gained, -Heading.mostLogOdds), Heading.mostLogOdds)
  }
}
