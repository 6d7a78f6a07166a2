import Geometry
import ModelFiles
import NetworkPrograms
import NetworkTraining

/// A network whose training is timed.
struct MeasuredNetwork {
  let batch: Int
  /// Pixels of a picture's side.
  let side: Int
  /// The shape of an example's classes; the first axis is that of the classes.
  let targets: [Int]
  /// Multiplications and additions of a forward pass, two for each pair.
  let operations: Double
  /// Those of the steps that make the bound.
  let boundOperations: Double
  /// Whether a step of a plan belongs to the bound, by its name.
  let isBound: (String) -> Bool
  let logits: (inout NetworkBuilder, Int) throws -> Int
}

/// Made pictures and classes: only the time counts.
private struct Noise: ExampleSource {
  let count: Int
  let side: Int
  let targets: [Int]

  func batch(_ places: [Int], seed: UInt64) throws -> [String: Tensor] {
    var random = SplitMix64(seed: seed)
    let pixels = (0..<places.count * 3 * side * side).map { _ in Float(random.uniform()) }
    let inner = targets.dropFirst().reduce(1, *)
    var shares = [Float](repeating: 0, count: places.count * targets[0] * inner)
    for place in 0..<places.count * inner {
      shares[(place / inner * targets[0] + random.next(below: targets[0])) * inner + place % inner] = 1
    }
    return [
      "pictures": try Tensor(shape: [places.count, 3, side, side], pixels),
      "classes": try Tensor(shape: [places.count] + targets, shares),
    ]
  }
}

/// The time of whole training steps, with loss, optimiser and averages, against that of the forward convolutions and products alone.
/// Transposed convolutions, which oneDNN has no fast kernel for, are left out of this bound.
///
/// Processor time of the whole process is taken, since other work on a machine makes a step longer but not heavier; with two threads it is
/// the sum of both. Forward runs and steps take turns.
struct StepSpeed {
  let steps: Int
  let threads: Int
  let type: ProgramType
  /// Whether the time of every kind of step is listed.
  let listsSteps: Bool

  func run(_ measured: MeasuredNetwork) throws {
    let source = Noise(count: measured.batch, side: measured.side, targets: measured.targets)
    let network = try TrainingNetwork { builder in
      let pictures = builder.graph.input("pictures", shape: [.any, .fixed(3), .any, .any])
      let classes = builder.graph.input("classes", shape: [.any] + measured.targets.map { .fixed($0) })
      return builder.graph.crossEntropy(try measured.logits(&builder, pictures), classes, classes: measured.targets[0])
    }
    let settings = TrainingSettings(
      schedule: Schedule(rate: 1e-3, total: steps + 1), average: WeightAverage(), batch: measured.batch, threads: threads,
      type: type)
    let forward = try ForwardBound(measured, source, network.start(settings).tensors, threads: threads, type: type)
    let trainer = try Trainer(network, settings, source)
    if let note = trainer.note { print(note) }
    try trainer.step()
    var (bounds, times, walls) = ([Double](), [Double](), [Double]())
    for _ in 0..<steps {
      bounds.append(try forward.seconds())
      let (start, wall) = (ProcessorTime.seconds, ContinuousClock.now)
      try trainer.step()
      times.append(ProcessorTime.seconds - start)
      walls.append((ContinuousClock.now - wall) / .seconds(1))
    }
    report(measured, parameters: network.parameterCount, bounds: bounds, times: times, walls: walls)
    let examples = try source.batch(Array(0..<measured.batch), seed: 1)
    if let memory = try trainer.memory(examples) {
      let peak = ProcessorTime.peakMebibytes
      print("arena \(memory.arena >> 20) MiB, tensors without sharing \(memory.sum >> 20) MiB, process at most \(peak) MiB")
    }
    if listsSteps { try StepList.show(trainer, examples) }
  }

  private func report(_ measured: MeasuredNetwork, parameters: Int, bounds: [Double], times: [Double], walls: [Double]) {
    func median(_ list: [Double]) -> Double { list.sorted()[list.count / 2] }
    let bound = measured.boundOperations / median(bounds) / 1e9
    let rate = 3 * measured.operations / median(times) / 1e9
    print("parameters \(parameters), forward \(measured.operations / 1e9) Gflop, \(type.rawValue), \(threads) threads")
    print("step \(median(times)) s of the processor, \(median(walls)) s by the clock (median of \(times.count))")
    print("rate of whole steps \(rate) Gflop/s, of the forward bound \(bound) Gflop/s, ratio \(rate / bound)")
  }
}

/// The forward convolutions and products of a trained network, with what is joined to them.
private struct ForwardBound {
  private let program: Program
  private let inputs: [String: Tensor]
  private let isCounted: [Bool]

  init(_ measured: MeasuredNetwork, _ source: Noise, _ tensors: [String: Tensor], threads: Int, type: ProgramType) throws {
    var builder = NetworkBuilder(purpose: .inference(tensors))
    let pictures = builder.graph.input("pictures", shape: [.any, .fixed(3), .any, .any])
    builder.graph.output(try measured.logits(&builder, pictures), name: "logits")
    program = try Program(builder.graph.graph, threads: threads, type: type)
    inputs = ["pictures": try source.batch(Array(0..<measured.batch), seed: 1)["pictures"] ?? Tensor(scalar: Float(0))]
    _ = try program.run(inputs)
    isCounted = try program.report(for: inputs)?.steps.map { measured.isBound($0.name) } ?? []
  }

  /// Processor time of one run.
  func seconds() throws -> Double {
    let times = try program.times(inputs, clock: { ProcessorTime.duration })
    return zip(isCounted, times).reduce(0) { $0 + ($1.0 ? $1.1 / .seconds(1) : 0) }
  }
}
