public import Detection
import Geometry
package import Imaging
package import ModelFiles
public import NetworkGraph
public import NetworkPrograms

/// A detector's network as its file describes it: how its input is made and its output read. It holds no memory of kernels, so that it can
/// be made before the thread that runs the network is there.
public struct DetectorNetwork: Sendable {
  /// The network, with free sizes of its input.
  public let graph: Graph
  /// The input's size in pixels.
  public let width: Int, height: Int
  /// How the output is read.
  public let layout: OutputLayout
  /// The names of the classes: the file's own, COCO's for 80, else numbers.
  public let classes: [String]
  /// What it looks at.
  public let sight: NetworkSight
  /// How its scores become probabilities; nil where the file does not tell.
  public let calibration: ScoreCalibration?
  /// Whether it tells the pixels of what it finds.
  public var tellsMasks: Bool { prototypes != nil }
  /// Whether it tells how what it finds looks.
  public var tellsLooks: Bool { looks != nil }
  /// How what it finds goes together with what the motion detector finds by its rules; nil where the file does not tell, or it looks at
  /// something else.
  public let combination: RuleCombination?
  private let input: String
  private let output: String
  /// What it takes over from the frame before.
  let states: [FrameState]
  /// The output of the maps that masks are mixed from, and how many they are.
  private let prototypes: (name: String, count: Int)?
  /// The output of the cells' embeddings; nil without any.
  package let looks: String?

  /// The size of inputs that a file leaves open: what the YOLO networks are trained at.
  private static let usualSide = 640
  /// Sides are multiples of the widest stride.
  private static let step = 32
  /// The largest side that is accepted.
  public static let greatestSide = 8_192

  /// - Parameters:
  ///   - size: The input's size in pixels; nil takes the file's own, or 640×640 where it leaves it open.
  /// - Throws: `NetworkError` for a network that is no known detector's, or whose input cannot be of that size.
  public init(_ graph: Graph, size: (width: Int, height: Int)? = nil) throws {
    guard let first = graph.inputs.first, let boxes = graph.outputs.first else {
      throw NetworkError(.unsupported, "The network has \(graph.inputs.count) inputs; a detector has one, the picture.")
    }
    let declared = graph.values[first].shape ?? []
    let own = try DetectorNetwork.size(declared, name: graph.values[first].name, type: graph.values[first].type)
    let (width, height) = (size?.width ?? own.width, size?.height ?? own.height)
    let sides = DetectorNetwork.step...DetectorNetwork.greatestSide
    guard [width, height].allSatisfy({ sides.contains($0) && $0 % DetectorNetwork.step == 0 }) else {
      guard size != nil else {
        throw NetworkError(
          .unsupported,
          "The network is no detector's: its input has \(height)x\(width) pixels (height, width), and those of detectors are multiples of 32 from 32 to 8192."
        )
      }
      throw NetworkError(
        .input,
        "A detector's input of \(height)x\(width) pixels (height, width) cannot be used: give sides that are multiples of 32, from 32 to 8192."
      )
    }
    states = try FrameState.all(graph, width: own.width, height: own.height)
    var free = graph
    for place in graph.inputs { free.values[place].shape = [.any, .any, .any, .any] }
    (self.graph, self.width, self.height) = (free, width, height)
    (input, output) = (graph.values[first].name, graph.values[boxes].name)
    sight = try NetworkSight(graph.metadata)
    calibration = try DetectorNetwork.told(ScoreCalibration.key, graph.metadata, ScoreCalibration.init)
    combination = sight == .motion ? try DetectorNetwork.told(RuleCombination.key, graph.metadata, RuleCombination.init) : nil
    let passedOn = states.map(\.output)
    let shapes = try DetectorNetwork.shapes(
      free, declared: graph, input: input, states: states, isOwnSize: (width, height) == own, width, height)
    looks = try OutputLayout.looks(graph, shapes, input: (width, height)).map { graph.values[graph.outputs[$0]].name }
    // What is for the next frame tells nothing of this one.
    layout = try OutputLayout(
      graph, shapes: zip(graph.outputs, shapes).filter { !passedOn.contains(graph.values[$0.0].name) }.map(\.1),
      input: (width, height))
    let masks = layout.maskCount(shapes)
    prototypes = masks > 0 ? (graph.values[graph.outputs[1]].name, masks) : nil
    let named = ClassNames.parsed(graph.metadata["names"])
    if let count = layout.classCount {
      classes = named?.count == count ? named ?? [] : ClassNames.assumed(count)
    } else {
      classes = named ?? ClassNames.coco
    }
  }

