public import ModelFiles

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

/// A value that flows between nodes.
public struct Value: Sendable {
  /// The name that the file gives it; unique in its graph.
  public var name: String
  /// As the file declares it; nil where it says nothing.
  public var type: ElementType?
  /// As the file declares it; nil where it says nothing.
  public var shape: [Size]?
  /// The numbers of a weight or of what is computed from weights alone.
  public var constant: Tensor?

  /// - Parameters:
  ///   - type: nil where nothing is said.
  ///   - shape: nil where nothing is said.
  ///   - constant: The numbers of a weight.
  public init(name: String, type: ElementType? = nil, shape: [Size]? = nil, constant: Tensor? = nil) {
    self.name = name
    self.type = type
    self.shape = shape
    self.constant = constant
  }
}

/// The size of an axis.
public enum Size: Sendable, Equatable, CustomStringConvertible {
  case fixed(Int)
  /// The same size wherever the name occurs in one run.
  case symbol(String)
  case any

  /// The size, its symbol, or `?`.
  public var description: String {
    switch self {
    case .fixed(let size): String(size)
    case .symbol(let name): name
    case .any: "?"
    }
  }
}

/// One operation with the values that it reads and makes.
public struct Node: Sendable {
  /// The name that the file gives it, for messages; often empty.
  public var name: String
  /// The operator's name, such as `Conv`.
  public var operation: String
  /// The operator set that defines the operation; "" is ONNX's own.
  public var domain: String
  /// The version of that operator set, which decides what the operation means.
  public var version: Int
  /// nil: an optional input that is left out.
  public var inputs: [Int?]
  /// nil: an optional output that nobody reads.
  public var outputs: [Int?]
  /// The fixed arguments by name.
  public var attributes: [String: Attribute]

  /// - Parameters:
  ///   - domain: The operator set; "" is ONNX's own.
  ///   - version: That set's version.
  ///   - inputs: Places of values; nil for an optional one that is left out.
  ///   - outputs: Places of values; nil for an optional one that nobody reads.
  public init(
    name: String, operation: String, domain: String = "", version: Int, inputs: [Int?], outputs: [Int?],
    attributes: [String: Attribute] = [:]
  ) {
    self.name = name
    self.operation = operation
    self.domain = domain
    self.version = version
    self.inputs = inputs
    self.outputs = outputs
    self.attributes = attributes
  }

  /// The node in a message: its operation, and its name where it has one.
  public var label: String {
    let operation = domain.isEmpty ? operation : "\(domain).\(operation)"
    return name.isEmpty ? "the node \(operation)" : "node '\(name)' (\(operation))"
  }
}

/// A fixed argument of an operation.
public enum Attribute: Sendable {
  case float(Float), integer(Int64), string(String), tensor(Tensor), graph(Graph)
  case floats([Float]), integers([Int64]), strings([String])
}
