import ArgumentParser
import Foundation

/// A mistake in the words of the command line, told with the word that was probably meant.
enum UsageMistake {
  /// The sentence for an unknown option or subcommand; nil for any other mistake.
  ///
  /// - Parameters:
  ///   - message: What the parser says of the mistake.
  ///   - arguments: The words of the command line after the program's name.
  static func sentence(for message: String, arguments: [String], in root: any ParsableCommand.Type) -> String? {
    let (command, rest) = deepest(root, arguments[...])
    if let option = quoted(after: "Unknown option '", in: message), option.hasPrefix("-") {
      return "Unknown option '\(name(of: option))'" + hint(for: name(of: option), among: options(of: command, root))
    }
    let subcommands = command.configuration.subcommands.compactMap { $0.configuration.commandName }
    if let word = rest.first, !subcommands.isEmpty,
      message.contains("Unexpected argument '\(word)'") || message.contains("unexpected arguments: '\(word)'")
    {
      let hint = hint(for: word, among: subcommands + ["help"])
      return "Unknown command '\(word)'" + (hint == "." ? ". There are \(subcommands.joined(separator: ", "))." : hint)
    }
    // The parser names a missing option before an unknown one, which is most often the missing one with a slip.
    let known = options(of: command, root)
    if message.contains("Missing expected argument"),
      let option = rest.first(where: { $0.hasPrefix("--") && !known.contains(name(of: $0)) })
    {
      return "Unknown option '\(name(of: option))'" + hint(for: name(of: option), among: known)
    }
    return nil
  }

  /// An option's name without a value that is joined to it by `=`.
  private static func name(of option: String) -> String { option.split(separator: "=").first.map(String.init) ?? option }

  /// The subcommand that the words lead to, and the words behind it.
  private static func deepest(
    _ command: any ParsableCommand.Type, _ words: ArraySlice<String>
  ) -> (any ParsableCommand.Type, ArraySlice<String>) {
    guard let word = words.first,
      let next = command.configuration.subcommands.first(where: { $0.configuration.commandName == word })
    else { return (command, words) }
    return deepest(next, words.dropFirst())
  }

  private static func hint(for word: String, among known: [String]) -> String {
    NearestWord.of(word, among: known).map { ". Did you mean '\($0)'?" } ?? "."
  }

  /// The long options that the help of a command lists.
  private static func options(of command: any ParsableCommand.Type, _ root: any ParsableCommand.Type) -> [String] {
    root.helpMessage(for: command, columns: 200).matches(of: /--[a-z][a-z0-9-]+/).map { String($0.output) }
  }

  private static func quoted(after words: String, in message: String) -> String? {
    guard let start = message.range(of: words)?.upperBound, let end = message[start...].firstIndex(of: "'") else { return nil }
    return String(message[start..<end])
  }
}