  /// What a file says under a key; nil where it does not have it.
  ///
  /// - Throws: `NetworkError` where it says what nothing can be made of: without it the network would find other things.
  private static func told<Value>(_ key: String, _ metadata: [String: String], _ read: (String) -> Value?) throws -> Value? {
    try metadata[key].map { text in
      guard let value = read(text) else {
        throw NetworkError(.invalid, "The network's '\(key)' holds numbers that cannot be used; the file is damaged.")
      }
      return value
    }
  }

  /// The size that a file declares for its input, [1, 3, height, width] of 32-bit floats.
  private static func size(_ shape: [Size], name: String, type: ElementType?) throws -> (width: Int, height: Int) {
    func side(_ axis: Int) -> Int { if case .fixed(let size) = shape[axis] { size } else { usualSide } }
    guard shape.count == 4, type ?? .float32 == .float32, [.fixed(3), .any].contains(shape[1]) || shape[1].isSymbol else {
      let text = shape.map(\.description).joined(separator: "x")
      throw NetworkError(
        .unsupported,
        "The network's input '\(name)' is \(text) of \(type?.rawValue ?? "an unknown type"); a detector reads 1x3xHEIGHTxWIDTH of float32."
      )
    }
    return (side(3), side(2))
  }

  /// The shapes of the outputs: declared ones where they hold for the size, else those of a run on a black picture.
  private static func shapes(
    _ free: Graph, declared graph: Graph, input: String, states: [FrameState], isOwnSize: Bool, _ width: Int, _ height: Int
  ) throws -> [[Int]] {
    if isOwnSize, let known = graph.outputs.map({ graph.values[$0].fixedShape }) as? [[Int]] { return known }
    func zeros(_ shape: [Int]) throws -> Tensor {
      try Tensor(shape: shape, [Float](repeating: 0, count: try Tensor.elementCount(of: shape)))
    }
    do {
      var inputs = [input: try zeros([1, 3, height, width])]
      for state in states { inputs[state.input] = try zeros(state.shape(width: width, height: height)) }
      let results = try Program(free).run(inputs)
      return graph.outputs.map { results[graph.values[$0].name]?.shape ?? [] }
    } catch let error as NetworkError {
      throw NetworkError(error.code, "The network does not run on pictures of \(width)x\(height): \(error.description)")
    }
  }

  /// The boxes of an output, before any is suppressed.
  ///
  /// - Parameter findsLooks: Whether they have embeddings, where the network tells some.
  package func boxes(_ results: [String: Tensor], minimumScore: Double, findsLooks: Bool = false) throws -> [NetworkBox] {
    guard let tensor = results[output] else {
      throw NetworkError(.invalid, "The network has made no output '\(output)'.")
    }
    return try OutputReader(layout, width: width, height: height).boxes(
      tensor, minimumScore: minimumScore, looks: findsLooks ? looks.flatMap { results[$0] } : nil)
  }

  /// What the masks of a picture are mixed from; nil where the network tells none.
  package func prototypes(_ results: [String: Tensor]) throws -> MaskPrototypes? {
    guard let prototypes else { return nil }
    guard let tensor = results[prototypes.name],
      let made = MaskPrototypes(tensor, count: prototypes.count, width: width, height: height)
    else { throw NetworkError(.invalid, "The network's output '\(prototypes.name)' holds no prototypes of masks.") }
    return made
  }

  package func inputs(_ tensor: Tensor) -> [String: Tensor] { [input: tensor] }
}

extension Value {
  /// The declared shape, where it leaves no size open.
  fileprivate var fixedShape: [Int]? {
    let sizes = shape?.compactMap { size -> Int? in if case .fixed(let number) = size { number } else { nil } }
    return sizes?.count == shape?.count ? sizes : nil
  }
}

extension Size {
  fileprivate var isSymbol: Bool { if case .symbol = self { true } else { false } }
}

/// Finds objects by a network of the user's, with classes. One thread at a time may use it.
public struct NetworkDetector: Detector {
  /// The names that the detections' class indices point to.
  public let classes: [String]
  public var needsColor: Bool { true }
  /// Whether its network tells the pixels of what it finds.
  package var tellsMasks: Bool { network.tellsMasks }
  private let network: DetectorNetwork
  private let program: Program
  private let findsMasks: Bool
  /// What it saw in the frame before; nil at the beginning of a scene.
  private var former: FrameFeatures?
  private let findsLooks: Bool

  /// Boxes below this score are not looked at: what a tracker may still prolong a track with.
  public static let leastScore = 0.1
  /// Overlaps above it are of one object: the value that all these detectors' authors measure with or near.
  private static let overlap = 0.45
  /// The most boxes in a picture, as the YOLO networks' authors have it.
  private static let limit = 300

