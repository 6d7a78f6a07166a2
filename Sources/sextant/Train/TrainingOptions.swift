import ArgumentParser
import Foundation
import Models
import PictureTraining
import Pipeline

/// The types that networks are trained in.
enum TrainingType: String, ExpressibleByArgument, CaseIterable { case f32, bf16 }

/// What the trainings on pictures have in common: the recipe, the files, the progress.
struct TrainingOptions: ParsableArguments {
  @Option(
    name: .shortAndLong, help: ArgumentHelp("The name of what is written, without an end.", valueName: "models/NAME"),
    completion: .file())
  var output: String

  @Option(
    help: ArgumentHelp(
      "Pixels of a side of the squares that are cut from the pictures, a multiple of 32; 256, of an embedder's crops 64.",
      valueName: "n"))
  var side: Int?

  @Option(help: ArgumentHelp("How often each picture is seen.", valueName: "n"))
  var epochs = 60

  @Option(help: ArgumentHelp("Epochs between two measurements.", valueName: "n"))
  var measureEvery = 1

  @Option(help: ArgumentHelp("Squares in a step; 8, of an embedder 16 pictures with up to eight objects each.", valueName: "n"))
  var batch: Int?

  @Option(help: ArgumentHelp("The greatest learning rate.", valueName: "rate"))
  var rate = 0.002

  @Option(help: ArgumentHelp("Seed of everything that is drawn at random.", valueName: "n"))
  var seed: UInt64 = 1

  @Option(help: ArgumentHelp("Threads of the kernels; another number may round sums differently.", valueName: "n"))
  var threads = 1

  @Option(
    help: ArgumentHelp("What convolutions multiply while training; f32 where the processor has no bf16.", valueName: "f32|bf16"))
  var type = TrainingType.bf16

  @Option(help: ArgumentHelp("Pictures are turned by up to so much to either side; 180 where no side is up.", valueName: "degrees"))
  var turn = 15.0

  @Option(help: ArgumentHelp("Pictures are enlarged or made smaller by up to this factor.", valueName: "factor"))
  var resize = 1.4

  @Option(help: ArgumentHelp("Contrast is changed by up to this factor, either way.", valueName: "factor"))
  var contrast = 1.4

  @Option(
    help: ArgumentHelp(
      "Greys are bent by a power of up to this or one over it, for cameras that map heat or light by other curves.",
      valueName: "power"))
  var tone = 1.0

  @Option(help: ArgumentHelp("The share of pictures that are shown as negatives, for thermal cameras.", valueName: "share"))
  var invert = 0.0

  @Flag(help: "Also exchange top and bottom, for pictures from straight above.")
  var flipUpright = false

  @Option(help: ArgumentHelp("Under what terms the model may be used; stands in its card.", valueName: "text"))
  var licence = ""

  @Option(help: ArgumentHelp("Where the pictures come from; stands in the card.", valueName: "text"))
  var source = ""

  @Flag(help: "Go on from the checkpoint of the same name, to the same bytes as without a pause; begin where there is none.")
  var resume = false

  @Flag(help: "Replace files that exist, and begin anew.")
  var overwrite = false

  @Flag(name: .shortAndLong, help: "Show no progress.")
  var quiet = false

  /// The files to write, where they may be written.
  ///
  /// - Parameters:
  ///   - teacher: A network that is read.
  ///   - findsBoxes: Whether what the teacher finds is written.
  ///   - start: A file of tensors that is read.
  func files(teacher: String? = nil, findsBoxes: Bool = true, start: String? = nil) throws -> TrainingRun.Files {
    guard !(resume && overwrite) else { throw CommandError.usage("--resume goes on and --overwrite begins anew: give one of them") }
    guard !output.isEmpty, !output.hasSuffix("/") else {
      throw CommandError.usage("--output '\(output)' is no name for a model: give one such as models/thermal")
    }
    let files = TrainingRun.Files(output)
    var plan = OutputPlan(overwrites: overwrite || resume)
    for file in files.all { plan.writes(file, as: "a part of the model") }
    plan.reads(start, as: "the start")
    if let teacher {
      plan.readsNetwork(teacher, as: "the teacher")
      if findsBoxes { plan.writes(files.teacher, as: "what the teacher finds") }
    }
    try plan.check()
    guard !resume || hasCheckpoint(files) || !FileManager.default.fileExists(atPath: files.model) else {
      throw CommandError.missingInput(
        "cannot resume: there is \(files.model), but no \(files.checkpoint) to go on from; --overwrite begins anew")
    }
    return files
  }

