import ArgumentParser

/// `sextant train`: what the program can learn from annotated recordings.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Learn models from annotated pictures and tracks.",
    discussion: """
      examples:
        sextant train detector --data thermal --format dota -o models/thermal
        sextant train backbone --data frames -o models/looks
        sextant train segmenter --data streets -o models/streets
        sextant train embedder --tracks films/*.mp4 -o models/looks
        sextant train motion --tracks tracks/*.txt --step-seconds 0.4 -o motion.json
      """,
    subcommands: [
      TrainDetectorCommand.self, TrainEvidenceCommand.self, TrainSegmenterCommand.self, TrainBackboneCommand.self,
      TrainEmbedderCommand.self,
      TrainMotionCommand.self,
    ])
}
