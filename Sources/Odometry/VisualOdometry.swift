public import Geometry
public import Imaging

/// The path of a camera, or of two that are fixed to each other, from what they see.
///
/// Corners are followed; a frame's pose comes from the points whose places are known, first robustly from few (RANSAC with a fixed seed), then refined over
/// all that agree. In key frames places are measured anew from the last ten that see them, and new points from two cameras or from the motion; the frames
/// between have poses alone. docs/orientation.md derives each step. Results depend on the pictures alone.
public final class VisualOdometry {
  let rig: CameraRig
  let follower: PointFollower
  let refinement: PoseRefinement
  let adjustment: WindowAdjustment
  var points: [TrackedPoint] = []
  /// The maps from the world to the left camera by frame.
  var cameras: [RigidTransform] = []
  /// The frames in which points are observed, ascending; until one camera's first motion is known all.
  var keyFrames: [Int] = []
  /// The frame from which a single camera's first motion is measured; nil once places are known.
  var reference: Int?
  /// Whether the last frame had no pose.
  var isLost = false
  /// The poses so far, one a frame. With one camera those of the last frames may still be made better by the next.
  public internal(set) var poses: [OdometryPose] = []
  /// Where the points lie that both cameras see, each counted once: tells whether left and right are swapped.
  public private(set) var order = StereoOrder()
  /// The frames in which a unit of length begins, ascending: 0, and of one camera each frame that lost the scene after it was known.
  public private(set) var partStarts = [0]
  /// Of each part, where the scene is kept, the standard deviation, as a share, of the ground's distance in units of the way, by what the poses of its start
  /// are off by; nil where no ground was seen.
  public private(set) var unitDeviations: [Double?] = [nil]
  /// Points that are followed no longer; empty where no scene is kept.
  private var forgotten: [ScenePoint] = []
  private let keepsScene: Bool
  /// nil where loops are not looked for.
  let search: LoopSearch?
  let workers: Workers
  /// The frames in which views for loops begin anew, ascending.
  private(set) var loopStarts = [0]
  /// Pixels in the plane z = 1.
  let pixel: Double

  // Distances in pixels.
  /// A match in the other picture lies at most so far from its line.
  private static let epipolarDistance = 1.0
  /// A point agrees with a pose within this.
  static let fitDistance = 2.0
  /// Residuals beyond this count linearly.
  private static let huberDistance = 0.7
  /// About how far a point that is followed is off.
  private static let followError = 0.5
  /// Rays of two cameras must differ by so much: a pixel of disparity less has no depth.
  private static let stereoDisparity = 1.0
  /// Rays of one moving camera must differ by this angle, in radians (1 degree).
  static let motionAngle = 0.0175
  /// Fewer points do not carry a pose.
  static let leastSupport = 12
  /// So many points are looked for before all others, to tell where those are.
  private static let scoutCount = 60
  /// The first motion of one camera needs so many matches.
  static let leastMatches = 40

  /// - Parameters:
  ///   - rig: The camera, or both with their places, for pictures of this size.
  ///   - keepsScene: Whether `scene` holds points that are followed no longer: 40 bytes each, some ten a frame.
  ///   - closesLoops: Whether places that are seen again are looked for, for `closeLoops`.
  ///   - threads: From two on corners are looked for while places and poses are adjusted. The result is the same.
  /// - Throws: `OdometryError` for a rig with two cameras and no place, `ImagingError` from the library.
  public init(rig: CameraRig, keepsScene: Bool = false, closesLoops: Bool = false, threads: Int = 1) throws {
    self.rig = rig
    self.keepsScene = keepsScene
    workers = Workers(count: threads)
    if rig.right != nil {
      guard let place = rig.rightFromLeft, place.translation.length > 1e-4 else {
        throw OdometryError.noPlace
      }
    }
    follower = try PointFollower()
    search = closesLoops ? try LoopSearch(rig: rig) : nil
    pixel = 2 / (rig.left.focalX + rig.left.focalY)
    let place = rig.right == nil ? nil : rig.rightFromLeft
    refinement = PoseRefinement(scale: Self.huberDistance * pixel, rightFromLeft: place)
    adjustment = WindowAdjustment(scale: Self.huberDistance * pixel, rightFromLeft: place)
  }

  /// The points of the scene whose places were measured, in the order in which they were lost, then those that are followed now.
  public var scene: [ScenePoint] { forgotten + (keepsScene ? points.compactMap(\.scenePoint) : []) }

