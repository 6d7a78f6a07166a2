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
