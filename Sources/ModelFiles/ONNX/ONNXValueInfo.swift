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
