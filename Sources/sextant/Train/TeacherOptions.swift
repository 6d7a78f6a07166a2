import ArgumentParser
import NetworkPrograms
import PictureTraining
import Pipeline

/// The options about a detector that stands in for labels.
struct TeacherOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A detector whose boxes stand in for labels: an ONNX file, or a name of 'sextant models list'.", valueName: "model.onnx"),
    completion: .file(extensions: ["onnx"]))
  var teacher: String?

  @Option(
    help: ArgumentHelp(
      "The teacher's boxes from this score on are learned; those from 0.1 up to it are neither learned nor background; 0.4.",
      valueName: "score"))
  var teacherScore: Double?

  @Option(
    help: ArgumentHelp("Height and width of the teacher's input, multiples of 32; the file's own.", valueName: "HxW"))
  var teacherSize: String?

  @Option(
    help: ArgumentHelp(
      "Features of the teacher that are learned too, of each square: a value or node of its file by name, or auto.",
      valueName: "auto|name"))
  var teacherFeatures: String?

  @Flag(help: "The teacher gives its features alone: the folder's labels are learned as without it.")
  var teacherFeaturesOnly = false

  @Option(
    help: ArgumentHelp(
      "What the teacher is computed in; auto: int8 for a quantised network, else f32.", valueName: "auto|f32|bf16|int8"))
  var teacherType = TypeChoice.auto

  /// Whether a teacher's boxes are learned.
  var givesBoxes: Bool { teacher != nil && !teacherFeaturesOnly }

  /// The teacher's file; nil without one.
  func path() throws -> String? {
    guard let teacher else {
      guard teacherScore == nil, teacherSize == nil, teacherFeatures == nil, !teacherFeaturesOnly, teacherType == .auto else {
        throw CommandError.usage(
          "--teacher-score, --teacher-size, --teacher-type, --teacher-features and --teacher-features-only say how a teacher is used: "
            + "give --teacher too")
      }
      return nil
    }
    guard !teacherFeaturesOnly || teacherFeatures != nil else {
      throw CommandError.usage("--teacher-features-only takes features alone: give --teacher-features too, auto or a name")
    }
    guard !teacherFeaturesOnly || (teacherScore == nil && teacherSize == nil) else {
      throw CommandError.usage(
        "--teacher-score and --teacher-size are of boxes, and --teacher-features-only takes none: leave them out")
    }
    try ModelLibrary.standard().refuseUnknown(teacher)
    return ModelLibrary.standard().path(of: teacher)
  }

  /// The teacher of a file.
  func teacher(_ path: String, _ training: TrainingOptions) throws -> Teacher {
    let score = try OptionCheck.value(teacherScore ?? Teacher.usualScore, of: "--teacher-score", in: 0.01...1, unit: "")
    let taught = try Teacher(
      path: path, name: teacher ?? path, size: try size(), score: score, threads: training.threads, type: teacherType)
    if !training.quiet, let note = try teacherType.note() { StandardError.say(note) }
    return taught
  }

  /// What tells a teacher's features of squares; nil where none are learned.
  func features(of taught: Teacher, side: Int, _ training: TrainingOptions) throws -> FeatureTeacher? {
    guard let teacherFeatures else { return nil }
    let features = try taught.features(teacherFeatures == "auto" ? .auto : .named(teacherFeatures), side: side)
    if !training.quiet { StandardError.say("learning the features \(features.facts.text)") }
    return features
  }

  /// What a teacher finds in the pictures of a folder, with progress; an interrupt ends with the signal's exit code.
  func findings(
    _ taught: Teacher, in data: String, options: DetectorData.Options, store: PictureStore, _ training: TrainingOptions,
    _ files: TrainingRun.Files
  ) throws -> TeacherFindings? {
    let progress = TrainingProgress(isQuiet: training.quiet)
    var found: TeacherFindings?
    try InterruptibleRun(isQuiet: true).run({ cancellation, _ in
      cancellation.heed()
      found = try taught.findings(
        in: data, options: options, store: store, file: files.teacher, goesOn: training.resume,
        isStopped: { cancellation.isRequested }, note: { progress.show($0, of: $1) })
    }) { _, _ in
      progress.finish()
      guard let found else {
        StandardError.say("stopped; the same command with --resume goes on from \(files.teacher)")
        return
      }
      guard !training.quiet else { return }
      let counts = found.counts
      StandardError.say(
        "the teacher finds \(counts.learned) boxes in \(found.pictures.count) pictures, and \(counts.ignored) of which it is less sure"
      )
    }
    // Until training begins there is nothing to complete: a signal ends the program at once.
    SignalWatch.cancel(Cancellation())
    return found
  }

  private func size() throws -> (width: Int, height: Int)? {
    guard let teacherSize else { return nil }
    guard let size = DetectorSize(teacherSize) else {
      throw CommandError.usage("--teacher-size \(teacherSize): give height and width in pixels such as 512x640")
    }
    return (size.width, size.height)
  }
}
