import Geometry
import Imaging

/// The motion that a moving camera sees of what stands still off the plane for which the ground's homography holds.
///
/// Laid onto the ground, such scenery keeps a motion along the lines through one point, the epipole e, by an amount that its height and depth tell:
/// v(x) = γ(x) (e − x), with e at infinity where the camera goes along the picture (plane plus parallax: M. Irani and P. Anandan, "A
/// unified approach to moving object detection in 2D and 3D scenes", IEEE PAMI 20(6), 1998). Velocities are the means along the paths of some
/// frames (`MotionField`), so that an epipole holds for more than two pictures. `SceneryFit` finds it.
struct SceneryMotion {
  /// Of the working picture.
  let grid: PixelGrid
  /// In homogeneous coordinates of unit length, of places as `place` gives them.
  let epipole: SIMD3<Float>
  /// What γ is of most of the scenery.
  let amounts: ClosedRange<Float>

  // The numbers here were chosen on the training part of davis and tld (Benchmarks/README.md, "Motion detector").

  /// A velocity is explained if less than this share of it is left, or less than `leastSpeed`.
  private static let ownShare: Float = 0.35
  /// In working pixels a frame: less is the flow's error.
  private static let leastOwnSpeed: Float = 0.1
  /// A region is scenery if most of it moves and more than this share of what moves is explained.
  private static let explainedShare: Float = 0.6
  /// What is known to go its own way is never scenery: regions that overlap it by this IoU.
  private static let sameObject = 0.3

  /// A pixel's place from the picture's middle, in longer sides.
  static func place(x: Int, y: Int, on grid: PixelGrid) -> SIMD2<Float> {
    let middle = SIMD2(Float(grid.width), Float(grid.height)) / 2
    return (SIMD2(Float(x) + 0.5, Float(y) + 0.5) - middle) / Float(max(1, grid.width, grid.height))
  }

  /// e − x, but for a factor.
  @inline(__always)
  static func direction(from place: SIMD2<Float>, to epipole: SIMD3<Float>) -> SIMD2<Float> {
    SIMD2(epipole.x, epipole.y) - place * epipole.z
  }

  /// What of a pixel's velocity no scenery explains.
  func own(_ velocity: SIMD2<Float>, x: Int, y: Int) -> SIMD2<Float> {
    let direction = Self.direction(from: Self.place(x: x, y: y, on: grid), to: epipole)
    let square = (direction * direction).sum()
    guard square > 0 else { return velocity }
    let amount = (velocity * direction).sum() / square
    return velocity - direction * min(amounts.upperBound, max(amounts.lowerBound, amount))
  }

  /// Whether a region is scenery.
  /// - Parameter movers: The hulls of objects that have gone their own way, in working pixels.
  func explains(
    _ part: ConnectedComponents.Component, in parts: ConnectedComponents, _ field: MotionField, movers: [AxisBox]
  ) -> Bool {
    var (moving, explained) = (0, 0)
    parts.forEachPixel(of: part) { x, y, _ in
      let velocity = field.velocity(x: x, y: y)
      let speed = (velocity * velocity).sum().squareRoot()
      guard speed > SceneryFit.leastSpeed else { return }
      moving += 1
      let own = own(velocity, x: x, y: y)
      if (own * own).sum().squareRoot() < max(Self.leastOwnSpeed, Self.ownShare * speed) { explained += 1 }
    }
    guard 2 * moving > part.area, Float(explained) > Self.explainedShare * Float(moving) else { return false }
    let hull = AxisBox(left: Double(part.left), top: Double(part.top), width: Double(part.width), height: Double(part.height))
    return !movers.contains { $0.iou(with: hull) > Self.sameObject }
  }
}
