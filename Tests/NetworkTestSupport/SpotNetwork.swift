import Foundation
import ModelFiles
import NetworkGraph

/// A detector whose answers are known by hand: in each cell of 4×4 pixels the mean of red is the score of a `spot` and that of blue the score
/// of a `blob`; every box is 16 by 8 pixels, upright, about the cell's middle.
package enum SpotNetwork {
  package static let side = 64
  package static let classes = ["spot", "blob"]

  /// - Parameter metadata: Beside the names of the classes.
  package static func graph(_ metadata: [String: String] = [:]) throws -> Graph {
    // Scores, the centre's offset, p, q, r of the covariance, five logarithms of variances (docs/detectors.md).
    let channels = classes.count + 10
    var weights = [Float](repeating: 0, count: channels * 3 * 16)
    for (channel, color) in [(0, 0), (1, 2)] {
      for cell in 0..<16 { weights[(channel * 3 + color) * 16 + cell] = 1.0 / 16 }
    }
    // A rectangle's variances are its squared sides over 12 (docs/gaussian-boxes.md).
    let (along, across) = (log(16.0 * 16 / 12), log(8.0 * 8 / 12))
    let constants = [0, 0, 0, 0, (along + across) / 2, (along - across) / 2, 0, -2, -2, -2, -2, -2].map(Float.init)
    var graph = Graph(name: "spots", operatorSets: ["": 17])
    graph.metadata = ["names": "{0: 'spot', 1: 'blob'}"].merging(metadata) { $1 }
    graph.values = [
      Value(name: "images", type: .float32, shape: [.fixed(1), .fixed(3), .fixed(side), .fixed(side)]),
      Value(name: "weights", constant: try Tensor(shape: [channels, 3, 4, 4], weights)),
      Value(name: "numbers", constant: try Tensor(shape: [channels], constants)),
      Value(name: "boxes", type: .float32, shape: [.fixed(1), .fixed(channels), .fixed(side / 4), .fixed(side / 4)]),
    ]
    graph.nodes = [
      Node(
        name: "cells", operation: "Conv", version: 17, inputs: [0, 1, 2], outputs: [3],
        attributes: ["kernel_shape": .integers([4, 4]), "strides": .integers([4, 4])])
    ]
    (graph.inputs, graph.outputs) = ([0], [3])
    return graph
  }

  /// The network as a file.
  package static func file(_ metadata: [String: String] = [:]) throws -> [UInt8] {
    try GraphExporter.bytes(graph(metadata), producer: "test")
  }

  /// The middle of a cell in pixels.
  package static func middle(_ cell: Int) -> Double { 4 * Double(cell) + 2 }

  /// Pixels of a picture, blue, green and red by turns, with cells of one colour each on black.
  package static func pixels(_ cells: [(column: Int, row: Int, blue: UInt8, red: UInt8)]) -> [UInt8] {
    var pixels = [UInt8](repeating: 0, count: 3 * side * side)
    for cell in cells {
      for place in 0..<16 {
        let start = 3 * ((4 * cell.row + place / 4) * side + 4 * cell.column + place % 4)
        (pixels[start], pixels[start + 2]) = (cell.blue, cell.red)
      }
    }
    return pixels
  }
}
