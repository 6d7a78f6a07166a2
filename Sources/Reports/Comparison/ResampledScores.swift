import Geometry

/// The scores of one result on any choice of the parts (sequences, images) that it was measured on: what a bootstrap draws from.
public protocol ResampledScores: Sendable {
  /// What is scored, in the order of `scores(_:)`.
  var names: [ScoreName] { get }

  /// The number of parts.
  var count: Int { get }

  /// Whether a score is a ratio, which people read in per cent.
  func isRatio(_ name: ScoreName) -> Bool

  /// The scores on a choice of parts, given by how often each occurs in it; a score that the choice does not define is not a number.
  func scores(_ occurrences: [Int]) -> [Double]
}

/// The name of a score: which class (or object, or relation) it is of, and which figure.
public struct ScoreName: Sendable, Hashable {
  /// nil where it is of everything.
  public var subject: String?
  /// The figure under the name that tables give it.
  public var field: String

  /// A figure of one subject, or of everything.
  public init(_ field: String, of subject: String? = nil) {
    self.subject = subject
    self.field = field
  }

  /// The per cent that stand in a name, such as AP50: of a share, rounded.
  package static func percent(_ share: Double) -> Int { Int(bounded: (share * 100).rounded(), in: 0...100) }
}

extension ResampledScores {
  /// The scores on the parts as they are.
  public var whole: [Double] { scores(Array(repeating: 1, count: count)) }
}

extension Array<Double> {
  /// The mean; not a number for none, as a score that a choice of parts does not define.
  package var meanOrNaN: Double { isEmpty ? .nan : reduce(0, +) / Double(count) }
}
