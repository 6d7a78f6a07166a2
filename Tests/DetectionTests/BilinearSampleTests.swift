import Geometry
import Imaging
import Testing

@testable import Detection

@Suite("Bilinear samples")
struct BilinearSampleTests {
  static let grid = PixelGrid(width: 9, height: 7)

  /// The values of a function at the middles of the pixels.
  static func plane(_ value: (Float, Float) -> Float) -> [Float] {
    var plane: [Float] = []
    grid.forEachPixel { x, y, _ in plane.append(value(Float(x) + 0.5, Float(y) + 0.5)) }
    return plane
  }

  @Test("functions that are linear along x and along y are reproduced between pixels")
  func bilinearFunctions() throws {
    func value(_ x: Float, _ y: Float) -> Float { 3 + 2 * x - 5 * y + 0.5 * x * y }
    let plane = Self.plane(value)
    let grey = Self.plane { x, y in 20 + 8 * x + 16 * y }.map { UInt8($0) }
    for (x, y) in [(0.5, 0.5), (8.5, 6.5), (3.25, 4.75), (1.9, 0.6)] as [(Float, Float)] {
      let sample = try #require(BilinearSample(x: x, y: y, width: 9, height: 7))
      #expect(abs(plane.withUnsafeBufferPointer(sample.value) - value(x, y)) < 1e-4)
      #expect(abs(grey.withUnsafeBufferPointer(sample.value) - (20 + 8 * x + 16 * y)) < 1e-3)
    }
  }

  @Test("several values at once are those of each by itself")
  func severalValues() throws {
    let one = Self.plane { x, y in x * x - y }
    let other = Self.plane { x, y in 7 * y + x }
    let both = zip(one, other).map { PathMotion(lanes: SIMD4($0, $1, 1, 0)) }
    let sample = try #require(BilinearSample(x: 4.3, y: 2.8, width: 9, height: 7))
    let found = both.withUnsafeBufferPointer { sample.value(of: $0) }
    #expect(abs(found.velocity.x - one.withUnsafeBufferPointer(sample.value)) < 1e-5)
    #expect(abs(found.velocity.y - other.withUnsafeBufferPointer(sample.value)) < 1e-5)
    #expect(abs(found.count - 1) < 1e-6)
  }

  @Test("beyond the outermost middles the border's pixels hold, and nothing outside the picture")
  func borders() throws {
    let plane = Self.plane { x, _ in x }
    let left = try #require(BilinearSample(x: 0, y: 3, width: 9, height: 7))
    let right = try #require(BilinearSample(x: 9, y: 7, width: 9, height: 7))
    #expect(plane.withUnsafeBufferPointer(left.value) == 0.5)
    #expect(plane.withUnsafeBufferPointer(right.value) == 8.5)
    for (x, y) in [(-0.01, 3), (9.01, 3), (4, -1), (4, 7.5), (.nan, 3), (4, .nan), (.infinity, 0)] as [(Float, Float)] {
      #expect(BilinearSample(x: x, y: y, width: 9, height: 7) == nil)
    }
  }

  @Test("the nearest pixel is the one that holds the place")
  func nearest() throws {
    for (x, y, column, row) in [(3.1, 2.9, 3, 2), (3.9, 2.1, 3, 2), (0.1, 0.1, 0, 0), (8.9, 6.9, 8, 6)]
      as [(Float, Float, Int, Int)]
    {
      #expect(try #require(BilinearSample(x: x, y: y, width: 9, height: 7)).nearest == Self.grid.index(x: column, y: row))
    }
  }

  @Test("a map in single precision agrees with the homography, and hands out each pixel once")
  func pixelMap() {
    let h = Homography(1.02, -0.04, 3, 0.05, 0.97, -2, 1e-4, -2e-4, 1)
    let map = PixelMap(h)
    var seen: [Int] = []
    map.forEachSample(on: Self.grid) { index, sample in
      seen.append(index)
      let exact = h.apply(Point(Double(index % 9) + 0.5, Double(index / 9) + 0.5))
      let isInside = exact.x >= 0 && exact.y >= 0 && exact.x <= 9 && exact.y <= 7
      #expect((sample != nil) == isInside)
      guard let sample else { return }
      let plane = Self.plane { x, _ in x }
      let x = min(8.5, max(0.5, exact.x))
      #expect(abs(Double(plane.withUnsafeBufferPointer(sample.value)) - x) < 1e-4)
    }
    #expect(seen == Array(0..<63))
  }
}
