internal import Geometry
package import Imaging
internal import ModelFiles
public import NetworkGraph
internal import NetworkPrograms

/// A network that makes a vector of a crop, as its file describes it: input [N, 3, height, width], output [N, D]. It holds no memory of kernels,
/// so that it can be made before the thread that runs the network is there.
///
/// The input is red, green and blue, divided by 255, less ImageNet's mean and over its standard deviation, as networks for re-identification are
/// trained (torchreid, fast-reid without its own layer of normalisation).
public struct EmbedderNetwork: Sendable {
  /// The network, with free sizes of its input.
  public let graph: Graph
  /// The crop's size in pixels.
  public let width: Int, height: Int
  /// Numbers of an embedding.
  public let dimension: Int
  /// Whether it takes several crops at once.
  public let takesBatches: Bool
  private let input: String
  private let output: String

  /// Of crops that a file leaves open: those of people in the field's networks.
  private static let usualWidth = 128, usualHeight = 256
  /// Sides in pixels that are accepted, and numbers of an embedding.
  private static let sides = 8...1024, dimensions = 2...8192

  /// ImageNet's mean and standard deviation of red, green and blue in 0…1 (torchvision).
  static let mean: [Float] = [0.485, 0.456, 0.406], deviation: [Float] = [0.229, 0.224, 0.225]

  /// - Throws: `NetworkError` for a network of another form, by one sentence that says what differs, or one that cannot be run.
  public init(_ graph: Graph) throws {
    guard graph.inputs.count == 1, graph.outputs.count == 1, let first = graph.inputs.first, let last = graph.outputs.first else {
      throw Self.refuse("it has \(graph.inputs.count) inputs and \(graph.outputs.count) outputs instead of one each")
    }
    let shape = graph.values[first].shape ?? []
    let text = shape.map(\.description).joined(separator: "x")
    guard shape.count == 4, graph.values[first].type ?? .float32 == .float32, Self.side(shape[1]) ?? 3 == 3 else {
      let type = graph.values[first].type?.rawValue ?? "an unknown type"
      throw Self.refuse("its input is \(text) of \(type) instead of Nx3xHEIGHTxWIDTH of float32")
    }
    let batch = Self.side(shape[0])
    guard batch ?? 1 == 1 else { throw Self.refuse("its input is of \(text), and a batch must be of 1 or left open") }
    (width, height) = (Self.side(shape[3]) ?? Self.usualWidth, Self.side(shape[2]) ?? Self.usualHeight)
    guard Self.sides.contains(width), Self.sides.contains(height) else {
      throw Self.refuse("its input is \(text), and sides must be from \(Self.sides.lowerBound) to \(Self.sides.upperBound)")
    }
    var free = graph
    free.values[first].shape = [.any, .any, .any, .any]
    self.graph = free
    (input, output) = (graph.values[first].name, graph.values[last].name)
    takesBatches = batch == nil
    dimension = try Self.dimension(free, input, output, (width, height), takesBatches: takesBatches)
  }

  private static func refuse(_ problem: String) -> NetworkError {
    NetworkError(.unsupported, "The network makes no embeddings of crops: \(problem).")
  }

  private static func side(_ size: Size) -> Int? { if case .fixed(let number) = size { number } else { nil } }

  /// The numbers of an embedding, by a run on black crops: one, and two where it is said to take several.
  private static func dimension(
    _ graph: Graph, _ input: String, _ output: String, _ size: (width: Int, height: Int), takesBatches: Bool
  ) throws -> Int {
    let program = try Program(graph)
    var found = 0
    for batch in takesBatches ? [1, 2] : [1] {
      let crops = try Tensor(
        shape: [batch, 3, size.height, size.width], [Float](repeating: 0, count: batch * 3 * size.height * size.width))
      let result = try program.run([input: crops])[output]
      let shape = result?.shape ?? []
      guard shape.count >= 2, shape[0] == batch, shape[2...].allSatisfy({ $0 == 1 }), dimensions.contains(shape[1]),
        result?.values(Float.self) != nil, found == 0 || shape[1] == found
      else {
        let text = shape.map(String.init).joined(separator: "x")
        throw refuse("of \(batch) crops it makes \(text) instead of \(batch)xNUMBERS of float32")
      }
      found = shape[1]
    }
    return found
  }

  /// Writes a crop of blue, green and red as a network sees it: planes of red, green and blue from `start` on.
  package static func fill(_ values: inout [Float], from start: Int, _ crop: Image) {
    let area = crop.width * crop.height
    precondition(crop.channels == 3 && start >= 0 && start + 3 * area <= values.count, "a crop in colour, and room for it")
    for channel in 0..<3 {
      let (scale, shift) = (1 / (255 * deviation[channel]), mean[channel] / deviation[channel])
      let plane = start + channel * area
      for pixel in 0..<area { values[plane + pixel] = Float(crop.pixels[pixel * 3 + 2 - channel]) * scale - shift }
    }
  }

  /// The embeddings of crops of the input's size, by a program of the graph; each a unit vector, nil where the network told none.
  func embeddings(of crops: ArraySlice<Image>, by program: Program) throws -> [[Float]?] {
    let area = width * height
    var values = [Float](repeating: 0, count: crops.count * 3 * area)
    for (place, crop) in crops.enumerated() { Self.fill(&values, from: place * 3 * area, crop) }
    let tensor = try Tensor(shape: [crops.count, 3, height, width], values)
    guard let found = try program.run([input: tensor])[output]?.values(Float.self), found.count == crops.count * dimension else {
      throw NetworkError(.invalid, "The network has made no \(crops.count) embeddings of \(dimension) numbers in '\(output)'.")
    }
    return (0..<crops.count).map { Unit.vector(Array(found[$0 * dimension..<($0 + 1) * dimension])) }
  }
}
