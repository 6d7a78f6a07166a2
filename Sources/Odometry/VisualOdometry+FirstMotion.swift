import Geometry
import Imaging

// How one camera begins: the first motion that its points show, by an essential matrix or by a plane.
extension VisualOdometry {
  /// Looks for the motion since the reference; until it is large enough to be seen the camera only turns.
  func startMotion(from reference: Int, _ frame: Int) throws {
    let matched = points.indices.filter { points[$0].observations[0].frame == reference }
    guard matched.count >= Self.leastMatches else {
      try restart(frame)
      return
    }
    let first = matched.map { points[$0].observations[0].left }
    let second = matched.map { points[$0].last.left }
    let turn = RotationFit.rotation(from: first, to: second, tolerance: Self.fitDistance * pixel)
    let base = cameras[reference]
    let isMoved = RotationFit.medianAngle(first, second, after: turn) >= Self.fitDistance * pixel
    let view = try isMoved ? view(first, second, matched, since: reference, frame) : TwoViews()
    guard let motion = view.motion,
      RotationFit.medianAngle(first, second, after: motion.secondFromFirst.rotation) >= Self.motionAngle
    else {
      try turnOnly(turn, first, second, from: base, frame, isSeen: view.isSeen)
      return
    }
    append(motion.secondFromFirst * base, isLost ? .found : .tracked, support: matched.count)
    isLost = false
    try settle(from: reference, frame, zip(matched, motion.fits).filter { $0.1 }.map { $0.0 })
  }

  /// Takes the camera as turned only: the place stays, and the reference's turn goes on. Where no more points than by chance agree the scene is lost: the
  /// pictures have nothing in common, as those of noise.
  ///
  /// - Parameter isSeen: Whether the points agree with some other motion.
  private func turnOnly(
    _ turn: Matrix3, _ first: [Vector3], _ second: [Vector3], from base: RigidTransform, _ frame: Int, isSeen: Bool
  ) throws {
    let distances = RotationFit.angles(first, second, after: turn).map { $0 / pixel }
    guard isSeen || ChanceAgreement.turn.isBeaten(by: distances) else {
      append(cameras[cameras.count - 1], .lost, support: 0)
      isLost = true
      begin(anewFrom: frame)
      return
    }
    append(
      RigidTransform(rotation: turn, translation: .zero) * base, isLost ? .found : .rotation,
      support: distances.count { $0 <= Self.fitDistance })
    isLost = false
  }

  /// What two views tell of the motion between them.
  private struct TwoViews {
    /// The translation has the length 1. nil where three quarters of the matches do not agree, or nothing tells yet which of a plane's readings is right.
    var motion: (secondFromFirst: RigidTransform, fits: [Bool])?
    /// Whether more matches than by chance agree with a motion or a plane's map.
    var isSeen = false
  }

  /// The motion between two views by an essential matrix, or by what a plane does where that explains the matches as well.
  private func view(
    _ first: [Vector3], _ second: [Vector3], _ matched: [Int], since reference: Int, _ frame: Int
  ) throws -> TwoViews {
    var best = try PoseSolver.motion(from: first, to: second, settings: PoseSolver.Settings(threshold: pixel))
    var isSeen =
      best.map { ChanceAgreement.motion.isBeaten(by: $0.fits.count(where: \.self), of: matched.count, within: 1) } ?? false
    if let map = PlaneMotion.map(from: first, to: second, scale: pixel),
      ModelScore.prefersPlane(map, to: best?.secondFromFirst, first, second, pixel: pixel),
      case let readings = PlaneMotion.readings(of: map, first, second), !readings.isEmpty
    {
      let fits = ModelScore.fits(map, first, second, within: Self.fitDistance * pixel)
      isSeen = isSeen || ChanceAgreement.plane.isBeaten(by: fits.count(where: \.self), of: matched.count, within: Self.fitDistance)
      // Two readings that nothing tells apart yet are told by a later frame.
      guard let plane = chosen(readings, fits, first, second, matched, since: reference, frame) else {
        return TwoViews(motion: nil, isSeen: isSeen)
      }
      if plane.translation.length > 0 {
        best = (RigidTransform(rotation: plane.rotation, translation: plane.translation / plane.translation.length), fits)
      }
    }
    guard let best, best.fits.count(where: \.self) * 4 >= 3 * matched.count else { return TwoViews(motion: nil, isSeen: isSeen) }
    return TwoViews(motion: best, isSeen: isSeen)
  }

  /// Of two readings of a plane the right one: by the points off the plane, which lie on the lines of the right motion alone, else by the places
  /// on it, which poses of the frames between see worse in the wrong one.
  ///
  /// - Parameter fits: Which matches are on the plane.
  /// - Returns: nil where neither tells. Once the rays have moved far, the reading that the frames between see better is taken even so.
  private func chosen(
    _ readings: [PlaneMotion], _ fits: [Bool], _ first: [Vector3], _ second: [Vector3], _ matched: [Int], since reference: Int,
    _ frame: Int
  ) -> PlaneMotion? {
    guard readings.count > 1 else { return readings.first }
    let off = zip(zip(first, second), fits).filter { !$0.1 }.map { $0.0 }
    if let index = ModelScore.likelier(readings.map { reading in off.count { isMoved($0.0, $0.1, by: reading) } }) {
      return readings[index]
    }
    let costs = readings.map { cost(of: $0, matched, since: reference, frame) }
    let better = costs[0] <= costs[1] ? 0 : 1
    let moved = RotationFit.medianAngle(first, second, after: readings[better].rotation)
    guard costs[better] <= Self.costShare * costs[1 - better] && costs[1 - better] > 0 || moved >= Self.longWait * Self.motionAngle
    else {
      return nil
    }
    return readings[better]
  }

