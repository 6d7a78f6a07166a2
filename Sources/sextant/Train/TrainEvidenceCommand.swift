import ArgumentParser
import Detection
import Foundation
import Geometry
import Imaging
import NetworkDetection
import Pipeline
import Records

/// `sextant train evidence`: pictures of what moves in annotated films, to train a detector on.
struct TrainEvidenceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evidence",
    abstract: "Make pictures of what moves in annotated films, for 'train detector --evidence'.",
    discussion: """
      Each film, a.mp4, has its truth beside it, a.txt: boxes of its frames in any format that 'evaluate' reads. Written are pictures \
      (images/train and images/val), labels (labels/train and labels/val, DOTA) and what 'track' finds in these frames by its rules (rules/train and \
      rules/val, a file a film); every fifth film is held out, whole, of fewer than five the last. A picture's red is the grey frame, its green how fast places move against \
      the ground, its blue how much they differ from the background.

      examples:
        sextant train evidence films/*.mp4 -o moving
        sextant train detector --data moving --evidence -o models/moving
      """)

  @Argument(help: ArgumentHelp("Films with their truth beside them.", valueName: "films"), completion: .file())
  var films: [String]

  @Option(name: .shortAndLong, help: ArgumentHelp("The folder to write.", valueName: "folder"), completion: .directory)
  var output: String

  @Option(help: ArgumentHelp("A picture of every so many frames: neighbours teach little.", valueName: "n"))
  var every = 5

  @Flag(help: "Write the frame before each picture too, to before/, for 'train detector --time-mix'.")
  var before = false

  @Flag(help: "Replace files that exist.")
  var overwrite = false

  @Flag(name: .shortAndLong, help: "Show no progress.")
  var quiet = false

  func run() throws {
    try ExitStatus.reporting {
      let step = try OptionCheck.value(every, of: "--every", in: 1...100_000, unit: "frames")
      let stems = films.map { URL(fileURLWithPath: $0).deletingPathExtension().lastPathComponent }
      if let twice = Dictionary(grouping: stems, by: { $0 }).first(where: { $1.count > 1 })?.key {
        throw CommandError.usage("two films are named \(twice), and so would their pictures: give them other names")
      }
      try films.forEach(FilmTruth.check)
      try OutputFolder.check(output)
      if overwrite { try EvidenceFolder.clear(output) } else { try EvidenceFolder.refuseWritten(output) }
      try InterruptibleRun(isQuiet: quiet).run({ cancellation, progress in
        try pictures(stems, step: step, cancellation, progress)
      }) { (made: EvidenceMade, cancellation) in
        made.notes.forEach(StandardError.warn)
        guard made.hasPictures || cancellation.isRequested else {
          throw CommandError.malformed(
            "--every \(step) takes no frame of these films that has a frame of its scene before it, so there is nothing to learn from: "
              + "give a smaller --every, or longer films")
        }
        guard !quiet else { return }
        StandardError.say("\(made.training.text) to learn from, \(made.validation.text) of films that are held out, in \(output)")
      }
    }
  }

  private func pictures(
    _ stems: [String], step: Int, _ cancellation: Cancellation, _ progress: (RunProgress) -> Void
  ) throws -> EvidenceMade {
    var made = EvidenceMade()
    for (number, film) in films.enumerated() where !cancellation.isRequested {
      let part = HeldOutFilms.contains(number, of: films.count) ? \EvidenceMade.validation : \EvidenceMade.training
      let folder = OutputFolder.file("images/" + made[keyPath: part].name, in: output)
      let truth = try FilmTruth(film)
      let before = made[keyPath: part].counts
      var rules = ""
      let formers = OutputFolder.file("before/" + made[keyPath: part].name, in: output)
      var former: FilmEvidence.Moment?
      try FilmEvidence(path: film).forEach(cancellation: cancellation) { moment in
        defer { former = self.before ? moment : nil }
        guard moment.ordinal % step == 0 else { return }
        let name = stems[number] + String(format: "-%06d", moment.ordinal)
        try EvidenceFolder.mark(output)
        try OutputFolder.make(folder)
        try OutputFolder.write(try ImageFile.png(moment.picture), to: name + ".png", in: folder, overwrite: overwrite)
        // The first frame of a scene has no evidence, so that one that came just before is of the same scene.
        if let former, former.ordinal == moment.ordinal - 1 {
          try OutputFolder.make(formers)
          try OutputFolder.write(try ImageFile.png(former.picture), to: name + ".png", in: formers, overwrite: overwrite)
        }
        made[keyPath: part].add(name, truth, moment)
        rules += try PictureBoxes(name + ".png", moment.picture, moment.reduced, classes: MotionDetector.classes).line()
        let done = (Double(number) + (moment.share ?? 0)) / Double(films.count)
        progress(RunProgress(frames: moment.ordinal + 1, seconds: moment.seconds, share: done))
      }
      if !rules.isEmpty {
        let place = OutputFolder.file("rules/" + made[keyPath: part].name, in: output)
        try OutputFolder.make(place)
        try OutputFolder.write(Array(rules.utf8), to: stems[number] + ".jsonl", in: place, overwrite: overwrite)
      }
      if !cancellation.isRequested { made.note(film, truth, before, made[keyPath: part].counts) }
    }
    for part in [made.training, made.validation] where !part.table.images.isEmpty {
      try part.write(to: OutputFolder.file("labels/" + part.name, in: output), overwrite: overwrite)
    }
    return made
  }
}

