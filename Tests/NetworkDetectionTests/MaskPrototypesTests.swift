import Foundation
import Geometry
import ModelFiles
import NetworkGraph
import Testing

@testable import NetworkDetection

/// Masks of a few prototypes, whose pixels are known.
@Suite("Masks of detections")
struct MaskPrototypesTests {
  /// Of an input of 32 × 32 pixels: x and y of the cells' middles in pixels, and ones.
  private static func ramps() throws -> MaskPrototypes {
    let x = (0..<64).map { Float(4 * ($0 % 8) + 2) }
    let y = (0..<64).map { Float(4 * ($0 / 8) + 2) }
    let tensor = try Tensor(shape: [1, 3, 8, 8], x + y + [Float](repeating: 1, count: 64))
    return try #require(MaskPrototypes(tensor, count: 3, width: 32, height: 32))
  }

  private static func found(_ box: OrientedBox, _ coefficients: [Float]) -> NetworkBox {
    var found = NetworkBox(box: box, score: 1, classIndex: 0)
    found.coefficients = coefficients
    return found
  }

  private static func box(_ x: Double, _ y: Double, _ width: Double, _ height: Double, _ angle: Double = 0) -> OrientedBox {
    OrientedBox(center: Point(x, y), width: width, height: height, angle: angle)
  }

  private static func view(
    _ width: Int, _ height: Int, size: (width: Int, height: Int)? = nil, reach: Double = 1
  ) -> MaskView {
    MaskView(
      PictureFit(.centred, picture: (width, height), input: (32, 32)), picture: (width, height), size: size ?? (width, height),
      reach: reach)
  }

  /// Linear prototypes are linear between the cells' middles too: each pixel is told by its own middle.
  @Test(arguments: [1, 1.5]) func aHalfPlaneWithinItsBoxIsExact(reach: Double) throws {
    for angle in [0.0, 0.4] {
      let box = Self.box(15, 16, 14, 9, angle)
      let mask = try #require(try Self.ramps().mask(of: Self.found(box, [1, 0.5, -24.1]), in: Self.view(32, 32, reach: reach)))
      let pixels = mask.pixels
      for place in 0..<1_024 {
        let d = Point(Double(place % 32) + 0.5, Double(place / 32) + 0.5)
        let (o, c, s) = (d - box.center, cos(angle), sin(angle))
        let local = Point(c * o.x + s * o.y, c * o.y - s * o.x)
        let isIn = abs(local.x) <= 7 * reach && abs(local.y) <= 4.5 * reach
        #expect((pixels[place] == 1) == (isIn && d.x + 0.5 * d.y > 24.1), "\(d)")
      }
    }
  }

  /// The picture of 64 × 32 lies at half its size in the middle rows of the input; its view of another size shows the same.
  @Test func lettersBoxedPicturesAndOtherViewsGetTheirOwnPixels() throws {
    let found = Self.found(Self.box(32, 16, 64, 32), [1, 0, -10])
    let mask = try #require(try Self.ramps().mask(of: found, in: Self.view(64, 32)))
    #expect((mask.width, mask.height) == (64, 32))
    // x of the input is half of the picture's: columns from 20 on.
    #expect(mask.pixels.enumerated().allSatisfy { ($1 == 1) == ($0 % 64 >= 20) })
    let low = Self.found(Self.box(32, 16, 64, 32), [0, 1, -16])
    let wide = try #require(try Self.ramps().mask(of: low, in: Self.view(64, 32, size: (128, 96))))
    // y of the input is 8 + a sixth of the view's: rows from 48 on.
    #expect(wide.pixels.enumerated().allSatisfy { ($1 == 1) == ($0 / 128 >= 48) })
  }

