import Geometry
import ModelFiles
import NetworkGraph
import NetworkKernels
import NetworkPrograms
import NetworkTraining
import TestSupport
import Testing

@testable import Models

@Suite("Detector models")
struct DetectorModelTests {
  @Test func sizesStayWithinTheirPromise() throws {
    for (scale, most) in [(DetectorModel.Scale.nano, 1_000_000), (.small, 3_000_000)] {
      let network = try DetectorLoss().network(DetectorModel(scale, classCount: 15), seed: 1)
      #expect(network.parameterCount <= most, "\(scale): \(network.parameterCount)")
      #expect(network.parameterCount > most / 4, "\(scale): \(network.parameterCount)")
    }
  }

  @Test func anUntrainedNetworkFindsNothingAndHasTheLayoutThatItTells() throws {
    let model = DetectorModel(.nano, classCount: 3)
    let network = try DetectorLoss().network(model, seed: 4)
    let state = network.start(TrainingSettings(schedule: Schedule(rate: 1, total: 1), batch: 1))
    let graph = try model.graph(state.tensors, width: 96, height: 64)
    var random = TestRandom(seed: 8)
    let picture = try Tensor(shape: [1, 3, 64, 96], (0..<3 * 64 * 96).map { _ in Float(random.unit()) })
    let result = try #require(try Program(graph).run(["images": picture])["boxes"])
    #expect(result.shape == [1, 13, 16, 24])
    let scores = try #require(result.values(Float.self))[..<(3 * 16 * 24)]
    #expect(scores.allSatisfy { $0 > 0 && $0 < 0.1 })
  }

  /// The graph's distance against the one in `Geometry`, which is tested with published numbers.
  @Test func theDistanceOfMapsIsBhattacharyyas() throws {
    var random = TestRandom(seed: 5)
    var (found, targets, expected) = ([[Double]](), [[Double]](), [Double]())
    for _ in 0..<40 {
      let pair = (0..<2).map { _ in
        OrientedBox(
          center: Point(random.uniform(-6, 6), random.uniform(-6, 6)), width: random.uniform(4, 60), height: random.uniform(4, 60),
          angle: random.uniform(-2, 2))
      }
      expected.append(GaussianBox(pair[0]).bhattacharyyaDistance(to: GaussianBox(pair[1])))
      for (place, box) in pair.enumerated() {
        let shape = try #require(LogCovariance(GaussianBox(box).covariance))
        let numbers = [box.center.x / 4, box.center.y / 4, shape.p, shape.q, shape.r]
        if place == 0 { found.append(numbers) } else { targets.append(numbers) }
      }
    }
    var builder = GraphBuilder(name: "test", type: .float64)
    func map(_ rows: [[Double]]) throws -> Int {
      builder.constant(try Tensor(shape: [1, 5, 1, rows.count], (0..<5).flatMap { channel in rows.map { $0[channel] } }))
    }
    let distance = builder.mapDistance(try map(found), try map(targets))
    builder.output(distance, name: "distance")
    let result = try #require(try Interpreter(builder.graph).run([:])["distance"]).elements.doubles
    // 1e-6 under the root of ρ changes thin boxes by about as much.
    for (a, b) in zip(result, expected) { #expect(abs(a - b) < 1e-4 * max(1, b)) }
  }
}
