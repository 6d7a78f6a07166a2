public import ModelFiles
public import NetworkGraph
public import NetworkTraining

/// What a network is trained to do on annotated pictures, so that one loop serves all.
public protocol TrainingTask: Sendable {
  /// The names of the classes.
  var classes: [String] { get }
  /// What it learns from.
  var examples: any ExampleSource { get }
  /// How many pictures it is measured on.
  var measuredCount: Int { get }
  /// What it is, for people: "A detector of oriented boxes".
  var purpose: String { get }
  /// How a model of it is used, for people.
  var use: String { get }
  /// The network with its loss.
  func network(seed: UInt64) throws -> TrainingNetwork
  /// How good trained tensors are on pictures that are not learned from.
  func measure(_ tensors: [String: Tensor], threads: Int) throws -> TrainingScores
  /// The trained network, with an input as large as the largest pictures, and what its file tells of itself.
  func graph(_ tensors: [String: Tensor]) throws -> Graph
}

/// A measurement: one ratio a class, and their mean.
public struct TrainingScores: Sendable, Equatable {
  /// One class.
  public struct Row: Sendable, Equatable {
    /// The class's name.
    public let name: String
    /// How much truth there was: boxes or pixels.
    public let count: Int
    /// nil where there was no truth.
    public let value: Double?
  }

  /// What the ratios are: `AP50` or `IoU`.
  public let metric: String
  /// The classes in their order.
  public let rows: [Row]
  /// Over the classes with truth; nil where there are none.
  public let mean: Double?
}