  func hasCheckpoint(_ files: TrainingRun.Files) -> Bool { FileManager.default.fileExists(atPath: files.checkpoint) }

  /// - Parameters:
  ///   - usualSide: Where none is given, pixels.
  ///   - usualBatch: Likewise.
  func recipe(usualSide: Int = 256, usualBatch: Int = 8) throws -> TrainingRecipe {
    var recipe = TrainingRecipe()
    let (side, batch) = (side ?? usualSide, batch ?? usualBatch)
    recipe.side = try OptionCheck.value(side, of: "--side", in: 64...4096, unit: "pixels")
    guard recipe.side % 32 == 0 else { throw CommandError.usage("--side \(side): give a multiple of 32 pixels") }
    recipe.epochs = try OptionCheck.value(epochs, of: "--epochs", in: 1...100_000, unit: "")
    recipe.measuredEvery = try OptionCheck.value(measureEvery, of: "--measure-every", in: 1...100_000, unit: "epochs")
    recipe.batch = try OptionCheck.value(batch, of: "--batch", in: 1...4096, unit: "squares")
    recipe.rate = try OptionCheck.value(rate, of: "--rate", in: 1e-8...10, unit: "")
    recipe.threads = try OptionCheck.value(threads, of: "--threads", in: 1...256, unit: "")
    recipe.seed = seed
    recipe.type = type == .bf16 ? .bf16 : .f32
    recipe.augmentation.turn = try OptionCheck.value(turn, of: "--turn", in: 0...180, unit: "degrees") * .pi / 180
    recipe.augmentation.scale = try OptionCheck.value(resize, of: "--resize", in: 1...8, unit: "")
    recipe.augmentation.contrast = try OptionCheck.value(contrast, of: "--contrast", in: 1...8, unit: "")
    recipe.augmentation.tone = try OptionCheck.value(tone, of: "--tone", in: 1...8, unit: "")
    recipe.augmentation.inversion = try OptionCheck.value(invert, of: "--invert", in: 0...1, unit: "")
    recipe.augmentation.flipsUpright = flipUpright
    return recipe
  }

  /// Trains with progress; an interrupt ends with a checkpoint and the signal's exit code.
  ///
  /// - Parameter start: What it begins with in the place of seeded tensors.
  func train(_ task: any TrainingTask, _ recipe: TrainingRecipe, _ files: TrainingRun.Files, start: TrainingStart? = nil) throws {
    let card = ModelCard(name: (output as NSString).lastPathComponent, licence: licence, source: source)
    let run = TrainingRun(task, recipe: recipe, card: card, files: files, start: start)
    let progress = TrainingProgress(isQuiet: quiet)
    try InterruptibleRun(isQuiet: true).run({ cancellation, _ in
      cancellation.heed()
      return try run.run(goesOn: resume && hasCheckpoint(files), isStopped: { cancellation.isRequested }, note: progress.show)
    }) { result, _ in
      progress.finish()
      guard result != nil else {
        StandardError.say("stopped; the same command with --resume goes on from \(files.checkpoint)")
        return
      }
      if !quiet { StandardError.say("the model is \(files.model), its card \(files.card), its report \(files.report)") }
    }
  }

  /// Says what was found, and what of it cannot be used.
  func tell(_ notes: DataNotes, _ classes: [String], from count: Int, heldOut: Int, isSplit: Bool) {
    for sentence in notes.sentences { StandardError.say(sentence) }
    guard !quiet else { return }
    let held = isSplit ? "every tenth, \(heldOut), is held out" : "\(heldOut) are held out"
    StandardError.say("learning \(classes.joined(separator: ", ")) from \(count) pictures; \(held)")
  }
}
