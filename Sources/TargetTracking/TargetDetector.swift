public import Detection
public import Geometry
internal import Imaging

/// When and where a target is pointed at.
public struct TargetStart: Sendable, Equatable {
  enum Place: Sendable, Equatable {
    case box(AxisBox)
    case point(Point)
  }

  /// In pixels of the displayed picture.
  let place: Place
  /// In the first frame at this time or later, seconds from the start of the stream.
  public let seconds: Double

  /// A box by its sides; a part of it may lie outside the picture.
  public init(box: AxisBox, seconds: Double = 0) { (place, self.seconds) = (.box(box), seconds) }

  /// A point on an object whose extent is to be found.
  public init(point: Point, seconds: Double = 0) { (place, self.seconds) = (.point(point), seconds) }
}

/// Finds one target in frames that come in the order of time: at most one detection a frame, whose score is the probability that it is
/// right; none while the target is lost.
public struct TargetDetector: Detector {
  /// One name: what is pointed at need not be of a known class.
  public let classes = MotionDetector.classes
  public var needsColor: Bool { true }
  private var follower: any TargetFollower
  /// What the last frame showed, whether it was told or not; nil where nothing was looked for.
  package private(set) var judged: (sighting: TargetSighting, likeness: Double)?
  private let start: TargetStart
  private let settings: TargetSettings
  private let report: TargetReport
  private var state = State.waiting
  /// Tells what moves before a point is looked at; nil for a box, and when it is done.
  private var motion: MotionDetector?
  public var finestWidth: Int? { motion?.finestWidth }
  public var needsChroma: Bool { motion != nil }

  private enum State {
    /// The frame in which it was pointed at is still to come.
    case waiting
    case following(Course)
    case lost(TargetSearch)
  }

  /// Where the target is and how it moves.
  struct Course {
    var place: TargetPlace
    /// Over the ground, pixels per second.
    var velocity = Point(0, 0)
    var time: Double
    /// When it was last told for sure.
    var seen: Double
  }

  /// - Parameter report: Told what was begun with.
  /// - Throws: `ImagingError` where what finds moving things cannot be made.
  public init(
    follower: any TargetFollower, start: TargetStart, settings: TargetSettings = TargetSettings(),
    report: TargetReport = TargetReport()
  ) throws {
    (self.follower, self.start, self.settings, self.report) = (follower, start, settings, report)
    if case .point = start.place { motion = try MotionDetector() }
  }

  public mutating func detect(_ input: DetectionInput) throws -> [DetectedBox] {
    judged = nil
    guard let picture = try input.color?.bgr() else { return [] }
    let found: (place: TargetPlace, probability: Double)?
    switch state {
    case .waiting:
      let moving = try input.time >= start.seconds - TargetDetector.watch ? motion?.detect(input) ?? [] : []
      guard input.time >= start.seconds else { return [] }
      found = try begin(picture, input, moving)
    case .following(let course): found = try follow(course, picture, input)
    case .lost(let search): found = try look(search, picture, input)
    }
    guard let found else { return [] }
    return [DetectedBox(box: GaussianBox(found.place.box), score: min(1, max(0, found.probability)))]
  }

  /// Pixels of the shorter side of a box: below it nothing is shown.
  package static let leastSide = 1.0
  /// What stands out from the rest of a picture is not most of it.
  private static let greatestShare = 0.5

  /// How long before a point's time it is watched what moves, seconds: the time in which the motion detector learns a scene.
  private static let watch = 5.0

  private mutating func begin(
    _ picture: Image, _ input: DetectionInput, _ moving: [DetectedBox]
  ) throws -> (TargetPlace, Double)? {
    motion = nil
    let (box, means) = try box(picture, moving)
    report.tell(box, means)
    let place = TargetPlace(box)
    try follower.begin(picture, place)
    state = .following(Course(place: place, time: input.time, seen: input.time))
    return (place, 1)
  }

  /// The target's box, and how it was found.
  ///
  /// - Throws: `TargetError` for a point where nothing stands out.
  private func box(_ picture: Image, _ moving: [DetectedBox]) throws -> (AxisBox, TargetReport.Means) {
    switch start.place {
    case .box(let box):
      try TargetDetector.check(box, width: picture.width, height: picture.height)
      return (box.cut(toWidth: Double(picture.width), height: Double(picture.height)), .given)
    case .point(let point):
      let hulls = moving.map { $0.box.orientedBox.hull }.filter { $0.contains(point) }
      if let box = hulls.min(by: { $0.area < $1.area }) { return (box, .motion) }
      let whole = Double(picture.width * picture.height)
      guard let box = try TargetExtent.byColors(picture, at: point), box.area <= TargetDetector.greatestShare * whole else {
        throw TargetError("nothing stands out at the point \(point.x), \(point.y)")
      }
      return (box, .colors)
    }
  }

  /// Refuses a box of which a picture of this size shows less than a pixel.
  ///
  /// - Throws: `TargetError`.
  package static func check(_ box: AxisBox, width: Int, height: Int) throws(TargetError) {
    let across = min(box.right, Double(width)) - max(box.left, 0)
    let down = min(box.bottom, Double(height)) - max(box.top, 0)
    guard min(across, down) > 0 else { throw TargetError("its box lies outside the picture of \(width)x\(height) pixels") }
    guard min(across, down) >= leastSide else {
      throw TargetError("less than a pixel of its box lies in the picture of \(width)x\(height) pixels")
    }
  }

