import Testing

@testable import Imaging

@Suite("Walks over pixels")
struct PixelGridTests {
  struct Visit: Hashable {
    let x, y, index: Int
  }

  static func visits(_ walk: ((Int, Int, Int) -> Void) -> Void) -> [Visit] {
    var found: [Visit] = []
    walk { found.append(Visit(x: $0, y: $1, index: $2)) }
    return found
  }

  /// The pixels of 7×5 for which a rule holds, by a plain double loop.
  static func naive(_ rule: (Int, Int) -> Bool) -> [Visit] {
    (0..<5).flatMap { y in (0..<7).filter { rule($0, y) }.map { Visit(x: $0, y: y, index: 7 * y + $0) } }
  }

  static let grid = PixelGrid(width: 7, height: 5)

  @Test("a whole walk and one with a margin visit what a double loop visits, in its order", arguments: 0...3)
  func wholeAndMargin(margin: Int) {
    let found = Self.visits { Self.grid.forEachPixel(margin: margin, $0) }
    #expect(found == Self.naive { x, y in x >= margin && x < 7 - margin && y >= margin && y < 5 - margin })
  }

  @Test("a walk over a rectangle visits that, and an empty one nothing")
  func rectangle() {
    let found = Self.visits { Self.grid.forEachPixel(columns: 2..<6, rows: 1..<5, $0) }
    #expect(found == Self.naive { x, y in (2..<6).contains(x) && (1..<5).contains(y) })
    #expect(Self.visits { Self.grid.forEachPixel(columns: 3..<3, rows: 0..<5, $0) }.isEmpty)
    #expect(Self.visits { PixelGrid(width: 0, height: 4).forEachPixel($0) }.isEmpty)
  }

  @Test("neighbours are those at most so far away along each axis", arguments: [1, 2])
  func neighbours(reach: Int) {
    let middle = Self.grid.index(x: 3, y: 2)
    var found: [Int] = []
    Self.grid.forEachNeighbour(of: middle, reach: reach) { found.append($0) }
    #expect(found == Self.naive { x, y in max(abs(x - 3), abs(y - 2)) <= reach }.map(\.index))
  }
}
