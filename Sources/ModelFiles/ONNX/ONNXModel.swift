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