  /// - Parameters:
  ///   - threads: Of oneDNN's kernels; their number changes no result.
  ///   - type: What the network is computed in.
  ///   - findsMasks: Whether detections have masks, where the network tells some.
  ///   - findsLooks: Whether they have embeddings, where it tells some.
  /// - Throws: `NetworkError` that names operators without a kernel, or oneDNN where it is not installed.
  public init(
    _ network: DetectorNetwork, threads: Int, type: ProgramType = .f32, findsMasks: Bool = false, findsLooks: Bool = false
  ) throws {
    (self.network, self.findsMasks, self.findsLooks) = (network, findsMasks, findsLooks)
    classes = network.classes
    program = try Program(network.graph, threads: threads, type: type)
  }

  /// The detections in the colour picture, in displayed pixels, by falling scores.
  public mutating func detect(_ input: DetectionInput) throws -> [DetectedBox] {
    guard let picture = input.color else {
      throw NetworkError(.input, "A network looks for objects in pictures in colour, and none is given.")
    }
    let size = (input.displayWidth, input.displayHeight)
    if input.motion.status == .cut { former = nil }
    return try detect(in: picture.bgr(), after: &former, masksOf: findsMasks ? size : nil).enumerated().map { index, found in
      DetectedBox(
        box: GaussianBox(found.box), score: min(1, found.score), classIndex: found.classIndex,
        centerCovariance: found.centerCovariance, index: index, mask: found.mask, embedding: found.embedding)
    }
  }

  /// Whether a box can be of anything in a picture: a network that was made wrongly tells some of any size.
  private static func isPossible(_ box: OrientedBox) -> Bool {
    let numbers = [box.center.x, box.center.y, box.width, box.height]
    return numbers.allSatisfy { abs($0) <= farthest } && box.angle.isFinite && box.width > 0 && box.height > 0
  }

  /// Pixels: sixteen of the largest pictures, one beside the other.
  private static let farthest = 16.0 * 65_536

  public var memory: (any Encodable)? { former }

  public mutating func recall(from decoder: any Decoder) throws { former = try FrameFeatures(from: decoder) }

  /// Whether its network looks at the frame before.
  package var mixesTime: Bool { network.mixesTime }

  /// What the network takes over from a picture to the next one.
  package func features(of picture: Image) throws -> FrameFeatures {
    let (planes, _) = try network.layout.rule.planes(picture, width: network.width, height: network.height)
    return try network.features(program.run(network.inputs(planes, after: nil)))
  }

  /// The boxes in a picture that is seen by itself; see `detect(in:after:minimumScore:masksOf:)`.
  package func detect(
    in picture: Image, minimumScore: Double = NetworkDetector.leastScore, masksOf size: (width: Int, height: Int)? = nil
  ) throws -> [NetworkBox] {
    var former: FrameFeatures?
    return try detect(in: picture, after: &former, minimumScore: minimumScore, masksOf: size)
  }

  /// The boxes in a picture of blue, green and red, in its pixels, by falling scores.
  ///
  /// - Parameters:
  ///   - former: What the frame before has left, and then what this one leaves; nil: a picture is its own frame before.
  ///   - minimumScore: Boxes below it are not looked at.
  ///   - size: Of the masks, which show what the picture shows; nil: none are made.
  package func detect(
    in picture: Image, after former: inout FrameFeatures?, minimumScore: Double = NetworkDetector.leastScore,
    masksOf size: (width: Int, height: Int)? = nil
  ) throws -> [NetworkBox] {
    let (planes, fit) = try network.layout.rule.planes(picture, width: network.width, height: network.height)
    let inputs =
      try former.map { try network.inputs(planes, after: $0) } ?? network.inputs(ofOne: planes) { try program.run($0) }
    let results = try program.run(inputs)
    if mixesTime { former = try network.features(results) }
    var found = kept(try network.boxes(results, minimumScore: minimumScore, findsLooks: findsLooks), fit)
    if let size, let prototypes = try network.prototypes(results) {
      let view = MaskView(fit, picture: (picture.width, picture.height), size: size, reach: network.layout.maskReach)
      for place in found.indices { found[place].mask = prototypes.mask(of: found[place], in: view) }
    }
    return found
  }

  /// The boxes that are left where several are of one object, in the picture's pixels.
  private func kept(_ boxes: [NetworkBox], _ fit: PictureFit) -> [NetworkBox] {
    let found =
      boxes
      .filter { $0.classIndex < classes.count }
      .map(fit.picture)
      .filter { NetworkDetector.isPossible($0.box) }
    switch network.layout {
    case .endToEnd, .endToEndOriented: return Array(found.sorted { $0.score > $1.score }.prefix(NetworkDetector.limit))
    case .fastestDet:
      return BoxSuppression.kept(found, by: .truncated, threshold: NetworkDetector.overlap, limit: NetworkDetector.limit)
    default: return BoxSuppression.kept(found, by: .byClass, threshold: NetworkDetector.overlap, limit: NetworkDetector.limit)
    }
  }
}