  private mutating func follow(_ course: Course, _ picture: Image, _ input: DetectionInput) throws -> (TargetPlace, Double)? {
    guard input.motion.status != .cut else {
      state = .lost(TargetSearch(course: course, since: input.time))
      return nil
    }
    let carried = course.place.moved(with: input.motion)
    let seconds = max(0, input.time - course.time)
    var expected = carried
    expected.center += course.velocity * seconds
    let sighting = try follower.find(in: picture, near: expected, isSearching: false)
    let likeness = try judge(sighting, picture)
    var next = course
    next.time = input.time
    let isSure = sighting.assurance >= settings.leastAssurance
    if isSure || sighting.assurance >= settings.doubtfulAssurance {
      next.place = sighting.place.inside(width: input.displayWidth, height: input.displayHeight)
      if seconds > 0 {
        let velocity = (next.place.center - carried.center) / seconds
        next.velocity = course.velocity + (velocity - course.velocity) * settings.velocityRate
      }
    } else {
      next.place = expected
    }
    if isSure {
      next.seen = input.time
      try follower.learn(picture, sighting)
    }
    if input.time - next.seen > settings.patience || !next.place.touches(width: input.displayWidth, height: input.displayHeight) {
      state = .lost(TargetSearch(course: next, since: input.time))
      return nil
    }
    state = .following(next)
    return isSure ? (next.place, follower.probability(likeness)) : nil
  }

  private mutating func look(_ search: TargetSearch, _ picture: Image, _ input: DetectionInput) throws -> (TargetPlace, Double)? {
    var search = search
    search.advance(input)
    let places = search.places(
      width: input.displayWidth, height: input.displayHeight, spacing: follower.reach, count: settings.placesPerFrame)
    var best: TargetSighting?
    for place in places {
      let sighting = try follower.find(in: picture, near: place, isSearching: true)
      if sighting.assurance > best?.assurance ?? 0 { best = sighting }
    }
    let likeness = try best.map { try judge($0, picture) }
    guard let best, let likeness, best.assurance >= settings.foundAssurance else {
      state = .lost(search)
      return nil
    }
    state = .following(Course(place: best.place, time: input.time, seen: input.time))
    return (best.place, follower.probability(likeness))
  }

  /// The likeness of the one sighting of a frame that counts.
  private mutating func judge(_ sighting: TargetSighting, _ picture: Image) throws -> Double {
    let likeness = try follower.likeness(of: sighting, in: picture)
    judged = (sighting, likeness)
    return likeness
  }
}

/// A target that cannot be begun with.
public struct TargetError: Error, Equatable, Sendable, CustomStringConvertible {
  /// One sentence.
  public let description: String

  /// - Parameters:
  ///   - problem: What is wrong with it, to follow a colon.
  ///   - remedy: What to do, as an order.
  public init(_ problem: String, remedy: String = "point at it where it can be seen") {
    description = "cannot follow the target: \(problem); \(remedy)"
  }
}

extension AxisBox {
  /// The part in a picture, where a side is longer than the picture's; else as it is, and a part may lie outside.
  fileprivate func cut(toWidth: Double, height toHeight: Double) -> AxisBox {
    guard width > toWidth || height > toHeight else { return self }
    let (left, top) = (max(0, left), max(0, top))
    return AxisBox(left: left, top: top, width: min(toWidth, right) - left, height: min(toHeight, bottom) - top)
  }

  fileprivate func contains(_ point: Point) -> Bool {
    (left..<right).contains(point.x) && (top..<bottom).contains(point.y)
  }
}

extension TargetPlace {
  /// Where the camera's motion alone has brought it.
  func moved(with motion: CameraMotion) -> TargetPlace {
    guard motion.status == .ok, let box = motion.homography.transform(GaussianBox(box)) else { return self }
    let moved = motion.homography.apply(center)
    // The map's own turn is not the box's: an upright box stays upright and takes over the change of area.
    let scale = (box.covariance.determinant / GaussianBox(self.box).covariance.determinant).squareRoot().squareRoot()
    guard moved.isFinite, scale.isFinite, (0.5...2).contains(scale) else { return self }
    return TargetPlace(center: moved, width: width * scale, height: height * scale)
  }

  /// The same within the limits of a picture: its middle inside, its sides from some pixels to the picture's.
  func inside(width: Int, height: Int) -> TargetPlace {
    TargetPlace(
      center: Point(min(max(center.x, 0), Double(width)), min(max(center.y, 0), Double(height))),
      width: min(max(self.width, TargetPlace.leastSide), Double(width)),
      height: min(max(self.height, TargetPlace.leastSide), Double(height)))
  }

  /// Whether any of it lies in the picture.
  func touches(width: Int, height: Int) -> Bool {
    box.intersectionArea(with: AxisBox(left: 0, top: 0, width: Double(width), height: Double(height))) > 0
  }

  /// Pixels; below this there is nothing to follow.
  static let leastSide = 4.0
}
