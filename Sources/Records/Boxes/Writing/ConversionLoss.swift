/// One sentence about what a conversion between formats left out or changed.
public struct ConversionLoss: Sendable, Hashable, CustomStringConvertible {
  /// The sentence, without its full stop.
  public var description: String

  /// - Parameter description: One sentence without its full stop.
  public init(_ description: String) { self.description = description }
}

extension BoxFormat {
  /// What the format's writer keeps.
  var columns: Set<BoxColumn> {
    switch self {
    case .mot: [.identity, .confidence, .rawScore, .className, .considered, .visibility, .worldPosition]
    case .motOriented: [.orientation, .identity, .confidence, .rawScore, .className, .considered, .truncation, .corners]
    case .centerAngle: [.orientation, .identity, .confidence, .rawScore, .className, .considered, .visibility]
    case .kitti: [.identity, .confidence, .rawScore, .className, .truncation, .occlusion, .spatial]
    case .ab3dmot: [.confidence, .rawScore, .className, .spatial]
    case .uavdt: [.identity, .className, .considered, .visibility, .occlusion]
    case .sextant: [.orientation, .identity, .confidence, .className, .mask]
    case .csv: [.orientation, .identity, .confidence, .className, .centerCovariance]
    case .dota: [.orientation, .className, .difficult, .corners, .image]
    case .dotaResults: [.orientation, .confidence, .className, .corners, .image]
    case .yolo: [.confidence, .className, .image]
    case .yoloOriented: [.orientation, .confidence, .className, .corners, .image]
    case .coco: [.identity, .confidence, .className, .difficult, .area, .mask, .image]
    case .cocoVID: [.identity, .confidence, .className, .difficult, .area, .mask, .image]
    case .fiftyOne: [.orientation, .identity, .confidence, .className]
    case .cvat, .labelStudio: [.orientation, .identity, .className]
    case .hitUAV: [.orientation, .className, .difficult, .corners, .image]
    case .visDrone, .boxMOT, .kittiObjects, .visDroneDetections, .scalabel, .ultralytics, .supervision, .detect: []
    }
  }
}

extension BoxTable {
  /// Whether the table has a column with something in it.
  func has(_ column: BoxColumn) -> Bool {
    switch column {
    case .orientation: orientedBoxes.contains { $0.angle != 0 }
    case .identity: ids.contains { $0 != -1 }
    // A truth's flags are read as confidences, too; they are not lost where the flags are kept.
    case .confidence: !confidences.isEmpty && considered.isEmpty
    case .rawScore: !rawScores.isEmpty
    case .className: classIndices.contains { $0 >= 0 }
    case .considered: considered.contains(false)
    case .difficult: difficult.contains(true)
    case .visibility: !visibilities.isEmpty
    case .truncation: !truncations.isEmpty
    case .occlusion: !occlusions.isEmpty
    case .spatial: !spatialBoxes.isEmpty
    case .worldPosition: !worldPositions.isEmpty
    case .corners: corners.indices.contains { !corners[$0].areOfRectangle(orientedBoxes[$0]) }
    case .area: areas.indices.contains { !isAreaOfBox($0) }
    case .centerCovariance: centerCovariances.contains { $0 != nil }
    case .mask: masks.contains { $0 != nil }
    case .image: !images.isEmpty
    }
  }

  /// Whether a row's annotated area is but that of its box, up to the rounding of the product.
  private func isAreaOfBox(_ row: Int) -> Bool {
    let box = orientedBox(row)
    return abs(areas[row] - box.area) <= 1e-9 * max(1, abs(box.area))
  }

  /// What writing the table in a format loses, a sentence each, in a fixed order.
  public func losses(writing target: BoxFormat) -> [ConversionLoss] {
    let kept = target.columns
    var losses = leftOut.map { ConversionLoss($0) }
    losses += BoxColumn.allCases.filter { has($0) && !kept.contains($0) }
      .map { ConversionLoss("\(target.rawValue) has no place for \($0.rawValue)") }
    if visibilities.isEmpty == false, kept.contains(.visibility), (format == .uavdt) != (target == .uavdt) {
      losses.append(
        ConversionLoss("visibilities of \(format.rawValue) and \(target.rawValue) mean different things; they are left out"))
    }
    if !occlusions.isEmpty, kept.contains(.occlusion), (format == .uavdt) != (target == .uavdt) {
      losses.append(
        ConversionLoss("occlusions of \(format.rawValue) and \(target.rawValue) mean different things; they are left out"))
    }
    if format != target, (format == .mot) != (target == .mot), !axisBoxes.isEmpty || target == .mot {
      losses.append(
        ConversionLoss("left and top are copied unchanged, though MOTChallenge's first pixel is at (1, 1) and others' at (0, 0)"))
    }
    return losses
  }
}
