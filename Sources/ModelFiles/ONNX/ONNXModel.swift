/// An ONNX file as it is written, before it is understood as a network. Field numbers: `onnx.proto` of ONNX 1.23 (onnx.ai).
public struct ONNXModel: Sendable {
  /// The version of the format itself (`ir_version`).
  public var irVersion: Int64 = 0
  /// The program that wrote the file, for messages.
  public var producer = ""
  /// The version of each operator set by its domain; "ai.onnx" is written "".
  public var operatorSets: [String: Int] = [:]
  /// Text by key (`metadata_props`).
  public var metadata: [String: String] = [:]
  /// Functions that the file defines itself; a node that calls one is refused.
  public var functionCount = 0
  /// The outermost graph.
  public var graph = ONNXGraph()

  /// A model without nodes.
  public init() {}
}

/// A graph as the file has it: nodes that are joined by the names of values (`GraphProto`).
public struct ONNXGraph: Sendable {
  /// The graph's name, for messages.
  public var name = ""
  /// The nodes in the file's order, which ONNX asks to be one in which they can run.
  public var nodes: [ONNXNode] = []
  /// The stored weights; their names are those of the values that they give.
  public var initializers: [ONNXTensor] = []
  /// How many weights are stored sparse; a graph with any is refused.
  public var sparseInitializerCount = 0
  /// What the graph takes; old files list their weights here too.
  public var inputs: [ONNXValueInfo] = []
  /// What the graph gives, in the caller's order.
  public var outputs: [ONNXValueInfo] = []
}

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

/// The name, type and shape of a graph's input or output.
public struct ONNXValueInfo: Sendable {
  /// The size of an axis.
  public enum Size: Sendable, Equatable {
    case fixed(Int)
    /// A name that stands for the same size wherever it occurs; empty: any size.
    case symbol(String)
  }
  /// The value's name.
  public var name = ""
  /// nil where the file says nothing, or names a type that is not read.
  public var type: ElementType?
  /// No tensor but a list or the like, or a tensor of a type that is not read, such as text.
  public var isUnread = false
  /// nil: any number of axes.
  public var shape: [Size]?

  /// - Parameters:
  ///   - type: nil where nothing is said.
  ///   - shape: nil for any number of axes.
  public init(name: String = "", type: ElementType? = nil, shape: [Size]? = nil) {
    self.name = name
    self.type = type
    self.shape = shape
  }
}
