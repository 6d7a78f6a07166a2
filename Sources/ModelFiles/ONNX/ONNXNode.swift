/// One operation as the file has it (`NodeProto`).
public struct ONNXNode: Sendable {
  /// Names of values; an empty one is an optional input that is left out.
  public var inputs: [String] = []
  /// Names of the values that it makes; an empty one is an optional output that nobody reads.
  public var outputs: [String] = []
  /// The node's own name, for messages; often empty.
  public var name = ""
  /// The operator's name, such as `Conv` (`op_type`).
  public var operation = ""
  /// The operator set that defines it; "ai.onnx" is written "".
  public var domain = ""
  /// Its fixed arguments in the file's order.
  public var attributes: [ONNXAttribute] = []

  /// A node without operation, inputs and outputs.
  public init() {}
}

/// A fixed argument of a node (`AttributeProto`).
public struct ONNXAttribute: Sendable {
  /// What an argument holds.
  public enum Value: Sendable {
    case float(Float), integer(Int64), string(String), tensor(ONNXTensor), graph(ONNXGraph)
    case floats([Float]), integers([Int64]), strings([String])
    /// A kind that no operator that is read has: lists of tensors and graphs, types, references.
    case other(Int64)
  }
  /// The argument's name as the operator's definition has it.
  public var name = ""
  /// What it holds; kind 0 until the file has said more.
  public var value = Value.other(0)
}
