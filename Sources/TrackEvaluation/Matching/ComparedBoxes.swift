import Geometry
import Records

/// The boxes of both sides of a sequence in the form that a measure takes, frame after frame.
enum ComparedBoxes: Sendable {
  case upright(truth: AxisBoxColumn, result: AxisBoxColumn)
  case oriented(truth: [OrientedBox], result: [OrientedBox])
  case gaussian(truth: [GaussianBox], result: [GaussianBox])
  case masks(truth: [MaskRuns], result: [MaskRuns])

  /// Brings the boxes of two sides into the form for a measure; upright files are taken over without a copy.
  ///
  /// Masks do not come from boxes: that measure compares the boxes' hulls here.
  init(truth: GroupedBoxes, result: GroupedBoxes, _ similarity: TrackSimilarity) {
    switch similarity {
    case .iou, .mask:
      self = .upright(truth: Self.upright(truth), result: Self.upright(result))
    case .rotatedIoU:
      self = .oriented(truth: Self.oriented(truth), result: Self.oriented(result))
    case .birdsEye:
      self = .oriented(truth: Self.ground(truth), result: Self.ground(result))
    case .probIoU:
      self = .gaussian(
        truth: Self.oriented(truth).map { GaussianBox($0) }, result: Self.oriented(result).map { GaussianBox($0) })
    }
  }

  private static func upright(_ boxes: GroupedBoxes) -> AxisBoxColumn {
    boxes.isOriented ? AxisBoxColumn(boxes.orientedBoxes.map(\.hull)) : boxes.axisBoxes
  }

  private static func oriented(_ boxes: GroupedBoxes) -> [OrientedBox] {
    boxes.isOriented ? boxes.orientedBoxes : (0..<boxes.count).map { boxes.orientedBox($0) }
  }

  private static func ground(_ boxes: GroupedBoxes) -> [OrientedBox] { boxes.spatialBoxes.map(\.ground) }
}
