import Foundation
import ModelFiles
import NetworkGraph
import NetworkKernels
import NetworkPrograms
import TestSupport
import Testing

@testable import Models
@testable import NetworkTraining

/// The loss of a detector's embeddings in 64-bit floats against a twin that is written with loops, and the networks that have some.
@Suite("Embeddings of a detector")
struct EmbeddingHeadTests {
  /// Three squares, of which the last one is a second view of the first.
  private struct Made {
    static let (squares, dimension, rows, columns, objects) = (3, 4, 3, 4, 16)
    static var cells: Int { rows * columns }
    static var count: Int { squares * objects }
    var map: [Double]
    var claims = [Double](repeating: 0, count: squares * cells * objects)
    var fellows = [Double](repeating: 0, count: count * count)
    var kin = [Double](repeating: -100, count: count * count)

    init(seed: UInt64, isEmpty: Bool = false) {
      var random = TestRandom(seed: seed)
      map = (0..<Self.squares * Self.dimension * Self.cells).map { _ in random.uniform(-1, 1) }
      guard !isEmpty else { return }
      let known = [3, 2, 2]
      for square in 0..<3 {
        for object in 0..<known[square] {
          for (cell, share) in [(random.index(below: Self.cells), 0.7), (random.index(below: Self.cells), 0.3)] {
            claims[(square * Self.cells + cell) * Self.objects + object] += share
          }
        }
      }
      let there = known.enumerated().flatMap { square, count in (0..<count).map { square * Self.objects + $0 } }
      for a in there { for b in there where a != b { kin[a * Self.count + b] = 0 } }
      // Two objects are seen twice; one of the middle square is the first one's too, and no fellow.
      for object in 0..<2 {
        let (a, b) = (object, 2 * Self.objects + object)
        fellows[a * Self.count + b] = 0.25
        fellows[b * Self.count + a] = 0.25
      }
      (kin[Self.objects], kin[Self.objects * Self.count]) = (-100, -100)
    }

    /// The formula of the documentation, object by object.
    var expected: Double {
      let looks = (0..<Self.count).map { number -> [Double] in
        let (square, object) = (number / Self.objects, number % Self.objects)
        let sums = (0..<Self.dimension).map { channel in
          (0..<Self.cells).reduce(0.0) {
            $0 + map[(square * Self.dimension + channel) * Self.cells + $1]
              * claims[(square * Self.cells + $1) * Self.objects + object]
          }
        }
        let length = (sums.reduce(0) { $0 + $1 * $1 } + 1e-12).squareRoot()
        return sums.map { $0 / length }
      }
      var total = 0.0
      for row in 0..<Self.count {
        let scores = (0..<Self.count).map { column in
          (zip(looks[row], looks[column]).reduce(0) { $0 + $1.0 * $1.1 } + kin[row * Self.count + column]) / 0.1
        }
        let top = scores.max() ?? 0
        let all = top + log(scores.reduce(0) { $0 + exp($1 - top) })
        for column in 0..<Self.count { total -= fellows[row * Self.count + column] * (scores[column] - all) }
      }
      return total
    }
  }

