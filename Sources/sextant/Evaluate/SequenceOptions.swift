import ArgumentParser
import Reports

/// Which sequences of folders are evaluated.
struct SequenceOptions: ParsableArguments {
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Only these sequences of the folders, by name, with commas or blanks.", valueName: "name"))
  var sequences: [String] = []

  @Flag(help: "Take a file that one sequence of a folder lacks as an error instead of a warning.")
  var strict = false

  /// - Throws: `CommandError.usage` for `--sequences` without a name.
  func choice() throws -> SequenceChoice {
    SequenceChoice(names: try OptionCheck.names(sequences, of: "--sequences"), isStrict: strict)
  }
}
