import Foundation
import Testing

@testable import Imaging

@Suite("Dense flow")
struct DenseFlowTests {
  /// A smooth pattern, displaced.
  static func picture(dx: Double, dy: Double, width: Int = 96, height: Int = 80) -> Image {
    var image = Image(width: width, height: height, channels: 1)
    for y in 0..<height {
      for x in 0..<width {
        let (u, v) = (Double(x) - dx, Double(y) - dy)
        let value = sin(u * 0.31) + cos(v * 0.27) + sin((u + v) * 0.13) + cos((u - 2 * v) * 0.09)
        image[x, y] = UInt8(128 + 30 * value)
      }
    }
    return image
  }

  @Test("the displacement of a whole picture is found", arguments: [(2.0, 1.0), (-1.5, 0.5), (0, 0)])
  func displacement(dx: Double, dy: Double) throws {
    let flow = try DenseFlow()
    var found: [SIMD2<Float>] = []
    try flow.compute(from: Self.picture(dx: 0, dy: 0), to: Self.picture(dx: dx, dy: dy), into: &found)
    for y in stride(from: 20, to: 60, by: 5) {
      for x in stride(from: 20, to: 76, by: 5) {
        let d = found[y * 96 + x]
        #expect(abs(Double(d.x) - dx) < 0.35 && abs(Double(d.y) - dy) < 0.35)
      }
    }
  }

  @Test("pictures of different or too small sizes are refused")
  func refusedSizes() throws {
    let flow = try DenseFlow()
    var found: [SIMD2<Float>] = []
    #expect(throws: ImagingError.self) {
      try flow.compute(from: Self.picture(dx: 0, dy: 0), to: Self.picture(dx: 0, dy: 0, width: 90), into: &found)
    }
    let tiny = Image(width: 15, height: 40, channels: 1)
    #expect(throws: ImagingError.self) { try flow.compute(from: tiny, to: tiny, into: &found) }
    #expect(throws: ImagingError.self) { _ = try DenseFlow(refinements: 21) }
  }

  @Test("handles are made and freed without end")
  func lifetime() throws {
    for _ in 0..<200 { _ = try DenseFlow(refinements: 0) }
  }
}
