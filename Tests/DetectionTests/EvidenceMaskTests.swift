import Geometry
import Imaging
import Testing

@testable import Detection

/// The pixels of an object whose box a network tells.
@Suite struct EvidenceMaskTests {
  /// A picture in which upright boxes differ from the background.
  private static func picture(_ boxes: [AxisBox]) -> Image {
    var picture = Image(width: 120, height: 80, channels: 3)
    for y in 0..<picture.height {
      for x in 0..<picture.width {
        let place = Point(Double(x) + 0.5, Double(y) + 0.5)
        if boxes.contains(where: { $0.left <= place.x && place.x < $0.right && $0.top <= place.y && place.y < $0.bottom }) {
          picture[x, y, 0] = 255
        }
      }
    }
    return picture
  }

  private static func mask(_ picture: Image, _ box: AxisBox) throws -> RunLengthMask? {
    try EvidenceMask(picture: picture, gap: 3).mask(of: GaussianBox(box))?.displayed(Point(2, 2), width: 240, height: 160)
  }

  /// Two parts with a gap of a pixel are one object; what lies farther off is none of it.
  @Test func whatDiffersWithinTheBox() throws {
    let parts = [AxisBox(left: 40, top: 30, width: 9, height: 20), AxisBox(left: 50, top: 30, width: 10, height: 20)]
    let picture = Self.picture(parts + [AxisBox(left: 90, top: 30, width: 20, height: 20)])
    let mask = try #require(try Self.mask(picture, AxisBox(left: 38, top: 28, width: 24, height: 24)))
    let whole = try #require(
      RunLengthMask(width: 240, height: 160, columns: 80..<120, rows: 60..<100) { _, mark in mark(true, 60) })
    // The one lies in the other but for its rim.
    let hull = try #require(mask.hull)
    #expect(abs(Double(mask.area) - Double(whole.area)) < 0.1 * Double(whole.area), "\(mask.area) \(whole.area)")
    #expect(
      hull.columns.lowerBound >= 78 && hull.columns.upperBound <= 122 && hull.rows.lowerBound >= 58 && hull.rows.upperBound <= 102)
  }

  /// Where nothing differs the object has the background's looks, and the box's ellipse stands for it: π/4 of the box.
  @Test func theGaussianWhereNothingDiffers() throws {
    let mask = try #require(try Self.mask(Self.picture([]), AxisBox(left: 30, top: 20, width: 40, height: 20)))
    #expect(abs(Double(mask.area) - .pi / 4 * 80 * 40) < 100, "\(mask.area)")
  }

  @Test func nothingBesideThePicture() throws {
    let picture = Self.picture([])
    #expect(try Self.mask(picture, AxisBox(left: 300, top: 20, width: 40, height: 20)) == nil)
    #expect(try Self.mask(picture, AxisBox(left: -300, top: 20, width: 40, height: 20)) == nil)
    let flat = GaussianBox(mean: Point(40, 40), covariance: SymmetricMatrix2(xx: 1, xy: 0, yy: 0))
    #expect(try EvidenceMask(picture: picture, gap: 3).mask(of: flat) == nil)
    #expect(try MotionDetector(keepsEvidence: true).mask(of: flat, width: 240, height: 160) == nil)
  }
}
