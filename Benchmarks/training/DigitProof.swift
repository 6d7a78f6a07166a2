import ModelFiles
import NetworkPrograms
import NetworkTraining

/// Trains each network on digits and measures it on fonts that it has not seen.
struct DigitProof {
  let steps: Int
  let seeds: Int
  let threads: Int
  let type: ProgramType
  /// Whether the time of every kind of step is listed.
  let listsSteps: Bool
  private let examples = DigitExamples()

  func run(_ names: [String]) throws {
    print("| network | parameters | s | accuracy on held-out fonts, worst of \(seeds) |\n| --- | --- | --- | --- |")
    for entry in DigitNetworks.all where names.isEmpty || names.contains(entry.name) {
      var (worst, seconds, count) = (1.0, 0.0, 0)
      for seed in 0..<seeds {
        let start = ContinuousClock.now
        var (network, tensors) = try trained(entry, seed: UInt64(seed + 1))
        seconds = max(seconds, (ContinuousClock.now - start) / .seconds(1))
        count = network.parameterCount
        tensors = try stored(network, tensors)
        worst = min(worst, try accuracy(entry, tensors))
      }
      let (time, share) = ((seconds * 10).rounded() / 10, (worst * 10000).rounded() / 100)
      print("| \(entry.name) | \(count) | \(time) | \(share) % |")
    }
  }

  private func trained(_ entry: DigitNetworks.Entry, seed: UInt64) throws -> (TrainingNetwork, [String: Tensor]) {
    let network = try TrainingNetwork(seed: seed) { builder in
      let pictures = builder.graph.input("pictures", shape: [.any, .fixed(1), .any, .any])
      let classes = builder.graph.input("classes", shape: [.any, .fixed(10)])
      return builder.graph.crossEntropy(try entry.make(&builder, pictures), classes, classes: 10, smoothing: 0.05)
    }
    let settings = TrainingSettings(
      schedule: Schedule(rate: entry.rate, warmUp: steps / 20, total: steps), decay: 0.05, normLimit: 1,
      average: WeightAverage(decay: 0.99, rise: 50), batch: 64, seed: seed, threads: threads, type: type)
    let trainer = try Trainer(network, settings, examples)
    try trainer.run(until: steps)
    if listsSteps { try StepList.show(trainer, examples.batch(Array(0..<64), seed: 1)) }
    return (network, trainer.state.tensors)
  }

  /// The tensors as they come back from a file with two bits for each ternary weight; its size is printed where there are any.
  private func stored(_ network: TrainingNetwork, _ tensors: [String: Tensor]) throws -> [String: Tensor] {
    let names = Set(network.parameters.filter(\.isTernary).map(\.name))
    guard !names.isEmpty else { return tensors }
    let (file, whole) = (try TernaryFile.packed(tensors, ternary: names), SafeTensors(tensors: tensors))
    print("stored at two bits: \(try file.bytes().count) bytes, as 32-bit floats \(try whole.bytes().count)")
    return try TernaryFile.unpacked(file)
  }

  private func accuracy(_ entry: DigitNetworks.Entry, _ tensors: [String: Tensor]) throws -> Double {
    var builder = NetworkBuilder(purpose: .inference(tensors))
    let pictures = builder.graph.input("pictures", shape: [.any, .fixed(1), .any, .any])
    builder.graph.output(try entry.make(&builder, pictures), name: "logits")
    let (inputs, digits) = try examples.heldOut(copies: 40)
    let program = try Program(builder.graph.graph, threads: threads)
    let given = ["pictures": inputs["pictures"] ?? Tensor(scalar: Float(0))]
    let results = try program.run(given)
    if listsSteps {
      let start = ProcessorTime.seconds
      _ = try program.run(given)
      print("\(digits.count) pictures in \(ProcessorTime.seconds - start) s of the processor")
    }
    let logits = results["logits"]?.values(Float.self) ?? []
    let hits = digits.indices.filter { place in
      let row = logits[place * 10..<place * 10 + 10]
      return row.indices.max { row[$0] < row[$1] } == place * 10 + digits[place]
    }
    return Double(hits.count) / Double(digits.count)
  }
}
