import Foundation
import Geometry
import ModelFiles
import NetworkGraph
import NetworkKernels
import NetworkTraining
import TestSupport
import Testing

@testable import Models

/// PIoU of objects' cells in 64-bit floats, against the paper's formula, box by box and pixel by pixel, and against exact overlaps.
@Suite("The overlap of objects by pixels")
struct ObjectOverlapTests {
  private static func numbers(_ box: OrientedBox) throws -> [Double] {
    let shape = try #require(LogCovariance(GaussianBox(box).covariance))
    return [box.center.x / 4, box.center.y / 4, shape.p, shape.q, shape.r]
  }

  /// A map of 2 × 3 cells for each of two pictures, in which the pairs lie in the cells `cells`.
  private static let cells: [[Int64]] = [[4, 1], [5, 0]]

  private static func map(_ boxes: [[Double]], _ type: ElementType) throws -> Tensor {
    var values = [Double](repeating: 0.3, count: 2 * 5 * 6)
    for (place, box) in boxes.enumerated() {
      for (channel, number) in box.enumerated() { values[index(place, channel)] = number }
    }
    let shape = [2, 5, 2, 3]
    return type == .float64 ? try Tensor(shape: shape, values) : try Tensor(shape: shape, values.map { Float($0) })
  }

  /// The loss of four pairs, and its slopes over what is found.
  private static func run(_ found: [[Double]], _ targets: [[Double]], weights: [Double], type: ElementType = .float64) throws
    -> (value: Double, slopes: [[Double]])
  {
    var builder = GraphBuilder(name: "test", type: type)
    let x = builder.input("found", shape: [.fixed(2), .fixed(5), .fixed(2), .fixed(3)])
    let places = builder.constant(try Tensor(shape: [2, 1, 2], cells.flatMap { $0 }))
    let loss = try builder.objectOverlapLoss(
      x, builder.constant(try map(targets, type)), objects: places, weights: try builder.constant([2, 1, 2], weights))
    builder.output(loss, name: "loss")
    let gradients = try Differentiation.gradients(of: loss, over: [x], in: &builder)
    builder.output(try #require(gradients[0]), name: "gradient")
    let result = try Interpreter(builder.graph).run(["found": try map(found, type)])
    let slopes = try #require(result["gradient"]).elements.doubles
    var own = [[Double]](repeating: [], count: 4)
    var elsewhere = slopes
    for place in 0..<4 {
      for channel in 0..<5 {
        let index = Self.index(place, channel)
        own[place].append(slopes[index])
        elsewhere[index] = 0
      }
    }
    // Cells of no object have no slope.
    #expect(elsewhere.allSatisfy { $0 == 0 })
    let value = try #require(result["loss"]).elements.doubles[0]
    return (value, own)
  }

  /// Where a pair's number stands in a map.
  private static func index(_ place: Int, _ channel: Int) -> Int {
    let picture = place / 2
    return (picture * 5 + channel) * 6 + Int(cells[picture][place % 2])
  }

  /// Σ F₁ F₂ ∕ Σ (F₁ + F₂ − F₁ F₂) over a grid of 32 × 32 around the second box, twice as long as its longer side.
  private static func overlap(_ found: [Double], _ target: [Double]) -> Double {
    let rho = hypot(target[3], target[4], 1e-3.squareRoot())
    let pixel = (12.0.squareRoot() * exp((target[2] + rho) / 2)) / 16
    func inside(_ box: [Double], _ point: Point) -> Double {
      let rho = hypot(box[3], box[4], 1e-3.squareRoot())
      let sides = [1.0, -1].map { (12.0.squareRoot() * exp((box[2] + $0 * rho) / 2)) / pixel }
      let d = Point(point.x - (box[0] - target[0]) * 4 / pixel, point.y - (box[1] - target[1]) * 4 / pixel)
      // |u|² as the form of ½ (I + [[q, r], [r, −q]] ∕ ρ), the projection upon the longer side.
      let form = ((1 + box[3] / rho) * d.x * d.x + 2 * box[4] / rho * d.x * d.y + (1 - box[3] / rho) * d.y * d.y) / 2
      let (u, v) = (max(form, 1e-4).squareRoot(), max(d.x * d.x + d.y * d.y - form, 1e-4).squareRoot())
      return 1 / (1 + exp(2 * (u - sides[0] / 2))) / (1 + exp(2 * (v - sides[1] / 2)))
    }
    var (joint, either) = (0.0, 0.0)
    for row in 0..<32 {
      for column in 0..<32 {
        let point = Point(Double(column) - 15.5, Double(row) - 15.5)
        let (a, b) = (inside(found, point), inside(target, point))
        joint += a * b
        either += a + b - a * b
      }
    }
    return joint / either
  }

  private static func hypot(_ a: Double, _ b: Double, _ c: Double) -> Double { (a * a + b * b + c * c).squareRoot() }

  private static func pairs(_ seed: UInt64) throws -> (found: [OrientedBox], targets: [OrientedBox]) {
    var random = TestRandom(seed: seed)
    let targets = (0..<4).map { _ in
      OrientedBox(
        center: Point(random.uniform(-8, 8), random.uniform(-8, 8)), width: random.uniform(16, 40), height: random.uniform(8, 15),
        angle: random.uniform(-2, 2))
    }
    let found = targets.map { box in
      OrientedBox(
        center: Point(box.center.x + random.uniform(-4, 4), box.center.y + random.uniform(-4, 4)),
        width: box.width * random.uniform(0.8, 1.3), height: box.height * random.uniform(0.7, 1.2),
        angle: box.angle + random.uniform(-0.3, 0.3))
    }
    return (found, targets)
  }

  private static let weights = [1, 0.5, 0, 2]

  private static func expected(_ found: [[Double]], _ targets: [[Double]]) -> Double {
    let terms = zip(weights, zip(found, targets)).map { $0 * (1 - overlap($1.0, $1.1)) }
    return terms.reduce(0, +) / (1 + weights.reduce(0, +))
  }

  @Test(arguments: [61, 62, 63] as [UInt64]) func valuesAndSlopesAreThoseOfTheTwin(_ seed: UInt64) throws {
    let pairs = try Self.pairs(seed)
    let (found, targets) = (try pairs.found.map(Self.numbers), try pairs.targets.map(Self.numbers))
    let result = try Self.run(found, targets, weights: Self.weights)
    #expect(abs(result.value - Self.expected(found, targets)) < 1e-9)
    let step = 1e-5
    for place in 0..<4 {
      for channel in 0..<5 {
        var (above, below) = (found, found)
        above[place][channel] += step
        below[place][channel] -= step
        let difference = (Self.expected(above, targets) - Self.expected(below, targets)) / (2 * step)
        #expect(abs(result.slopes[place][channel] - difference) < 1e-7)
      }
    }
  }

  /// With a grid of 512 pixels a side, whose soft edges are a sixteenth as wide, it is the exact overlap of the polygons.
  @Test func isTheExactOverlapWithSmallPixels() throws {
    var builder = GraphBuilder(name: "test", type: .float64)
    let pairs = try Self.pairs(70)
    func map(_ boxes: [OrientedBox]) throws -> Int {
      let rows = try boxes.map(Self.numbers)
      return try builder.constant([1, 5, 4], (0..<5).flatMap { channel in rows.map { $0[channel] } })
    }
    let overlap = try builder.gatheredOverlap(try map(pairs.found), try map(pairs.targets), side: 512)
    builder.output(overlap, name: "overlap")
    let values = try #require(try Interpreter(builder.graph).run([:])["overlap"]).elements.doubles
    for (value, pair) in zip(values, zip(pairs.found, pairs.targets)) {
      let exact = pair.0.iou(with: pair.1)
      #expect(abs(value - exact) < 0.01, "\(value) where the polygons have \(exact)")
    }
  }

  /// Squares, thin and huge boxes and those that are far away are finite in the 32-bit floats of training; what is far away has no slope.
  @Test(arguments: [ElementType.float32, .float64]) func nothingIsEndless(_ type: ElementType) throws {
    func box(_ x: Double, _ width: Double, _ height: Double, _ angle: Double = 0) throws -> [Double] {
      try Self.numbers(OrientedBox(center: Point(x, 3), width: width, height: height, angle: angle))
    }
    let targets = [try box(0, 20, 20), try box(0, 3, 3), try box(0, 200, 2, 0.3), try box(0, 10, 20)]
    let found = [try box(0, 20, 20), try box(1e6, 2000, 2000), try box(0, 2, 200, 0.3), [1e4, -1e4, 60, 90, -90]]
    let result = try Self.run(found, targets, weights: [1, 1, 1, 1], type: type)
    #expect(result.value.isFinite && result.slopes.allSatisfy { $0.allSatisfy { $0.isFinite } })
    let far = try Self.run(
      [try box(400, 20, 20), found[0], found[0], found[0]], [targets[0], found[0], found[0], found[0]], weights: [1, 0, 0, 0],
      type: type)
    #expect(abs(far.value - 0.5) < 1e-6 && abs(far.slopes[0][0]) < 1e-6)
    let none = try Self.run(found, targets, weights: [0, 0, 0, 0], type: type)
    #expect(none.value == 0 && none.slopes.allSatisfy { $0.allSatisfy { $0 == 0 } })
  }
}
