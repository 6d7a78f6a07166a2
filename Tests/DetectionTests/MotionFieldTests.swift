import Geometry
import Imaging
import Testing

@testable import Detection

@Suite("Motion field")
struct MotionFieldTests {
  static let grid = PixelGrid(width: 64, height: 48)

  /// The flow of content that moves by `velocity` within a rectangle and stands still elsewhere: the content was there before.
  static func flow(_ velocity: SIMD2<Float>, columns: Range<Int> = 20..<44, rows: Range<Int> = 12..<36) -> [SIMD2<Float>] {
    var flow = [SIMD2<Float>](repeating: .zero, count: grid.count)
    grid.forEachPixel(columns: columns, rows: rows) { _, _, i in flow[i] = -velocity }
    return flow
  }

  static func field(_ flows: [[SIMD2<Float>]], greatestCount: Float = 8) -> MotionField {
    var field = MotionField(pictureWidth: grid.width, pictureHeight: grid.height)
    for flow in flows { field.advance(flow: flow, previousFromPresent: .identity, greatestCount: greatestCount) }
    return field
  }

  @Test("the first flow is the velocity, and what stands still has none")
  func firstFlow() {
    let field = Self.field([Self.flow(SIMD2(3, -1))])
    #expect(field.velocity(x: 30, y: 24) == SIMD2(3, -1))
    #expect(abs(field.speeds[field.index(x: 30, y: 24)] - Float(10).squareRoot()) < 1e-5)
    #expect(field.velocity(x: 5, y: 5) == .zero)
  }

  @Test("flows of the whole picture that scatter are averaged: the mean of n of them")
  func averages() {
    let values: [Float] = [1.2, 0.8, 1.1, 0.9, 1.3]
    let flows = values.map { Self.flow(SIMD2($0, 0), columns: 0..<64, rows: 0..<48) }
    let mean = values.reduce(0, +) / Float(values.count)
    #expect(abs(Self.field(flows).velocity(x: 32, y: 24).x - mean) < 1e-5)
  }

  @Test("after the greatest count older flows fade by its share")
  func fading() {
    // Two of 1, then 1.6 at a count of 2: 1 + 0.6/2.
    let flows = ([1, 1, 1.6] as [Float]).map { Self.flow(SIMD2($0, 0), columns: 0..<64, rows: 0..<48) }
    #expect(abs(Self.field(flows, greatestCount: 2).velocity(x: 32, y: 24).x - 1.3) < 1e-5)
  }

  @Test("a velocity that does not fit begins anew")
  func newContent() {
    let whole = (0..<64, 0..<48)
    let flows = [SIMD2<Float>(0, 0), SIMD2(0, 0), SIMD2(5, 0)].map { Self.flow($0, columns: whole.0, rows: whole.1) }
    #expect(Self.field(flows).velocity(x: 32, y: 24) == SIMD2(5, 0))
  }

  @Test("a moved ground carries the means along: they are looked up where the map puts them")
  func movesWithTheGround() {
    var field = MotionField(pictureWidth: 64, pictureHeight: 48)
    field.advance(flow: Self.flow(SIMD2(1, 0)), previousFromPresent: .identity, greatestCount: 8)
    // The picture is now seen 10 pixels further right, and the object moves by 1.4 more: the mean there is 1.2.
    let next = Self.flow(SIMD2(1.4, 0), columns: 30..<54)
    field.advance(flow: next, previousFromPresent: .translation(Point(-10, 0)), greatestCount: 8)
    #expect(abs(field.velocity(x: 42, y: 24).x - 1.2) < 1e-5)
  }

  @Test("a component's velocity is the median of its pixels'")
  func commonVelocity() throws {
    var mask = Image(width: 64, height: 48, channels: 1)
    Self.grid.forEachPixel(columns: 20..<50, rows: 12..<36) { _, _, i in mask.pixels[i] = 255 }
    let parts = try ConnectedComponents(of: mask)
    // Four in five of the pixels move.
    let field = Self.field([Self.flow(SIMD2(2, -1))])
    #expect(field.commonVelocity(of: try #require(parts.components.first), in: parts) == SIMD2(2, -1))
  }

  @Test("the noise is the median speed of textured background, 0 where that is too little")
  func noise() {
    // Two thirds of the points move by 0.5 on the background; the rest is covered by an object.
    let field = Self.field([Self.flow(SIMD2(0.5, 0), columns: 0..<64, rows: 0..<48)])
    var differences = Image(width: 64, height: 48, channels: 1)
    Self.grid.forEachPixel(columns: 0..<20, rows: 0..<48) { _, _, i in differences.pixels[i] = 200 }
    let textured = Image(width: 64, height: 48, channels: 1, pixels: [UInt8](repeating: 40, count: 64 * 48))
    #expect(abs(field.noise(slopes: textured, differences: differences) - 0.5) < 1.0 / 32)
    let plain = Image(width: 64, height: 48, channels: 1)
    #expect(field.noise(slopes: plain, differences: differences) == 0)
  }
}
