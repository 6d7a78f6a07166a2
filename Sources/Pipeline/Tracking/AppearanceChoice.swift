import Appearance
import Detection
import Geometry
import Imaging
import NetworkGraph
import NetworkPrograms

/// What tells a run how its detections look.
public enum AppearanceChoice: Sendable, Equatable {
  /// Nothing does.
  case none
  /// Histograms of hue and value in three stripes.
  case stripes
  /// The detector's own embeddings: a network of `train detector --embedding`.
  case detector
  /// A network that makes embeddings of crops, in an ONNX file.
  case network(String)

  /// The words that stand for no file.
  static let named = ["none", "stripes", "detector"]

  /// What is wrong with a detector that is asked how objects look.
  static let tellsNoLooks =
    "tells how objects look only where it comes from 'sextant train detector --embedding'; give one that does, or stripes or a network of crops in the place "
    + "of detector"

  /// What a setting names; nil for what is neither a word, nor a model of the library, nor a network's file by the end of its name.
  init?(_ text: String, library: ModelLibrary = .standard()) {
    switch text {
    case "none": self = .none
    case "stripes": self = .stripes
    case "detector": self = .detector
    default:
      let path = library.path(of: text)
      guard [".onnx", ".onnx.gz"].contains(where: path.lowercased().hasSuffix) else { return nil }
      self = .network(path)
    }
  }

  /// The file that it is read from; nil for none.
  var file: String? { if case .network(let path) = self { path } else { nil } }

  /// As it is named in settings; nil for nothing.
  var name: String? {
    switch self {
    case .none: nil
    case .stripes: "stripes"
    case .detector: "detector"
    case .network(let path): path
    }
  }
}

extension TrackRequest {
  /// Whether anything looks at the detections: the tracker, or who names them by examples.
  var looksAtDetections: Bool { appearance != .none || examples != nil }

  /// Looks are taken from pictures, of detections.
  func checkAppearance() throws(TrackSettingError) {
    guard looksAtDetections else { return }
    let name = appearance != .none ? "appearance" : "examples"
    if inputs.isEmpty {
      throw TrackSettingError(setting: name, problem: "needs pictures to see how detections look: name the video too")
    }
    if target.isAsked {
      let rival = target.picture != nil ? "target_image" : target.box != nil ? "target" : "target_point"
      throw TrackSettingError(
        setting: name, excludes: rival, "a target is followed alone, and by its own looks; leave one of the two out")
    }
    guard appearance == .detector else { return }
    guard case .network = detector else {
      throw TrackSettingError(
        setting: "appearance", problem: "detector: the detector \(AppearanceChoice.tellsNoLooks); here it is \(detector.name)")
    }
    guard examples == nil else {
      throw TrackSettingError(
        setting: "appearance", excludes: "examples",
        "examples are crops, and a detector's embeddings are of objects within pictures; give stripes or a network of crops")
    }
  }
}

/// What a run asks of its detections' looks, read and checked before any output is touched.
struct DetectionLooks: Sendable {
  /// nil: the detector tells them.
  private let kind: AppearanceKind?
  private let threads: Int
  private let tellsTracker: Bool
  private let examples: ExampleClasses?
  /// What a user should know of the examples.
  let warnings: [String]

  /// The names of the examples' classes, which stand in the place of the detector's; nil without examples.
  var classes: [String]? { examples?.classes }

  /// Nil where nobody asks.
  ///
  /// - Throws: `NetworkError` and `ModelFileError` for a network, `ExampleError` for examples.
  init?(_ request: TrackRequest) throws {
    guard request.looksAtDetections else { return nil }
    let network = try request.appearance.file.map { AppearanceKind.network(try DetectionLooks.network($0)) }
    threads = request.threads
    tellsTracker = request.appearance != .none
    guard let folder = request.examples else {
      kind = request.appearance == .detector ? nil : network ?? .stripes
      (examples, warnings) = (nil, [])
      return
    }
    let chosen = network ?? .stripes
    kind = chosen
    let (found, problems) = try ExampleClasses.read(folder, by: AppearanceEmbedder(chosen, threads: threads))
    (examples, warnings) = (found, problems)
  }

  private static func network(_ path: String) throws -> EmbedderNetwork {
    do {
      return try EmbedderNetwork(GraphImporter.graph(path: path))
    } catch let error as NetworkError {
      throw NetworkError(error.code, "\(path): \(error.description)")
    }
  }

  /// One thread's.
  ///
  /// - Returns: nil where the detector looks for itself.
  func makeObserver() throws -> DetectionObserver? {
    guard let kind else { return nil }
    return DetectionObserver(
      embedder: try AppearanceEmbedder(kind, threads: threads), tellsTracker: tellsTracker, examples: examples)
  }
}

/// Looks at detections in pictures. One thread at a time may use it.
struct DetectionObserver {
  fileprivate let embedder: AppearanceEmbedder
  fileprivate let tellsTracker: Bool
  fileprivate let examples: ExampleClasses?

  /// Whether it names detections, which then count by these names.
  var namesDetections: Bool { examples != nil }

  /// The detections with their looks, and with their classes where there are examples: then those of which nothing is seen are left out.
  ///
  /// - Throws: `NetworkError` or `ImagingError` for what fails.
  func look(at detections: [DetectedBox], in picture: Image) throws -> [DetectedBox] {
    guard !detections.isEmpty else { return [] }
    let found = try embedder.embeddings(of: detections.map(\.box), in: picture)
    return zip(detections, found).compactMap { detection, embedding in
      var seen = detection
      if tellsTracker { seen.embedding = embedding }
      guard let examples else { return seen }
      guard let embedding else { return nil }
      seen.classIndex = examples.classIndex(of: embedding)
      return seen
    }
  }
}
