import Geometry
import Imaging
import Testing

@testable import Detection

@Suite("Joining of fragments")
struct FragmentJoinerTests {
  static let grid = PixelGrid(width: 96, height: 64)

  struct Part {
    var columns: Range<Int>
    var rows: Range<Int>
    var velocity: SIMD2<Float>
  }

  static func joined(_ parts: [Part], gapShare: Double = 0.1, greatestFragment: Double = 1) throws -> ConnectedComponents {
    var mask = Image(width: grid.width, height: grid.height, channels: 1)
    var flow = [SIMD2<Float>](repeating: .zero, count: grid.count)
    for part in parts {
      grid.forEachPixel(columns: part.columns, rows: part.rows) { _, _, i in
        mask.pixels[i] = 255
        flow[i] = -part.velocity
      }
    }
    var field = MotionField(pictureWidth: grid.width, pictureHeight: grid.height)
    field.advance(flow: flow, previousFromPresent: .identity, greatestCount: 8)
    var found = try ConnectedComponents(of: mask)
    FragmentJoiner(field: field, gapShare: gapShare, greatestFragment: greatestFragment).join(&found)
    return found
  }

  static let left = Part(columns: 10..<30, rows: 10..<40, velocity: SIMD2(2, 0))
  static func right(gap: Int, velocity: SIMD2<Float> = SIMD2(2, 0)) -> Part {
    Part(columns: 30 + gap..<50 + gap, rows: 10..<40, velocity: velocity)
  }

  @Test("neighbours that move alike become one part with both areas")
  func alike() throws {
    let found = try Self.joined([Self.left, Self.right(gap: 3)])
    #expect(found.components.map(\.area) == [1200])
    #expect(found.components[0].columns == 10..<53 && found.components[0].rows == 10..<40)
    #expect(Set(found.labels) == [0, found.components[0].label])
  }

  @Test("parts that move otherwise, or lie further apart than the share of their side, stay two")
  func apart() throws {
    #expect(try Self.joined([Self.left, Self.right(gap: 3, velocity: SIMD2(-2, 0))]).components.count == 2)
    #expect(try Self.joined([Self.left, Self.right(gap: 3, velocity: SIMD2(2, 2))]).components.count == 2)
    // The longer side of both is 30: a tenth is 3 pixels, a fifth is 6.
    #expect(try Self.joined([Self.left, Self.right(gap: 5)]).components.count == 2)
    #expect(try Self.joined([Self.left, Self.right(gap: 5)], gapShare: 0.2).components.count == 1)
  }

  @Test("before an exact background a part of like size is another object, a small one a fragment")
  func sizes() throws {
    let small = Part(columns: 32..<40, rows: 10..<20, velocity: SIMD2(2, 0))
    #expect(try Self.joined([Self.left, Self.right(gap: 3)], greatestFragment: 0.5).components.count == 2)
    #expect(try Self.joined([Self.left, small], greatestFragment: 0.5).components.count == 1)
  }

  @Test("a grown part reaches parts that neither of its own reached alone")
  func chain() throws {
    let parts = [0, 1, 2, 3].map { Part(columns: 5 + 22 * $0..<25 + 22 * $0, rows: 10..<40, velocity: SIMD2(1, 1)) }
    #expect(try Self.joined(parts).components.map(\.area) == [2400])
  }
}
