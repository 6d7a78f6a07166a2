import Geometry

/// A point of the scene that is followed from frame to frame.
struct TrackedPoint {
  /// Where it was seen in one frame.
  struct Observation {
    /// The frame's number.
    var frame: Int
    /// (x, y, 1) in the left camera's frame.
    var left: Vector3
    /// (x, y, 1) in the right camera's, where it was found there.
    var right: Vector3?
  }

  /// The last observations, oldest first: in key frames, and until one camera's first motion is known in all.
  private(set) var observations: [Observation]
  /// Where it is in the left picture of the last key frame, in pixels.
  var pixel: Point
  /// Its place in the world; nil while that is not known.
  var position: Vector3?
  /// How exact its distance is, as a share; without meaning where its place is not known.
  var deviation = 1.0

  /// Older observations are forgotten: following drifts by and by. Ten key frames of a drive move a point far enough to measure it; while one camera waits
  /// for its first motion, sixty get their poses once that is seen.
  private static let most = 10
  private static let mostBeforeMotion = 60

  /// Whether the first observation stays: of one camera its angle to the last is the greatest, and tells the depth.
  private let keepsFirst: Bool

  /// The frame that saw it first.
  let firstFrame: Int
  /// Its grey level there.
  let level: UInt8

  init(_ observation: Observation, pixel: Point, level: UInt8, keepsFirst: Bool) {
    self.keepsFirst = keepsFirst
    self.level = level
    firstFrame = observation.frame
    observations = [observation]
    self.pixel = pixel
  }

  var last: Observation { observations[observations.count - 1] }

  /// - Parameter isBeforeMotion: Whether the first motion of one camera is still looked for.
  mutating func append(_ observation: Observation, pixel: Point, isBeforeMotion: Bool) {
    observations.append(observation)
    self.pixel = pixel
    if observations.count > (isBeforeMotion ? Self.mostBeforeMotion : Self.most) {
      observations.remove(at: keepsFirst ? 1 : 0)
    }
  }

  /// What is known of the scene by it; nil while its place is not measured well.
  ///
  /// Two views of one camera fix any point that is not off its line: the third one tells a wrong match.
  var scenePoint: ScenePoint? {
    guard let position, observations.count >= 3 || observations.contains(where: { $0.right != nil }) else { return nil }
    return ScenePoint(position: position, deviation: deviation, firstFrame: firstFrame, level: level)
  }

  /// Forgets what was seen in some frames; the last observation stays.
  mutating func forget(where isForgotten: (Int) -> Bool) {
    let last = last
    observations = observations.dropLast().filter { !isForgotten($0.frame) } + [last]
  }

  mutating func setRight(_ ray: Vector3?) { observations[observations.count - 1].right = ray }
}
