import ArgumentParser
import Foundation

/// The root of the command: one subcommand a file, each parses and checks its options, calls one function and prints.
@main
struct Sextant: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sextant",
    abstract: "Turns video into oriented tracks, and measures how good tracks are.",
    version: ProgramVersion.programText,
    subcommands: [
      TrackCommand.self,
      BatchCommand.self,
      InspectCommand.self,
      RenderCommand.self,
      ViewCommand.self,
      SynthesizeCommand.self,
      EvaluateCommand.self,
      TuneCommand.self,
      ConvertCommand.self,
      CountCommand.self,
      ModelsCommand.self,
      NetworkCommand.self,
      IdentifyCommand.self,
      CalibrateCommand.self,
      DepthCommand.self,
      OrientCommand.self,
      TrainCommand.self,
      DetectCommand.self,
      SegmentCommand.self,
      ForecastCommand.self,
      DoctorCommand.self,
    ])

  static func main() {
    // A reader that goes away, as of a page of help through head, ends nothing in disorder: writing to it fails like any other.
    WaitingThreads.settle(for: Array(CommandLine.arguments.dropFirst()))
    signal(SIGPIPE, SIG_IGN)
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      let arguments = Array(CommandLine.arguments.dropFirst())
      let message = fullMessage(for: error)
      if exitCode(for: error).rawValue == ExitStatus.usage.rawValue,
        let sentence = UsageMistake.sentence(for: message, arguments: arguments, in: Sextant.self)
      {
        // The lines that follow the parser's own sentence tell the usage; its help is that of an argument which may not be at fault.
        let rest = message.split(separator: "\n").dropFirst().filter { !$0.hasPrefix("Help:") }
        StandardError.write(["sextant: " + sentence] + rest.map(String.init))
        exit(withError: ExitStatus.usage.exitCode)
      }
      exit(withError: error)
    }
  }
}

/// The version of the program, as `--version` and the header of a stream give it.
enum ProgramVersion {
  static let text = "0.1.0"
  /// The name that headers of streams carry.
  static let programText = "sextant \(text)"
}
