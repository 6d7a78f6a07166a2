public import ModelFiles

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
