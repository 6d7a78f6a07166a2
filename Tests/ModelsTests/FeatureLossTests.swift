import Foundation
import ModelFiles
import NetworkGraph
import NetworkKernels
import NetworkTraining
import TestSupport
import Testing

@testable import Models

/// The loss of a teacher's features in 64-bit floats against a twin that is written with loops, and the networks that are trained with it.
@Suite("Features of a teacher")
struct FeatureLossTests {
  /// A level of a pyramid of two squares, the weights of the linear layer, and a teacher's features.
  private struct Made {
    static let (batch, rows, columns, from, to) = (2, 3, 2, 96, 4)
    static var cells: Int { rows * columns }
    var level: [Double]
    var weight: [Double]
    var targets: [Double]

    init(seed: UInt64) {
      var random = TestRandom(seed: seed)
      level = (0..<Self.batch * Self.from * Self.cells).map { _ in random.uniform(-1, 2) }
      weight = (0..<Self.to * Self.from).map { _ in random.uniform(-0.2, 0.2) }
      targets = (0..<Self.batch * Self.to * Self.cells).map { _ in random.uniform(-3, 5) }
    }

    /// What the student tells of a channel, and what the teacher has, over all squares and cells.
    func channel(_ channel: Int) -> (found: [Double], wanted: [Double]) {
      var (found, wanted) = ([Double](), [Double]())
      for square in 0..<Self.batch {
        for cell in 0..<Self.cells {
          var sum = 0.0
          for input in 0..<Self.from {
            sum += weight[channel * Self.from + input] * level[(square * Self.from + input) * Self.cells + cell]
          }
          found.append(sum)
          wanted.append(targets[(square * Self.to + channel) * Self.cells + cell])
        }
      }
      return (found, wanted)
    }

    /// One minus Pearson's correlation, the mean over the channels.
    var expected: Double {
      var total = 0.0
      for channel in 0..<Self.to {
        let (x, t) = self.channel(channel)
        let n = Double(x.count)
        let (a, b) = (x.reduce(0, +) / n, t.reduce(0, +) / n)
        let (v, w) = (x.reduce(0) { $0 + ($1 - a) * ($1 - a) } / n, t.reduce(0) { $0 + ($1 - b) * ($1 - b) } / n)
        let both = zip(x, t).reduce(0) { $0 + ($1.0 - a) * ($1.1 - b) } / n
        total += 1 - both / ((v + 1e-6) * (w + 1e-6)).squareRoot()
      }
      return total / Double(Self.to)
    }
  }

