import Geometry
import Imaging
import Testing

@Suite struct ImageWarpTests {
  /// A smooth bump around a point, brightest there.
  static func bump(at center: Point, width: Int = 80, height: Int = 60) -> Image {
    var image = Image(width: width, height: height, channels: 1)
    for y in 0..<height {
      for x in 0..<width {
        let offset = Point(Double(x) + 0.5, Double(y) + 0.5) - center
        image[x, y] = UInt8(max(0, 250 - 3 * offset.squaredLength))
      }
    }
    return image
  }

  /// The intensity's centre of mass in this package's coordinates.
  static func centroid(_ image: Image) -> Point {
    var (sum, weight) = (Point.zero, 0.0)
    for y in 0..<image.height {
      for x in 0..<image.width {
        let value = Double(image[x, y])
        sum += Point(Double(x) + 0.5, Double(y) + 0.5) * value
        weight += value
      }
    }
    return sum / weight
  }

  @Test func theIdentityChangesNothing() throws {
    let image = ImageResizeTests.noise(width: 33, height: 20, channels: 3, seed: 2)
    #expect(try image.warped(by: .identity) == image)
  }

  @Test func aWholeTranslationMovesPixels() throws {
    let image = ImageResizeTests.noise(width: 33, height: 20, channels: 1, seed: 2)
    let moved = try image.warped(by: .translation(Point(3, 2)), border: .constant(17))
    for y in 0..<20 {
      for x in 0..<33 { #expect(moved[x, y] == (x >= 3 && y >= 2 ? image[x - 3, y - 2] : 17)) }
    }
  }

  /// Scaling by 2 about the corner of the first pixel: in pixel-centre coordinates the bump would land half a pixel off.
  @Test func scalingIsAboutTheCornerOfTheFirstPixel() throws {
    let image = Self.bump(at: Point(20.5, 14.5))
    let large = try image.warped(by: .scaling(2, 2))
    let center = Self.centroid(large)
    #expect((center - Point(41, 29)).length < 0.05)
  }

  @Test func aHomographyCarriesABumpToWhereItMapsThePoint() throws {
    let map = Homography(0.9, 0.1, 6, -0.08, 1.05, 3, 2e-4, -1e-4, 1)
    let from = Point(30.5, 25.5)
    let center = Self.centroid(try Self.bump(at: from).warped(by: map))
    #expect((center - map.apply(from)).length < 0.15)
  }

  @Test func replicatedBordersShowTheNearestPixel() throws {
    let image = Image(width: 8, height: 8, channels: 1, pixels: [UInt8](repeating: 77, count: 64))
    let moved = try image.warped(by: .translation(Point(5, 5)), border: .replicated)
    #expect(moved == image)
  }

  @Test func aMapWithoutInverseIsAnError() {
    let image = Image(width: 8, height: 8, channels: 1)
    #expect(throws: ImagingError.self) { try image.warped(by: Homography(1, 1, 0, 1, 1, 0, 0, 0, 1)) }
    #expect(throws: ImagingError.self) { try image.warped(byInverse: .scaling(.nan, 1)) }
  }
}
