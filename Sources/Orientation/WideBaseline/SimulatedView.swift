import Foundation
import Geometry
import Imaging

/// A picture as a camera far off to one side would see it: squeezed along one direction.
///
/// Binary features bear a change of viewpoint up to about 40 degrees; matching such views instead of the picture itself bridges more
/// (Morel and Yu, "ASIFT", 2009).
struct SimulatedView {
  let image: Image
  /// Maps the picture's pixels to the view's.
  let fromPicture: Homography

  /// The picture itself.
  init(whole picture: Image) {
    image = picture
    fromPicture = .identity
  }

  /// - Parameters:
  ///   - tilt: By how much the picture is squeezed, at least 1; 1 / cos of the camera's angle to the plane's normal.
  ///   - direction: Along which it is squeezed, in radians from the x axis towards the y axis.
  init(of picture: Image, tilt: Double, direction: Double) throws {
    let turn = Matrix2(rotation: -direction)
    let (width, height) = (Double(picture.width), Double(picture.height))
    let corners = [Point(0, 0), Point(width, 0), Point(width, height), Point(0, height)].map { turn * $0 }
    let hull = AxisBox(around: corners)
    let rotation = Homography(turn.a, turn.b, -hull.left, turn.c, turn.d, -hull.top, 0, 0, 1)
    // Bounded: a turned picture is at most twice as wide and high, and the tilt is 1 or more.
    let (fullWidth, fullHeight) = (Int(hull.width.rounded(.up)), Int(hull.height.rounded(.up)))
    let squeezedWidth = max(1, Int((hull.width / tilt).rounded(.up)))
    // Area averages while shrinking along x are the blur that the squeezing needs.
    image = try picture.warped(by: rotation, width: fullWidth, height: fullHeight, border: .replicated)
      .resized(width: squeezedWidth, height: fullHeight)
    fromPicture = Homography.scaling(Double(squeezedWidth) / Double(fullWidth), 1) * rotation
  }

  /// The views that are tried, the likeliest first: twice as narrow in six directions, then three times in twelve.
  /// Morel and Yu take tilts of √2ⁿ and directions 72° / tilt apart; these are fewer tilts with nearer directions, chosen by hand with the
  /// series of Benchmarks/README.md, "Wide baselines", in sight.
  static let directions: [(tilt: Double, direction: Double)] = ring(tilt: 2, count: 6) + ring(tilt: 3, count: 12)

  private static func ring(tilt: Double, count: Int) -> [(tilt: Double, direction: Double)] {
    (0..<count).map { (tilt: tilt, direction: Double($0) * .pi / Double(count)) }
  }
}
