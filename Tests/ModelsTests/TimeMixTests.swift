import Foundation
import ModelFiles
import NetworkGraph
import NetworkKernels
import NetworkPrograms
import NetworkTraining
import TestSupport
import Testing

@testable import Models

/// A detector that mixes the features of the frame before with its own.
@Suite("A time-mix of a detector")
struct TimeMixTests {
  private static let size = PyramidSize(.nano, coarse: .conv)

  private static func tensor(_ shape: [Int], _ random: inout TestRandom) throws -> Tensor {
    try Tensor(shape: shape, (0..<shape.reduce(1, *)).map { _ in Float(random.uniform(-2, 2)) })
  }

  /// Each channel has a gate of its own, and strides 4 and 8 are left as they are.
  @Test func eachChannelIsMixedByItsGate() throws {
    var random = TestRandom(seed: 3)
    var tensors: [String: Tensor] = [:]
    for stride in TimeMix.strides {
      tensors["time.gate\(stride)"] = try Self.tensor([1, Self.size.widths[TimeMix.level(stride)], 1, 1], &random)
    }
    var builder = NetworkBuilder(purpose: .inference(tensors))
    var given: [String: Tensor] = [:]
    func input(_ name: String, _ channels: Int) throws -> Int {
      given[name] = try Self.tensor([1, channels, 2, 3], &random)
      return builder.graph.input(name, shape: [.fixed(1), .fixed(channels), .fixed(2), .fixed(3)])
    }
    let levels = try Self.size.widths.enumerated().map { try input("level\($0)", $1) }
    let before = try TimeMix.strides.map { try input("before\($0)", Self.size.widths[TimeMix.level($0)]) }
    let mixed = try builder.timeMix(levels, before, Self.size)
    #expect(mixed[0] == levels[0] && mixed[1] == levels[1])
    for stride in TimeMix.strides { builder.graph.output(mixed[TimeMix.level(stride)], name: "mixed\(stride)") }
    let results = try Program(builder.graph.graph).run(given)
    for stride in TimeMix.strides {
      let now = try #require(given["level\(TimeMix.level(stride))"]?.values(Float.self))
      let former = try #require(given["before\(stride)"]?.values(Float.self))
      let gates = try #require(tensors["time.gate\(stride)"]?.values(Float.self))
      let found = try #require(results["mixed\(stride)"]?.values(Float.self))
      for place in now.indices {
        let share = 1 / (1 + exp(-Double(gates[place / 6])))
        let expected = Double(former[place]) + share * (Double(now[place]) - Double(former[place]))
        #expect(abs(Double(found[place]) - expected) < 1e-5)
      }
    }
  }

  /// Open gates: the network without a mix, whatever was before. Closed ones: the coarse features of the frame before in the place of its own.
  @Test func gatesOpenAndCloseTheWay() throws {
    let plain = DetectorModel(.nano, classCount: 1)
    let mixing = DetectorModel(.nano, classCount: 1, mixesTime: true)
    var tensors: [String: Tensor] = [:]
    let network = try DetectorLoss().network(mixing, seed: 5)
    for parameter in network.parameters { tensors[parameter.name] = parameter.start }
    for statistic in network.statistics { tensors[statistic.name] = statistic.start }
    var random = TestRandom(seed: 8)
    let pictures = try (0..<2).map { _ in try Self.tensor([1, 3, 64, 32], &random) }

    func run(_ gate: Float, _ picture: Tensor, after former: [String: Tensor]) throws -> [String: Tensor] {
      for stride in TimeMix.strides {
        let width = Self.size.widths[TimeMix.level(stride)]
        tensors["time.gate\(stride)"] = try Tensor(shape: [1, width, 1, 1], [Float](repeating: gate, count: width))
      }
      var inputs = former
      inputs["images"] = picture
      return try Program(mixing.graph(tensors, width: 32, height: 64)).run(inputs)
    }
    func passedOn(_ results: [String: Tensor]) throws -> [String: Tensor] {
      try Dictionary(
        uniqueKeysWithValues: TimeMix.strides.map { (TimeMix.inputName($0), try #require(results[TimeMix.outputName($0)])) })
    }
    func numbers(_ results: [String: Tensor]) throws -> [Float] { try #require(results["boxes"]?.values(Float.self)) }
    let zeros = try Dictionary(
      uniqueKeysWithValues: TimeMix.strides.map { stride in
        let shape = [1, Self.size.widths[TimeMix.level(stride)], 64 / stride, 32 / stride]
        return (TimeMix.inputName(stride), try Tensor(shape: shape, [Float](repeating: 0, count: shape.reduce(1, *))))
      })
    let expected = try pictures.map { try numbers(Program(plain.graph(tensors, width: 32, height: 64)).run(["images": $0])) }

    let first = try run(100, pictures[0], after: zeros)
    let open = try numbers(run(100, pictures[1], after: passedOn(first)))
    #expect(zip(open, expected[1]).allSatisfy { abs($0 - $1) < 1e-4 })
    // What is passed on is of the picture alone.
    #expect(try passedOn(first) == passedOn(run(-100, pictures[0], after: passedOn(first))))
    // A picture that is its own frame before is the same by any gate; another one before it is not.
    let same = try numbers(run(-100, pictures[0], after: passedOn(first)))
    #expect(zip(same, expected[0]).allSatisfy { abs($0 - $1) < 1e-4 })
    let closed = try numbers(run(-100, pictures[1], after: passedOn(first)))
    #expect(zip(closed, expected[1]).contains { abs($0 - $1) > 1e-3 })
  }
}
