import Foundation
import ModelFiles
import TestSupport
import Testing

@testable import NetworkTraining

@Suite("Weights of losses by a recursive mix")
struct RecursiveMixTests {
  /// With pulls 4, 2 and 1 worked out by hand: the inner b is 2 ∕ 3 and pulls by 4 ∕ 3, the outer one 4 ∕ (4 + 4 ∕ 3) = 3 ∕ 4.
  @Test func weightsWorkedOutByHand() throws {
    expectNear(RecursiveMix.weights(pulls: [4, 2, 1]), [1.0 / 4, 1.0 / 4, 1.0 / 2])
    #expect(RecursiveMix.weights(pulls: []).isEmpty && RecursiveMix.weights(pulls: [3]) == [1])
    // A loss that never pulls takes nothing from the others but its share, and nothing is endless.
    #expect(RecursiveMix.weights(pulls: [0, 0]).allSatisfy { $0.isFinite })
  }

  /// The weights are the slopes of the mix, sum to one, and give each loss half of the pull that is left.
  @Test func weightsAreTheSlopesAndHalveThePull() throws {
    var check = GradientCheck(seed: 51)
    for count in 1...5 {
      let losses = try (0..<count).map { _ in try check.tensor([], -2...2) }
      let pulls = (0..<count).map { _ in check.random.uniform(0.1, 5) }
      func mix(_ builder: inout GraphBuilder, _ x: [Int]) throws -> Int {
        try builder.recursiveMix(x, pulls: pulls.map { builder.constant($0) })
      }
      #expect(try check.error(of: losses, mix) < 1e-7)
      let weights = RecursiveMix.weights(pulls: pulls)
      expectNear([weights.reduce(0, +)], [1], within: 1e-12)
      expectNear(
        try numbers(losses, mix), [zip(weights, losses).reduce(0) { $0 + $1.0 * $1.1.elements.doubles[0] }], within: 1e-9)
      let pulled = zip(weights, pulls).map { $0 * $1 }
      for place in pulled.indices.dropLast() {
        expectNear([pulled[place]], [pulled[(place + 1)...].reduce(0, +)], within: 1e-5)
      }
    }
  }

  @Test func aMixWithoutPullsIsRefused() throws {
    #expect(throws: TrainingError.self) { try numbers([Tensor(scalar: 1.0)]) { try $0.recursiveMix($1, pulls: []) } }
  }

  private struct Examples: ExampleSource {
    let count = 4
    func batch(_ places: [Int], seed: UInt64) throws -> [String: Tensor] { ["t": Tensor(list: places.map { Float($0) })] }
  }

  /// Two learned numbers, a and b: mean (a − t)² over the batch, and |b|³ hundredfold, whose pulls differ.
  private static func network() throws -> TrainingNetwork {
    try TrainingNetwork(seed: 1) { builder in
      let t = builder.graph.input("t", shape: [.any])
      let a = try builder.parameter("a", [1], .values([6]), isDecayed: false)
      let b = try builder.parameter("b", [1], .values([0.5]), isDecayed: false)
      let difference = builder.graph.subtract(a, t)
      let first = builder.graph.mean(builder.graph.multiply(difference, difference))
      let cube = builder.graph.multiply(builder.graph.multiply(b, b), b)
      let second = builder.graph.multiply(builder.graph.sum(cube), number: 100)
      return try builder.recursiveMix([LossTask("a", loss: first, over: a), LossTask("b", loss: second, over: b)])
    }
  }
  private static let settings = TrainingSettings(
    optimiser: .momentum(0), schedule: Schedule(rate: 0.01, total: 40, shape: .constant), batch: 4)

  /// The same descent, worked out step by step in 64-bit floats.
  @Test func runningPullsAreThoseOfTheTwin() throws {
    let trainer = try Trainer(try Self.network(), Self.settings, Examples())
    var (a, b, pulls) = (6.0, 0.5, [1.0, 1.0])
    for _ in 0..<40 {
      let report = try trainer.step()
      // The batch is all of 0, 1, 2, 3: of mean 1.5 and mean square 3.5.
      let weights = RecursiveMix.weights(pulls: pulls)
      let loss = weights[0] * (a * a - 3 * a + 3.5) + weights[1] * 100 * b * b * b
      let slopes = [2 * a - 3, 300 * b * b]
      #expect(abs(report.loss - loss) < 1e-4 * max(1, abs(loss)))
      a -= 0.01 * weights[0] * slopes[0]
      b -= 0.01 * weights[1] * slopes[1]
      for place in 0..<2 { pulls[place] = 0.99 * pulls[place] + 0.01 * abs(slopes[place]) }
    }
    let told = try #require(NetworkBuilder.recursiveWeights(["a", "b"], trainer.state.statistics))
    let weights = RecursiveMix.weights(pulls: pulls)
    #expect(abs((told["a"] ?? 0) - weights[0]) < 1e-4 && abs((told["b"] ?? 0) - weights[1]) < 1e-4)
    #expect(NetworkBuilder.recursiveWeights(["a", "c"], trainer.state.statistics) == nil)
  }

  /// The pulls are a part of the checkpoint.
  @Test func goesOnToTheSameBytes() throws {
    let folder = try ScratchFolder()
    let path = folder.file("checkpoint")
    let whole = try Trainer(try Self.network(), Self.settings, Examples())
    try whole.run(until: 20)
    let part = try Trainer(try Self.network(), Self.settings, Examples())
    try part.run(until: 7, checkpoint: (path, 7))
    let rest = try Trainer(try Self.network(), Self.settings, Examples(), state: try Checkpoint.read(path: path).state)
    try rest.run(until: 20)
    #expect(rest.state == whole.state)
  }
}
