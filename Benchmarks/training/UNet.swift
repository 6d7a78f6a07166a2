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

  /// Multiplications and additions of the forward convolutions, two for each pair.
  func operations(batch: Int, side: Int) -> Double {
    var pairs = 0.0
    for level in 0..<5 {
      let (pixels, width) = (Double(batch * side * side >> (2 * level)), Double(base << level))
      pairs += pixels * 9 * width * ((level == 0 ? 3 : width / 2) + width)
      guard level < 4 else { continue }
      // The enlarged half, and the pair behind the joined halves.
      pairs += pixels * (2 * width * width + 9 * width * (2 * width + width))
    }
    return 2 * (pairs + Double(batch * side * side * base * classes))
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

/// The time of whole training steps against that of the forward convolutions alone.
struct UNetSpeed {
  let base: Int
  let batch: Int
  let side: Int
  let steps: Int
  let threads: Int
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
      schedule: Schedule(rate: 1e-3, total: steps + 1), average: WeightAverage(), batch: batch, threads: threads)
    let operations = net.operations(batch: batch, side: side)
    let bound = try operations / forward(net, source, network.start(settings).tensors)
    let trainer = try Trainer(network, settings, source)
    try trainer.step()
    var times: [Double] = []
    for _ in 0..<steps {
      let start = ContinuousClock.now
      try trainer.step()
      times.append((ContinuousClock.now - start) / .seconds(1))
    }
    let median = times.sorted()[times.count / 2]
    let rate = 3 * operations / median / 1e9
    print("parameters \(network.parameterCount), forward \(operations / 1e9) Gflop, step \(median) s (\(times.count) steps)")
    print("rate of whole steps \(rate) Gflop/s, of forward convolutions \(bound / 1e9) Gflop/s, ratio \(rate * 1e9 / bound)")
    if listsSteps { try list(trainer, source) }
  }

  /// The median time of the forward convolutions alone, in seconds.
  private func forward(_ net: UNet, _ source: Noise, _ tensors: [String: Tensor]) throws -> Double {
    var builder = NetworkBuilder(purpose: .inference(tensors))
    let pictures = builder.graph.input("pictures", shape: [.any, .fixed(3), .any, .any])
    builder.graph.output(try net.logits(&builder, pictures), name: "logits")
    let program = try Program(builder.graph.graph, threads: threads)
    let inputs = ["pictures": try source.batch(Array(0..<batch), seed: 1)["pictures"] ?? Tensor(scalar: Float(0))]
    _ = try program.run(inputs)
    let report = try program.report(for: inputs)
    let seconds = try (0..<5).map { _ in
      let times = try program.times(inputs)
      return zip(report?.steps ?? [], times).reduce(0.0) { sum, entry in
        sum + (entry.0.name.contains("convolution") && !entry.0.name.contains("reorder") ? entry.1 / .seconds(1) : 0)
      }
    }
    return seconds.sorted()[2]
  }

  private func list(_ trainer: Trainer, _ source: Noise) throws {
    var sums: [String: (Double, Int)] = [:]
    for (name, time) in try trainer.stepTimes(source.batch(Array(0..<batch), seed: 1)) {
      let (sum, count) = sums[name] ?? (0, 0)
      sums[name] = (sum + time / .seconds(1), count + 1)
    }
    for (name, entry) in sums.sorted(by: { $0.value.0 > $1.value.0 }) { print("\(entry.0) s in \(entry.1): \(name)") }
  }
}
