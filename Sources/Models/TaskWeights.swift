/// How much each part of a detector's loss counts.
public enum TaskWeights: String, Sendable, CaseIterable, Codable {
  /// Numbers that stay: those of `DetectorLoss`.
  case fixed
  /// A recursive mix (`RecursiveMix`) of centres, boxes, angles where they are learned, uncertainties, masks, a teacher's features and looks where they are: the centres have half of the pull, and each
  /// part that follows half of what is left.
  case recursive
}
