internal import Geometry
internal import ModelFiles
public import NetworkGraph
public import NetworkPrograms

/// The two files of a siamese tracker in NanoTrack's form: a backbone that makes features of a template and of a search region, and a head
/// that compares them. It holds no memory of kernels, so that it can be made before the thread that runs it is there.
///
/// Source: HonglinChu/SiamTrackers, NanoTrack (Apache-2.0); crops and post-processing after SiamBAN (Chen et al., CVPR 2020).
public struct SiameseNetwork: Sendable {
  /// Sides of the two crops in pixels, as such networks are trained.
  public static let templateSide = 127, searchSide = 255
  /// Pixels of the search crop from one cell to the next.
  public static let stride = 16

  let backbone: Graph
  let head: Graph
  let backboneInput: String
  let backboneOutput: String
  let templateInput: String
  let searchInput: String
  let classOutput: String
  let sideOutput: String
  /// Cells along each side of the head's output.
  let cells: Int

  /// - Throws: `NetworkError` for networks that are not of this form, by one sentence that says what differs.
  public init(backbone: Graph, head: Graph) throws {
    func refuse(_ problem: String) -> NetworkError {
      NetworkError(.unsupported, "The target's networks are not of NanoTrack's form: \(problem).")
    }
    guard backbone.inputs.count == 1, backbone.outputs.count == 1, let picture = backbone.inputs.first,
      let features = backbone.outputs.first
    else {
      throw refuse("the backbone has \(backbone.inputs.count) inputs and \(backbone.outputs.count) outputs instead of one each")
    }
    guard head.inputs.count == 2, head.outputs.count == 2 else {
      throw refuse("the head has \(head.inputs.count) inputs and \(head.outputs.count) outputs instead of two each")
    }
    var free = backbone
    free.values[picture].shape = [.any, .any, .any, .any]
    (self.backbone, self.head) = (free, head)
    (backboneInput, backboneOutput) = (backbone.values[picture].name, backbone.values[features].name)
    (templateInput, searchInput) = (head.values[head.inputs[0]].name, head.values[head.inputs[1]].name)
    let shapes = head.outputs.map { head.values[$0].shape ?? [] }
    guard let classes = shapes.firstIndex(where: { $0.count == 4 && $0[1] == .fixed(2) }),
      let sides = shapes.firstIndex(where: { $0.count == 4 && $0[1] == .fixed(4) }), case .fixed(let cells) = shapes[classes][3],
      shapes[classes][2...] == shapes[sides][2...], shapes[classes][2] == .fixed(cells), (2...64).contains(cells)
    else {
      let texts = shapes.map { $0.map(\.description).joined(separator: "x") }
      throw refuse("the head's outputs are \(texts.joined(separator: " and ")) instead of 1x2xNxN and 1x4xNxN")
    }
    (classOutput, sideOutput) = (head.values[head.outputs[classes]].name, head.values[head.outputs[sides]].name)
    self.cells = cells
  }

  /// Whether both can be run in a type, told before anything is made ready.
  ///
  /// - Throws: As `Program.check`.
  public func check(type: TypeChoice) throws {
    for graph in [backbone, head] { try Program.check(graph, type: type.type(for: graph)) }
  }
}

/// The two networks made ready to run.
struct SiameseProgram {
  let network: SiameseNetwork
  private let backbone: Program
  private let head: Program

  init(_ network: SiameseNetwork, threads: Int, type: TypeChoice) throws {
    self.network = network
    backbone = try Program(network.backbone, threads: threads, type: type.type(for: network.backbone))
    head = try Program(network.head, threads: threads, type: type.type(for: network.head))
  }

  /// The features of a crop, [1, 3, side, side] of blue, green and red, 0…255.
  func features(_ crop: Tensor) throws -> Tensor {
    guard let features = try backbone.run([network.backboneInput: crop])[network.backboneOutput] else {
      throw NetworkError(.invalid, "The target's backbone has made no output '\(network.backboneOutput)'.")
    }
    return features
  }

  /// What the head says of a search region: for each cell, row by row, two classes and the distances to four sides.
  func compare(_ template: Tensor, _ search: Tensor) throws -> SiameseResponse {
    let outputs = try head.run([network.templateInput: template, network.searchInput: search])
    let count = network.cells * network.cells
    guard let classes = outputs[network.classOutput]?.values(Float.self), classes.count == 2 * count,
      let sides = outputs[network.sideOutput]?.values(Float.self), sides.count == 4 * count
    else { throw NetworkError(.invalid, "The target's head has made no outputs of \(network.cells)x\(network.cells) cells.") }
    return SiameseResponse(cells: network.cells, classes: classes, sides: sides)
  }
}
