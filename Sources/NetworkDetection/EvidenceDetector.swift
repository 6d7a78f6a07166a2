public import Detection
public import Geometry
internal import ModelFiles
internal import NetworkGraph
public import NetworkPrograms

/// What a detector's network looks at.
public enum NetworkSight: String, Sendable {
  /// The picture in colour.
  case picture
  /// What the motion detector goes by (`MotionDetector.evidence`): such a network finds what moves, of whatever kind.
  case motion

  /// The key under which files say so; without it they look at pictures.
  public static let key = "sextant.sight"

  /// - Throws: `NetworkError` for a word that this program does not know.
  init(_ metadata: [String: String]) throws {
    let text = metadata[NetworkSight.key] ?? NetworkSight.picture.rawValue
    guard let sight = NetworkSight(rawValue: text) else {
      throw NetworkError(.unsupported, "The network looks at '\(text)', which this version does not know.")
    }
    self = sight
  }

  /// What the network of a file looks at; nil for a file that cannot be used, which is told of where it is opened.
  public init?(path: String) {
    // The file alone: its graph is made where the network is opened.
    guard let model = try? ONNXReader.model(path: path), let sight = try? NetworkSight(model.metadata) else { return nil }
    self = sight
  }
}

/// Finds what moves by a network that looks at what the motion detector goes by, together with that one's rules where the network's file
/// tells how (`RuleCombination`). One thread at a time may use it.
public struct EvidenceDetector: Detector {
  public let classes: [String]
  public var needsChroma: Bool { motion.needsChroma }
  public var finestWidth: Int? { combination == nil ? nil : motion.finestWidth }
  private var motion: MotionDetector
  private let network: NetworkDetector
  /// What the network saw in the frame before; nil at the beginning of a scene.
  private var former: FrameFeatures?
  private let calibration: ScoreCalibration?
  private let findsMasks: Bool
  private let combination: RuleCombination?

  /// Boxes below this score, of the network's own, are not looked at: most that moves is scenery, and the tracker tells what lasts.
  package static let leastScore = 0.05
  /// The pixels of the rules' region are those of a box that has at least this IoU with theirs, by hulls.
  private static let sameExtent = 0.5

  /// - Parameters:
  ///   - network: One whose `sight` is `motion`.
  ///   - settings: Of the motion detector that makes the evidence.
  ///   - threads: Of oneDNN's kernels; their number changes no result.
  ///   - type: What the network is computed in.
  ///   - findsMasks: Whether detections have masks, which nothing else depends on.
  /// - Throws: As `NetworkDetector` and `MotionDetector` do.
  public init(
    _ network: DetectorNetwork, settings: MotionDetectorSettings = MotionDetectorSettings(), threads: Int, type: ProgramType = .f32,
    findsMasks: Bool = false
  ) throws {
    var settings = settings
    // The evidence is the same without what only makes boxes of it.
    if network.combination == nil { settings.cues.spots = false }
    motion = try MotionDetector(settings: settings, findsMasks: findsMasks && network.combination != nil, keepsEvidence: true)
    self.network = try NetworkDetector(network, threads: threads, type: type)
    (classes, calibration, combination) = (network.classes, network.calibration, network.combination)
    self.findsMasks = findsMasks
  }

  public var memory: (any Encodable)? {
    network.mixesTime ? Memory(motion: motion.memory, former: former) : motion.memory
  }

  public mutating func recall(from decoder: any Decoder) throws {
    guard network.mixesTime else { return try motion.recall(from: decoder) }
    let memory = try decoder.container(keyedBy: Memory.Key.self)
    former = try memory.decodeIfPresent(FrameFeatures.self, forKey: .former)
    try motion.recall(from: memory.superDecoder(forKey: .motion))
  }

  /// What goes on from frame to frame of rules and network.
  private struct Memory: Encodable {
    enum Key: CodingKey { case former, motion }
    let motion: (any Encodable)?
    let former: FrameFeatures?

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      try container.encodeIfPresent(former, forKey: .former)
      try motion?.encode(to: container.superEncoder(forKey: .motion))
    }
  }

  /// What moves, in displayed pixels; nothing in the first frame of a scene.
  public mutating func detect(_ input: DetectionInput) throws -> [DetectedBox] {
    let rules = try motion.detect(input)
    guard let evidence = motion.evidence else {
      former = nil
      return []
    }
    let (x, y) = (
      Double(input.displayWidth) / Double(evidence.width), Double(input.displayHeight) / Double(evidence.height)
    )
    let size = (input.displayWidth, input.displayHeight)
    let seen = try network.detect(
      in: evidence, after: &former, minimumScore: Self.leastScore, masksOf: findsMasks ? size : nil)
    let learned = seen.map { found in
      DetectedBox(
        box: GaussianBox(found.box).scaled(x: x, y: y), score: min(1, calibration?.probability(found.score) ?? found.score),
        classIndex: found.classIndex, centerCovariance: found.centerCovariance?.scaled(x: x, y: y), mask: found.mask)
    }
    var boxes = combination.map { EvidenceDetector.joined(rules, learned, by: $0) } ?? learned
    for index in boxes.indices {
      boxes[index].index = index
      if findsMasks, boxes[index].mask == nil {
        boxes[index].mask = try motion.mask(of: boxes[index].box, width: input.displayWidth, height: input.displayHeight)
      }
    }
    return boxes
  }

  /// What rules and network show together: the rules' boxes, then what the network alone finds, each in their order.
  static func joined(_ rules: [DetectedBox], _ learned: [DetectedBox], by combination: RuleCombination) -> [DetectedBox] {
    let mine = rules.map { RuleCombination.Found(box: $0.box, probability: $0.score) }
    let theirs = learned.map { RuleCombination.Found(box: $0.box, probability: $0.score) }
    let boxes = RuleCombination.places(rules: mine, network: theirs).map { place in
      var box: DetectedBox
      switch place {
      case .both(let i, let j): box = EvidenceDetector.both(rules[i], learned[j], combination)
      case .rules(let i, _): box = rules[i]
      case .network(let j, _): box = learned[j]
      }
      box.score = combination.probability(place, rules: mine, network: theirs)
      return box
    }
    return boxes.filter { $0.score >= MotionDetector.leastScore }
  }

  /// A box between two. Its centre is no more exact than theirs in the mean: their errors are partly the same, the evidence's.
  private static func both(_ rules: DetectedBox, _ learned: DetectedBox, _ combination: RuleCombination) -> DetectedBox {
    var box = rules
    box.classIndex = learned.classIndex
    let share = combination.share(rules.score)
    box.box = RuleCombination.box(rules.box, learned.box, share: share)
    if let a = rules.centerCovariance, let b = learned.centerCovariance {
      box.centerCovariance = SymmetricMatrix2(
        xx: (1 - share) * a.xx + share * b.xx, xy: (1 - share) * a.xy + share * b.xy, yy: (1 - share) * a.yy + share * b.yy)
    }
    let overlap = rules.box.orientedBox.hull.iou(with: box.box.orientedBox.hull)
    if overlap < sameExtent { box.mask = learned.mask }
    return box
  }
}
