import Geometry

/// The unit of length of one camera's path, from how high the camera stands above the ground.
///
/// Each part of a path (`VisualOdometry.partStarts`) has a unit of its own. That of the first is such that the camera is as high as told in its first frame;
/// of a later part, that it is as high as at the end of the part before.
public struct KnownHeight {
  /// What came of one part.
  public struct Part: Sendable, Equatable {
    /// Its frames.
    public var frames: Range<Int>
    /// The ground in the frame of its first camera, in metres; nil where none was seen.
    public var ground: GroundPlane?
  }

  /// The poses, in metres. A part that shows no ground stays in the place where it begins, with the status `rotation`.
  public private(set) var poses: [OdometryPose]
  /// The parts in which the camera moves.
  public private(set) var parts: [Part] = []

  /// Points count that were first seen in so many frames from a part's start, or from its end: the ground may bend, and the unit drifts.
  private static let nearFrames = 40
  /// Of these so many make a stretch.
  private static let stretchFrames = 10
  /// What lies further above or below the plane than this share of the camera's height is no ground, and fewer points tell nothing of a stretch.
  private static let greatestUnevenness = 0.1, leastPoints = 10
  /// The 97.5 % quantiles of Student's distribution with two, three and four degrees of freedom.
  private static let quantiles = [4.303, 3.182, 2.776]

  /// - Parameters:
  ///   - metres: The camera's height above the ground in the first frame.
  ///   - poses: Of a path of one camera.
  ///   - scene: Its points.
  ///   - partStarts: The frames in which a unit of length begins, ascending, the first 0.
  ///   - unitDeviations: Of each part, what the poses of its start are off by (`VisualOdometry.unitDeviations`).
  /// - Throws: `OdometryError.noGround` where the camera moves and no part shows the ground.
  public init(metres: Double, poses: [OdometryPose], scene: [ScenePoint], partStarts: [Int], unitDeviations: [Double?] = [])
    throws(OdometryError)
  {
    self.poses = poses
    var height = metres
    var inherited = 0.0
    var base = poses.first?.worldFromCamera.translation ?? .zero
    for (index, start) in partStarts.enumerated() where start < poses.count {
      let frames = start..<(index + 1 < partStarts.count ? min(partStarts[index + 1], poses.count) : poses.count)
      let origin = poses[start].worldFromCamera.translation
      guard frames.contains(where: { poses[$0].worldFromCamera.translation != origin }) else {
        for frame in frames { self.poses[frame].worldFromCamera.translation = base }
        continue
      }
      let seen = scene.filter { frames.contains($0.firstFrame) }
      let near = seen.filter { $0.firstFrame < start + Self.nearFrames }
      let ground = KnownHeight.ground(of: near, from: poses[start]).map { whole in
        var ground = whole
        ground.deviation = max(whole.deviation, KnownHeight.unevenness(of: whole, near, start, poses) ?? 0)
        return ground
      }
      let scale = ground.map { height / $0.distance }
      scalePart(frames, from: origin, to: base, by: scale)
      let own = index < unitDeviations.count ? unitDeviations[index] ?? 0 : 0
      let found = ground?.scaled(by: scale ?? 1, besides: (own * own + inherited * inherited).squareRoot())
      parts.append(Part(frames: frames, ground: found))
      // The next part's height is told by this one.
      inherited = found?.deviation ?? inherited
      guard let scale, let last = frames.last else { continue }
      base = self.poses[last].worldFromCamera.translation
      let end = KnownHeight.ground(of: seen.filter { $0.firstFrame >= last - Self.nearFrames }, from: poses[last])
      if let end { height = end.distance * scale }
    }
    if !parts.isEmpty, parts.allSatisfy({ $0.ground == nil }) {
      throw .noGround(frames: parts.map(\.frames))
    }
  }

  private static func ground(of points: [ScenePoint], from pose: OdometryPose) -> GroundPlane? {
    let camera = pose.worldFromCamera.inverse
    return GroundPlane.below(points.map { GroundPlane.Sight(point: camera * $0.position, deviation: $0.deviation) })
  }

  /// How uneven the ground is, as a share of the camera's height: the root mean square over stretches of how far the middle one of its points lies above or
  /// below one plane.
  ///
  /// - Returns: nil where fewer than two stretches show the ground; 1.96 of it are a 95 % interval, by Student's distribution.
  private static func unevenness(of ground: GroundPlane, _ points: [ScenePoint], _ start: Int, _ poses: [OdometryPose]) -> Double? {
    let toStart = poses[start].worldFromCamera.inverse
    let misses = stride(from: start, to: min(start + nearFrames, poses.count), by: stretchFrames).compactMap { first -> Double? in
      let some = points.filter { (first..<first + stretchFrames).contains($0.firstFrame) }
      let near = some.map { ground.normal.dot(toStart * $0.position) / ground.distance - 1 }.filter {
        abs($0) <= greatestUnevenness
      }
      return near.count < leastPoints ? nil : near.sorted()[near.count / 2]
    }
    guard misses.count > 1, misses.count - 2 < quantiles.count else { return nil }
    let squares = misses.reduce(0) { $0 + $1 * $1 }
    return (squares / Double(misses.count)).squareRoot() * quantiles[misses.count - 2] / 1.96
  }

  /// - Parameter scale: nil for a part without one.
  private mutating func scalePart(_ frames: Range<Int>, from origin: Vector3, to base: Vector3, by scale: Double?) {
    for frame in frames {
      let place = poses[frame].worldFromCamera.translation
      poses[frame].worldFromCamera.translation = base + (place - origin) * (scale ?? 0)
      if let scale {
        poses[frame].deviations = poses[frame].deviations.map { $0.prefix(3) + $0.dropFirst(3).map { $0 * scale } }
      } else {
        poses[frame].deviations = nil
        if poses[frame].status == .tracked { poses[frame].status = .rotation }
      }
    }
  }
}

extension GroundPlane {
  /// - Parameter besides: A further deviation of the distance, as a share.
  fileprivate func scaled(by scale: Double, besides further: Double) -> GroundPlane {
    let deviation = (deviation * deviation + further * further).squareRoot()
    return GroundPlane(normal: normal, distance: distance * scale, deviation: deviation, supportCount: supportCount)
  }
}