  /// The loss, and its slopes over level and weight.
  private static func run(_ made: Made, _ type: ElementType = .float64) throws -> (loss: Double, level: [Double], weight: [Double])
  {
    var builder = NetworkBuilder(type: type)
    func tensor(_ shape: [Int], _ list: [Double]) throws -> Tensor {
      type == .float64 ? try Tensor(shape: shape, list) : try Tensor(shape: shape, list.map { Float($0) })
    }
    let shape = [Made.batch, Made.from, Made.rows, Made.columns]
    let level = builder.graph.input("level", shape: shape.map { .fixed($0) })
    let target = FeatureTarget(channels: Made.to, stride: 16)
    let told = try builder.featureLoss([level, level, level, level], .nano, target)
    #expect(told.map == level && builder.parameters.map(\.name) == ["teacher.projection.weight"])
    let weight = builder.parameters[0]
    let slopes = try Differentiation.gradients(of: told.loss, over: [level, weight.value], in: &builder.graph)
    builder.graph.output(told.loss, name: "loss")
    for (name, slope) in zip(["over level", "over weight"], slopes) { builder.graph.output(try #require(slope), name: name) }
    let result = try Interpreter(builder.graph.graph).run([
      "level": try tensor(shape, made.level), weight.name: try tensor([Made.to, Made.from, 1, 1], made.weight),
      "features": try tensor([Made.batch, Made.to, Made.rows, Made.columns], made.targets),
    ])
    func numbers(_ name: String) throws -> [Double] { try #require(result[name]).elements.doubles }
    return (try numbers("loss")[0], try numbers("over level"), try numbers("over weight"))
  }

  @Test func theLossIsItsFormula() throws {
    for seed in 1...4 as ClosedRange<UInt64> {
      let made = Made(seed: seed)
      #expect(abs(try Self.run(made).loss - made.expected) < 1e-12)
    }
  }

  /// Against central differences of the twin.
  @Test func slopesAreThoseOfTheFormula() throws {
    let made = Made(seed: 9)
    let found = try Self.run(made)
    let step = 1e-5
    for (path, slopes) in [(\Made.level, found.level), (\.weight, found.weight)] as [(WritableKeyPath<Made, [Double]>, [Double])] {
      let differences = slopes.indices.map { place -> Double in
        var (above, below) = (made, made)
        above[keyPath: path][place] += step
        below[keyPath: path][place] -= step
        return (above.expected - below.expected) / (2 * step)
      }
      let scale = differences.map(abs).max() ?? 0
      #expect(scale > 1e-3)
      for (a, b) in zip(slopes, differences) { #expect(abs(a - b) < 1e-6 * scale, "\(a) \(b)") }
    }
  }

  /// A teacher's features that are a straight function of what is told cost nothing, however large; turned over they cost two.
  @Test(arguments: [(1.0, 0.0, 0.0), (250, -40, 0), (0.01, 3, 0), (-7, 2, 2)])
  func sizesAndMeansDoNotCount(factor: Double, offset: Double, expected: Double) throws {
    var made = Made(seed: 12)
    for channel in 0..<Made.to {
      for (number, value) in made.channel(channel).found.enumerated() {
        let (square, cell) = (number / Made.cells, number % Made.cells)
        made.targets[(square * Made.to + channel) * Made.cells + cell] = factor * value + offset
      }
    }
    // Of variances near one, ε of 1e-6 is nothing; of those of a hundredth of the size it is one in a hundred.
    #expect(abs(try Self.run(made).loss - expected) < (abs(factor) < 0.1 ? 0.1 : 1e-4))
  }

  /// A teacher, or a student, that says the same everywhere has no correlation, and finite slopes in the 32-bit floats of training.
  @Test(arguments: [\Made.targets, \.level, \.weight] as [WritableKeyPath<Made, [Double]> & Sendable])
  private func whatSaysNothingCostsOne(_ part: WritableKeyPath<Made, [Double]> & Sendable) throws {
    var made = Made(seed: 15)
    made[keyPath: part] = made[keyPath: part].map { _ in 0 }
    let found = try Self.run(made, .float32)
    #expect(abs(found.loss - 1) < 1e-6 && (found.level + found.weight).allSatisfy(\.isFinite))
  }

  /// A stride without a level is refused.
  @Test func otherStridesAreRefused() throws {
    for target in [FeatureTarget(channels: 4, stride: 2), FeatureTarget(channels: 0, stride: 8)] {
      var loss = DetectorLoss()
      loss.features = target
      #expect(throws: TrainingError.self) { try loss.network(DetectorModel(.nano, classCount: 1), seed: 1) }
    }
  }

  /// The trained network is the same with and without a teacher's features: to the byte, from tensors that are equal where both have them.
  @Test(arguments: [4, 8, 16, 32]) func theTrainedNetworkHasNoTraceOfThem(stride: Int) throws {
    let model = DetectorModel(.nano, classCount: 2)
    var loss = DetectorLoss()
    let plain = try loss.network(model, seed: 3)
    loss.features = FeatureTarget(channels: 128, stride: stride)
    let taught = try loss.network(model, seed: 3)
    let settings = TrainingSettings(schedule: Schedule(rate: 1, total: 1), batch: 1)
    let (a, b) = (plain.start(settings).tensors, taught.start(settings).tensors)
    #expect(Set(b.keys).subtracting(a.keys) == ["teacher.projection.weight"])
    #expect(loss.trainedParameterCount(of: taught) == plain.parameterCount && taught.parameterCount > plain.parameterCount)
    let bytes = try [a, b].map { try GraphExporter.bytes(model.graph($0, width: 64, height: 64), producer: "test") }
    #expect(bytes[0] == bytes[1])
  }

  /// In a recursive mix they stand last.
  @Test func theyArePartOfTheMix() throws {
    var loss = DetectorLoss()
    (loss.taskWeights, loss.features) = (.recursive, FeatureTarget(channels: 8, stride: 16))
    let network = try loss.network(DetectorModel(.nano, classCount: 1), seed: 1)
    let state = network.start(TrainingSettings(schedule: Schedule(rate: 1, total: 1), batch: 1))
    let weights = try #require(loss.weights(state.statistics))
    // Equal pulls of four: by hand, a half, a quarter, an eighth and an eighth of the pull each.
    #expect(weights.keys.sorted() == ["boxes", "centres", "features", "spreads"])
    #expect(abs(weights.values.reduce(0, +) - 1) < 1e-12)
  }
}
