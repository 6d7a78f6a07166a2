import Foundation
import Geometry
import Records
import TestSupport
import Testing

@testable import TrackEvaluation

/// What must hold for any tracks, whatever their boxes.
@Suite struct TrackPropertyTests {
  /// Separated objects on straight paths, boxes at their own angles; the result is the truth with some noise.
  struct Scene {
    var truth: [[(id: Int, box: OrientedBox)]] = []
    var result: [[(id: Int, box: OrientedBox)]] = []

    init(seed: Int, frames: Int = 20, objects: Int = 5) {
      var generator = TestRandom(seed: UInt64(seed))
      func uniform() -> Double { Double(generator.index(below: 10_001)) / 10_000 }
      for frame in 0..<frames {
        var truths: [(Int, OrientedBox)] = []
        var results: [(Int, OrientedBox)] = []
        for id in 0..<objects {
          let box = OrientedBox(
            center: Point(100 + 200 * Double(id), 50 + 3 * Double(frame)), width: 40, height: 20,
            angle: 0.3 * Double(id) + 0.02 * Double(frame))
          if generator.index(below: 10) > 0 { truths.append((id + 1, box)) }
          var found = box
          found.center = found.center + Point(6 * uniform() - 3, 6 * uniform() - 3)
          found.angle += 0.2 * uniform() - 0.1
          if generator.index(below: 10) > 0 { results.append((id + 11, found)) }
        }
        truth.append(truths)
        result.append(results)
      }
    }

    func scores(_ similarity: TrackSimilarity) -> TrackScores {
      let truthIDs = TrackIdentities(frames: truth.map { $0.map(\.id) })
      let resultIDs = TrackIdentities(frames: result.map { $0.map(\.id) })
      let truthBoxes = truth.flatMap { $0.map(\.box) }
      let resultBoxes = result.flatMap { $0.map(\.box) }
      let boxes: ComparedBoxes =
        switch similarity {
        case .probIoU: .gaussian(truth: truthBoxes.map { GaussianBox($0) }, result: resultBoxes.map { GaussianBox($0) })
        case .rotatedIoU: .oriented(truth: truthBoxes, result: resultBoxes)
        default: .upright(truth: AxisBoxColumn(truthBoxes.map(\.hull)), result: AxisBoxColumn(resultBoxes.map(\.hull)))
        }
      var measurer = SimilarityMeasurer(boxes)
      return TrackMetrics.evaluate(
        truth: truthIDs, result: resultIDs,
        similarity: { frame, matrix in
          measurer.measure(truth: truthIDs.boxes(ofFrame: frame), result: resultIDs.boxes(ofFrame: frame), into: &matrix)
        })
    }

    func mapped(_ transform: (OrientedBox) -> OrientedBox) -> Scene {
      var scene = self
      scene.truth = truth.map { $0.map { ($0.id, transform($0.box)) } }
      scene.result = result.map { $0.map { ($0.id, transform($0.box)) } }
      return scene
    }
  }

  private func expectEqual(_ a: TrackScores, _ b: TrackScores, tolerance: Double = 1e-9) {
    for (x, y) in zip(a.fields, b.fields) {
      #expect(abs(x.scalar - y.scalar) <= tolerance * max(1, abs(x.scalar)), "\(x.name): \(x.scalar) and \(y.scalar)")
    }
  }

  @Test(arguments: 0..<20) func newNamesForIDsChangeNothing(seed: Int) {
    let sequence = RandomSequence(seed: seed)
    var renamed = sequence
    // Order-preserving on one side, so that ties fall alike; any numbers on the other.
    renamed.truth = sequence.truth.map { $0.map { $0 * 7 + 1000 } }
    renamed.result = sequence.result.map { $0.map { $0 * 3 + 5 } }
    #expect(renamed.scores() == sequence.scores())
    let scene = Scene(seed: seed)
    var other = scene
    other.result = scene.result.map { $0.map { (id: 97 * $0.id % 101, box: $0.box) } }
    expectEqual(scene.scores(.rotatedIoU), other.scores(.rotatedIoU))
  }

  @Test(arguments: [TrackSimilarity.iou, .rotatedIoU, .probIoU]) func aPerfectResultScoresOne(similarity: TrackSimilarity) throws {
    var scene = Scene(seed: 3)
    scene.result = scene.truth
    let scores = scene.scores(similarity)
    for name in ["HOTA", "DetA", "AssA", "LocA", "MOTA", "MOTP", "IDF1"] {
      #expect(abs(try #require(scores.value(of: name)) - 1) < 1e-6, "\(name)")
    }
    #expect(scores.clear?.identitySwitches == 0)
  }

  @Test(arguments: 0..<10) func aSwitchLowersAssociationAndNothingElse(seed: Int) throws {
    let scene = Scene(seed: seed)
    var switched = scene
    for frame in 10..<20 {
      switched.result[frame] = scene.result[frame].map { (id: $0.id == 11 ? 12 : $0.id == 12 ? 11 : $0.id, box: $0.box) }
    }
    let before = scene.scores(.rotatedIoU)
    let after = switched.scores(.rotatedIoU)
    #expect(try #require(after.value(of: "AssA")) < (try #require(before.value(of: "AssA"))) - 0.01)
    for name in ["DetA", "LocA"] {
      #expect(abs(try #require(after.value(of: name)) - (try #require(before.value(of: name)))) < 1e-12, "\(name)")
    }
    #expect(try #require(after.clear).identitySwitches >= 2)
  }

  @Test(arguments: [TrackSimilarity.iou, .rotatedIoU, .probIoU]) func theSceneScaledIsTheSame(similarity: TrackSimilarity) {
    let scene = Scene(seed: 5)
    let scaled = scene.mapped {
      OrientedBox(center: $0.center * 3.7, width: 3.7 * $0.width, height: 3.7 * $0.height, angle: $0.angle)
    }
    expectEqual(scene.scores(similarity), scaled.scores(similarity), tolerance: 1e-7)
  }

  @Test(arguments: [TrackSimilarity.rotatedIoU, .probIoU]) func theSceneTurnedIsTheSame(similarity: TrackSimilarity) {
    let scene = Scene(seed: 6)
    let rotation = Matrix2(rotation: 0.8)
    let turned = scene.mapped {
      OrientedBox(center: rotation * $0.center, width: $0.width, height: $0.height, angle: $0.angle + 0.8)
    }
    expectEqual(scene.scores(similarity), turned.scores(similarity), tolerance: 1e-7)
  }

  @Test func combiningOneSequenceChangesNothing() {
    let scores = Scene(seed: 8).scores(.rotatedIoU)
    expectEqual(TrackScores.combined([scores]), scores)
  }
}
