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
