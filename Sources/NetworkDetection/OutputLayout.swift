internal import ModelFiles
public import NetworkGraph

/// The form in which a detector gives its boxes, told by the shape of its output.
public enum OutputLayout: Equatable, Sendable {
  /// [1, 4 + classes + more, cells]: centre and size in pixels of the input, then a score a class (YOLOv8, v9, v11, v12), then `more` numbers of
  /// which masks are mixed.
  case yolo(classes: Int, more: Int)
  /// [1, 4 + classes + 1, cells]: the same with an angle in radians at the end (YOLOv8-obb, YOLO11-obb).
  case yoloOriented(classes: Int)
  /// [1, 3 · cells, 5 + classes + masks]: centre and size in pixels, objectness, a score a class, numbers of which masks are mixed (YOLOv5, v7).
  case yoloAnchors(classes: Int, masks: Int = 0)
  /// [1, cells, 5 + classes]: as above (YOLOX); where it is not decoded, centres are shares of cells and sizes logarithms of them.
  case yolox(classes: Int, isDecoded: Bool)
  /// [1, rows, 6 or more]: corners in pixels, score, class, numbers of which masks are mixed; nothing overlaps any more (YOLOv10, YOLO26).
  case endToEnd
  /// [1, rows, 7]: centre, size, score, class, angle.
  case endToEndOriented
  /// [1, 5 + classes, height / 16, width / 16]: objectness, tanh offsets, sigmoid sizes, a probability a class (FastestDet).
  case fastestDet(classes: Int)
  /// [1, classes + 10 + masks, height / 4, width / 4]: a score a class, then a Gaussian box, the logarithms of its variances and the numbers of
  /// which masks are mixed (this program's own, docs/detectors.md).
  case gaussian(classes: Int, masks: Int = 0)

  /// How its input is made.
  public var rule: PictureRule {
    switch self {
    case .yolox: PictureRule(fitting: .topLeft, isRGB: false, divisor: 1)
    case .fastestDet: PictureRule(fitting: .stretched, isRGB: false, divisor: 255)
    default: PictureRule(fitting: .centred, isRGB: true, divisor: 255)
    }
  }

  /// The number of classes; nil where the output does not tell.
  public var classCount: Int? {
    switch self {
    case .yolo(let classes, _), .yoloOriented(let classes), .yoloAnchors(let classes, _), .yolox(let classes, _),
      .fastestDet(let classes), .gaussian(let classes, _):
      classes
    case .endToEnd, .endToEndOriented: nil
    }
  }

  /// How many times as long as a box's sides those of the part are in which its mask may lie. YOLO's masks are cut to their boxes; ours are learned
  /// in boxes enlarged by half, so that a box that is too small does not cut its object.
  package var maskReach: Double { if case .gaussian = self { 1.5 } else { 1 } }

  /// As headers name it.
  public var name: String {
    switch self {
    case .yolo: "yolo"
    case .yoloOriented: "yolo-obb"
    case .yoloAnchors: "yolo-anchors"
    case .yolox(_, let isDecoded): isDecoded ? "yolox" : "yolox-raw"
    case .endToEnd: "yolo-end2end"
    case .endToEndOriented: "yolo-obb-end2end"
    case .fastestDet: "fastestdet"
    case .gaussian: "sextant-gaussian"
    }
  }
}

extension OutputLayout {
  /// What a file tells under `layout` that holds features alone, which trainings begin with.
  public static let features = "sextant-features"
  /// What a file tells under `layout` that makes embeddings of crops.
  public static let embedding = "sextant-embedding"

  /// What this program's own networks are that are no detectors, by their layout, and what takes them.
  private static let others = [
    NetworkSegmenter.layout: "a segmenter, which tells labels and no boxes: 'segment' takes it",
    embedding: "an embedder, which looks at crops and tells no boxes: 'track --appearance' takes it",
    features: "a backbone, which tells no boxes: trainings begin with it, by --start",
  ]

  /// Strides of the three grids of cells, in pixels.
  static let strides = [8, 16, 32]

  /// The cells of the three grids of an input.
  static func cells(width: Int, height: Int) -> Int { strides.reduce(0) { $0 + (width / $1) * (height / $1) } }

