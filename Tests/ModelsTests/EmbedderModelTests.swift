import Foundation
import ModelFiles
import NetworkGraph
import NetworkPrograms
import NetworkTraining
import TestSupport
import Testing

@testable import Models

@Suite("The embedder's network and loss")
struct EmbedderModelTests {
  private static func crops(_ count: Int, seed: UInt64, side: Int = 64) throws -> Tensor {
    var random = TestRandom(seed: seed)
    return try Tensor(shape: [count, 3, side, side], (0..<count * 3 * side * side).map { _ in Float(random.normal()) })
  }

  private static func start(pairs: Int) throws -> (network: TrainingNetwork, tensors: [String: Tensor]) {
    let network = try EmbedderLoss().network(EmbedderModel(), pairs: pairs, seed: 1)
    let settings = TrainingSettings(schedule: Schedule(rate: 1e-3, total: 1), batch: 1)
    return (network, network.start(settings).tensors)
  }

  @Test func itIsSmall() throws {
    #expect(try Self.start(pairs: 2).network.parameterCount <= 300_000)
  }

  @Test func itMakesUnitVectorsOfAnyNumberOfCrops() throws {
    let graph = try EmbedderModel().graph(Self.start(pairs: 2).tensors, side: 64)
    let program = try Program(graph)
    let crops = try Self.crops(3, seed: 5)
    let all = try #require(try program.run(["crops": crops])["embeddings"])
    #expect(all.shape == [3, EmbedderModel.dimension])
    let values = try #require(all.values(Float.self))
    for row in 0..<3 {
      let vector = values[row * EmbedderModel.dimension..<(row + 1) * EmbedderModel.dimension]
      #expect(abs(vector.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)
    }
    // A crop has the same embedding alone.
    let single = try Tensor(shape: [1, 3, 64, 64], Array(try #require(crops.values(Float.self))[..<(3 * 64 * 64)]))
    let alone = try #require(try program.run(["crops": single])["embeddings"]?.values(Float.self))
    for (a, b) in zip(values, alone) { #expect(abs(a - b) < 1e-5) }
  }

  /// Another pair of the same object is neither near nor far: with all others of the same object, nothing is left to be told apart.
  @Test func pairsOfOneObjectAreNoNegatives() throws {
    let pairs = 4
    let network = try EmbedderLoss().network(EmbedderModel(), pairs: pairs, seed: 1)
    struct One: ExampleSource {
      let count = 1
      let crops: Tensor
      let kin: [Float]
      func batch(_ places: [Int], seed: UInt64) throws -> [String: Tensor] {
        ["crops": crops, "kin": try Tensor(shape: [4, 4], kin)]
      }
    }
    func loss(_ kin: [Float]) throws -> Double {
      let settings = TrainingSettings(schedule: Schedule(rate: 1e-3, total: 1), batch: 1)
      let source = One(crops: try Self.crops(2 * pairs, seed: 9), kin: kin)
      return try Trainer(network, settings, source).step().loss
    }
    let strangers = [Float](repeating: 0, count: 16)
    let kin = (0..<16).map { $0 % 5 == 0 ? 0 : EmbedderLoss.kinWeight }
    // Of noise no crop is nearer to its fellow than to others: about ln 4.
    #expect(try loss(strangers) > 0.5)
    #expect(try abs(loss(kin)) < 1e-6)
  }
}