  /// Moves the scene's points.
  func moveScene(_ move: (ScenePoint) -> Vector3) {
    for index in forgotten.indices { forgotten[index].position = move(forgotten[index]) }
    for index in points.indices {
      if let point = points[index].scenePoint { points[index].position = move(point) }
    }
  }

  private func forget(_ lost: some Sequence<TrackedPoint>) {
    if keepsScene { forgotten += lost.compactMap(\.scenePoint) }
  }

  /// Takes the next frame.
  ///
  /// - Parameters:
  ///   - left: In grey.
  ///   - right: In grey, where the rig has two cameras.
  /// - Throws: `ImagingError` from the library.
  public func add(left: Image, right: Image?) throws {
    let frame = poses.count
    let start = reference
    try follower.load(left, fromLast: keyFrames.last == frame - 1)
    if frame == 0 {
      begin(at: .identity, status: .tracked)
      keyFrames.append(frame)
    } else {
      let expected = try expectedCamera()
      if let expected, try passes(expected) { return }
      keyFrames.append(frame)
      try advance(frame, foreseen(expected))
      if let reference { try startMotion(from: reference, frame) } else { try locate(frame, from: expected) }
    }
    if let right {
      try follower.loadRight(right)
      try lookRight()
    }
    guard reference == nil else {
      try addCorners(follower.newCorners(left, besides: points.map(\.pixel)), left, frame, hasRight: right != nil)
      return
    }
    let taken = points.map(\.pixel)
    let corners = try workers.beside {
      try self.follower.newCorners(left, besides: taken)
    } _: {
      self.measurePoints()
      // With the first motion all frames since its reference are known anew.
      self.adjustWindow(from: start)
      self.measureUnit()
      try self.lookForLoop(left, frame)
    }
    try addCorners(corners, left, frame, hasRight: right != nil)
  }

  /// Begins anew at a pose: places are unknown.
  private func begin(at cameraFromWorld: RigidTransform, status: OdometryPose.Status) {
    append(cameraFromWorld, status, support: 0)
    reference = rig.right == nil ? cameras.count - 1 : nil
  }

  func append(_ camera: RigidTransform, _ status: OdometryPose.Status, support: Int, deviations: [Double]? = nil) {
    cameras.append(camera)
    poses.append(
      OdometryPose(worldFromCamera: camera.inverse, status: status, supportCount: support, deviations: deviations))
  }

  // MARK: - Points

  private func advance(_ frame: Int, _ foresights: [PointFollower.Foresight]) throws {
    let places = try follower.advance(points.map(\.pixel), foresights)
    var kept: [TrackedPoint] = []
    for (point, place) in zip(points, places) {
      guard let place, let ray = rig.left.ray(place) else {
        forget(CollectionOfOne(point))
        continue
      }
      var next = point
      next.append(.init(frame: frame, left: ray), pixel: place, isBeforeMotion: reference != nil)
      kept.append(next)
    }
    points = kept
  }

  /// Where the camera is if it goes on as between the last two frames; nil where that tells nothing.
  private var steadyCamera: RigidTransform? {
    guard reference == nil, !isLost, cameras.count > 1, let last = cameras.last else { return nil }
    return last * cameras[cameras.count - 2].inverse * last
  }

  /// Where the camera is, by a few points that are looked for where they are if it goes on as before.
  private func expectedCamera() throws -> RigidTransform? {
    guard let next = steadyCamera else { return nil }
    let known = points.indices.filter { points[$0].position != nil }
    let scouts = stride(from: 0, to: known.count, by: max(1, known.count / Self.scoutCount)).map { known[$0] }
    let guesses = scouts.map { project($0, next).map(PointFollower.Foresight.near) ?? .unknown }
    let found = try follower.advance(scouts.map { points[$0].pixel }, guesses)
    let sights = zip(scouts, found).compactMap { index, place -> PoseRefinement.Sight? in
      guard let position = points[index].position, let ray = place.flatMap({ rig.left.ray($0) }) else { return nil }
      return PoseRefinement.Sight(point: position, left: ray)
    }
    return try fit(sights)?.camera
  }

