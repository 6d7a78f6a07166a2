/// A network: nodes with an operation, in an order in which every node follows those that it needs.
///
/// Values are numbered; a value is made by exactly one node, or is an input, a constant, or captured from the graph around this one.
public struct Graph: Sendable {
  /// The name that the file gives it, for messages.
  public var name: String
  /// The version of each operator set by its domain; "" is ONNX's own.
  public var operatorSets: [String: Int]
  /// Text by key that the file carries, such as class names.
  public var metadata: [String: String] = [:]
  /// All values; nodes name them by their places in this list.
  public var values: [Value] = []
  /// The operations, every one behind those that it needs.
  public var nodes: [Node] = []
  /// Values that the caller gives, in the file's order.
  public var inputs: [Int] = []
  /// Values that the caller gets, in the file's order.
  public var outputs: [Int] = []
  /// Values of the graph around this one that it sees; empty in the outermost graph.
  public var captures: [Capture] = []

  /// A value that a graph inside a node takes from the graph around it.
  public struct Capture: Sendable {
    /// The value's number in this graph.
    public let inner: Int
    /// Its number in the graph around it.
    public let outer: Int
  }

  /// A graph without nodes and values.
  public init(name: String, operatorSets: [String: Int]) {
    self.name = name
    self.operatorSets = operatorSets
  }

  /// The number of a value by its name.
  public func value(named name: String) -> Int? { values.firstIndex { $0.name == name } }
}
