import Foundation
import ModelFiles
import NetworkGraph
import NetworkKernels
import NetworkPrograms
import NetworkTraining
import TestSupport
import Testing

@testable import Models

/// The loss of masks in 64-bit floats against a twin that is written with loops, and the networks that have prototypes.
@Suite("Masks of a detector")
struct MaskLossTests {
  /// Numbers of a few squares, with fewer objects than there is room for.
  private struct Made {
    static let (batch, count, rows, columns, objects, known) = (2, 3, 4, 5, 16, 3)
    static var cells: Int { rows * columns }
    var coefficients: [Double]
    var prototypes: [Double]
    var claims = [Double](repeating: 0, count: batch * cells * objects)
    var masks = [Double](repeating: 0, count: batch * objects * cells)
    var regions = [Double](repeating: 0, count: batch * objects * cells)

    init(seed: UInt64, scale: Double = 1) {
      var random = TestRandom(seed: seed)
      coefficients = (0..<Self.batch * Self.count * Self.cells).map { _ in random.uniform(-2, 2) * scale }
      prototypes = (0..<Self.batch * Self.count * Self.cells).map { _ in random.uniform(-2, 2) * scale }
      for square in 0..<Self.batch {
        for object in 0..<Self.known - square {
          let weight = random.uniform(0.3, 1)
          let inside = (0..<Self.cells).filter { _ in random.unit() < 0.6 }
          for cell in inside { regions[(square * Self.objects + object) * Self.cells + cell] = weight / Double(inside.count) }
          for cell in 0..<Self.cells { masks[(square * Self.objects + object) * Self.cells + cell] = random.unit() }
          let own = [random.index(below: Self.cells), random.index(below: Self.cells)]
          for cell in own { claims[(square * Self.cells + cell) * Self.objects + object] += 0.5 }
        }
      }
    }

    /// The formula of the documentation, cell by cell.
    var expected: Double {
      var (total, count) = (0.0, 1.0)
      for square in 0..<Self.batch {
        for object in 0..<Self.objects {
          var (entropy, both, squares, weight) = (0.0, 0.0, 0.0, 0.0)
          for cell in 0..<Self.cells {
            var logit = 0.0
            for channel in 0..<Self.count {
              let first = (square * Self.count + channel) * Self.cells
              let own = (0..<Self.cells).reduce(0.0) {
                $0 + coefficients[first + $1] * claims[(square * Self.cells + $1) * Self.objects + object]
              }
              logit += own * prototypes[first + cell]
            }
            let p = 1 / (1 + exp(-logit))
            let (t, w) = (
              masks[(square * Self.objects + object) * Self.cells + cell],
              regions[(square * Self.objects + object) * Self.cells + cell]
            )
            entropy -= w * (t * log(p) + (1 - t) * log(1 - p))
            both += w * p * t
            squares += w * (p * p + t * t)
            weight += w
          }
          guard weight > 0 else { continue }
          total += entropy + weight * (1 - (2 * both + 0.01 * weight) / (squares + 0.01 * weight))
          count += weight
        }
      }
      return total / count
    }
  }

