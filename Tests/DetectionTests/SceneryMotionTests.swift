import Geometry
import Imaging
import Testing

@testable import Detection

@Suite("Motion of scenery")
struct SceneryMotionTests {
  static let grid = PixelGrid(width: 240, height: 160)
  /// Texture everywhere.
  static let slopes = Image(width: 240, height: 160, channels: 1, pixels: [UInt8](repeating: 255, count: grid.count))
  static let object = AxisBox(left: 100, top: 60, width: 40, height: 30)

  /// Where the camera of a drive looks at (an epipole), and the way of one that goes along the picture.
  enum Drive: CaseIterable {
    case forwards
    case sidewards

    /// What an amount of parallax makes of a pixel, in pixels a frame.
    func velocity(_ x: Int, _ y: Int, amount: Float) -> SIMD2<Float> {
      switch self {
      case .forwards: SIMD2(150.5 - Float(x), 70.5 - Float(y)) * (-0.03 * amount)
      case .sidewards: SIMD2(-2, 0.5) * amount
      }
    }
  }

  /// A field after some frames in which scenery of amounts from 0.3 to 1 moves, in stripes, and one object by itself.
  static func field(_ drive: Drive?, object: SIMD2<Float> = .zero) -> MotionField {
    var flow = [SIMD2<Float>](repeating: .zero, count: grid.count)
    grid.forEachPixel { x, y, i in
      flow[i] = -(drive?.velocity(x, y, amount: 0.3 + 0.1 * Float((x / 10 + y / 10) % 8)) ?? .zero)
    }
    fill(&flow, Self.object, -object)
    var field = MotionField(pictureWidth: grid.width, pictureHeight: grid.height)
    field.advance(flow: flow, previousFromPresent: .identity, greatestCount: 8)
    return field
  }

  static func fill<Value>(_ values: inout [Value], _ box: AxisBox, _ value: Value) {
    let columns = Int(box.left)..<Int(box.left + box.width)
    grid.forEachPixel(columns: columns, rows: Int(box.top)..<Int(box.top + box.height)) { _, _, i in values[i] = value }
  }

  static func explains(
    _ scenery: SceneryMotion, _ field: MotionField, at box: AxisBox, movers: [AxisBox] = []
  ) throws -> Bool {
    var mask = Image(width: grid.width, height: grid.height, channels: 1)
    fill(&mask.pixels, box, 255)
    let parts = try ConnectedComponents(of: mask)
    return scenery.explains(try #require(parts.components.first), in: parts, field, movers: movers)
  }

  static func scenery(_ field: MotionField, leavingOut objects: [AxisBox] = []) -> SceneryMotion? {
    var fit = SceneryFit(field, slopes: slopes, leavingOut: objects)
    return fit.motion()
  }

  @Test("what parallax moves is scenery, wherever the camera goes", arguments: Drive.allCases)
  func parallax(drive: Drive) throws {
    let field = Self.field(drive)
    let scenery = try #require(Self.scenery(field))
    for corner in [Point(5, 5), Point(180, 20), Point(40, 110), Point(190, 120)] {
      #expect(try Self.explains(scenery, field, at: AxisBox(left: corner.x, top: corner.y, width: 40, height: 30)))
    }
  }

  @Test("what goes across the lines of parallax, or along them faster than the rest, is no scenery")
  func movers() throws {
    for own in [SIMD2<Float>(0.5, 2), SIMD2(-8, 2), SIMD2(4, -1)] {
      let field = Self.field(.sidewards, object: own)
      let scenery = try #require(Self.scenery(field))
      #expect(try !Self.explains(scenery, field, at: Self.object))
    }
  }

  @Test("what is known to go its own way is no scenery, though it goes like it")
  func knownMovers() throws {
    let field = Self.field(.sidewards, object: SIMD2(-1.2, 0.3))
    let scenery = try #require(Self.scenery(field, leavingOut: [Self.object]))
    #expect(try Self.explains(scenery, field, at: Self.object))
    #expect(try !Self.explains(scenery, field, at: Self.object, movers: [Self.object]))
  }

  @Test("an object on a plane ground is no parallax, nor is a ground that stands still")
  func plane() {
    #expect(Self.scenery(Self.field(nil, object: SIMD2(3, -1))) == nil)
    #expect(Self.scenery(Self.field(nil)) == nil)
  }

  @Test("small pictures and objects that cover everything leave nothing to find")
  func nothingToSee() {
    let field = Self.field(.forwards)
    #expect(Self.scenery(field, leavingOut: [AxisBox(left: 0, top: 0, width: 240, height: 160)]) == nil)
    let small = MotionField(pictureWidth: 5, pictureHeight: 4)
    var fit = SceneryFit(small, slopes: Image(width: 5, height: 4, channels: 1), leavingOut: [])
    #expect(fit.motion() == nil)
  }
}
