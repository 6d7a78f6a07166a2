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

/// Finds what moves by a network that looks at what the motion detector goes by. One thread at a time may use it.
public struct EvidenceDetector: Detector {
  public let classes: [String]
  public var needsChroma: Bool { motion.needsChroma }
  private var motion: MotionDetector
  private let network: NetworkDetector
  private let calibration: ScoreCalibration?
  private let findsMasks: Bool

  /// Boxes below this score, of the network's own, are not looked at: most that moves is scenery, and the tracker tells what lasts.
  private static let leastScore = 0.05

  /// - Parameters:
  ///   - network: One whose `sight` is `motion`.
  ///   - settings: Of the motion detector that makes the evidence.
  ///   - threads: Of oneDNN's kernels; their number changes no result.
  ///   - type: What the network is computed in.
  ///   - findsMasks: Whether detections have masks, where the network tells some.
  /// - Throws: As `NetworkDetector` and `MotionDetector` do.
  public init(
    _ network: DetectorNetwork, settings: MotionDetectorSettings = MotionDetectorSettings(), threads: Int, type: ProgramType = .f32,
    findsMasks: Bool = false
  ) throws {
    motion = try MotionDetector(settings: EvidenceDetector.settings(settings), keepsEvidence: true)
    self.network = try NetworkDetector(network, threads: threads, type: type)
    (classes, calibration, self.findsMasks) = (network.classes, network.calibration, findsMasks)
  }

  /// The evidence is the same without what only makes boxes of it.
  package static func settings(_ settings: MotionDetectorSettings) -> MotionDetectorSettings {
    var settings = settings
    settings.cues.spots = false
    return settings
  }

  public var memory: (any Encodable)? { motion.memory }

  public mutating func recall(from decoder: any Decoder) throws { try motion.recall(from: decoder) }

  /// What moves, in displayed pixels, by falling scores; nothing in the first frame of a scene.
  public mutating func detect(_ input: DetectionInput) throws -> [DetectedBox] {
    _ = try motion.detect(input)
    guard let evidence = motion.evidence else { return [] }
    let (x, y) = (
      Double(input.displayWidth) / Double(evidence.width), Double(input.displayHeight) / Double(evidence.height)
    )
    let size = (input.displayWidth, input.displayHeight)
    return try network.detect(in: evidence, minimumScore: Self.leastScore, masksOf: findsMasks ? size : nil).enumerated().map {
      index, found in
      let box = GaussianBox(found.box)
      return DetectedBox(
        box: GaussianBox(mean: Point(box.mean.x * x, box.mean.y * y), covariance: box.covariance.scaled(x, y)),
        score: min(1, calibration?.probability(found.score) ?? found.score), classIndex: found.classIndex,
        centerCovariance: found.centerCovariance?.scaled(x, y), index: index, mask: found.mask)
    }
  }
}

extension SymmetricMatrix2 {
  /// Of a vector whose parts are multiplied by two numbers.
  fileprivate func scaled(_ x: Double, _ y: Double) -> SymmetricMatrix2 {
    SymmetricMatrix2(xx: xx * x * x, xy: xy * x * y, yy: yy * y * y)
  }
}
