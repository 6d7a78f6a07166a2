import Geometry
import Imaging
import Testing

@Suite struct ImageDrawingTests {
  static let red = Color(red: 255, green: 0, blue: 0)

  /// The red channel's share of full coverage, summed: the drawn area in pixels.
  static func area(_ image: Image) -> Double {
    stride(from: 2, to: image.pixels.count, by: 3).reduce(0) { $0 + Double(image.pixels[$1]) / 255 }
  }

  static func centroid(_ image: Image) -> Point {
    var (sum, weight) = (Point.zero, 0.0)
    for y in 0..<image.height {
      for x in 0..<image.width {
        let value = Double(image[x, y, 2])
        sum += Point(Double(x) + 0.5, Double(y) + 0.5) * value
        weight += value
      }
    }
    return sum / weight
  }

  @Test func aLineLiesAtItsPlace() throws {
    var image = Image(width: 100, height: 60, channels: 3)
    try image.drawLine(from: Point(20.5, 30.5), to: Point(80.5, 30.5), color: Self.red)
    #expect(image[50, 30, 2] > 220)
    #expect(image[50, 27, 2] == 0 && image[50, 33, 2] == 0 && image[10, 30, 2] == 0)
    #expect((Self.centroid(image) - Point(50.5, 30.5)).length < 0.1)
  }

  @Test func aFilledBoxHasItsAreaAndCentre() throws {
    var image = Image(width: 200, height: 160, channels: 3)
    let box = OrientedBox(center: Point(97.3, 81.6), width: 90, height: 40, angle: 0.5)
    try image.fillPolygon(box.corners, color: Self.red)
    // The drawn outline belongs to the shape: it is about a pixel wider than its corners.
    #expect(abs(Self.area(image) - 91 * 41) < 120)
    #expect((Self.centroid(image) - box.center).length < 0.3)
  }

  @Test func opacityMixesWithWhatIsBelow() throws {
    var image = Image(width: 40, height: 40, channels: 3, pixels: [UInt8](repeating: 100, count: 4_800))
    try image.fillPolygon(
      [Point(5, 5), Point(35, 5), Point(35, 35), Point(5, 35)], color: Self.red.withOpacity(0.5))
    #expect(abs(Int(image[20, 20, 2]) - 178) <= 1 && abs(Int(image[20, 20, 0]) - 50) <= 1)
    #expect(image[1, 1, 2] == 100)
  }

  @Test func anEllipseReachesItsStandardDeviations() throws {
    var image = Image(width: 200, height: 200, channels: 3)
    let covariance = SymmetricMatrix2(major: 900, minor: 100, angle: 0.7)
    try image.fillEllipse(center: Point(100, 100), covariance: covariance, sigmas: 2, color: Self.red)
    #expect(abs(Self.area(image) - .pi * 60 * 20) < 200)
  }

  @Test func textGrowsWithItsHeight() throws {
    let small = try Image.textSize("Track 12", height: 10)
    let large = try Image.textSize("Track 12", height: 30)
    #expect(abs(small.ascent - 10) <= 1 && abs(large.ascent - 30) <= 1)
    #expect(large.width > 2.5 * small.width)
    var image = Image(width: 300, height: 60, channels: 3)
    try image.drawText("Track 12 ä", at: Point(10, 45), height: 30, thickness: 2, color: Self.red)
    #expect(Self.area(image) > 300)
  }

  @Test func shapesOutsideOrNotFiniteAreHarmless() throws {
    var image = Image(width: 30, height: 30, channels: 3)
    let blank = image
    try image.drawLine(from: Point(.nan, 0), to: Point(10, 10), color: Self.red)
    try image.drawPolyline([Point(1e300, 1e300), Point(-1e300, 1e300)], color: Self.red)
    try image.fillPolygon([Point(-500, -500), Point(-400, -500), Point(-400, -400)], color: Self.red.withOpacity(0.3))
    try image.drawText("x", at: Point(1e9, -1e9), height: 12, color: Self.red)
    try image.drawEllipse(
      center: Point(10, 10), covariance: SymmetricMatrix2(xx: -1, xy: 0, yy: 1), color: Self.red)
    #expect(image == blank)
  }

  @Test func drawingOnGreyIsAnError() {
    var image = Image(width: 30, height: 30, channels: 1)
    #expect(throws: ImagingError.self) { try image.drawLine(from: .zero, to: Point(5, 5), color: Self.red) }
  }
}
