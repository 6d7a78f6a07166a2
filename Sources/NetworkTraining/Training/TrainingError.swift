/// What is wrong with a training, its settings or its files: one sentence with the fault and the way out.
public struct TrainingError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The sentence for people.
  public let description: String

  /// - Parameter description: One sentence: what failed, on what, and what to do.
  public init(_ description: String) { self.description = description }
}
