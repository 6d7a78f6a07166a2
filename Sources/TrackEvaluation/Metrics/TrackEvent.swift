import Geometry

/// A moment at which a result loses hold of a truth object.
public struct TrackEvent: Sendable, Equatable {
  /// What happens.
  public enum Kind: String, Sendable, CaseIterable {
    /// A truth id is matched to another result id than the last time.
    case identitySwitch = "switch"
    /// A truth id is matched again after frames without a match.
    case fragmentation
  }

  /// What happens.
  public var kind: Kind
  /// The frame, counted from 0 at the first one evaluated (`TrackSequenceEvaluation.firstFrame`).
  public var frame: Int
  /// The truth object's id as its file gives it, like the result's ids.
  public var truthID: Int
  /// The result id before; the same as `resultID` where a track was only interrupted.
  public var previousResultID: Int
  /// The result id from this frame on.
  public var resultID: Int
  /// The truth object's box and the box that it is matched to, pixels, where the files have boxes in the picture.
  public var truthBox: OrientedBox?
  /// The box that the truth object is matched to from this frame on, pixels, likewise.
  public var resultBox: OrientedBox?

  /// An event whose boxes are not known.
  public init(kind: Kind, frame: Int, truthID: Int, previousResultID: Int, resultID: Int) {
    self.kind = kind
    self.frame = frame
    self.truthID = truthID
    self.previousResultID = previousResultID
    self.resultID = resultID
  }

  /// Fills in both boxes from those that were compared.
  mutating func findBoxes(_ truth: TrackIdentities, _ result: TrackIdentities, _ measurer: SimilarityMeasurer) {
    truthBox = truth.box(of: truthID, inFrame: frame).flatMap { measurer.truthBox($0) }
    resultBox = result.box(of: resultID, inFrame: frame).flatMap { measurer.resultBox($0) }
  }
}
