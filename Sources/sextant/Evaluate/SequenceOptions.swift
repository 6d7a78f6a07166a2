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

  var choice: SequenceChoice {
    SequenceChoice(names: sequences.flatMap { $0.split(separator: ",").map(String.init) }, isStrict: strict)
  }
}
