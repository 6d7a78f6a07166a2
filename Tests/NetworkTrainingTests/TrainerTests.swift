import Foundation
import ModelFiles
import NetworkPrograms
import TestSupport
import Testing

@testable import NetworkTraining

/// Points in the plane whose class is the sign of the product of their coordinates: no linear classifier separates them.
private struct Quadrants: ExampleSource {
  let count = 40
  /// The place of an example with a coordinate that is no number.
  var bad: Int?

  func batch(_ places: [Int], seed: UInt64) throws -> [String: Tensor] {
    var (points, classes): ([Float], [Float]) = ([], [])
    for place in places {
      var random = TestRandom(seed: UInt64(place))
      let (x, y) = (random.signed(), random.signed())
      points += place == bad ? [.nan, 0] : [Float(x), Float(y)]
      classes += x * y > 0 ? [1, 0] : [0, 1]
    }
    return [
      "points": try Tensor(shape: [places.count, 2], points), "classes": try Tensor(shape: [places.count, 2], classes),
    ]
  }
}

private func network(seed: UInt64 = 1) throws -> TrainingNetwork {
  try TrainingNetwork(seed: seed) { builder in
    let points = builder.graph.input("points", shape: [.any, .fixed(2)])
    let classes = builder.graph.input("classes", shape: [.any, .fixed(2)])
    let wide = try builder.linear(points, "first", from: 2, to: 16, gain: 2)
    let normal = try builder.batchNorm(wide, "norm", channels: 16)
    let kept = builder.dropout(builder.relu(normal), "drop", ratio: 0.1)
    let logits = try builder.linear(kept, "second", from: 16, to: 2)
    return builder.graph.crossEntropy(logits, classes, classes: 2)
  }
}

private func settings(steps: Int, passes: Int = 1, type: ProgramType = .f32) -> TrainingSettings {
  TrainingSettings(
    schedule: Schedule(rate: 0.02, warmUp: 3, total: steps), decay: 0.01, normLimit: 5, average: WeightAverage(rise: 10), batch: 8,
    passes: passes, seed: 5, type: type)
}

@Suite("Training")
struct TrainerTests {
  @Test(arguments: [ProgramType.f32, .bf16]) func learnsWhatNoLinearClassifierCan(_ type: ProgramType) throws {
    let trainer = try Trainer(try network(), settings(steps: 300, type: type), Quadrants())
    var losses: [Double] = []
    try trainer.run(until: 300) { losses.append($0.loss) }
    // Guessing between two classes costs ln 2 = 0.69, and no linear classifier does much better on quadrants.
    #expect(losses[..<5].reduce(0, +) / 5 > 0.5)
    #expect(losses.suffix(5).reduce(0, +) / 5 < 0.4)
  }

  /// 40 examples in batches of 8 are 5 steps an epoch: step 7 is in the middle of the second.
  @Test(arguments: [1, 2], [ProgramType.f32, .bf16]) func goesOnFromACheckpointAsIfItHadNeverStopped(
    _ passes: Int, _ type: ProgramType
  )
    throws
  {
    let folder = try ScratchFolder()
    let path = folder.file("checkpoint.safetensors")
    let settings = settings(steps: 12, passes: passes, type: type)
    let whole = try Trainer(try network(), settings, Quadrants())
    try whole.run(until: 12)
    try Trainer(try network(), settings, Quadrants()).run(until: 7, checkpoint: (path, 100))
    let (state, kept) = try Checkpoint.read(path: path)
    #expect(kept == settings && state.step == 7 && state.position == (passes == 1 ? 16 : 32))
    let second = try Trainer(try network(), kept, Quadrants(), state: state)
    try second.run(until: 12)
    #expect(second.state == whole.state)
  }