  /// Where the points should be: those whose places are known where the camera sees them, the others as far on as their neighbours.
  private func foreseen(_ expected: RigidTransform?) -> [PointFollower.Foresight] {
    guard let next = steadyCamera else { return unforeseen(points.count) }
    guard let expected else { return points.indices.map { project($0, next).map(PointFollower.Foresight.near) ?? .unknown } }
    let places = points.indices.map { project($0, expected) }
    let neighbours = NeighbourShifts(zip(points, places).compactMap { point, place in place.map { (point.pixel, $0) } })
    return zip(points, places).map { point, place in
      place.map(PointFollower.Foresight.close) ?? neighbours.foresight(point.pixel)
    }
  }

  private func unforeseen(_ count: Int) -> [PointFollower.Foresight] {
    [PointFollower.Foresight](repeating: .unknown, count: count)
  }

  /// Where a camera sees a point; nil where its place is not known.
  func project(_ index: Int, _ camera: RigidTransform) -> Point? {
    points[index].position.flatMap { rig.left.project(camera * $0) }
  }

  /// Finds the points in the right picture.
  private func lookRight() throws {
    guard let camera = rig.right, let place = rig.rightFromLeft, let pose = cameras.last else { return }
    let places = points.map { point in point.position.flatMap { camera.project(place * (pose * $0)) } }
    let neighbours = NeighbourShifts(zip(points, places).compactMap { point, place in place.map { (point.pixel, $0) } })
    let foresights = zip(points, places).map { point, place in
      place.map(PointFollower.Foresight.close) ?? neighbours.foresight(point.pixel)
    }
    let found = try follower.across(points.map(\.pixel), foresights)
    for index in points.indices {
      let ray = found[index].flatMap { camera.ray($0) }
      points[index].setRight(ray.flatMap { isBeforeCameras(points[index].last.left, $0, place) ? $0 : nil })
    }
  }

  /// Whether a ray of the right camera meets a ray of the left one before both, and not at infinity.
  private func isBeforeCameras(_ left: Vector3, _ right: Vector3, _ place: RigidTransform) -> Bool {
    disparity(left, right, place).map { $0 >= Self.stereoDisparity } ?? false
  }

  /// How far, in pixels, a ray of the right camera has moved along the base line against one of the left camera: above 0 where they meet before
  /// both. nil off the epipolar line, by its distance from it in the plane z = 1.
  private func disparity(_ left: Vector3, _ right: Vector3, _ place: RigidTransform) -> Double? {
    let turned = place.rotation * left
    let line = place.translation.cross(turned)
    let length = Point(line.x, line.y).length
    guard length > 0, abs(line.dot(right)) / length <= Self.epipolarDistance * pixel else { return nil }
    let shift = Point(right.x - turned.x / turned.z, right.y - turned.y / turned.z)
    let base = Point(place.translation.x, place.translation.y)
    return (shift.dot(base) < 0 ? -shift.length : shift.length) / pixel
  }

  /// Measures the places of all points from the poses that see them.
  private func measurePoints() {
    for index in points.indices {
      let rays = points[index].observations.flatMap(rays)
      let isStereo = points[index].observations.contains { $0.right != nil }
      let found = PointTriangulation.point(
        of: rays, leastAngle: isStereo ? Self.stereoDisparity * pixel : Self.motionAngle, tolerance: Self.fitDistance * pixel)
      // A place that is known stays until a better one is.
      guard let found else { continue }
      points[index].position = found
      if keepsScene { points[index].deviation = Self.followError * pixel / PointTriangulation.greatestAngle(rays) }
    }
  }

  func rays(_ observation: TrackedPoint.Observation) -> [PointTriangulation.Ray] {
    let camera = cameras[observation.frame]
    let left = PointTriangulation.Ray(cameraFromWorld: camera, place: observation.left)
    guard let right = observation.right, let place = rig.rightFromLeft else { return [left] }
    return [left, PointTriangulation.Ray(cameraFromWorld: place * camera, place: right)]
  }

