internal import ModelFiles
internal import Models
internal import NetworkDetection
internal import NetworkGraph
internal import NetworkKernels

/// Which of a teacher's values are learned beside its boxes.
public enum FeatureChoice: Sendable, Equatable {
  /// By the rule of `FeatureSelection`.
  case auto
  /// A value of the file by its name, or the first that a node of this name makes.
  case named(String)
}

/// The value of a detector's graph that is learned: a map of the picture, [1, channels, height ∕ stride, width ∕ stride].
///
/// Unless it is named, it is the one of stride 16 with most channels, the last of these in the file's order, among those that lead from the
/// picture to the boxes; values that only join, cut or move others aside. In networks with a pyramid that is its finished middle level, which the
/// heads read: coarser ones tell little of where things are, finer ones little of what they are.
struct FeatureSelection: Equatable {
  let value: Int
  let name: String
  let target: FeatureTarget

  /// The stride that is looked at unless a value is named, in pixels.
  static let usualStride = 16
  /// Operations that compute nothing.
  private static let moving: Set = [
    "Concat", "DepthToSpace", "Expand", "Gather", "Identity", "Pad", "Reshape", "Resize", "Slice", "SpaceToDepth", "Split",
    "Transpose",
    "Upsample",
  ]

  /// - Parameter teacher: The network's name, for people.
  /// - Throws: `PictureTrainingError` for a value that is not there or is no such map, `NetworkError` for a network whose shapes contradict each other.
  init(_ choice: FeatureChoice, in network: DetectorNetwork, of teacher: String) throws {
    guard !network.mixesTime else {
      throw PictureTrainingError.input(
        "\(teacher) looks at the frame before too, which squares do not have, so that its features cannot be learned; give another teacher, or no "
          + "--teacher-features.")
    }
    let graph = network.graph
    let input = graph.values[graph.inputs[0]].name
    let outlines = try ShapeInference(graph).outlines([input: [1, 3, network.height, network.width]])
    let flow = Flow(graph)
    func map(_ value: Int) -> FeatureTarget? {
      guard flow.fromInput.contains(value), let outline = outlines[value], outline.type == .float32 else { return nil }
      return Self.target(outline.shape, network)
    }
    switch choice {
    case .auto:
      let found = Self.candidates(graph, flow).compactMap { value in map(value).map { (value, $0) } }
        .filter { $0.1.stride == Self.usualStride }
      // The last of equals.
      guard let best = found.reversed().max(by: { $0.1.channels < $1.1.channels }) else {
        throw PictureTrainingError.input(
          "\(teacher) has no features to choose: between picture and boxes no value is of stride \(Self.usualStride); give the name of one."
        )
      }
      (value, target) = best
    case .named(let name):
      value = try Self.value(named: name, in: graph, of: teacher)
      guard let found = map(value) else {
        throw PictureTrainingError.input(
          "\(teacher)'s '\(name)' cannot be learned: it \(Self.fault(flow.fromInput.contains(value), outlines[value])); give the name of "
            + "one that is of 1xCHANNELSxHEIGHTxWIDTH at a stride of \(PyramidSize.strides.map(String.init).joined(separator: ", ")), or "
            + "leave the choice to the program.")
      }
      target = found
    }
    self.name = graph.values[value].name
  }
}

extension FeatureSelection {
  /// What lies between the picture and the outputs.
  private struct Flow {
    /// The values that depend on the picture.
    let fromInput: Set<Int>
    /// The values that the outputs depend on.
    let toOutputs: Set<Int>

    init(_ graph: Graph) {
      var from = Set(graph.inputs)
      for node in graph.nodes where graph.reads(of: node).contains(where: from.contains) {
        from.formUnion(node.outputs.compactMap { $0 })
      }
      (fromInput, toOutputs) = (from, graph.sources(of: graph.outputs))
    }
  }

  /// The values that may be chosen, in the order of the file.
  private static func candidates(_ graph: Graph, _ flow: Flow) -> [Int] {
    graph.nodes.filter { !moving.contains($0.operation) }.flatMap { $0.outputs.compactMap { $0 } }
      .filter { flow.toOutputs.contains($0) && !graph.outputs.contains($0) }
  }

  /// Channels and stride of a map of the picture; nil for a shape that is none, or whose stride is at no level of the pyramid.
  private static func target(_ shape: [Int], _ network: DetectorNetwork) -> FeatureTarget? {
    guard shape.count == 4, shape[0] == 1, shape[1] > 0, shape[2] > 0, shape[3] > 0 else { return nil }
    let stride = network.height / shape[2]
    guard PyramidSize.strides.contains(stride), shape[2] * stride == network.height, shape[3] * stride == network.width else {
      return nil
    }
    return FeatureTarget(channels: shape[1], stride: stride)
  }

  private static func value(named name: String, in graph: Graph, of teacher: String) throws -> Int {
    if let value = graph.value(named: name) { return value }
    if let value = graph.nodes.first(where: { $0.name == name })?.outputs.first ?? nil { return value }
    throw PictureTrainingError.input(
      "\(teacher) has no value '\(name)' whose features could be learned; give the name of a value or node of the file, as 'sextant network "
        + "inspect' lists them, or leave the choice to the program.")
  }

  /// Why a value is no map of the picture.
  private static func fault(_ isOfPicture: Bool, _ outline: TensorOutline?) -> String {
    guard isOfPicture else { return "does not depend on the picture" }
    guard let outline else { return "is of a shape that is not known beforehand" }
    return "is \(outline.shape.isEmpty ? "a number" : Tensor.text(outline.shape)) of \(outline.type.rawValue)"
  }
}
