import Foundation
import Geometry
import Testing

@testable import NetworkDetection

/// Cells of one class, 8 × 8 on a picture of 32 × 32 pixels.
@Suite("Boxes of Gaussian cells")
struct GaussianCellsTests {
  private static let cells = 8

  /// What one cell says: score, centre in pixels, p and q; r is 0.
  private struct Said {
    let row: Int, column: Int
    let score: Float
    let center: Point
    let p: Float, q: Float
  }

  private static func boxes(_ said: [Said], least: Double = 0.2) -> [NetworkBox] {
    var values = [Float](repeating: 0, count: 11 * cells * cells)
    for one in said {
      func set(_ channel: Int, _ number: Float) { values[(channel * cells + one.row) * cells + one.column] = number }
      set(0, one.score)
      set(1, Float(one.center.x / 4 - Double(one.column) - 0.5))
      set(2, Float(one.center.y / 4 - Double(one.row) - 0.5))
      set(3, one.p)
      set(4, one.q)
    }
    return GaussianCells(values, 1, width: 32, height: 32).boxes(least)
  }

  @Test func aLonePeakIsItsOwnBox() throws {
    let found = try #require(Self.boxes([Said(row: 3, column: 3, score: 0.9, center: Point(15, 13), p: 3, q: 0.5)]).first)
    #expect((found.box.center - Point(15, 13)).length < 1e-5)
    // Variances e^(p ± q), and a side's variance is its square over twelve.
    #expect(abs(found.box.width - (12 * exp(3.5)).squareRoot()) < 1e-4)
    #expect(abs(found.box.height - (12 * exp(2.5)).squareRoot()) < 1e-4)
    #expect(found.score == Double(Float(0.9)))
  }

  @Test func cellsOfTheObjectAreAveragedByTheirScores() throws {
    let found = Self.boxes([
      Said(row: 3, column: 3, score: 0.9, center: Point(15, 13), p: 3, q: 0.5),
      Said(row: 3, column: 4, score: 0.6, center: Point(16, 14), p: 4, q: 1),
      // Tells of another object: twenty pixels away.
      Said(row: 4, column: 3, score: 0.3, center: Point(30, 30), p: 9, q: 0),
      // Says nothing that is a box.
      Said(row: 2, column: 3, score: 0.8, center: Point(15, 13), p: .nan, q: 0.5),
      Said(row: 2, column: 2, score: 0.8, center: Point(15, 13), p: 3, q: .infinity),
    ])
    #expect(found.count == 1)
    let box = try #require(found.first).box
    let (first, second) = (0.9 / 1.5, 0.6 / 1.5)
    #expect((box.center - Point(first * 15 + second * 16, first * 13 + second * 14)).length < 1e-5)
    let (p, q) = (first * 3 + second * 4, first * 0.5 + second * 1)
    #expect(abs(box.width - (12 * exp(p + q)).squareRoot()) < 1e-4)
    #expect(abs(box.height - (12 * exp(p - q)).squareRoot()) < 1e-4)
  }

  @Test func twoObjectsSideBySideStayApart() {
    let found = Self.boxes([
      Said(row: 3, column: 1, score: 0.9, center: Point(6, 14), p: 1, q: 0),
      Said(row: 3, column: 4, score: 0.9, center: Point(18, 14), p: 1, q: 0),
    ])
    #expect(found.map(\.box.center.x).sorted().map { ($0 * 1e4).rounded() / 1e4 } == [6, 18])
  }

  @Test func numbersThatAreNoBoxAreLeftOut() {
    #expect(Self.boxes([Said(row: 3, column: 3, score: 0.9, center: Point(15, 13), p: .nan, q: 0)]).isEmpty)
    #expect(Self.boxes([Said(row: 3, column: 3, score: 0.9, center: Point(.infinity, 13), p: 3, q: 0)]).isEmpty)
  }
}