  private func addCorners(_ corners: [Point], _ image: Image, _ frame: Int, hasRight: Bool) throws {
    let first = points.count
    for corner in corners {
      guard let ray = rig.left.ray(corner) else { continue }
      let (x, y) = (Int(bounded: corner.x, in: 0...image.width - 1), Int(bounded: corner.y, in: 0...image.height - 1))
      points.append(
        TrackedPoint(.init(frame: frame, left: ray), pixel: corner, level: image[x, y], keepsFirst: rig.right == nil))
    }
    guard hasRight, let camera = rig.right, let place = rig.rightFromLeft else { return }
    let neighbours = NeighbourShifts(
      points[..<first].compactMap { point in point.last.right.flatMap { camera.project($0) }.map { (point.pixel, $0) } })
    let pixels = points[first...].map(\.pixel)
    let found = try follower.across(pixels, pixels.map(neighbours.foresight))
    for (offset, target) in found.enumerated() {
      guard let ray = target.flatMap({ camera.ray($0) }),
        let disparity = disparity(points[first + offset].last.left, ray, place)
      else { continue }
      order.count(disparity: disparity)
      guard disparity >= Self.stereoDisparity else { continue }
      points[first + offset].setRight(ray)
      points[first + offset].position = PointTriangulation.point(
        of: rays(points[first + offset].last), leastAngle: Self.stereoDisparity * pixel, tolerance: Self.fitDistance * pixel)
    }
  }

  // MARK: - Poses

  /// The pose of a frame from the points whose places are known.
  private func locate(_ frame: Int, from expected: RigidTransform?) throws {
    let known = points.indices.filter { points[$0].position != nil }
    guard let pose = try pose(known, frame, from: expected) else {
      lose()
      return
    }
    append(pose.camera, isLost ? .found : .tracked, support: pose.fits.count, deviations: pose.deviations)
    isLost = false
    // What does not agree moves by itself, or was never the point.
    let wrong = Set(known).subtracting(pose.fits)
    points = points.indices.filter { !wrong.contains($0) }.map { points[$0] }
  }

  struct Located {
    var camera: RigidTransform
    var deviations: [Double]
    var fits: [Int]
  }

  func pose(_ known: [Int], _ frame: Int, from start: RigidTransform? = nil) throws -> Located? {
    let sights = known.compactMap { index -> PoseRefinement.Sight? in
      guard let position = points[index].position, let seen = points[index].observations.last(where: { $0.frame == frame }) else {
        return nil
      }
      return PoseRefinement.Sight(point: position, left: seen.left, right: seen.right)
    }
    guard sights.count == known.count, var found = try fit(sights, from: start) else { return nil }
    found.fits = found.fits.map { known[$0] }
    return found
  }

  /// The pose that most sights agree with, and their places among them.
  ///
  /// - Parameter start: A pose nearby; nil where none is known.
  func fit(_ sights: [PoseRefinement.Sight], from start: RigidTransform? = nil) throws -> Located? {
    guard sights.count >= Self.leastSupport, var camera = try start ?? robustPose(sights) else { return nil }
    var deviations: [Double] = []
    var fits: [Int] = []
    // The points that agree are chosen anew from each better pose.
    for _ in 0..<3 {
      fits = sights.indices.filter { refinement.distance(camera, sights[$0]) <= Self.fitDistance * pixel }
      guard fits.count >= Self.leastSupport, let better = refinement.refined(camera, fits.map { sights[$0] }) else { return nil }
      (camera, deviations) = better
    }
    return Located(camera: camera, deviations: deviations, fits: fits)
  }

  private func robustPose(_ sights: [PoseRefinement.Sight]) throws -> RigidTransform? {
    let settings = PoseSolver.Settings(threshold: Self.fitDistance * pixel)
    return try PoseSolver.pose(of: sights.map(\.point), seenAlong: sights.map(\.left), settings: settings)?.cameraFromWorld
  }

  /// Too few points were found again: the frame keeps the pose before, and everything begins anew.
  private func lose() {
    let last = cameras[cameras.count - 1]
    forget(points)
    points = []
    isLost = true
    append(last, .lost, support: 0)
    search?.forgetViews()
    loopStarts.append(cameras.count - 1)
    guard rig.right == nil else { return }
    reference = cameras.count - 1
    partStarts.append(cameras.count - 1)
    unitDeviations.append(nil)
  }

  /// How exact the unit of length is: by a part's first key frames, or by the first ones that show the ground.
  private func measureUnit() {
    let part = partStarts.count - 1
    guard keepsScene, rig.right == nil, case let frames = keyFrames.filter({ $0 >= partStarts[part] }), frames.count > 2,
      frames.count <= UnitUncertainty.keyFrames || unitDeviations[part] == nil
    else { return }
    let last = Array(frames.suffix(UnitUncertainty.keyFrames))
    let found = UnitUncertainty.ofGround(points, cameras, last, scale: adjustment.scale, pixel: Self.followError * pixel)
    unitDeviations[part] = found ?? unitDeviations[part]
  }
}
