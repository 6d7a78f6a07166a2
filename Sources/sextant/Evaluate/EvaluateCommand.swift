import ArgumentParser

/// `sextant evaluate`: results against annotations, one subcommand for each kind of result.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure results against annotations, as the field's reference tools do.",
    subcommands: [
      EvaluateTracksCommand.self, EvaluateBoxesCommand.self, EvaluateMasksCommand.self, EvaluateTrajectoryCommand.self,
      EvaluateForecastsCommand.self,
    ])
}
