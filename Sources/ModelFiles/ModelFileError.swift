/// What is wrong with a file of a network or of arrays: one sentence with the file, the fault and the way out.
public struct ModelFileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What a caller can tell errors apart by; the sentence is for people.
  public enum Code: Sendable {
    /// The file is not there, or may not be read.
    case cannotOpen
    /// The file's bytes do not follow its format.
    case malformed
    /// The format is followed, but this part of it is not read.
    case unsupported
    /// More than the limits of `ModelLimits` allow.
    case tooLarge
    /// The file cannot be written.
    case cannotWrite
  }
  /// What kind of fault it is.
  public let code: Code
  /// The sentence for people, with the file's name where there is a file.
  public let description: String

  /// - Parameter description: One sentence: file, fault, and what to do.
  public init(_ code: Code, _ description: String) {
    self.code = code
    // Names of tensors are text from the file: a message stays on its line.
    self.description = String(description.map { $0.isNewline ? "?" : $0 })
  }

  static func malformed(_ text: String) -> ModelFileError { ModelFileError(.malformed, text) }
  static func tooLarge(_ text: String) -> ModelFileError { ModelFileError(.tooLarge, text) }
}