  @Test func whatIsNoMaskIsNone() throws {
    let all = try Self.ramps()
    let box = Self.box(16, 16, 10, 10)
    #expect(all.mask(of: Self.found(box, []), in: Self.view(32, 32)) == nil)
    #expect(all.mask(of: Self.found(box, [1, 1]), in: Self.view(32, 32)) == nil)
    #expect(all.mask(of: Self.found(box, [0, 0, -1]), in: Self.view(32, 32)) == nil)
    #expect(all.mask(of: Self.found(box, [.nan, 0, 1]), in: Self.view(32, 32)) == nil)
    #expect(all.mask(of: Self.found(Self.box(500, 16, 10, 10), [0, 0, 1]), in: Self.view(32, 32)) == nil)
    #expect(all.mask(of: Self.found(Self.box(-1e6, 1e6, 1e6, 10), [0, 0, 1]), in: Self.view(32, 32)) == nil)
    // Of one pixel, at the very corner.
    let corner = try #require(all.mask(of: Self.found(Self.box(0, 0, 2, 2), [0, 0, 1]), in: Self.view(32, 32)))
    #expect(corner.area == 1 && corner.pixels[0] == 1)
    let tensor = try Tensor(shape: [1, 3, 8, 8], [Float](repeating: 0, count: 192))
    #expect(MaskPrototypes(tensor, count: 4, width: 32, height: 32) == nil)
    #expect(MaskPrototypes(try tensor.reshaped([3, 64]), count: 3, width: 32, height: 32) == nil)
  }

  @Test func layoutsTellHowManyNumbersMasksHave() throws {
    let graph = Graph(name: "made", operatorSets: ["": 17])
    func layout(_ shapes: [[Int]]) throws -> OutputLayout { try OutputLayout(graph, shapes: shapes, input: (640, 640)) }
    let own = [[1, 13, 160, 160], [1, 16, 160, 160]]
    #expect(try layout([[1, 29, 160, 160], own[1]]) == .gaussian(classes: 3, masks: 16))
    #expect(try layout([own[0]]) == .gaussian(classes: 3))
    // Fewer channels than the prototypes and one class need.
    #expect(throws: NetworkError.self) { try layout(own) }
    for (shapes, count) in [
      ([[1, 116, 8400], [1, 32, 160, 160]], 32), ([[1, 84, 8400]], 0), ([[1, 300, 38], [1, 32, 160, 160]], 32), ([[1, 300, 6]], 0),
      ([[1, 29, 160, 160], [1, 16, 160, 160]], 16),
    ] { #expect(try layout(shapes).maskCount(shapes) == count) }
  }

  @Test func readersGiveTheNumbersOfMasks() throws {
    var values = [Float](repeating: 0, count: 8 * 21)
    for (channel, number) in [16, 8, 6, 4, 0.2, 0.9, 5, -7].enumerated() { values[channel * 21 + 3] = Float(number) }
    let yolo = try OutputReader(.yolo(classes: 2, more: 2), width: 32, height: 32)
      .boxes(Tensor(shape: [1, 8, 21], values), minimumScore: 0.5)
    #expect(yolo.map(\.coefficients) == [[5, -7]] && yolo[0].classIndex == 1)
    let rows = try Tensor(shape: [1, 1, 8], [2, 4, 10, 8, 0.9, 3, 5, -7] as [Float])
    #expect(try OutputReader(.endToEnd, width: 32, height: 32).boxes(rows, minimumScore: 0.1).map(\.coefficients) == [[5, -7]])
    // Two cells that tell of one object: the mean by their scores.
    var cells = [Float](repeating: 0, count: 13 * 64)
    func say(_ column: Int, _ numbers: [Int: Float]) {
      for (channel, number) in numbers { cells[channel * 64 + 3 * 8 + column] = number }
    }
    say(3, [0: 0.9, 3: 3, 11: 3, 12: 1])
    say(4, [0: 0.3, 1: -1, 3: 3, 11: 7, 12: -1])
    let own = try OutputReader(.gaussian(classes: 1, masks: 2), width: 32, height: 32)
      .boxes(Tensor(shape: [1, 13, 8, 8], cells), minimumScore: 0.2)
    #expect(own.count == 1)
    for (a, b) in zip(own[0].coefficients, [4, 0.5] as [Float]) { #expect(abs(a - b) < 1e-5) }
  }
}