  /// Tells the layout.
  ///
  /// - Parameters:
  ///   - shapes: Of the outputs, the boxes' first.
  ///   - input: The input's size in pixels.
  /// - Throws: `NetworkError.unsupported` for a shape that is none of these, or a network that says that it is no detector.
  public init(_ graph: Graph, shapes: [[Int]], input: (width: Int, height: Int)) throws {
    if let other = graph.metadata["layout"].flatMap({ OutputLayout.others[$0] }) {
      throw NetworkError(.unsupported, "The network is \(other).")
    }
    let looks = OutputLayout.looks(graph)
    let others = shapes.indices.dropFirst().filter { $0 != looks }.map { shapes[$0] }
    guard let shape = shapes.first, let layout = OutputLayout.known(graph, shape, others[...], input) else {
      let text = shapes.first.map { Tensor.text($0) } ?? "none"
      throw NetworkError(
        .unsupported,
        """
        The network's output of shape \(text) is no detector's that is known, with an input of \(input.width)x\(input.height): YOLO's \
        4+classes x cells, YOLOX's cells x 5+classes, YOLOv5's 3 cells x 5+classes, end-to-end rows x 6 or 7, FastestDet's 5+classes x \
        height/16 x width/16, this program's 10+classes x height/4 x width/4.
        """)
    }
    self = layout
  }

  /// The output of this program's own detectors that tells how cells look, `embeddings` [1, any, height / 4, width / 4]; nil without one.
  static func looks(_ graph: Graph) -> Int? {
    guard graph.metadata["layout"] == OutputLayout.gaussian(classes: 1).name else { return nil }
    return graph.outputs.indices.first { graph.values[graph.outputs[$0]].name == "embeddings" }
  }

  /// The same, where it is such an output.
  ///
  /// - Throws: `NetworkError.unsupported` where it is of another shape, or stands in the boxes' place.
  static func looks(_ graph: Graph, _ shapes: [[Int]], input: (width: Int, height: Int)) throws -> Int? {
    guard let place = looks(graph) else { return nil }
    let (shape, stride) = (shapes[place], GaussianCells.stride)
    let type = graph.values[graph.outputs[place]].type ?? .float32
    guard place > 0, type == .float32, shape.count == 4, shape[0] == 1, shape[1] > 1,
      [shape[2], shape[3]] == [input.height / stride, input.width / stride]
    else {
      throw NetworkError(
        .unsupported,
        "The network's output 'embeddings' is number \(place + 1) of its outputs and \(Tensor.text(shape)) of \(type.rawValue); behind the boxes it is to be "
          + "1xNxHEIGHT/4xWIDTH/4 of float32, here 1xNx\(input.height / stride)x\(input.width / stride).")
    }
    return place
  }

  private static func known(_ graph: Graph, _ shape: [Int], _ others: ArraySlice<[Int]>, _ input: (width: Int, height: Int))
    -> OutputLayout?
  {
    // What a later version may write can be of a detector's shape.
    if let told = graph.metadata["layout"], told.hasPrefix("sextant-"), told != OutputLayout.gaussian(classes: 1).name {
      return nil
    }
    if shape.count == 4 {
      guard shape[0] == 1 else { return nil }
      let cells = (shape[2], shape[3])
      if shape[1] > 5, cells == (input.height / 16, input.width / 16) { return .fastestDet(classes: shape[1] - 5) }
      let masks = maskChannels(others)
      let classes = shape[1] - GaussianCells.channels - masks
      let isGaussian = classes > 0 && cells == GaussianCells.size(width: input.width, height: input.height)
      return isGaussian ? .gaussian(classes: classes, masks: masks) : nil
    }
    guard shape.count == 3, shape[0] == 1 else { return nil }
    let cells = cells(width: input.width, height: input.height)
    let (rows, columns) = (shape[1], shape[2])
    if columns == cells, rows < cells { return channelsFirst(graph, rows, others) }
    if rows == cells, columns > 5 {
      // Sizes that are decoded within the graph come out of an exponential.
      return .yolox(classes: columns - 5, isDecoded: graph.nodes.contains { $0.operation == "Exp" })
    }
    // Coefficients of masks stand behind the scores, and behind the six numbers of a finished box.
    let masks = maskChannels(others)
    if rows == 3 * cells, columns > 5 + masks { return .yoloAnchors(classes: columns - 5 - masks, masks: masks) }
    if columns == 6 { return .endToEnd }
    if columns == 7 { return .endToEndOriented }
    return masks > 0 && columns == 6 + masks ? .endToEnd : nil
  }

  private static func channelsFirst(_ graph: Graph, _ channels: Int, _ others: ArraySlice<[Int]>) -> OutputLayout? {
    if graph.metadata["task"] == "obb" { return channels > 5 ? .yoloOriented(classes: channels - 5) : nil }
    let masks = maskChannels(others)
    return channels > 4 + masks ? .yolo(classes: channels - 4 - masks, more: masks) : nil
  }

  /// The channels of the prototypes of masks, where a second output [1, channels, height, width] holds them; else 0.
  private static func maskChannels(_ others: ArraySlice<[Int]>) -> Int { others.first.map { $0.count == 4 ? $0[1] : 0 } ?? 0 }
}
