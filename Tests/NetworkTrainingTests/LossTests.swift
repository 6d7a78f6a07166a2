import Foundation
import ModelFiles
import TestSupport
import Testing

@testable import NetworkTraining

private func rows(_ rows: [[Double]]) throws -> Tensor { try Tensor(shape: [rows.count, rows[0].count], rows.flatMap { $0 }) }
private func row(_ numbers: [Double]) throws -> Tensor { try Tensor(shape: [1, numbers.count], numbers) }
private let identity = Tensor.identity(2)

extension Tensor {
  fileprivate static func identity(_ count: Int) -> [Double] { (0..<count * count).map { $0 / count == $0 % count ? 1 : 0 } }
}

/// The expected numbers are worked out from the formulas by hand or with numpy.
@Suite("Losses have the values of their formulas")
struct LossTests {
  @Test func crossEntropyWithSmoothingAndTemperature() throws {
    let (z, y) = (try row([1, 0.5, -1]), try row([1, 0, 0]))
    let shares = [0.574097, 0.348207, 0.077696]
    expectNear(try numbers([z, y]) { $0.crossEntropy($1[0], $1[1], classes: 3) }, [0.554957])
    let smooth = -zip(shares, [0.9 + 0.1 / 3, 0.1 / 3, 0.1 / 3]).reduce(0) { $0 + $1.1 * log($1.0) }
    expectNear(try numbers([z, y]) { $0.crossEntropy($1[0], $1[1], classes: 3, smoothing: 0.1) }, [smooth])
    let warm = [1.0, 0.5, -1].map { exp($0 / 2) }
    expectNear(
      try numbers([z, y]) { $0.crossEntropy($1[0], $1[1], classes: 3, temperature: 2) }, [-log(warm[0] / warm.reduce(0, +))])
  }

  @Test func focalAndBinary() throws {
    let logit = { (p: Double) in log(p / (1 - p)) }
    expectNear(try numbers([try row([logit(0.9)]), try row([1])]) { $0.focal($1[0], $1[1]) }, [2.63401e-4], within: 1e-9)
    expectNear(try numbers([try row([logit(0.3)]), try row([0])]) { $0.focal($1[0], $1[1]) }, [0.0240756], within: 1e-7)
    expectNear(
      try numbers([try row([logit(0.3)]), try row([0.25])]) { $0.binaryCrossEntropy($1[0], $1[1]) },
      [-0.25 * log(0.3) - 0.75 * log(0.7)])
  }

  @Test func overlapAndDistance() throws {
    let (p, g) = (try row([0.9, 0.8, 0.1, 0.3]), try row([1, 1, 0, 0]))
    expectNear(try numbers([p, g]) { $0.dice($1[0], $1[1]) }, [0.137255])
    expectNear(try numbers([p, g]) { $0.dice($1[0], $1[1], epsilon: 0, isSquared: true) }, [0.0422535])
    expectNear(try numbers([try row([0.5, -3]), try row([0, 0])]) { $0.smoothL1($1[0], $1[1]) }, [(0.125 + 2.5) / 2])
    expectNear(try numbers([try row([0.5, -3]), try row([0, 0])]) { $0.smoothL1($1[0], $1[1], beta: 2) }, [(0.0625 + 2) / 2])
  }

  @Test func pairsOfTwoViews() throws {
    let s = try rows([[0.9, 0.1], [0.3, 0.6]])
    let i = try Tensor(shape: [2, 2], identity)
    expectNear(try numbers([s, i]) { $0.infoNCE($1[0], identity: $1[1], count: 2, temperature: 0.1) }, [0.0244614])
    expectNear(
      try numbers([s, i]) { $0.infoNCE($1[0], identity: $1[1], count: 2, temperature: 0.1, isSymmetric: true) }, [0.0145284])
    let learned = [Tensor(scalar: log(10.0)), Tensor(scalar: -10.0)]
    expectNear(
      try numbers([s, i] + learned) { $0.sigmoidPairs($1[0], identity: $1[1], count: 2, logarithm: $1[2], bias: $1[3]) }, [2.666223]
    )
  }

  @Test func theFamilyFromExponentialToAbsoluteError() throws {
    let z = try row([1, 0.5, -1])
    let table: [(Double, Double, Double)] = [
      (0, 0.741866, 11.870745), (0.5, 0.639595, 5.175164), (1, 0.554957, 2.554957), (1.5, 0.484616, 1.442521),
      (2, 0.425903, 0.922304),
    ]
    for (tau, first, last) in table {
      expectNear(try numbers([z, try row([1, 0, 0])]) { $0.compSum($1[0], $1[1], classes: 3, tau: tau) }, [first])
      expectNear(try numbers([z, try row([0, 0, 1])]) { $0.compSum($1[0], $1[1], classes: 3, tau: tau) }, [last])
    }
  }

