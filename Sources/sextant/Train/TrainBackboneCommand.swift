import ArgumentParser
import Models
import PictureTraining

extension BackboneAim: ExpressibleByArgument {}

/// `sextant train backbone`: features of pictures without labels, from which detectors and segmenters begin.
struct TrainBackboneCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backbone",
    abstract: "Train the network's features on your own pictures, without labels.",
    discussion: """
      The data are a folder with pictures (PNG, JPEG) in images/train and images/val, or train/images and val/images, or images; labels are not looked \
      at. Without a part val every tenth picture is held out. With --aim hog patches of the pictures are hidden, and the directions of their edges are \
      told (MaskFeat); with --aim dino two views of a picture are to look alike to the network and to a slower copy of it (DINO, iBOT).

      Written are NAME.checkpoint, from which 'train detector --start' and 'train segmenter --start' begin and --resume goes on, NAME.onnx, which tells the \
      features, a card NAME.md, a report NAME.html, and a log NAME.log.jsonl. docs/detectors.md tells the rest.

      examples:
        sextant train backbone --data frames --aim hog -o models/looks
        sextant train detector --data thermal --format dota --start models/looks.checkpoint -o models/thermal
      """)

  @Option(help: ArgumentHelp("The folder of pictures.", valueName: "folder"), completion: .directory)
  var data: String

  @Option(
    help: ArgumentHelp(
      "What is learned: the edges of what is hidden, or, for many pictures and large batches, what a slower copy says of another view.",
      valueName: "hog|dino"))
  var aim = BackboneAim.hog

  @OptionGroup var pyramid: PyramidOptions

  @OptionGroup var training: TrainingOptions

  func run() throws {
    try ExitStatus.reporting {
      let files = try training.files(start: pyramid.start)
      let start = try pyramid.beginning()
      let recipe = pyramid.applied(to: try training.recipe())
      let store = PictureStore()
      try OptionCheck.folder(data)
      let found = try BackboneData(folder: data, store: store)
      training.tell(
        found.notes, ["features"], from: found.training.count, heldOut: found.validation.count, isSplit: found.isSplitHere)
      try training.train(BackboneTask(found, from: store, recipe: recipe, aim: aim), recipe, files, start: start)
    }
  }
}
