import Geometry

/// What of a way against the ground is an object's own, and what is explained by scenery that stands above the ground before a moving camera.
///
/// A camera at height H that moves sees what stands at height h go with the ground, but faster by h / (H − h): all that is left of it when the ground's
/// motion is taken out lies along the ground's own way through the picture (plane plus parallax: M. Irani and P. Anandan, "A unified approach to
/// moving object detection in 2D and 3D scenes", IEEE PAMI 20(6), 1998, for an epipole far outside of the picture). What a turning camera follows goes
/// against that way, and what crosses it goes beside it.
enum Parallax {
  /// h / (H − h) of scenery that reaches up to a third of the camera's height.
  private static let greatestRatio = 0.5

  /// The length of what no scenery explains.
  ///
  /// - Parameters:
  ///   - way: Against the ground, in pixels.
  ///   - ground: The ground's own way through the picture at the same place and in the same time.
  static func ownWay(_ way: Point, ground: Point) -> Double {
    let square = ground.dot(ground)
    guard square > 0 else { return way.length }
    return (way - ground * min(greatestRatio, max(0, way.dot(ground) / square))).length
  }
}