  @Test func learningFromATeacher() throws {
    let (s, t, y) = (try row([1, 0.5, -1]), try row([2, 1, -2]), try row([1, 0, 0]))
    expectNear(
      try numbers([s, t, y]) { builder, x in
        let hard = builder.crossEntropy(x[0], x[2], classes: 3)
        return builder.distillation(student: x[0], teacher: x[1], hard: hard, temperature: 4, share: 0.3, classes: 3)
      }, [0.469757])
  }

  @Test func mixesOfLosses() throws {
    // Weights of nested mixing with .6, .5, .25.
    let losses = [0.9, 0.4, 1.6, 0.2].map { Tensor(scalar: $0) }
    expectNear(try numbers(losses) { try $0.mixed($1, weights: [0.4, 0.3, 0.225, 0.075]) }, [0.855])
    #expect(throws: TrainingError.self) { try numbers(losses) { try $0.mixed($1, weights: [1, -1, 0, 0]) } }
  }

  @Test func gradientsOfAllOfThem() throws {
    var check = GradientCheck(seed: 21)
    let shares = try rows([[0.2, 0.5, 0.3], [0.1, 0.1, 0.8]])
    let inputs = [try check.tensor([2, 3], -2...2)]
    let losses: [(inout GraphBuilder, Int, Int) -> Int] = [
      { $0.crossEntropy($1, $2, classes: 3, smoothing: 0.1, temperature: 0.7) }, { $0.binaryCrossEntropy($1, $2) },
      { $0.focal($1, $2) },
      { $0.dice($1, $2) }, { $0.smoothL1($1, $2, beta: 0.45) }, { $0.compSum($1, $2, classes: 3, tau: 1.5) },
    ]
    for loss in losses {
      #expect(
        try check.error(of: inputs) { builder, x in
          let targets = builder.constant(shares)
          return loss(&builder, x[0], targets)
        } < 1e-7)
    }
  }
}

@Suite(
  "Losses of oriented boxes", .enabled(if: SharedData.place("reference/test-vectors.json") != nil, "needs ../shared/reference"))
struct OrientedBoxLossTests {
  private struct Vectors: Decodable {
    struct Pair: Decodable {
      let a: [Double], b: [Double]
      let bhattacharyya: Double, hellinger: Double, gwd2: Double, kld_ab: Double
      let grad_bhattacharyya_wrt_a: [Double]?, grad_gwd2_wrt_a: [Double]?, grad_kld_ab_wrt_a: [Double]?
    }
    let obb_pairs: [Pair]
  }

  @Test func agreeWithStoredPairsAndTheirGradients() throws {
    let path = try #require(SharedData.place("reference/test-vectors.json"))
    let pairs = try JSONDecoder().decode(Vectors.self, from: Data(contentsOf: path)).obb_pairs
    #expect(pairs.count > 10)
    let boxes = [try rows(pairs.map(\.a)), try rows(pairs.map(\.b))]
    let sloped = pairs.filter { $0.grad_bhattacharyya_wrt_a != nil && $0.grad_gwd2_wrt_a != nil && $0.grad_kld_ab_wrt_a != nil }
    #expect(sloped.count > 10)
    let moved = [try rows(sloped.map(\.a)), try rows(sloped.map(\.b))]
    let near = { (found: [Double], expected: [Double]) in
      // What is left of 64-bit floats where thin boxes cancel.
      for (a, b) in zip(found, expected) { #expect(abs(a - b) < 1e-7 * max(1, abs(b))) }
    }
    near(try numbers(boxes) { $0.bhattacharyya($1[0], $1[1]) }, pairs.map(\.bhattacharyya))
    near(try numbers(boxes) { $0.hellinger($1[0], $1[1], epsilon: 0) }, pairs.map(\.hellinger))
    near(try numbers(boxes) { $0.wasserstein($1[0], $1[1]) }, pairs.map(\.gwd2))
    near(try numbers(boxes) { $0.divergence($1[0], $1[1]) }, pairs.map(\.kld_ab))
    near(try gradients(moved) { $0.bhattacharyya($1, $2) }, sloped.flatMap { $0.grad_bhattacharyya_wrt_a ?? [] })
    near(try gradients(moved) { $0.wasserstein($1, $2) }, sloped.flatMap { $0.grad_gwd2_wrt_a ?? [] })
    near(try gradients(moved) { $0.divergence($1, $2) }, sloped.flatMap { $0.grad_kld_ab_wrt_a ?? [] })
  }

  private func gradients(_ boxes: [Tensor], _ distance: (inout GraphBuilder, Int, Int) -> Int) throws -> [Double] {
    try numbers(boxes) { builder, x in
      let loss = builder.sum(distance(&builder, x[0], x[1]))
      return try #require(try Differentiation.gradients(of: loss, over: [x[0]], in: &builder)[0])
    }
  }
}
