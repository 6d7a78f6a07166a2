import ArgumentParser
import PictureTraining

/// `sextant train segmenter`: a network that tells the class of each pixel, from pictures with label images.
struct TrainSegmenterCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "segmenter",
    abstract: "Train a network that tells the class of each pixel on your own pictures.",
    discussion: """
      The data are a folder with pictures (PNG, JPEG) in images/train and images/val, or train/images and val/images, and a label image \
      (PNG) of the same name for each in labels/train and labels/val, or train/labels and val/labels: the grey value or palette index of a pixel \
      is its class's number. classes.csv names them: a name a line, or lines of index,name. Without a part val every tenth picture is held \
      out. Every epoch is measured on what is held out (IoU of each class).

      Written are NAME.onnx, which 'segment --model' takes, a card NAME.md, a report NAME.html, a log NAME.log.jsonl, and NAME.checkpoint, from which --resume goes \
      on. docs/detectors.md tells the rest.

      examples:
        sextant train segmenter --data streets --ignore-classes Void -o models/streets
        sextant segment drive/*.jpg --model models/streets.onnx --overlay seen
      """)

  @Option(help: ArgumentHelp("The folder of pictures and label images.", valueName: "folder"), completion: .directory)
  var data: String

  @Option(
    help: ArgumentHelp("The labels' format: camvid, label images with classes.csv.", valueName: "format"),
    completion: .list(["camvid"]))
  var format = "camvid"

  @Option(help: ArgumentHelp("Names of the labels; classes.csv in the folder.", valueName: "file"), completion: .file())
  var classNames: String?

  @Option(
    parsing: .upToNextOption, help: ArgumentHelp("Labels that are neither learned nor measured.", valueName: "names"))
  var ignoreClasses: [String] = []

  @OptionGroup var pyramid: PyramidOptions

  @OptionGroup var training: TrainingOptions

  func run() throws {
    try ExitStatus.reporting {
      guard format == "camvid" else {
        throw CommandError.usage("--format \(format): give camvid, label images whose values are classes")
      }
      let files = try training.files(start: pyramid.start)
      let start = try pyramid.beginning()
      let recipe = pyramid.applied(to: try training.recipe())
      let ignored = try OptionCheck.names(ignoreClasses, of: "--ignore-classes")
      try OptionCheck.folder(data)
      let (found, store) = try SegmenterData.read(folder: data, names: classNames, ignored: ignored)
      training.tell(
        found.notes, found.classes, from: found.training.count, heldOut: found.validation.count, isSplit: found.isSplitHere)
      try training.train(SegmenterTask(found, from: store, recipe: recipe), recipe, files, start: start)
    }
  }
}