  private static func run(_ made: Made, _ type: ElementType = .float64) throws -> (loss: Double, slopes: [[Double]]) {
    var builder = GraphBuilder(name: "test", type: type)
    func tensor(_ shape: [Int], _ list: [Double]) throws -> Tensor {
      type == .float64 ? try Tensor(shape: shape, list) : try Tensor(shape: shape, list.map { Float($0) })
    }
    let maps = [Made.batch, Made.count, Made.rows, Made.columns]
    let coefficients = builder.input("coefficients", shape: maps.map { .fixed($0) })
    let prototypes = builder.input("prototypes", shape: maps.map { .fixed($0) })
    let inputs = MaskLoss.inputs(&builder)
    let loss = builder.maskLoss(MaskMaps(coefficients: coefficients, prototypes: prototypes), count: Made.count, inputs)
    builder.output(loss, name: "loss")
    for (name, gradient) in zip(
      ["first", "second"], try Differentiation.gradients(of: loss, over: [coefficients, prototypes], in: &builder))
    { builder.output(try #require(gradient), name: name) }
    let result = try Interpreter(builder.graph).run([
      "coefficients": try tensor(maps, made.coefficients), "prototypes": try tensor(maps, made.prototypes),
      "claims": try tensor([Made.batch, Made.cells, Made.objects], made.claims),
      "masks": try tensor([Made.batch, Made.objects, Made.cells], made.masks),
      "regions": try tensor([Made.batch, Made.objects, Made.cells], made.regions),
    ])
    func numbers(_ name: String) throws -> [Double] { try #require(result[name]).elements.doubles }
    return (try numbers("loss")[0], [try numbers("first"), try numbers("second")])
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
    let paths: [WritableKeyPath<Made, [Double]>] = [\.coefficients, \.prototypes]
    for (part, path) in paths.enumerated() {
      let differences = made.coefficients.indices.map { place -> Double in
        var (above, below) = (made, made)
        above[keyPath: path][place] += step
        below[keyPath: path][place] -= step
        return (above.expected - below.expected) / (2 * step)
      }
      let scale = differences.map(abs).max() ?? 0
      #expect(scale > 1e-3)
      for (a, b) in zip(slopes[part], differences) { #expect(abs(a - b) < 1e-7 * scale, "\(a) \(b)") }
    }
  }

  /// Squares without objects, and logits far beyond what 32-bit floats tell from 0 and 1, have finite losses and slopes.
  @Test(arguments: [ElementType.float32, .float64]) func nothingIsEndless(_ type: ElementType) throws {
    var empty = Made(seed: 3)
    let paths: [WritableKeyPath<Made, [Double]>] = [\.claims, \.masks, \.regions]
    for path in paths {
      empty[keyPath: path] = empty[keyPath: path].map { _ in 0 }
    }
    let none = try Self.run(empty, type)
    #expect(none.loss == 0 && none.slopes.allSatisfy { $0.allSatisfy { $0 == 0 } })
    let far = try Self.run(Made(seed: 4, scale: 100), type)
    #expect(far.loss.isFinite && far.slopes.allSatisfy { $0.allSatisfy(\.isFinite) })
    // A mask of nothing, told well and badly.
    var bare = Made(seed: 5)
    bare.masks = bare.masks.map { _ in 0 }
    #expect(try Self.run(bare, type).loss.isFinite)
  }

  @Test func networksWithPrototypesKeepTheirSizeAndTellTwoOutputs() throws {
    for (scale, most) in [(DetectorModel.Scale.nano, 1_000_000), (.small, 3_000_000)] {
      let network = try DetectorLoss().network(
        DetectorModel(scale, classCount: 15, prototypes: DetectorModel.usualPrototypes), seed: 1)
      #expect(network.parameterCount <= most, "\(scale): \(network.parameterCount)")
    }
    let model = DetectorModel(.nano, classCount: 3, prototypes: 4)
    let network = try DetectorLoss().network(model, seed: 4)
    let state = network.start(TrainingSettings(schedule: Schedule(rate: 1, total: 1), batch: 1))
    let graph = try model.graph(state.tensors, width: 96, height: 64)
    let picture = try Tensor(shape: [1, 3, 64, 96], [Float](repeating: 0.5, count: 3 * 64 * 96))
    let result = try Program(graph).run(["images": picture])
    #expect(result["boxes"]?.shape == [1, 17, 16, 24] && result["prototypes"]?.shape == [1, 4, 16, 24])
  }

  /// Without prototypes a network has the parameters of before there were any, with the same first values.
  @Test func networksWithoutPrototypesAreTheFormerOnes() throws {
    let plain = try DetectorLoss().network(DetectorModel(.nano, classCount: 3), seed: 1)
    let masked = try DetectorLoss().network(DetectorModel(.nano, classCount: 3, prototypes: 4), seed: 1)
    let names = plain.parameters.map(\.name)
    #expect(!names.contains { $0.contains("prototypes") || $0.contains("coefficients") })
    let settings = TrainingSettings(schedule: Schedule(rate: 1, total: 1), batch: 1)
    let (first, second) = (plain.start(settings).tensors, masked.start(settings).tensors)
    #expect(names.allSatisfy { first[$0] == second[$0] })
    #expect(second.count > first.count)
  }
}
