import Geometry

/// KITTI's odometry error: drift over segments of 100 to 800 m of the truth's path.
///
/// Source: A. Geiger et al., KITTI odometry development kit, `evaluate_odometry.cpp`; `docs/evaluation.md`, Trajectories.
public struct SegmentErrors: Sendable, Equatable {
  /// The errors of the segments of one length.
  public struct Length: Sendable, Equatable {
    /// The length of the segments along the true path.
    public var metres: Double
    /// How many segments of this length there are.
    public var segments: Int
    /// Translation error over length, per cent, mean over the segments.
    public var translationPercent: Double
    /// Rotation angle over length, degrees per metre, mean over the segments.
    public var rotationDegreesPerMetre: Double
  }

  /// Lengths that the path reaches, ascending.
  public var lengths: [Length]
  /// The number of segments of all lengths.
  public var segments: Int
  /// Means over all segments.
  public var translationPercent: Double
  /// Mean over all segments of the rotation error by the segment's length.
  public var rotationDegreesPerMetre: Double

  /// KITTI's lengths, metres.
  public static let standardLengths: [Double] = [100, 200, 300, 400, 500, 600, 700, 800]

  /// The errors of associated poses; nil where the truth's path is shorter than the shortest length.
  ///
  /// - Parameter every: The number of frames from one start to the next.
  public init?(
    truth: [RigidTransform], result: [RigidTransform], lengths wanted: [Double] = standardLengths, every step: Int = 10
  ) {
    var travelled = [0.0]
    for (a, b) in zip(truth, truth.dropFirst()) {
      travelled.append(travelled[travelled.count - 1] + (b.translation - a.translation).length)
    }
    lengths = wanted.sorted().compactMap { metres in
      var sum = (translation: 0.0, angle: 0.0, count: 0)
      var last = 0
      for first in stride(from: 0, to: truth.count, by: max(1, step)) {
        // The end moves forward with the start, because path distances never fall.
        while last < truth.count, travelled[last] <= travelled[first] + metres { last += 1 }
        guard last < truth.count else { break }
        let error = result[first].relative(to: result[last]).relative(to: truth[first].relative(to: truth[last]))
        sum.translation += error.translation.length / metres
        sum.angle += error.rotationAngle / metres
        sum.count += 1
      }
      guard sum.count > 0 else { return nil }
      return Length(
        metres: metres, segments: sum.count, translationPercent: 100 * sum.translation / Double(sum.count),
        rotationDegreesPerMetre: sum.angle * 180 / .pi / Double(sum.count))
    }
    guard let total = Self.total(lengths) else { return nil }
    (segments, translationPercent, rotationDegreesPerMetre) = total
  }

  /// The segments of several sequences together; nil for none.
  public init?(pooling sequences: [SegmentErrors]) {
    let metres = Set(sequences.flatMap { $0.lengths.map(\.metres) }).sorted()
    lengths = metres.compactMap { metres in
      let parts = sequences.flatMap(\.lengths).filter { $0.metres == metres }
      return Self.total(parts).map {
        Length(metres: metres, segments: $0.segments, translationPercent: $0.translation, rotationDegreesPerMetre: $0.rotation)
      }
    }
    guard let total = Self.total(lengths) else { return nil }
    (segments, translationPercent, rotationDegreesPerMetre) = total
  }

  /// The number of segments and their means; nil for none.
  private static func total(_ parts: [Length]) -> (segments: Int, translation: Double, rotation: Double)? {
    let segments = parts.reduce(0) { $0 + $1.segments }
    guard segments > 0 else { return nil }
    return (
      segments, parts.reduce(0) { $0 + $1.translationPercent * Double($1.segments) } / Double(segments),
      parts.reduce(0) { $0 + $1.rotationDegreesPerMetre * Double($1.segments) } / Double(segments)
    )
  }
}
