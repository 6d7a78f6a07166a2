import ModelFiles
import NetworkKernels
import TestSupport
import Testing

@testable import NetworkTraining

@Suite("Ternary weights at two bits")
struct TernaryFileTests {
  private func build(_ builder: inout NetworkBuilder) throws {
    let x = builder.graph.input("x", shape: [.any, .fixed(7)])
    let hidden = builder.relu(try builder.ternaryLinear(x, "first", from: 7, to: 5))
    builder.graph.output(try builder.ternaryLinear(hidden, "second", from: 5, to: 3), name: "y")
  }

  @Test func theStoredNetworkGivesTheSameResults() throws {
    var training = NetworkBuilder(seed: 4)
    try build(&training)
    let tensors = Dictionary(uniqueKeysWithValues: training.parameters.map { ($0.name, $0.start) })
    let names = Set(training.parameters.filter(\.isTernary).map(\.name))
    #expect(names == ["first.weight", "second.weight"])
    let file = try TernaryFile.packed(tensors, ternary: names)
    // 35 numbers are 9 bytes.
    #expect(file.tensors["codes/first.weight"]?.count == 9)
    let read = try TernaryFile.unpacked(SafeTensors(FileBytes(name: "test", bytes: file.bytes())))
    #expect(Set(read.keys) == Set(tensors.keys))
    var random = TestRandom(seed: 9)
    let x = try Tensor(shape: [4, 7], (0..<28).map { _ in Float(random.signed()) })
    let results = try [tensors, read].map { tensors -> [Float] in
      var builder = NetworkBuilder(purpose: .inference(tensors))
      try build(&builder)
      return try #require(try Interpreter(builder.graph.graph).run(["x": x])["y"]).elements.floats
    }
    for (a, b) in zip(results[0], results[1]) { #expect(abs(a - b) < 1e-5) }
  }

  @Test func damagedCodesAreRefused() throws {
    let good = try TernaryFile.packed(["w": try Tensor(shape: [2, 3], [1, -1, 0, 2, -2, 0.1] as [Float])], ternary: ["w"])
    for (name, tensor) in [
      ("codes/w", Tensor(list: [3, 0] as [UInt8])), ("codes/w", Tensor(list: [0] as [UInt8])),
      ("shape/w", Tensor(list: [1 << 40, 1 << 40] as [Int64])), ("shape/w", Tensor(list: [-2, -3] as [Int64])),
      ("size/w", Tensor(list: [.nan] as [Float])),
    ] {
      var bad = good
      bad.tensors[name] = tensor
      #expect(throws: TrainingError.self, "\(name)") { try TernaryFile.unpacked(bad) }
    }
  }
}
