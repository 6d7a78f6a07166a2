/// An ONNX file as it is written, before it is understood as a network. Field numbers: `onnx.proto` of ONNX 1.23 (onnx.ai).
public struct ONNXModel: Sendable {
  public var irVersion: Int64 = 0
  public var producer = ""
  /// The version of each operator set by its domain; "ai.onnx" is written "".
  public var operatorSets: [String: Int] = [:]
  public var metadata: [String: String] = [:]
  /// Functions that the file defines itself; a node that calls one is refused.
  public var functionCount = 0
  public var graph = ONNXGraph()

  public init() {}
}

public struct ONNXGraph: Sendable {
  public var name = ""
  public var nodes: [ONNXNode] = []
  public var initializers: [ONNXTensor] = []
  public var sparseInitializerCount = 0
  public var inputs: [ONNXValueInfo] = []
  public var outputs: [ONNXValueInfo] = []
}

public struct ONNXNode: Sendable {
  /// Names of values; an empty one is an optional input that is left out.
  public var inputs: [String] = []
  public var outputs: [String] = []
  public var name = ""
  public var operation = ""
  public var domain = ""
  public var attributes: [ONNXAttribute] = []

  public init() {}
}

public struct ONNXAttribute: Sendable {
  public enum Value: Sendable {
    case float(Float), integer(Int64), string(String), tensor(ONNXTensor), graph(ONNXGraph)
    case floats([Float]), integers([Int64]), strings([String])
    /// A kind that no operator that is read has: lists of tensors and graphs, types, references.
    case other(Int64)
  }
  public var name = ""
  public var value = Value.other(0)
}

/// The name, type and shape of a graph's input or output.
public struct ONNXValueInfo: Sendable {
  public enum Size: Sendable, Equatable {
    case fixed(Int)
    /// A name that stands for the same size wherever it occurs; empty: any size.
    case symbol(String)
  }
  public var name = ""
  /// nil where the file says nothing, or names a type that is not read.
  public var type: ElementType?
  /// No tensor but a list or the like, or a tensor of a type that is not read, such as text.
  public var isUnread = false
  /// nil: any number of axes.
  public var shape: [Size]?

  public init(name: String = "", type: ElementType? = nil, shape: [Size]? = nil) {
    self.name = name
    self.type = type
    self.shape = shape
  }
}
