/// What is wrong with a network or with what it was given: one sentence with the node or value, the fault and the way out.
public struct NetworkError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What a caller can tell errors apart by; the sentence is for people.
  public enum Code: Sendable {
    /// The network uses what is not supported; the node is named.
    case unsupported
    /// The network contradicts itself, or a node cannot take its inputs.
    case invalid
    /// What the caller gave does not fit the network: an input's name, shape or type.
    case input
  }
  /// What kind of fault it is.
  public let code: Code
  /// The sentence for people, with the node or value.
  public let description: String

  /// - Parameter description: One sentence: node or value, fault, and what to do.
  public init(_ code: Code, _ description: String) {
    self.code = code
    // Names of nodes are text from the file: a message stays on its line.
    self.description = String(description.map { $0.isNewline ? "?" : $0 })
  }

  /// Works on the network of a file: where that fails, the sentence says which file it is, unless it does already.
  ///
  /// - Throws: What the work throws.
  public static func naming<Result>(_ path: String, _ work: () throws -> Result) throws -> Result {
    do {
      return try work()
    } catch let error as NetworkError where !error.description.contains(path) {
      throw NetworkError(error.code, "cannot use \(path): \(error.description)")
    }
  }
}
