import Geometry
import Imaging

// How one camera begins: the first motion that its points show, by an essential matrix or by a plane.
extension VisualOdometry {
  /// Looks for the motion since the reference; until it is large enough to be seen the camera only turns.
  func startMotion(from reference: Int, _ frame: Int) throws {
    let matched = points.indices.filter { points[$0].observations[0].frame == reference }
    guard matched.count >= Self.leastMatches else {
      restart(frame)
      return
    }
    let first = matched.map { points[$0].observations[0].left }
    let second = matched.map { points[$0].last.left }
    let turn = RotationFit.rotation(from: first, to: second, tolerance: Self.fitDistance * pixel)
    let base = cameras[reference]
    guard RotationFit.medianAngle(first, second, after: turn) >= Self.fitDistance * pixel,
      let motion = try motion(first, second, matched, since: reference, frame),
      RotationFit.medianAngle(first, second, after: motion.secondFromFirst.rotation) >= Self.motionAngle
    else {
      // The place stays; the reference's turn goes on.
      let camera = RigidTransform(rotation: turn, translation: .zero) * base
      append(camera, isLost ? .found : .rotation, support: matched.count)
      isLost = false
      return
    }
    append(motion.secondFromFirst * base, isLost ? .found : .tracked, support: matched.count)
    isLost = false
    try settle(from: reference, frame, zip(matched, motion.fits).filter { $0.1 }.map { $0.0 })
  }

  /// The motion between two views by an essential matrix, or by what a plane does where that explains the matches as well.
  ///
  /// - Returns: The translation has the length 1. nil where three quarters of the matches do not agree.
  private func motion(
    _ first: [Vector3], _ second: [Vector3], _ matched: [Int], since reference: Int, _ frame: Int
  ) throws -> (secondFromFirst: RigidTransform, fits: [Bool])? {
    var best = try PoseSolver.motion(from: first, to: second, settings: PoseSolver.Settings(threshold: pixel))
    if let map = PlaneMotion.map(from: first, to: second, scale: pixel),
      ModelScore.prefersPlane(map, to: best?.secondFromFirst, first, second, pixel: pixel),
      case let readings = PlaneMotion.readings(of: map, first, second), !readings.isEmpty
    {
      let fits = ModelScore.fits(map, first, second, within: Self.fitDistance * pixel)
      // Two readings that nothing tells apart yet are told by a later frame.
      guard let plane = chosen(readings, fits, first, second, matched, since: reference, frame) else { return nil }
      if plane.translation.length > 0 {
        best = (RigidTransform(rotation: plane.rotation, translation: plane.translation / plane.translation.length), fits)
      }
    }
    guard let best, best.fits.count(where: { $0 }) * 4 >= 3 * matched.count else { return nil }
    return best
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

  /// Too few points of the reference are left: what was turned so far stays, and this frame is the next reference.
  private func restart(_ frame: Int) {
    let last = cameras[cameras.count - 1]
    append(last, points.count < Self.leastMatches ? .lost : .rotation, support: points.count)
    isLost = points.count < Self.leastMatches
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
