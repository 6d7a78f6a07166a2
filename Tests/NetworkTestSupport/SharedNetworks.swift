import Foundation
import ModelFiles
import NetworkGraph
import TestSupport
import Testing

/// The networks with stored inputs and outputs beside the repository (`../shared/onnx`); tests that need them are skipped, with this
/// message, where they are not there.
package enum SharedNetworks {
  package static let message: Comment = "needs the networks in ../shared/onnx beside the repository"

  package static let folder = SharedData.place("onnx")?.path

  package static var isPresent: Bool { folder != nil }

  package static func path(_ relative: String) -> String { "\(folder ?? "")/\(relative)" }

  package static func tensor(_ relative: String) throws -> Tensor { try NumPyFile.read(path: path(relative)) }

  /// The names of the single-operator cases.
  package static let cases: [String] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path("ops"))) ?? []
    return names.filter { $0.hasSuffix(".onnx") }.map { String($0.dropLast(5)) }.sorted()
  }()

  /// Reads `PREFIX.NAME.npy` (or `NAME.npy`) for every value of a list.
  package static func tensors(_ prefix: String, _ graph: Graph, _ values: [Int]) throws -> [String: Tensor] {
    try Dictionary(
      uniqueKeysWithValues: values.map { value in
        let name = graph.values[value].name
        return (name, try tensor("\(prefix)\(name).npy"))
      })
  }

  /// A picture [height, width, channels] of bytes as [1, channels, height, width] floats, divided by `divisor`.
  package static func planes(_ picture: Tensor, dividedBy divisor: Float) throws -> Tensor {
    guard case .uint8(let bytes) = picture.elements, picture.rank == 3 else { throw CocoaError(.fileReadCorruptFile) }
    let (height, width, channels) = (picture.shape[0], picture.shape[1], picture.shape[2])
    var values = [Float](repeating: 0, count: bytes.count)
    for channel in 0..<channels {
      for pixel in 0..<height * width {
        values[channel * height * width + pixel] = Float(bytes[pixel * channels + channel]) / divisor
      }
    }
    return try Tensor(shape: [1, channels, height, width], values)
  }
}