  /// The wrong reading of a plane costs this much more at least. On the flights of Benchmarks/camera-path wrong ones cost from 15 % more on, but for steps
  /// so short that the two were within .2 %.
  private static let costShare = 0.9
  /// Rays that have moved by so many times the least angle are told apart no better later: points go out of sight.
  private static let longWait = 4.0

  /// Whether a match that is off the plane moves as the camera does: on its line and before both views.
  private func isMoved(_ first: Vector3, _ second: Vector3, by reading: PlaneMotion) -> Bool {
    let line = reading.translation.cross(reading.rotation * first)
    guard case let length = Point(line.x, line.y).length, length > 0, abs(line.dot(second)) <= pixel * length else { return false }
    let rays = [
      PointTriangulation.Ray(cameraFromWorld: .identity, place: first),
      PointTriangulation.Ray(cameraFromWorld: reading.secondFromFirst, place: second),
    ]
    return PointTriangulation.point(of: rays, leastAngle: 0, tolerance: Self.fitDistance * pixel) != nil
  }

  /// How far the frames between are from seeing the points where a reading puts them, in pixels.
  private func cost(of reading: PlaneMotion, _ matched: [Int], since reference: Int, _ frame: Int) -> Double {
    let places = matched.compactMap { index -> (Int, Vector3)? in
      let seen = points[index].observations
      let rays = [
        PointTriangulation.Ray(cameraFromWorld: .identity, place: seen[0].left),
        PointTriangulation.Ray(cameraFromWorld: reading.secondFromFirst, place: points[index].last.left),
      ]
      return PointTriangulation.point(of: rays, leastAngle: 0, tolerance: Self.fitDistance * pixel).map { (index, $0) }
    }
    guard places.count >= Self.leastSupport else { return .infinity }
    let turn = reading.secondFromFirst.quaternion.rotationVector
    return (1...6).reduce(0) { sum, part in
      let between = reference + (frame - reference) * part / 7
      let share = Double(between - reference) / Double(frame - reference)
      let sights = places.compactMap { index, place in
        points[index].observations.first { $0.frame == between }.map { PoseRefinement.Sight(point: place, left: $0.left) }
      }
      let start = RigidTransform(rotationVector: turn * share, translation: reading.translation * share)
      guard between > reference, sights.count >= Self.leastSupport, let pose = refinement.refined(start, sights) else { return sum }
      let misses = sights.map { min(refinement.distance(pose.cameraFromWorld, $0), Self.fitDistance * pixel) }
      return sum + misses.reduce(0, +) / Double(misses.count)
    }
  }

  /// Too few points of the reference are left: the turn goes on from the frame before by all points, and this frame is the next reference.
  private func restart(_ frame: Int) throws {
    let last = cameras[cameras.count - 1]
    let first = points.map { $0.observations[$0.observations.count - 2].left }
    let second = points.map(\.last.left)
    defer { begin(anewFrom: frame) }
    guard points.count >= Self.leastMatches else {
      append(last, .lost, support: points.count)
      isLost = true
      return
    }
    let turn = RotationFit.rotation(from: first, to: second, tolerance: Self.fitDistance * pixel)
    let motion = try PoseSolver.motion(from: first, to: second, settings: PoseSolver.Settings(threshold: pixel))
    let isSeen =
      motion.map { ChanceAgreement.motion.isBeaten(by: $0.fits.count(where: \.self), of: first.count, within: 1) } ?? false
    try turnOnly(turn, first, second, from: last, frame, isSeen: isSeen)
  }

  private func begin(anewFrom frame: Int) {
    reference = frame
    points = []
  }

  /// Measures the places of the points that agree with the first motion, and with them the poses of the frames since the reference.
  private func settle(from reference: Int, _ frame: Int, _ fits: [Int]) throws {
    for index in fits {
      let ends = [points[index].observations[0], points[index].last]
      points[index].position = PointTriangulation.point(
        of: ends.flatMap(rays), leastAngle: Self.motionAngle / 2, tolerance: Self.fitDistance * pixel)
    }
    let known = points.indices.filter { points[$0].position != nil }
    for between in reference + 1...frame {
      let seen = known.filter { index in points[index].observations.contains { $0.frame == between } }
      guard let pose = try pose(seen, between) else { continue }
      cameras[between] = pose.camera
      poses[between] = OdometryPose(
        worldFromCamera: pose.camera.inverse, status: poses[between].status == .found ? .found : .tracked,
        supportCount: pose.fits.count, deviations: pose.deviations)
    }
    self.reference = nil
  }
}
