import Geometry

/// Whether a plane or a scene of any shape explains matches: the scores of R. Mur-Artal et al., "ORB-SLAM", IEEE T-RO 2015, section IV.
enum ModelScore {
  /// The 95 % limits of χ² for two and for one number, and the share beyond which the plane is taken (all published there).
  private static let planeLimit = 5.99, lineLimit = 3.84, planeShare = 0.45

  /// - Parameter pixel: A pixel in the plane z = 1, the deviation of a match.
  static func prefersPlane(
    _ map: Matrix3, to motion: RigidTransform?, _ first: [Vector3], _ second: [Vector3], pixel: Double
  ) -> Bool {
    guard let motion else { return true }
    let plane = zip(first, second).reduce(0) { sum, pair in
      guard let miss = PlaneMotion.miss(of: map, pair.0, pair.1) else { return sum }
      return sum + max(0, planeLimit - miss.shift.squaredLength / (pixel * pixel))
    }
    let lines = zip(first, second).reduce(0) { sum, pair in
      let line = motion.translation.cross(motion.rotation * pair.0)
      let length = line.x * line.x + line.y * line.y
      let value = line.dot(pair.1)
      guard length > 0, case let miss = value * value / (length * pixel * pixel), miss <= lineLimit else { return sum }
      return sum + planeLimit - miss
    }
    return plane > planeShare * (plane + lines)
  }

  /// Of two motions the one that more of the same matches bear out, where their numbers differ by more than three standard deviations of chance: of a + b
  /// matches that know of neither, a − b has the variance a + b.
  static func likelier(_ counts: [Int]) -> Int? {
    let (sum, difference) = (counts[0] + counts[1], counts[0] - counts[1])
    guard difference * difference > 9 * sum else { return nil }
    return difference > 0 ? 0 : 1
  }

  /// Which matches a plane's map brings to within a distance.
  static func fits(_ map: Matrix3, _ first: [Vector3], _ second: [Vector3], within distance: Double) -> [Bool] {
    zip(first, second).map { p, q in PlaneMotion.miss(of: map, p, q).map { $0.shift.length <= distance } ?? false }
  }
}