  private static func run(_ made: Made, _ type: ElementType = .float64) throws -> (loss: Double, slopes: [Double]) {
    var builder = GraphBuilder(name: "test", type: type)
    func tensor(_ shape: [Int], _ list: [Double]) throws -> Tensor {
      type == .float64 ? try Tensor(shape: shape, list) : try Tensor(shape: shape, list.map { Float($0) })
    }
    let shape = [Made.squares, Made.dimension, Made.rows, Made.columns]
    let map = builder.input("map", shape: shape.map { .fixed($0) })
    let loss = builder.embeddingLoss(map, dimension: Made.dimension, EmbeddingLoss.inputs(&builder))
    builder.output(loss, name: "loss")
    builder.output(try #require(try Differentiation.gradients(of: loss, over: [map], in: &builder)[0]), name: "slope")
    let names = EmbeddingLoss.inputNames
    let result = try Interpreter(builder.graph).run([
      "map": try tensor(shape, made.map), names[0]: try tensor([Made.squares, Made.cells, Made.objects], made.claims),
      names[1]: try tensor([Made.count, Made.count], made.fellows), names[2]: try tensor([Made.count, Made.count], made.kin),
    ])
    func numbers(_ name: String) throws -> [Double] { try #require(result[name]).elements.doubles }
    return (try numbers("loss")[0], try numbers("slope"))
  }

  @Test func theLossIsItsFormula() throws {
    for seed in 1...5 as ClosedRange<UInt64> {
      let made = Made(seed: seed)
      #expect(abs(try Self.run(made).loss - made.expected) < 1e-9)
    }
  }

  /// Against central differences of the twin.
  @Test func slopesAreThoseOfTheFormula() throws {
    let made = Made(seed: 9)
    let slopes = try Self.run(made).slopes
    let step = 1e-5
    let differences = made.map.indices.map { place -> Double in
      var (above, below) = (made, made)
      above.map[place] += step
      below.map[place] -= step
      return (above.expected - below.expected) / (2 * step)
    }
    let scale = differences.map(abs).max() ?? 0
    #expect(scale > 1e-3)
    for (a, b) in zip(slopes, differences) { #expect(abs(a - b) < 1e-6 * scale, "\(a) \(b)") }
  }

  /// Where nothing is seen twice nothing is learned, and nothing is endless.
  @Test(arguments: [ElementType.float32, .float64]) func withoutPairsNothingIsLearned(_ type: ElementType) throws {
    let none = try Self.run(Made(seed: 3, isEmpty: true), type)
    #expect(none.loss == 0 && none.slopes.allSatisfy { $0 == 0 })
  }

  /// Of each cell the vector is the head's own numbers over their length, in all three types of arithmetic.
  @Test(arguments: [(0, 4), (4, 8), (0, 64)]) func aNetworkTellsUnitVectors(prototypes: Int, embedding: Int) throws {
    let model = DetectorModel(.nano, classCount: 3, prototypes: prototypes, embedding: embedding)
    let network = try DetectorLoss().network(model, seed: 4)
    let state = network.start(TrainingSettings(schedule: Schedule(rate: 1, total: 1), batch: 1))
    let graph = try model.graph(state.tensors, width: 96, height: 64)
    // Other programs read it too.
    #expect(graph.nodes.allSatisfy { $0.domain.isEmpty })
    var random = TestRandom(seed: 2)
    let picture = try Tensor(shape: [1, 3, 64, 96], (0..<3 * 64 * 96).map { _ in Float(random.unit()) })
    for type in [ProgramType.f32, .bf16] {
      let result = try Program(graph, type: type).run(["images": picture])
      #expect(result["boxes"]?.shape == [1, 13 + prototypes, 16, 24])
      #expect((result["prototypes"] != nil) == (prototypes > 0))
      let looks = try #require(result["embeddings"])
      #expect(looks.shape == [1, embedding, 16, 24])
      let values = looks.elements.doubles
      for cell in 0..<384 {
        let square = (0..<embedding).reduce(0.0) { $0 + values[$1 * 384 + cell] * values[$1 * 384 + cell] }
        #expect(abs(square - 1) < (type == .f32 ? 1e-4 : 0.05), "\(square)")
      }
    }
  }

  /// Without embeddings a network has the parameters of before there were any, with the same first values.
  @Test func networksWithoutEmbeddingsAreTheFormerOnes() throws {
    let plain = try DetectorLoss().network(DetectorModel(.nano, classCount: 3), seed: 1)
    let looking = try DetectorLoss().network(DetectorModel(.nano, classCount: 3, embedding: 64), seed: 1)
    let names = plain.parameters.map(\.name)
    #expect(!names.contains { $0.contains("looks") || $0.contains("embeddings") })
    let settings = TrainingSettings(schedule: Schedule(rate: 1, total: 1), batch: 1)
    let (first, second) = (plain.start(settings).tensors, looking.start(settings).tensors)
    #expect(names.allSatisfy { first[$0] == second[$0] })
    #expect(second.count > first.count)
    #expect(looking.parameterCount <= 1_000_000)
    // The head pulls at nothing that boxes are made of.
    func stops(_ network: TrainingNetwork) -> Int { network.graph.nodes.count { $0.operation == "StopGradient" } }
    #expect(stops(looking) == stops(plain) + 1)
  }

  @Test func aRecursiveMixWeighsLooksLast() throws {
    var loss = DetectorLoss()
    loss.taskWeights = .recursive
    let network = try loss.network(DetectorModel(.nano, classCount: 1, prototypes: 4, embedding: 8), seed: 1)
    let state = network.start(TrainingSettings(schedule: Schedule(rate: 1, total: 1), batch: 1))
    let weights = try #require(loss.weights(state.statistics, hasMasks: true, hasLooks: true))
    #expect(Set(weights.keys) == ["centres", "boxes", "spreads", "masks", "embeddings"])
    #expect(abs(weights.values.reduce(0, +) - 1) < 1e-6)
  }
}
