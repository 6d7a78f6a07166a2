import Foundation
import ModelFiles
import NetworkGraph
import Testing

/// The networks with stored inputs and outputs beside the repository (`../shared/onnx`); tests that need them are skipped, with this
/// message, where they are not there.
enum SharedNetworks {
  static let message: Comment = "needs the networks in ../shared/onnx beside the repository"

  /// Found from this file upwards: the package's parent has a folder `shared`.
  static let folder: String? = {
    var place = URL(fileURLWithPath: #filePath)
    while place.path != "/" {
      place.deleteLastPathComponent()
      if FileManager.default.fileExists(atPath: place.appendingPathComponent("Package.swift").path) {
        let data = place.deletingLastPathComponent().appendingPathComponent("shared/onnx").path
        return FileManager.default.fileExists(atPath: data) ? data : nil
      }
    }
    return nil
  }()

  static var isPresent: Bool { folder != nil }

  static func path(_ relative: String) -> String { "\(folder ?? "")/\(relative)" }

  static func tensor(_ relative: String) throws -> Tensor { try NumPyFile.read(path: path(relative)) }

  /// The names of the single-operator cases.
  static let cases: [String] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path("ops"))) ?? []
    return names.filter { $0.hasSuffix(".onnx") }.map { String($0.dropLast(5)) }.sorted()
  }()

  /// Reads `PREFIX.NAME.npy` (or `NAME.npy`) for every value of a list.
  static func tensors(_ prefix: String, _ graph: Graph, _ values: [Int]) throws -> [String: Tensor] {
    try Dictionary(
      uniqueKeysWithValues: values.map { value in
        let name = graph.values[value].name
        return (name, try tensor("\(prefix)\(name).npy"))
      })
  }

  /// A picture [height, width, channels] of bytes as [1, channels, height, width] floats, divided by `divisor`.
  static func planes(_ picture: Tensor, dividedBy divisor: Float) throws -> Tensor {
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

/// How far two tensors are apart.
enum Distance {
  /// ‖a − b‖ ∕ ‖b‖; without a stored norm the plain ‖a − b‖.
  static func relative(_ result: Tensor, _ stored: Tensor) -> Double {
    let (a, b) = (result.elements.doubles, stored.elements.doubles)
    guard a.count == b.count else { return .infinity }
    // Equal infinities have no distance.
    let difference = zip(a, b).reduce(0) { $0 + ($1.0 == $1.1 || ($1.0.isNaN && $1.1.isNaN) ? 0 : ($1.0 - $1.1) * ($1.0 - $1.1)) }
    let norm = b.reduce(0) { $0 + ($1.isFinite ? $1 * $1 : 0) }
    return (norm > 0 ? difference / norm : difference).squareRoot()
  }

  /// The relative distance of the channels `range` of [batch, channel, …].
  static func relative(_ result: Tensor, _ stored: Tensor, channels range: Range<Int>) throws -> Double {
    try relative(channels(result, range), channels(stored, range))
  }

  private static func channels(_ tensor: Tensor, _ range: Range<Int>) throws -> Tensor {
    let values = tensor.elements.doubles
    let inner = tensor.shape[2...].reduce(1, *)
    let chosen = (0..<tensor.shape[0]).flatMap { batch in
      let start = batch * tensor.shape[1] * inner
      return values[start + range.lowerBound * inner..<start + range.upperBound * inner]
    }
    return Tensor(list: chosen)
  }
}
