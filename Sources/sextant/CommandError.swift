/// A mistake in what the command was asked to do, as one sentence with its exit code.
struct CommandError: Error, CustomStringConvertible, Equatable {
  let code: ExitStatus
  let description: String

  static func usage(_ text: String) -> CommandError { CommandError(code: .usage, description: text) }
  static func malformed(_ text: String) -> CommandError { CommandError(code: .malformed, description: text) }
  static func missingInput(_ text: String) -> CommandError { CommandError(code: .missingInput, description: text) }
}
