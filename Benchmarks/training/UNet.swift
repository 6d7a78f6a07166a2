import Geometry
import ModelFiles
import NetworkPrograms
import NetworkTraining

/// A U-Net of five levels (Ronneberger, Fischer and Brox 2015) with batch normalization, two convolutions a level.
struct UNet {
  let base: Int
  let classes: Int

  func logits(_ builder: inout NetworkBuilder, _ x: Int) throws -> Int {
    var (value, channels, kept) = (x, 3, [(Int, Int)]())
    for level in 0..<5 {
      if level > 0 { value = builder.maximumPool(value) }
      value = try pair(&builder, value, "down\(level)", from: channels, to: base << level)
      channels = base << level
      kept.append((value, channels))
    }
    for (beside, width) in kept.dropLast().reversed() {
      let large = try builder.enlargement(value, "up\(width)", from: channels, to: width)
      value = try pair(&builder, builder.graph.concat([beside, large], axis: 1), "join\(width)", from: 2 * width, to: width)
      channels = width
    }
    return try builder.convolution(value, "classes", from: channels, to: classes, kernel: 1, gain: 1)
  }

  /// Multiplications and additions of the forward convolutions, two for each pair: of all of them, and of the transposed ones.
  func operations(batch: Int, side: Int) -> (all: Double, transposed: Double) {
    var (pairs, enlarging) = (0.0, 0.0)
    for level in 0..<5 {
      let (pixels, width) = (Double(batch * side * side >> (2 * level)), Double(base << level))
      pairs += pixels * 9 * width * ((level == 0 ? 3 : width / 2) + width)
      guard level < 4 else { continue }
      // The enlarged half, and the pair behind the joined halves.
      enlarging += pixels * 2 * width * width
      pairs += pixels * 9 * width * (2 * width + width)
    }
    return (2 * (pairs + enlarging + Double(batch * side * side * base * classes)), 2 * enlarging)
  }

  private func pair(_ builder: inout NetworkBuilder, _ x: Int, _ name: String, from: Int, to: Int) throws -> Int {
    try builder.scoped(name) { builder in
      var value = x
      for (place, source) in [from, to].enumerated() {
        let seen = try builder.convolution(value, "convolution\(place)", from: source, to: to, hasBias: false)
        value = builder.relu(try builder.batchNorm(seen, "norm\(place)", channels: to))
      }
      return value
    }
  }
}

/// Made pictures and classes: only the time counts.
private struct Noise: ExampleSource {
  let count: Int
  let side: Int
  let classes: Int

  func batch(_ places: [Int], seed: UInt64) throws -> [String: Tensor] {
    var random = SplitMix64(seed: seed)
    let pixels = (0..<places.count * 3 * side * side).map { _ in Float(random.uniform()) }
    var shares = [Float](repeating: 0, count: places.count * classes * side * side)
    for place in 0..<places.count * side * side {
      let (image, pixel) = (place / (side * side), place % (side * side))
      shares[(image * classes + random.next(below: classes)) * side * side + pixel] = 1
    }
    return [
      "pictures": try Tensor(shape: [places.count, 3, side, side], pixels),
      "classes": try Tensor(shape: [places.count, classes, side, side], shares),
    ]
  }
}

/// The time of whole training steps against that of the forward convolutions alone; the transposed ones, which oneDNN has no fast kernel
/// for, are left out of this bound.
///
/// Processor time of the whole process is taken, since other work on a machine makes a step longer but not heavier; with two threads it is
/// the sum of both. Forward runs and steps take turns.
struct UNetSpeed {
  let base: Int
  let batch: Int
  let side: Int
  let steps: Int
  let threads: Int
  let type: ProgramType
  /// Whether the time of every kind of step is listed.
  let listsSteps: Bool

  func run() throws {
    let net = UNet(base: base, classes: 12)
    let source = Noise(count: batch, side: side, classes: 12)
    let network = try TrainingNetwork { builder in
      let pictures = builder.graph.input("pictures", shape: [.any, .fixed(3), .any, .any])
      let classes = builder.graph.input("classes", shape: [.any, .fixed(12), .any, .any])
      return builder.graph.crossEntropy(try net.logits(&builder, pictures), classes, classes: 12)
    }
    let settings = TrainingSettings(
      schedule: Schedule(rate: 1e-3, total: steps + 1), average: WeightAverage(), batch: batch, threads: threads, type: type)
    let forward = try ForwardConvolutions(net, source, network.start(settings).tensors, batch: batch, threads: threads, type: type)
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
    try report(net, network, bounds: bounds, times: times, walls: walls)
    let examples = try source.batch(Array(0..<batch), seed: 1)
    if let memory = try trainer.memory(examples) {
      print(
        "arena \(memory.arena >> 20) MiB, tensors without sharing \(memory.sum >> 20) MiB, process at most \(ProcessorTime.peakMebibytes) MiB"
      )
    }
    if listsSteps { try StepList.show(trainer, examples) }
  }

  private func report(_ net: UNet, _ network: TrainingNetwork, bounds: [Double], times: [Double], walls: [Double]) throws {
    func median(_ list: [Double]) -> Double { list.sorted()[list.count / 2] }
    let operations = net.operations(batch: batch, side: side)
    let bound = (operations.all - operations.transposed) / median(bounds) / 1e9
    let rate = 3 * operations.all / median(times) / 1e9
    print("parameters \(network.parameterCount), forward \(operations.all / 1e9) Gflop, \(type.rawValue), \(threads) threads")
    print("step \(median(times)) s of the processor, \(median(walls)) s by the clock (median of \(times.count))")
    print("rate of whole steps \(rate) Gflop/s, of forward convolutions \(bound) Gflop/s, ratio \(rate / bound)")
  }
}

/// The forward convolutions of a trained U-Net but for the transposed ones, with what is joined to them.
private struct ForwardConvolutions {
  private let program: Program
  private let inputs: [String: Tensor]
  private let isConvolution: [Bool]

  init(_ net: UNet, _ source: Noise, _ tensors: [String: Tensor], batch: Int, threads: Int, type: ProgramType) throws {
    var builder = NetworkBuilder(purpose: .inference(tensors))
    let pictures = builder.graph.input("pictures", shape: [.any, .fixed(3), .any, .any])
    builder.graph.output(try net.logits(&builder, pictures), name: "logits")
    program = try Program(builder.graph.graph, threads: threads, type: type)
    inputs = ["pictures": try source.batch(Array(0..<batch), seed: 1)["pictures"] ?? Tensor(scalar: Float(0))]
    _ = try program.run(inputs)
    isConvolution = try program.report(for: inputs)?.steps.map { $0.name.hasPrefix("convolution") } ?? []
  }

  /// Processor time of one run.
  func seconds() throws -> Double {
    let times = try program.times(inputs, clock: { ProcessorTime.duration })
    return zip(isConvolution, times).reduce(0) { $0 + ($1.0 ? $1.1 / .seconds(1) : 0) }
  }
}