/// What was made of films, and what is odd about them.
private struct EvidenceMade {
  var training = EvidencePart(name: "train")
  var validation = EvidencePart(name: "val")
  var notes: [String] = []

  /// Whether there is anything to learn from or to measure on.
  var hasPictures: Bool { training.counts.pictures + validation.counts.pictures > 0 }

  /// Notes a film that teaches nothing.
  mutating func note(_ film: String, _ truth: FilmTruth, _ before: EvidencePart.Counts, _ now: EvidencePart.Counts) {
    if now.pictures == before.pictures {
      notes.append("\(film): it gives no picture: it is shorter than --every, or no scene of it lasts two frames")
    } else if now.boxes == before.boxes {
      notes.append(
        "\(film): none of the \(truth.table.count) boxes of its truth is of a frame that became a picture, so all that moves counts as background"
      )
    }
  }
}

/// The pictures of a part and their labels.
private struct EvidencePart {
  /// As its folders are named.
  let name: String
  var table = BoxTable(format: .dota)

  init(name: String) {
    self.name = name
    table.classes = ["object"]
  }

  typealias Counts = (pictures: Int, boxes: Int)
  var counts: Counts { (table.images.count, table.count) }

  var text: String { "\(table.images.count) pictures with \(table.count) boxes" }

  mutating func add(_ name: String, _ truth: FilmTruth, _ moment: FilmEvidence.Moment) {
    let frame = Int32(clamping: table.images.count)
    table.images.append(name)
    for row in truth.rows(of: moment.ordinal) {
      let box = truth.table.orientedBox(row)
      let scale = moment.displayPerPixel
      table.frames.append(frame)
      // Both scales are the same but for the rounding of the reduced picture's sides, so that rectangles stay some.
      table.orientedBoxes.append(
        OrientedBox(
          center: Point(box.center.x / scale.x, box.center.y / scale.y), width: box.width / scale.x, height: box.height / scale.y,
          angle: box.angle))
      table.classIndices.append(0)
      table.difficult.append(truth.isIgnored(row))
    }
  }

  func write(to folder: String, overwrite: Bool) throws {
    var options = BoxTableWriter.Options()
    options.overwrite = overwrite
    _ = try BoxTableWriter.write(table, as: .dota, path: folder, options: options)
  }
}

extension FilmEvidence.Moment {
  /// What the rules found, in the reduced picture's pixels.
  fileprivate var reduced: [NetworkBox] {
    found.map {
      NetworkBox(box: $0.box.scaled(x: 1 / displayPerPixel.x, y: 1 / displayPerPixel.y).orientedBox, score: $0.score, classIndex: 0)
    }
  }
}
