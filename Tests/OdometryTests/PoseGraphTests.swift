import Foundation
import Geometry
import TestSupport
import Testing

@testable import Odometry

@Suite struct PoseGraphTests {
  /// A ring of cameras that look along their way.
  private func ring(_ count: Int) -> [RigidTransform] {
    (0..<count).map { index in
      let angle = 2 * .pi * Double(index) / Double(count)
      return RigidTransform(
        rotationVector: Vector3(0, -angle, 0), translation: Vector3(10 * cos(angle) - 10, 0.3 * sin(3 * angle), 10 * sin(angle)))
    }
  }

  /// Links along the ring whose scale grows by a share at each step, and the one that closes it.
  private func graph(_ truth: [RigidTransform], drift: Double, turn: Double) -> PoseGraph {
    var nodes = [PoseGraph.Similarity(pose: truth[0])]
    var links: [PoseGraph.Link] = []
    let error = RigidTransform(rotationVector: Vector3(0, turn, turn / 2), translation: .zero)
    for index in 1..<truth.count {
      // As seen in the unit of its place on the way, which grows: a later camera's metre is shorter.
      var step = truth[index - 1].relative(to: truth[index]) * error
      step.translation = step.translation * pow(1 + drift, Double(index - 1))
      links.append(link(index - 1, index, step, 1, place: 0.02))
      nodes.append(PoseGraph.Similarity(pose: nodes[index - 1].pose * step))
    }
    let last = truth.count - 1
    let back = truth[0].relative(to: truth[last])
    links.append(link(0, last, back, pow(1 + drift, -Double(last)), place: 0.01))
    return PoseGraph(nodes: nodes, links: links)
  }

  private func link(_ first: Int, _ second: Int, _ pose: RigidTransform, _ scale: Double, place: Double) -> PoseGraph.Link {
    PoseGraph.Link(
      first: first, second: second, measured: PoseGraph.Similarity(pose: pose, scale: scale), rotationDeviation: 0.005,
      placeDeviation: place, scaleDeviation: 0.02)
  }

  private func worst(_ nodes: [PoseGraph.Similarity], _ truth: [RigidTransform]) -> Double {
    zip(nodes, truth).map { ($0.pose.translation - $1.translation).length }.max() ?? .infinity
  }

  @Test func exactLinksLeaveTheirNodes() throws {
    let truth = ring(24)
    let graph = graph(truth, drift: 0, turn: 0)
    let solved = try #require(graph.solved(keepsScale: false))
    #expect(worst(solved, truth) < 1e-9 && solved.allSatisfy { abs($0.scale - 1) < 1e-9 })
  }

  @Test(arguments: [true, false]) func aLoopTakesOffWhatStepsAddUp(keepsScale: Bool) throws {
    let truth = ring(40)
    let graph = graph(truth, drift: keepsScale ? 0 : 0.01, turn: 0.004)
    let solved = try #require(graph.solved(keepsScale: keepsScale))
    let (before, after) = (worst(graph.nodes, truth), worst(solved, truth))
    #expect(before > 1 && after < before / 4, "\(before) \(after)")
    #expect(solved[0].pose.translation == truth[0].translation)
    #expect(!keepsScale || solved.allSatisfy { $0.scale == 1 })
    #expect(keepsScale || abs(solved[39].scale * pow(1.01, 39) - 1) < 0.05)
    #expect(graph.solved(keepsScale: keepsScale) == solved)
  }

  @Test func linksOfNothingAreRefused() {
    var graph = graph(ring(5), drift: 0, turn: 0)
    graph.links[0].second = 9
    #expect(graph.solved(keepsScale: true) == nil)
    graph.links[0].second = 1
    graph.links[0].placeDeviation = 0
    #expect(graph.solved(keepsScale: true) == nil)
  }
}
