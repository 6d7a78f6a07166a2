import Foundation
public import Geometry

/// Leaves one box where several are of the same object: non-maximum suppression.
public enum BoxSuppression: Sendable {
  /// What a box is compared by.
  public enum Rule: Sendable {
    /// Exact intersection over union, of boxes of one class.
    case byClass
    /// FastestDet's: corners truncated to whole pixels, sides counted with both ends, classes not told apart.
    case truncated
    /// ProbIoU of boxes of one class as Gaussians, where also boxes that are gone themselves remove others.
    case probabilistic
  }

  /// Boxes that are compared at most, the surest ones: a bound for outputs that find something everywhere.
  private static let candidateLimit = 30_000

  /// The boxes that are left, by falling scores.
  ///
  /// - Parameters:
  ///   - threshold: Overlaps above it are of the same object.
  ///   - limit: The most boxes to give.
  public static func kept(_ boxes: [NetworkBox], by rule: Rule, threshold: Double, limit: Int) -> [NetworkBox] {
    let order = boxes.indices.sorted { (boxes[$1].score, $0) < (boxes[$0].score, $1) }.prefix(candidateLimit)
    let sorted = order.map { boxes[$0] }
    switch rule {
    case .byClass: return greedy(sorted, limit) { $0.classIndex == $1.classIndex && overlap($0, $1) > threshold }
    case .truncated: return greedy(sorted, limit) { truncatedOverlap($0, $1) > threshold }
    case .probabilistic: return independent(sorted, limit, threshold)
    }
  }

  private static func greedy(_ boxes: [NetworkBox], _ limit: Int, _ isSame: (NetworkBox, NetworkBox) -> Bool) -> [NetworkBox] {
    var kept: [NetworkBox] = []
    for box in boxes where !kept.contains(where: { isSame($0, box) }) {
      kept.append(box)
      if kept.count == limit { break }
    }
    return kept
  }

  private static func independent(_ boxes: [NetworkBox], _ limit: Int, _ threshold: Double) -> [NetworkBox] {
    var kept: [NetworkBox] = []
    for (place, box) in boxes.enumerated() {
      let isGone = boxes[..<place].contains { $0.classIndex == box.classIndex && probabilisticOverlap($0.box, box.box) > threshold }
      if !isGone { kept.append(box) }
      if kept.count == limit { break }
    }
    return kept
  }

  private static func overlap(_ a: NetworkBox, _ b: NetworkBox) -> Double {
    a.box.angle == 0 && b.box.angle == 0 ? a.upright.iou(with: b.upright) : a.box.iou(with: b.box)
  }

  private static func truncatedOverlap(_ a: NetworkBox, _ b: NetworkBox) -> Double {
    func whole(_ box: AxisBox) -> AxisBox {
      let (left, top) = (box.left.rounded(.towardZero), box.top.rounded(.towardZero))
      return AxisBox(
        left: left, top: top, width: box.right.rounded(.towardZero) - left + 1, height: box.bottom.rounded(.towardZero) - top + 1)
    }
    return whole(a.upright).iou(with: whole(b.upright))
  }

  /// ProbIoU of two boxes as Gaussians (Llerena et al. 2021, arXiv 2106.06072, equations 8 to 10): 1 − the Hellinger distance.
  public static func probabilisticOverlap(_ a: OrientedBox, _ b: OrientedBox) -> Double {
    // As in the published code: keeps quotients and roots of degenerate boxes finite.
    let least = 1e-7
    let (p, q) = (spread(a), spread(b))
    let (x, y, xy) = (p.x + q.x, p.y + q.y, p.xy + q.xy)
    let determinant = x * y - xy * xy
    let (dx, dy) = (a.center.x - b.center.x, a.center.y - b.center.y)
    let near = (x * dy * dy + y * dx * dx) / (4 * (determinant + least)) - xy * dx * dy / (2 * (determinant + least))
    let product = max(0, p.x * p.y - p.xy * p.xy) * max(0, q.x * q.y - q.xy * q.xy)
    let shape = 0.5 * log(determinant / (4 * product.squareRoot() + least) + least)
    let distance = min(100, max(least, near + shape))
    return 1 - (1 - exp(-distance) + least).squareRoot()
  }

  /// The covariance of a rectangle's area.
  private static func spread(_ box: OrientedBox) -> (x: Double, y: Double, xy: Double) {
    let (along, across) = (box.width * box.width / 12, box.height * box.height / 12)
    let (c, s) = (cos(box.angle), sin(box.angle))
    return (along * c * c + across * s * s, along * s * s + across * c * c, (along - across) * c * s)
  }
}
