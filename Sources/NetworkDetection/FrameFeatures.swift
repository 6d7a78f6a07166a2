package import ModelFiles
internal import NetworkGraph

/// What a network that mixes frames saw in a frame, which it is given with the next one.
package struct FrameFeatures: Sendable, Codable, Equatable {
  /// The numbers of each further input, in their order.
  package var values: [[Float]]
}

/// An input of a network that is an output of its run on the frame before.
struct FrameState: Sendable {
  let input: String
  let output: String
  /// Its channels, and the pixels of the network's input for a cell of it.
  let channels: Int
  let stride: Int

  /// The inputs behind the first of them: each `beforeN` [1, channels, height ∕ N, width ∕ N] of 32-bit floats, with an output `featuresN` of its shape.
  ///
  /// - Throws: `NetworkError` where there are others.
  static func all(_ graph: Graph, width: Int, height: Int) throws -> [FrameState] {
    try graph.inputs.dropFirst().map { place in
      let value = graph.values[place]
      guard value.name.hasPrefix("before"), let stride = Int(value.name.dropFirst("before".count)), stride > 0, 32 % stride == 0,
        let output = graph.outputs.first(where: { graph.values[$0].name == "features\(stride)" }),
        value.type ?? .float32 == .float32,
        let shape = value.shape, shape.count == 4, case .fixed(let channels) = shape[1], (1...greatestChannels).contains(channels),
        shape == [.fixed(1), .fixed(channels), .fixed(height / stride), .fixed(width / stride)], graph.values[output].shape == shape
      else {
        throw NetworkError(
          .unsupported,
          "The network has \(graph.inputs.count) inputs, and '\(value.name)' is none that is known; a detector has one, the picture, and perhaps "
            + "features of the frame before, as 'train detector --time-mix' makes them.")
      }
      return FrameState(input: value.name, output: graph.values[output].name, channels: channels, stride: stride)
    }
  }

  /// More channels than any pyramid has.
  private static let greatestChannels = 4_096

  func shape(width: Int, height: Int) -> [Int] { [1, channels, height / stride, width / stride] }
}

extension DetectorNetwork {
  /// Whether it takes over features from the frame before.
  public var mixesTime: Bool { !states.isEmpty }

  /// The network's inputs.
  ///
  /// - Parameter former: nil: zeros, with which its own features are right and its boxes are not.
  /// - Throws: `NetworkError` for features of another network.
  func inputs(_ picture: Tensor, after former: FrameFeatures?) throws -> [String: Tensor] {
    var inputs = inputs(picture)
    let shapes = states.map { $0.shape(width: width, height: height) }
    let counts = try shapes.map { try Tensor.elementCount(of: $0) }
    let values = former?.values ?? counts.map { [Float](repeating: 0, count: $0) }
    guard values.map(\.count) == counts else {
      throw NetworkError(
        .invalid, "What the frame before has left is of another size than the network's; it is of another network.")
    }
    for (state, (shape, values)) in zip(states, zip(shapes, values)) { inputs[state.input] = try Tensor(shape: shape, values) }
    return inputs
  }

  /// What a run on a frame leaves for the next one.
  func features(_ results: [String: Tensor]) throws -> FrameFeatures {
    FrameFeatures(
      values: try states.map { state in
        guard let tensor = results[state.output], tensor.shape == state.shape(width: width, height: height),
          let values = tensor.values(Float.self)
        else { throw NetworkError(.invalid, "The network has made no features '\(state.output)' for the next frame.") }
        return values
      })
  }

  /// Inputs for a picture that is seen by itself: it is its own frame before.
  ///
  /// - Parameter run: Of the network.
  /// - Throws: What `run` throws.
  package func inputs(
    ofOne picture: Tensor, run: ([String: Tensor]) throws -> [String: Tensor]
  ) throws -> [String: Tensor] {
    mixesTime ? try inputs(picture, after: features(run(inputs(picture, after: nil)))) : inputs(picture)
  }
}
