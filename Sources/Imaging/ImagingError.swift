/// Why an operation on an image failed, in one sentence: what was done, and what is wrong.
public struct ImagingError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kinds of failures.
  public enum Code: Sendable {
    /// A size, a parameter or a file's content that cannot be used.
    case invalidArgument
    /// A file that is not there or cannot be opened.
    case missing
    case outOfMemory
    /// OpenCV refused, for a reason that it names.
    case library
  }

  /// The kind of this failure.
  public let code: Code
  /// What was being done, for example "resize to 640×360".
  public let operation: String
  /// What is wrong.
  public let detail: String

  /// - Parameters: As the properties of their names.
  public init(_ code: Code, operation: String, detail: String) {
    self.code = code
    self.operation = operation
    self.detail = detail
  }

  /// The sentence.
  public var description: String { "Cannot \(operation): \(detail)." }
}
