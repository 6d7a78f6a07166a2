import Geometry

/// A moment at which a result loses hold of a truth object.
public struct TrackEvent: Sendable, Equatable {
  public enum Kind: String, Sendable, CaseIterable {
    /// A truth id is matched to another result id than the last time.
    case identitySwitch = "switch"
    /// A truth id is matched again after frames without a match.
    case fragmentation
  }

  public var kind: Kind
  /// The frame, counted from 0 at the first one evaluated (`TrackSequenceEvaluation.firstFrame`).
  public var frame: Int
  /// The ids as their files give them.
  public var truthID: Int
  /// The result id before; the same as `resultID` where a track was only interrupted.
  public var previousResultID: Int
  public var resultID: Int
  /// The truth box in the picture, where the files have boxes in the picture.
  public var box: OrientedBox?

  public init(kind: Kind, frame: Int, truthID: Int, previousResultID: Int, resultID: Int) {
    self.kind = kind
    self.frame = frame
    self.truthID = truthID
    self.previousResultID = previousResultID
    self.resultID = resultID
  }

  /// Fills in the truth box from the boxes that were compared.
  mutating func findBox(_ truth: TrackIdentities, _ measurer: SimilarityMeasurer) {
    let row = truth.boxes(ofFrame: frame).first { truth.labels[Int(truth.ids[$0])] == truthID }
    box = row.flatMap { measurer.truthBox($0) }
  }
}
