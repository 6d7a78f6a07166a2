import ModelFiles
import TestSupport
import Testing

@testable import NetworkTraining

@Suite("A slower copy of a network teaches it")
struct AveragedTests {
  private struct Examples: ExampleSource {
    let count = 2
    func batch(_ places: [Int], seed: UInt64) throws -> [String: Tensor] { ["x": Tensor(list: places.map { Float($0 + 1) })] }
  }

  /// w x against what the average of w says, and one more: mean (w x − w̄ x − 1)².
  private static func network() throws -> TrainingNetwork {
    try TrainingNetwork(seed: 1) { builder in
      let x = builder.graph.input("x", shape: [.any])
      func told(_ builder: inout NetworkBuilder) throws -> Int {
        let w = try builder.scoped("part") { try $0.parameter("w", [1], .values([2]), isDecayed: false) }
        return builder.graph.multiply(w, x)
      }
      let student = try told(&builder)
      let teacher = try builder.averaged { try told(&$0) }
      let difference = builder.graph.add(builder.graph.subtract(student, builder.graph.stopGradient(teacher)), number: -1)
      return builder.graph.mean(builder.graph.multiply(difference, difference))
    }
  }

  private static func settings(_ average: WeightAverage?) -> TrainingSettings {
    TrainingSettings(
      optimiser: .momentum(0), schedule: Schedule(rate: 0.05, total: 30, shape: .constant), average: average, batch: 2)
  }

  /// The same descent worked out step by step in 64-bit floats.
  @Test func theCopyIsTheAverageBeforeTheStep() throws {
    let average = WeightAverage(decay: 0.9, rise: 5)
    let trainer = try Trainer(try Self.network(), Self.settings(average), Examples())
    #expect(trainer.network.parameters.count == 1)
    var (w, slow) = (2.0, 2.0)
    for step in 1...30 {
      let report = try trainer.step()
      let differences = [1.0, 2].map { (w - slow) * $0 - 1 }
      #expect(abs(report.loss - (differences[0] * differences[0] + differences[1] * differences[1]) / 2) < 1e-5)
      w -= 0.05 * (differences[0] + 2 * differences[1])
      slow = average.decay(at: step) * slow + (1 - average.decay(at: step)) * w
    }
    #expect(abs((trainer.state.averages["part.w"]?.elements.doubles[0] ?? 0) - slow) < 1e-4)
  }

  @Test func itNeedsAveragesAndWhatItCopies() throws {
    #expect(throws: TrainingError.self) { try Trainer(try Self.network(), Self.settings(nil), Examples()) }
    #expect(throws: TrainingError.self) {
      try TrainingNetwork { builder in try builder.averaged { try $0.parameter("w", [1], .constant(1)) } }
    }
  }
}
