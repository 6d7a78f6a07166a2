import Foundation
import Geometry
import ModelFiles
import NetworkGraph
import NetworkTestSupport
import Testing

@testable import NetworkDetection

/// The embeddings of boxes, of cells whose vectors are known.
@Suite("Looks of detections")
struct CellLooksTests {
  /// 8 × 8 cells of one class on 32 × 32 pixels, two of which tell of the same box, and one of another one.
  private static func made() throws -> (boxes: Tensor, looks: Tensor) {
    var (values, looks) = ([Float](repeating: 0, count: 11 * 64), [Float](repeating: 0, count: 2 * 64))
    func say(_ row: Int, _ column: Int, score: Float, centre: Point, look: (Float, Float)) {
      let place = row * 8 + column
      for (channel, number) in [
        (0, score), (1, Float(centre.x / 4 - Double(column) - 0.5)), (2, Float(centre.y / 4 - Double(row) - 0.5)), (3, 3),
      ] { values[channel * 64 + place] = number }
      (looks[place], looks[64 + place]) = look
    }
    say(3, 3, score: 0.9, centre: Point(15, 13), look: (1, 0))
    say(3, 4, score: 0.6, centre: Point(16, 14), look: (0, 1))
    say(4, 3, score: 0.3, centre: Point(30, 30), look: (-1, 0))
    return (try Tensor(shape: [1, 11, 8, 8], values), try Tensor(shape: [1, 2, 8, 8], looks))
  }

  /// The mean of what the box's cells say by their scores, (.9, .6), over its length.
  @Test func theCellsOfABoxTellItsLook() throws {
    let (boxes, looks) = try Self.made()
    let reader = OutputReader(.gaussian(classes: 1), width: 32, height: 32)
    let found = try reader.boxes(boxes, minimumScore: 0.5, looks: looks)
    #expect(found.count == 1)
    let look = try #require(found.first?.embedding)
    let length = (0.81 + 0.36).squareRoot()
    #expect(abs(Double(look[0]) - 0.9 / length) < 1e-6 && abs(Double(look[1]) - 0.6 / length) < 1e-6)
    let plain = try reader.boxes(boxes, minimumScore: 0.5)
    #expect(plain.map(\.box) == found.map(\.box) && plain.allSatisfy { $0.embedding == nil })
  }

  @Test func vectorsOfAnotherGridAreRefused() throws {
    let reader = OutputReader(.gaussian(classes: 1), width: 32, height: 32)
    let other = try Tensor(shape: [1, 2, 4, 8], [Float](repeating: 0, count: 64))
    #expect(throws: (any Error).self) { try reader.boxes(Self.made().boxes, minimumScore: 0.5, looks: other) }
  }

  @Test func aVectorOfNothingIsNone() throws {
    let reader = OutputReader(.gaussian(classes: 1), width: 32, height: 32)
    let empty = try Tensor(shape: [1, 2, 8, 8], [Float](repeating: 0, count: 128))
    #expect(try reader.boxes(Self.made().boxes, minimumScore: 0.5, looks: empty).map(\.embedding) == [nil])
  }

  /// What does not tell of cells of stride 4, or stands where the boxes should, is refused before anything runs.
  @Test(arguments: [([1, 12, 8, 16], false), ([1, 12, 16], false), ([1, 12, 16, 16], true)])
  func outputsOfAnotherFormAreRefused(looks: [Int], isFirst: Bool) throws {
    var graph = try SpotNetwork.graph(["layout": OutputLayout.gaussian(classes: 1).name])
    graph.values.append(Value(name: "embeddings", type: .float32, shape: looks.map { .fixed($0) }))
    graph.nodes.append(Node(name: "looks", operation: "Identity", version: 17, inputs: [3], outputs: [4]))
    graph.outputs = isFirst ? [4, 3] : [3, 4]
    let error = #expect(throws: NetworkError.self) { try DetectorNetwork(graph) }
    #expect(error?.description.contains("output 'embeddings'") == true, "\(error?.description ?? "")")
    (graph.values[4].shape, graph.outputs) = ([1, 12, 16, 16].map { .fixed($0) }, [3, 4])
    #expect(try DetectorNetwork(graph).tellsLooks)
  }
}
