public import Detection
public import Geometry
public import Imaging
internal import Orientation

/// What a planar target is known by.
public enum PlanarTargetStart: Sendable {
  /// An upright box in the first frame at `seconds` or later, in pixels of the displayed picture.
  case box(AxisBox, seconds: Double)
  /// A picture of the target from the front, which is looked for from `seconds` on.
  case picture(Image, seconds: Double)

  /// Seconds from the start of the stream.
  var seconds: Double {
    switch self {
    case .box(_, let seconds), .picture(_, let seconds): seconds
    }
  }
}

/// Finds one flat target in frames that come in the order of time: at most one detection a frame, with its four corners; none while the
/// target is not seen.
///
/// Each frame is laid onto the target's first picture, so that nothing drifts. A second, later picture takes over where the target's look has
/// changed since the first one.
public struct PlanarTargetDetector: Detector {
  /// One name: what is pointed at need not be of a known class.
  public let classes = MotionDetector.classes
  public var needsColor: Bool { true }

  private let start: PlanarTargetStart
  private let report: TargetReport
  private let flow: PlaneFlow
  private let search: PlaneSearch
  private var looks: PlanarTargetLooks?
  private var state = State.waiting

  private enum State {
    /// The frame in which it was pointed at is still to come.
    case waiting
    case following(Course)
    case lost
  }

  /// Where the target is.
  private struct Course {
    /// From the target's own picture to the displayed one.
    var homography: Homography
    /// From the frame before the last to the last.
    var step = Homography.identity
    /// When it was last seen for sure.
    var seen: Double
  }

  /// How long a target is carried on by its points alone before it is lost, seconds: as with other targets.
  private static let patience = TargetSettings().patience

  /// - Parameter report: Told what was begun with.
  /// - Throws: `TargetError` for a picture that cannot be looked for, `ImagingError` where the library has no memory.
  public init(start: PlanarTargetStart, report: TargetReport = TargetReport()) throws {
    (self.start, self.report) = (start, report)
    flow = try PlaneFlow()
    search = try PlaneSearch()
    if case .picture(let picture, _) = start { looks = try PlanarTargetLooks(picture: picture) }
  }

  public mutating func detect(_ input: DetectionInput) throws -> [DetectedBox] {
    guard input.time >= start.seconds, let picture = try input.color?.grey() else { return [] }
    try flow.advance(to: picture)
    switch state {
    case .waiting: return try begin(picture, input)
    case .following(let course): return try follow(course, picture, input)
    case .lost: return try look(picture, input)
    }
  }

  private mutating func begin(_ picture: Image, _ input: DetectionInput) throws -> [DetectedBox] {
    guard case .box(let box, _) = start else {
      // Where it is found first is told by its rows.
      report.tell(AxisBox(left: 0, top: 0, width: Double(picture.width), height: Double(picture.height)), .given)
      return try look(picture, input)
    }
    try TargetDetector.check(box, width: picture.width, height: picture.height)
    report.tell(box, .given)
    let new = try PlanarTargetLooks(box: box, in: picture)
    looks = new
    state = .following(Course(homography: new.start, seen: input.time))
    return [PlanarTargetDetector.detection(new.corners.map(new.start.apply), share: 1)]
  }

  private mutating func follow(_ course: Course, _ picture: Image, _ input: DetectionInput) throws -> [DetectedBox] {
    guard let looks, input.motion.status != .cut else { return try look(picture, input) }
    let camera = input.motion.status == .ok ? input.motion.homography : .identity
    let points = looks.points.map(course.homography.apply)
    let step = try flow.motion(of: points, guess: course.step) ?? flow.motion(of: points, guess: camera)
    let expected = (step ?? camera) * course.homography
    if let sighting = try looks.align(expected, in: picture) ?? found(in: picture) {
      return try see(sighting, step: step ?? .identity, picture, input)
    }
    let isGone = input.time - course.seen > PlanarTargetDetector.patience
    state = isGone ? .lost : .following(Course(homography: expected.normalized, step: step ?? .identity, seen: course.seen))
    return []
  }

  private mutating func look(_ picture: Image, _ input: DetectionInput) throws -> [DetectedBox] {
    guard let sighting = try found(in: picture) else {
      state = .lost
      return []
    }
    return try see(sighting, step: .identity, picture, input)
  }

  private func found(in picture: Image) throws -> KnownPlane.Sighting? {
    try search.look(at: picture)
    return try looks?.find(by: search)
  }

  private mutating func see(
    _ sighting: KnownPlane.Sighting, step: Homography, _ picture: Image, _ input: DetectionInput
  ) throws -> [DetectedBox] {
    guard let looks else { return [] }
    try looks.learn(picture, sighting, time: input.time)
    state = .following(Course(homography: sighting.homography, step: step, seen: input.time))
    let corners = looks.corners.map(sighting.homography.apply)
    guard ConvexPolygon.intersectionArea(corners, PlanarTargetDetector.corners(of: picture)) > 0 else {
      state = .lost
      return []
    }
    return [PlanarTargetDetector.detection(corners, share: sighting.share)]
  }

  private static func corners(of picture: Image) -> [Point] {
    let (width, height) = (Double(picture.width), Double(picture.height))
    return [Point(0, 0), Point(width, 0), Point(width, height), Point(0, height)]
  }

  /// - Parameter corners: Four, of a convex shape.
  private static func detection(_ corners: [Point], share: Double) -> DetectedBox {
    let box = OrientedBox(corners: (corners[0], corners[1], corners[2], corners[3]))
    return DetectedBox(box: GaussianBox(box), score: min(1, max(0, share)), corners: corners)
  }
}