  @Test func changesTooSmallForBfloat16AreKept() throws {
    var settings = TrainingSettings(
      optimiser: .momentum(0), schedule: Schedule(rate: 1e-5, total: 9, shape: .constant), batch: 8, seed: 5, type: .bf16)
    settings.passes = 2
    let trainer = try Trainer(try network(), settings, Quadrants())
    let start = try #require(trainer.state.parameters["second.weight"]?.elements.floats)
    try trainer.run(until: 1)
    let found = try #require(trainer.state.parameters["second.weight"]?.elements.floats)
    for (a, b) in zip(start, found) { #expect(a != b && abs(a - b) < abs(a) / 512) }
  }

  @Test func passesAreAveraged() throws {
    // The mean of the gradients of two passes of 8 is that of one pass of 16, where no layer looks at the whole batch.
    func trained(batch: Int, passes: Int) throws -> [Float] {
      let network = try TrainingNetwork(seed: 1) { builder in
        let points = builder.graph.input("points", shape: [.any, .fixed(2)])
        let classes = builder.graph.input("classes", shape: [.any, .fixed(2)])
        return builder.graph.crossEntropy(try builder.linear(points, "only", from: 2, to: 2), classes, classes: 2)
      }
      var settings = TrainingSettings(
        optimiser: .momentum(0), schedule: Schedule(rate: 0.1, total: 9, shape: .constant), batch: batch, seed: 5)
      settings.passes = passes
      let trainer = try Trainer(network, settings, Quadrants())
      try trainer.run(until: 2)
      return trainer.state.parameters["only.weight"]?.elements.floats ?? []
    }
    for (a, b) in zip(try trained(batch: 16, passes: 1), try trained(batch: 8, passes: 2)) { #expect(abs(a - b) < 1e-6) }
  }

  @Test func stopsWhereANumberIsNone() throws {
    let folder = try ScratchFolder()
    let path = folder.file("checkpoint.safetensors")
    let order = DataOrder(count: 40, seed: 5).places(epoch: 0)
    let trainer = try Trainer(try network(), settings(steps: 12), Quadrants(bad: order[20]))
    do {
      try trainer.run(until: 12, checkpoint: (path, 1))
      Issue.record("a training with a number that is none went on")
    } catch let fault as DivergedTraining {
      #expect(fault.step == 3 && fault.layer == "first" && fault.isForward)
      let saved = try Checkpoint.read(path: try #require(fault.checkpoint)).state
      #expect(saved.step == 2 && saved == trainer.state)
      #expect(saved.parameters.values.allSatisfy { $0.elements.floats.allSatisfy(\.isFinite) })
    }
  }

  /// The checkpoint of a training's first step.
  private func written(to folder: ScratchFolder) throws -> (path: String, settings: TrainingSettings, trainer: Trainer) {
    let path = folder.file("checkpoint.safetensors")
    let settings = settings(steps: 12)
    let trainer = try Trainer(try network(), settings, Quadrants())
    try trainer.step()
    try Checkpoint.write(trainer.state, settings, path: path)
    return (path, settings, trainer)
  }

  @Test func aFullDiskLeavesTheFormerCheckpoint() throws {
    let folder = try ScratchFolder()
    let (path, settings, trainer) = try written(to: folder)
    let former = try Data(contentsOf: URL(fileURLWithPath: path))
    // What is written beside the place goes to a device that has no room.
    try FileManager.default.createSymbolicLink(atPath: path + ".partial", withDestinationPath: "/dev/full")
    try trainer.step()
    #expect(throws: TrainingError.self) { try Checkpoint.write(trainer.state, settings, path: path) }
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == former)
  }

  @Test func aCheckpointWithAnyFlippedBitIsRefused() throws {
    let folder = try ScratchFolder()
    let (path, _, trainer) = try written(to: folder)
    let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    #expect(try Checkpoint.read(path: path).state == trainer.state)
    // The header's filling spaces are the only bytes without a meaning.
    for place in stride(from: 0, to: whole.count, by: 37) where whole[place] != 0x20 {
      var bytes = whole
      bytes[place] ^= 1 << UInt8(place % 8)
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      #expect(throws: (any Error).self, "byte \(place)") { try Checkpoint.read(path: path) }
    }
  }

  @Test func anotherNetworksCheckpointIsRefused() throws {
    let settings = settings(steps: 12)
    var state = try network().start(settings)
    state.parameters["first.weight"] = Tensor(list: [1] as [Float])
    #expect(throws: TrainingError.self) { try Trainer(try network(), settings, Quadrants(), state: state) }
  }

  @Test func firstValuesDependOnSeedAndName() throws {
    let (a, b, c) = (try network(seed: 1), try network(seed: 1), try network(seed: 2))
    #expect(a.parameters.map(\.start) == b.parameters.map(\.start))
    #expect(a.parameters[0].start != c.parameters[0].start)
  }

  @Test func aTrainedNetworkIsTheSameWithConstants() throws {
    let trainer = try Trainer(try network(), settings(steps: 30), Quadrants())
    try trainer.run(until: 30)
    var builder = NetworkBuilder(purpose: .inference(trainer.state.tensors))
    let points = builder.graph.input("points", shape: [.any, .fixed(2)])
    let wide = try builder.linear(points, "first", from: 2, to: 16)
    let kept = builder.dropout(builder.relu(try builder.batchNorm(wide, "norm", channels: 16)), "drop", ratio: 0.1)
    builder.graph.output(try builder.linear(kept, "second", from: 16, to: 2), name: "logits")
    let inputs = try Quadrants().batch(Array(0..<40), seed: 0)
    let given = try #require(inputs["points"])
    let results = try Program(builder.graph.graph).run(["points": given])
    let logits = try #require(results["logits"]?.values(Float.self))
    let classes = try #require(inputs["classes"]?.values(Float.self))
    let hits = (0..<40).filter { (logits[2 * $0] > logits[2 * $0 + 1]) == (classes[2 * $0] > 0.5) }.count
    #expect(hits > 30)
  }
}
