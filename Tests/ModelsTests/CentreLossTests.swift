import Foundation
import ModelFiles
import NetworkGraph
import NetworkKernels
import NetworkTraining
import TestSupport
import Testing

@testable import Models

/// The losses of centres in 64-bit floats, against what their papers say.
@Suite("Losses of centres")
struct CentreLossTests {
  /// The loss of cells in a row, and its slopes over their logits.
  private static func run(
    _ kind: CentreLoss, _ logits: [Double], centres: [Double], background: [Double], type: ElementType = .float64
  ) throws -> (value: Double, slopes: [Double]) {
    var builder = GraphBuilder(name: "test", type: type)
    func map(_ list: [Double]) throws -> Tensor {
      let shape = [1, 1, 1, list.count]
      return type == .float64 ? try Tensor(shape: shape, list) : try Tensor(shape: shape, list.map { Float($0) })
    }
    let z = builder.input("z", shape: [.fixed(1), .fixed(1), .fixed(1), .fixed(logits.count)])
    let loss = builder.centreLoss(
      kind, z, centres: builder.constant(try map(centres)), background: builder.constant(try map(background)))
    builder.output(loss, name: "loss")
    let gradients = try Differentiation.gradients(of: loss, over: [z], in: &builder)
    builder.output(try #require(gradients[0]), name: "gradient")
    let result = try Interpreter(builder.graph).run(["z": try map(logits)])
    return (try #require(result["loss"]).elements.doubles[0], try #require(result["gradient"]).elements.doubles)
  }

  /// The sum over cells, worked out one by one.
  private static func expected(_ kind: CentreLoss, _ logits: [Double], _ centres: [Double], _ background: [Double]) -> Double {
    func surprise(_ p: Double) -> Double { kind == .focal ? -log(p + 1e-7) : (1 - pow(p, 0.5)) / 0.5 }
    let total = zip(logits, zip(centres, background)).reduce(0.0) { sum, cell in
      let p = 1 / (1 + exp(-cell.0))
      return sum + cell.1.0 * (1 - p) * (1 - p) * surprise(p) + cell.1.1 * p * p * surprise(1 - p)
    }
    return total / (1 + centres.reduce(0, +))
  }

  /// ((1 − p)² f(p) + (1 − y)⁴ p² f(1 − p)) ∕ (1 + 1) with p = .8 at the centre and p = .3, y = .5 beside it: worked out by hand.
  @Test func valuesWorkedOutByHand() throws {
    // Logarithms of .8 ∕ .2 and .3 ∕ .7.
    let logits = [1.3862943611198906, -0.8472978603872037]
    func loss(_ kind: CentreLoss) throws -> Double {
      try Self.run(kind, logits, centres: [1, 0], background: [0, 0.0625]).value
    }
    // .04 · .2231435513 = .0089257421; .0625 · .09 · .3566749439 = .0020062966; half of their sum.
    #expect(abs(try loss(.focal) - 0.0054660193) < 1e-7)
    // .04 · 2 (1 − .8944271910) = .0084458247; .0625 · .09 · 2 (1 − .8366600265) = .0018375747; half of their sum.
    #expect(abs(try loss(.compSum) - 0.0051416997) < 1e-9)
  }

  @Test(arguments: CentreLoss.allCases) func valuesAndSlopesAreThoseOfTheTwin(_ kind: CentreLoss) throws {
    var random = TestRandom(seed: 31)
    let logits = (0..<40).map { _ in random.uniform(-6, 6) }
    let centres = (0..<40).map { $0 % 3 == 0 ? random.unit() : 0 }
    let background = (0..<40).map { $0 % 3 == 0 ? 0 : random.unit() }
    let found = try Self.run(kind, logits, centres: centres, background: background)
    #expect(abs(found.value - Self.expected(kind, logits, centres, background)) < 1e-9)
    let step = 1e-5
    for (place, slope) in found.slopes.enumerated() {
      var (above, below) = (logits, logits)
      above[place] += step
      below[place] -= step
      let difference =
        (Self.expected(kind, above, centres, background) - Self.expected(kind, below, centres, background)) / (2 * step)
      #expect(abs(slope - difference) < 1e-8, "\(logits[place])")
    }
  }

  /// What is certain, right or wrong, has a finite loss and slope in the 32-bit floats of training; a wrong label pulls a sure score less.
  @Test(arguments: CentreLoss.allCases) func whatIsCertainIsFinite(_ kind: CentreLoss) throws {
    let logits: [Double] = [-80, -16, 16, 80, -80, -16, 16, 80]
    let found = try Self.run(
      kind, logits, centres: [1, 1, 1, 1, 0, 0, 0, 0], background: [0, 0, 0, 0, 1, 1, 1, 1], type: .float32)
    #expect(found.value.isFinite && found.slopes.allSatisfy(\.isFinite))
    let pulls = try [-1.0, -4, -8].map { try abs(Self.run(kind, [$0], centres: [1], background: [0]).slopes[0]) }
    if kind == .compSum { #expect(pulls[2] < 0.2 * pulls[1] && pulls[1] < 0.6 * pulls[0]) } else { #expect(pulls[2] > pulls[0]) }
  }

  /// Cells of two numbers. Centres lie around (2, 0), the ground around (−2, 0) and (−2, 8). Three of ten labels of centres are wrong: they lie
  /// farther out, around (−6, 4). A line that parts the two is learned by descent from both losses; how often it errs on cells with true labels is
  /// counted.
  @Test(arguments: [7, 8, 9] as [UInt64]) func wrongLabelsAreForgiven(_ seed: UInt64) throws {
    let cells = MadeCells(seed: seed)
    let (focal, compSum) = (try Self.errors(.focal, cells), try Self.errors(.compSum, cells))
    #expect(compSum <= 0.03 && compSum < focal, "\(compSum) of comp-sum, \(focal) of the focal loss")
  }

  private static func errors(_ kind: CentreLoss, _ cells: MadeCells) throws -> Double {
    var weights = [0.0, 0, 0]
    func score(_ row: [Double]) -> Double { row[0] * weights[0] + row[1] * weights[1] + row[2] * weights[2] }
    let centres = cells.rows.indices.map { $0 < cells.centreCount ? 1.0 : 0 }
    let background = centres.map { 1 - $0 }
    for _ in 0..<600 {
      let slopes = try run(kind, cells.rows.map(score), centres: centres, background: background).slopes
      for (slope, row) in zip(slopes, cells.rows) { for place in 0..<3 { weights[place] -= slope * row[place] } }
    }
    let missed = cells.fresh.filter { (score($0.row) > 0) != $0.isCentre }
    return Double(missed.count) / Double(cells.fresh.count)
  }
}

private struct MadeCells {
  /// How many of the rows, from the first, are labelled as centres.
  let centreCount = 100
  private(set) var rows: [[Double]] = []
  private(set) var fresh: [(row: [Double], isCentre: Bool)] = []

  init(seed: UInt64) {
    var random = TestRandom(seed: seed)
    func cell(_ x: Double, _ y: Double) -> [Double] { [x + 0.7 * random.normal(), y + 0.7 * random.normal(), 1] }
    for _ in 0..<70 { rows.append(cell(2, 0)) }
    for _ in 0..<30 { rows.append(cell(-6, 4)) }
    for place in 0..<200 { rows.append(cell(-2, place % 4 == 0 ? 8 : 0)) }
    for place in 0..<200 {
      fresh.append((cell(2, 0), true))
      fresh.append((cell(-2, Double(place % 16)), false))
    }
  }
}
