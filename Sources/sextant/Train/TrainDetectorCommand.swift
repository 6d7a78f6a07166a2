import ArgumentParser
import Models
import NetworkDetection
import NetworkGraph
import PictureTraining

extension BoxLoss: ExpressibleByArgument {}
extension CentreLoss: ExpressibleByArgument {}
extension TaskWeights: ExpressibleByArgument {}

/// `sextant train detector`: a detector of oriented boxes from annotated pictures.
struct TrainDetectorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "detector",
    abstract: "Train a detector of oriented boxes, of masks and of looks, on your own pictures.",
    discussion: """
      The data are a folder with pictures (PNG, JPEG) in images/train and images/val, or train/images and val/images, and labels beside them: \
      folders labels or labelTxt with a file a picture (YOLO, YOLO-OBB, DOTA), or one file (COCO, HIT-UAV). Without a part val every tenth \
      picture is held out. Every epoch is measured on what is held out (AP at a rotated overlap of 0.5).

      With --masks it tells the pixels of each object too. It learns them from COCO's polygons and run lengths, or from films with masks as DAVIS has \
      them (--format davis: JPEGImages/480p/FILM, Annotations/480p/FILM, ImageSets); where an object has only a box, a Gaussian stands for its mask.

      With --embedding it tells how each object looks, as 64 numbers, by which 'track --appearance detector' knows objects again. Some pictures are \
      shown twice in a step, changed, for that.

      With --teacher a detector in ONNX stands in for labels: pictures need none, and those that are there keep the last word on the classes that \
      they know. What it finds is kept in NAME.teacher.jsonl. With --teacher-features its features of each square are learned too, with \
      --teacher-features-only nothing else of it.

      Written are NAME.onnx, which 'track --detector' and 'detect --model' take, a card NAME.md, a report NAME.html, a log NAME.log.jsonl, and \
      NAME.checkpoint, from which --resume goes on. docs/detectors.md tells the rest.

      examples:
        sextant train detector --data thermal --format dota --size nano -o models/thermal
        sextant train detector --data thermal --format dota --size nano -o models/thermal --resume
        sextant train detector --data DAVIS --format davis --masks -o models/things
        sextant train detector --data frames --teacher yolox_nano.onnx --classes person,car -o models/street
        sextant track drone.mp4 --detector models/thermal.onnx -o tracks.ndjson
      """)

  @Option(help: ArgumentHelp("The folder of pictures and labels.", valueName: "folder"), completion: .directory)
  var data: String

  @OptionGroup var labels: PictureLabelOptions

  @Flag(help: "The pictures are what 'train evidence' made of films: the detector finds what moves.")
  var evidence = false

  @Flag(help: "The detector tells the pixels of each object too.")
  var masks = false

  @Flag(
    help:
      "The detector mixes what it saw in the frame before with what it sees, each channel by a gate of its own. It learns from before/PART/NAME.png beside images/PART/NAME.png."
  )
  var timeMix = false

  @Flag(help: "The detector tells how each object looks too, for 'track --appearance detector'.")
  var embedding = false

  @Option(
    help: ArgumentHelp(
      "What is made small of a found box and the true one: Hellinger's, Wasserstein's or Kullback and Leibler's distance, or the first and the overlap by pixels.",
      valueName: "hellinger|gwd|kld|piou"))
  var boxLoss = BoxLoss.hellinger

  @Option(
    help: ArgumentHelp(
      "What is made small of the scores of centres: the focal loss, or one with an upper end, which forgives wrong labels.",
      valueName: "focal|comp-sum"))
  var centreLoss = CentreLoss.focal

  @Option(
    help: ArgumentHelp(
      "How much the angle counts of boxes that are nearly square, of which the box loss hardly tells it.", valueName: "weight"))
  var angleWeight = 0.0

  @Option(
    help: ArgumentHelp(
      "How much each part of the loss counts: numbers that stay, or a recursive mix in which each has half of the pull that is left.",
      valueName: "fixed|recursive"))
  var taskWeights = TaskWeights.fixed

  @Option(help: ArgumentHelp("The share of squares that are composed of four pictures around a point.", valueName: "share"))
  var mosaic = 0.0

  @Option(
    help: ArgumentHelp(
      "The share of squares upon which an object of another picture is put, where it hides no other one.", valueName: "share"))
  var paste = 0.0

  @OptionGroup var teaching: TeacherOptions

  @OptionGroup var pyramid: PyramidOptions

  @OptionGroup var training: TrainingOptions

  func run() throws {
    try ExitStatus.reporting {
      let teacher = try teaching.path()
      guard teacher == nil || !evidence else {
        throw CommandError.usage("--teacher looks at pictures as cameras see them, and --evidence are none: give one of them")
      }
      guard !embedding || !evidence else {
        throw CommandError.usage("--embedding tells objects by their looks, and --evidence shows how they move: give one of them")
      }
      try EvidenceFolder.check(data, isEvidence: evidence)
      let files = try training.files(teacher: teacher, findsBoxes: teaching.givesBoxes, start: pyramid.start)
      let start = try pyramid.beginning()
      var recipe = pyramid.applied(to: try training.recipe())
      (recipe.boxLoss, recipe.centreLoss, recipe.taskWeights) = (boxLoss, centreLoss, taskWeights)
      recipe.angleWeight = try OptionCheck.value(angleWeight, of: "--angle-weight", in: 0...1000, unit: "")
      recipe.prototypes = masks ? DetectorModel.usualPrototypes : 0
      recipe.mixesTime = timeMix
      recipe.embedding = embedding ? DetectorModel.usualEmbedding : 0
      recipe.augmentation.mosaic = try OptionCheck.value(mosaic, of: "--mosaic", in: 0...1, unit: "")
      recipe.augmentation.paste = try OptionCheck.value(paste, of: "--paste", in: 0...1, unit: "")
      // The three planes mean different things: what changes greys makes nonsense of the others.
      if evidence {
        let usual = Augmentation()
        guard
          (recipe.augmentation.tone, recipe.augmentation.contrast, recipe.augmentation.inversion)
            == (usual.tone, usual.contrast, usual.inversion)
        else { throw CommandError.usage("--tone, --contrast and --invert change greys, and --evidence keeps them: leave them out") }
        recipe.augmentation.keepValues()
      }
      let store = PictureStore()
      var options = try labels.options(folder: data)
      (options.readsMasks, options.looksBack) = (masks, timeMix)
      guard !timeMix || !options.isDAVIS else {
        throw CommandError.usage(
          "--time-mix learns from frames in a folder before, which --format davis does not have: give one of them")
      }
      guard !teaching.givesBoxes || !options.isDAVIS else {
        throw CommandError.usage(
          "--teacher adds boxes to labels, and --format davis has masks of all objects: give one of them, or --teacher-features-only"
        )
      }
      let taught = try teacher.map { try teaching.teacher($0, training) }
      let features = try taught.flatMap { try teaching.features(of: $0, side: recipe.side, training) }
      if training.resume, training.hasCheckpoint(files) {
        try TrainingRun.check(files, hasTeacher: teaching.givesBoxes, features?.facts)
      }
      if let taught, teaching.givesBoxes {
        options.teacher = try teaching.findings(taught, in: data, options: options, store: store, training, files)
      }
      let found = try DetectorData(folder: data, options: options, store: store)
      training.tell(
        found.notes, found.classes, from: found.training.count, heldOut: found.validation.count, isSplit: found.isSplitHere)
      if !found.heldOutFilms.isEmpty, !training.quiet {
        StandardError.say("held out are the films \(found.heldOutFilms.joined(separator: ", "))")
      }
      let rules = evidence ? try RuleFindings(folder: data) : nil
      if evidence, rules == nil {
        StandardError.warn(
          "\(data) has no folder rules, which 'train evidence' writes: 'track' will use this detector without the motion detector's rules"
        )
      }
      try training.train(
        try DetectorTask(
          found, from: store, recipe: recipe, sight: evidence ? .motion : .picture, rules: rules, features: features),
        recipe, files, start: start)
      if rules != nil { warn(ofRulesIn: files.model) }
    }
  }

  /// Says where what was held out did not tell how rules and network go together.
  private func warn(ofRulesIn model: String) {
    guard let network = try? GraphImporter.graph(path: model), network.metadata[RuleCombination.key] == nil else { return }
    StandardError.warn(
      "\(model): the films that are held out do not tell how the motion detector's rules and this network go together, with twenty right and twenty wrong "
        + "boxes of each kind; 'track' will use the network alone")
  }
}
