public import Geometry
public import Imaging

/// Points that are found again in a later picture of a moving camera, once the picture has moved far enough.
///
/// Corners of one picture are followed until the middle one has gone a good part of the width, or too few are left; the next pair begins there.
public final class MotionMatcher {
  /// Where points were, and where the same ones are.
  public struct Matches: Sendable, Equatable {
    /// In pixels of the first picture.
    public let first: [Point]
    /// In pixels of the second one, one for each.
    public let second: [Point]
  }

  /// A pair ends once the middle point has gone so far, and counts from the lesser way on: shares of the width.
  private static let wholeShift = 0.2, leastShift = 0.1
  /// A pair ends once this share of its points is left.
  private static let leastShare = 0.4

  private let follower: PointFollower
  private let width: Int
  private var first: [Point] = []
  private var now: [Point] = []
  private var startCount = 0
  private var isEmpty = true

  /// - Parameter width: Of the pictures.
  /// - Throws: `ImagingError` from the library.
  public init(width: Int) throws {
    self.width = width
    follower = try PointFollower()
  }

  /// Takes the next picture, in grey.
  ///
  /// - Returns: The pair that ends here; nil while the picture has not moved far enough.
  /// - Throws: `ImagingError` from the library.
  public func add(_ image: Image) throws -> Matches? {
    try follower.load(image)
    guard !isEmpty else {
      isEmpty = false
      try begin(image)
      return nil
    }
    let found = try follower.advance(now, [PointFollower.Foresight](repeating: .unknown, count: now.count))
    let kept = found.indices.filter { found[$0] != nil }
    (first, now) = (kept.map { first[$0] }, kept.compactMap { found[$0] })
    let shift = medianShift
    let isLost = Double(now.count) < Self.leastShare * Double(startCount)
    guard shift >= Self.wholeShift * Double(width) || isLost || now.isEmpty else { return nil }
    let matches = Matches(first: first, second: now)
    try begin(image)
    return shift >= Self.leastShift * Double(width) ? matches : nil
  }

  private func begin(_ image: Image) throws {
    now = try follower.newCorners(image, besides: [])
    first = now
    startCount = now.count
  }

  private var medianShift: Double {
    let shifts = zip(first, now).map { ($1 - $0).length }.sorted()
    return shifts.isEmpty ? 0 : shifts[shifts.count / 2]
  }
}
