import NetworkDetection
import NetworkGraph

/// What a network of the library is for.
public enum ModelKind: String, Sendable {
  /// Finds objects: `track --detector`, `detect`.
  case detector
  /// Tells the class of each pixel: `segment`.
  case segmenter
  /// Makes vectors of crops: `track --appearance`.
  case embedder
  /// Features that trainings begin with: `--start`.
  case backbone

  /// By what the file says of itself; networks that are brought from elsewhere say nothing, and are taken for detectors.
  init(_ graph: Graph) {
    switch graph.metadata["layout"] {
    case NetworkSegmenter.layout: self = .segmenter
    case OutputLayout.embedding: self = .embedder
    case OutputLayout.features: self = .backbone
    default: self = .detector
    }
  }

  /// What such a network tells; of a detector only what all of them do.
  var tells: String {
    switch self {
    case .detector: "boxes"
    case .segmenter: "labels"
    case .embedder: "embeddings"
    case .backbone: "features"
    }
  }
}
