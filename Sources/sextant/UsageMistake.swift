import ArgumentParser
import Foundation

/// A mistake in the words of the command line, told with the word that was probably meant.
enum UsageMistake {
  /// The sentence for a mistake; nil where there is none, as for a wish for help.
  ///
  /// - Parameters:
  ///   - message: What the parser says of the mistake.
  ///   - arguments: The words of the command line after the program's name.
  static func sentence(for message: String, arguments: [String], in root: any ParsableCommand.Type) -> String? {
    let (command, rest) = deepest(root, arguments[...])
    // A command with subcommands takes no other words; the parser may complain of an option behind a misspelt one first.
    let subcommands = command.configuration.subcommands.compactMap { $0.configuration.commandName }
    if let word = rest.first, !subcommands.isEmpty, !word.hasPrefix("-"), word != "help" {
      let hint = NearestWord.hint(for: word, among: subcommands + ["help"])
      return "there is no command '\(word)'" + (hint.isEmpty ? "; there are \(subcommands.joined(separator: ", "))" : hint)
    }
    if let option = quoted(after: "Unknown option '", in: message), option.hasPrefix("-") {
      return "there is no option '\(name(of: option))'" + NearestWord.hint(for: name(of: option), among: options(of: command, root))
    }
    if let option = quoted(after: "Missing value for '", in: message).map({ $0.prefix { $0 != " " } }),
      let place = arguments.firstIndex(of: String(option)), place + 1 < arguments.count, Double(arguments[place + 1]) != nil
    {
      return "\(option) \(arguments[place + 1]): a value that begins with a minus is joined to its option, as in "
        + "\(option)=\(arguments[place + 1])"
    }
    // The parser names a missing option before an unknown one, which is most often the missing one with a slip.
    let known = options(of: command, root)
    if message.contains("Missing expected argument"),
      let option = rest.first(where: { $0.hasPrefix("--") && !known.contains(name(of: $0)) })
    {
      return "there is no option '\(name(of: option))'" + NearestWord.hint(for: name(of: option), among: known)
    }
    return parsers(message)
  }

  /// The parser's own sentence in our grammar; nil where it made none.
  private static func parsers(_ message: String) -> String? {
    let start = "Error: "
    guard message.hasPrefix(start), let line = message.dropFirst(start.count).split(separator: "\n").first else { return nil }
    let sentence = line.hasSuffix(".") ? line.dropLast() : line
    // An option keeps its case, a first word does not.
    let isWord = sentence.first?.isUppercase ?? false && sentence.dropFirst().first?.isLowercase ?? false
    return isWord ? sentence.prefix(1).lowercased() + sentence.dropFirst() : String(sentence)
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

  /// The long options that the help of a command lists.
  private static func options(of command: any ParsableCommand.Type, _ root: any ParsableCommand.Type) -> [String] {
    root.helpMessage(for: command, columns: 200).matches(of: /--[a-z][a-z0-9-]+/).map { String($0.output) }
  }

  private static func quoted(after words: String, in message: String) -> String? {
    guard let start = message.range(of: words)?.upperBound, let end = message[start...].firstIndex(of: "'") else { return nil }
    return String(message[start..<end])
  }
}
