/// What is wrong with a network or with what it was given: one sentence with the node or value, the fault and the way out.
public struct NetworkError: Error, Equatable, Sendable, CustomStringConvertible {
  public enum Code: Sendable {
    /// The network uses what is not supported; the node is named.
    case unsupported
    /// The network contradicts itself, or a node cannot take its inputs.
    case invalid
    /// What the caller gave does not fit the network: an input's name, shape or type.
    case input
  }
  public let code: Code
  public let description: String

  public init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}
