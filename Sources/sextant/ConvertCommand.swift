import ArgumentParser
import Foundation
import Pipeline
import Records
import TrajectoryEvaluation
import Viewer

/// `sextant convert`: files of tracks, boxes and trajectories from one format into another.
struct ConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Convert files of tracks, boxes or trajectories, and say what is lost.",
    discussion: """
      boxes and tracks: \(BoxFormat.allCases.filter(\.isWritable).map(\.rawValue).joined(separator: ", "))
      read only: \(BoxFormat.allCases.filter { !$0.isWritable }.map(\.rawValue).joined(separator: ", "))
      trajectories: \(TrajectoryFormatName.allCases.map(\.rawValue).joined(separator: ", "))
      written only: geojson, the paths of a stream tracked with --ground or --gsd, on the Earth by --origin

      tables, of a stream of this program: \(ConvertCommand.parquet), with the columns of 'sextant track --csv'

      dota, dota-results, yolo and yolo-obb are folders, all others files; gzip is unpacked on the way. Numbers keep every digit.

      examples:
        sextant convert tracks.ndjson tracks.txt --to mot-obb
        sextant convert labelTxt coco.json --to coco --image-size 1024x1024
        sextant convert data.csv poses.txt --to tum
        sextant convert tracks.ndjson.zst tracks.parquet --to parquet
        sextant convert tracks.ndjson paths.geojson --to geojson --origin 52.01,4.36,90
        sextant convert tracks.ndjson corrected.ndjson --to sextant --apply-review tracks.review.ndjson
      """)

  @Argument(help: ArgumentHelp("The file or folder to read.", valueName: "input"), completion: .file())
  var input: String

  @Argument(help: ArgumentHelp("The file or folder to write; - for standard output.", valueName: "output"), completion: .file())
  var destination: String

  @Option(help: ArgumentHelp("The format to write.", valueName: "format"), completion: .writtenFormats)
  var to: String

  @Option(help: ArgumentHelp("The input's format; guessed unless told.", valueName: "format"), completion: .convertedFormats)
  var from = "auto"

  @Option(
    help: ArgumentHelp(
      "Size of the images, for formats with shares of it (YOLO, Label Studio, FiftyOne) and COCO; a stream tells its own.",
      valueName: "WxH"))
  var imageSize: String?

  @Option(help: ArgumentHelp("Frames per second, for a stream; the input's own, else 30.", valueName: "rate"))
  var frameRate: Double?

  @Option(parsing: .upToNextOption, help: ArgumentHelp("Names of class numbers, such as 0=car.", valueName: "number=name"))
  var names: [String] = []

  @Option(
    help: ArgumentHelp("Times of KITTI's poses, a number of seconds a line: read from here.", valueName: "file"),
    completion: .file())
  var times: String?

  @Option(help: ArgumentHelp("Where times go that KITTI's poses have no place for.", valueName: "file"), completion: .file())
  var timesOutput: String?

  @Option(
    help: ArgumentHelp("Correct the input stream first by the decisions that 'sextant view' saved.", valueName: "file"),
    completion: .file(extensions: ["ndjson"]))
  var applyReview: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "For geojson: latitude and longitude of the ground's origin (--ground's first corner, --gsd's middle of the picture), and the bearing of its top, in degrees.",
      valueName: "lat,lon,heading"))
  var origin: String?

  @Flag(help: "Replace output files that exist.")
  var overwrite = false

  @Flag(name: .shortAndLong, help: "Say nothing of what was lost.")
  var quiet = false

  func run() throws {
    try ExitStatus.reporting {
      try checkFiles()
      if to == GeoJSONConversion.format {
        guard applyReview == nil else {
          throw CommandError.usage("--apply-review goes with --to sextant; convert what that writes")
        }
        let count = try GeoJSONConversion(origin: origin).convert(input, to: destination, overwrite: overwrite)
        if !quiet { StandardError.say("\(count) \(count == 1 ? "path" : "paths") to geojson") }
        return
      }
      guard origin == nil else { throw CommandError.usage("--origin is for --to geojson") }
      if let target = TrajectoryFormatName(rawValue: to) {
        guard applyReview == nil else { throw CommandError.usage("--apply-review corrects tracks; \(to) is a trajectory") }
        try convertTrajectory(to: target.format)
      } else if to == ConvertCommand.parquet {
        try convertTable()
      } else {
        try convertBoxes()
      }
    }
  }

  private static let folderFormats = [BoxFormat.dota, .dotaResults, .yolo, .yoloOriented].map(\.rawValue)

  /// Formats that are folders write into one; all others write a file.
  private func checkFiles() throws {
    var plan = OutputPlan(overwrites: overwrite)
    plan.reads(input, as: "the input")
    plan.reads(times, as: "the times")
    plan.reads(applyReview, as: "the review")
    if ConvertCommand.folderFormats.contains(to) {
      plan.writesFolder(destination, as: "the output")
    } else {
      plan.writes(destination, as: "the output")
    }
    plan.writes(timesOutput, as: "the times")
    try plan.check()
  }

  /// The table of tracks, of which there is only this one format beside CSV.
  static let parquet = "parquet"

  private func convertTable() throws {
    guard applyReview == nil else {
      throw CommandError.usage("--apply-review writes a stream: convert to sextant first, and that to \(to)")
    }
    guard StreamHeader.read(path: input) != nil else {
      throw CommandError.usage("--to \(to) takes a stream of this program, and \(input) is none: convert it to sextant first")
    }
    let count = try ObservationTable.writeParquet(stream: input, to: destination, overwrite: overwrite)
    let losses = [
      ConversionLoss("parquet has the columns of 'track --csv': no place for masks, the camera's motion, events and late rows")
    ]
    tell([], losses, "\(count) \(count == 1 ? "row" : "rows")", BoxFormat.sextant.rawValue)
  }

  private func convertBoxes() throws {
    guard let target = BoxFormat(rawValue: to), target.isWritable else {
      let known =
        BoxFormat.allCases.filter(\.isWritable).map(\.rawValue) + TrajectoryFormatName.allCases.map(\.rawValue)
        + [GeoJSONConversion.format, ConvertCommand.parquet]
      throw CommandError.usage("--to \(to): there is no such format; there are \(known.joined(separator: ", "))")
    }
    if let frameRate, !(frameRate.isFinite && frameRate > 0) {
      throw CommandError.usage("--frame-rate \(frameRate): give a positive number")
    }
    var reading = BoxTableReader.Options(
      format: try BoxFormatArgument(from, option: "--from").format, classNames: try ClassNameArguments(names).names,
      keepsCorners: true)
    // Frames are what the files' names or entries say; formats of images keep those instead.
    reading.images.numbering = target.namesImages ? .byImage : .automatic
    reading.images.size = try imageSize.map { try ImageSizeArgument($0).size }
    let isStream = reading.format.map { $0 == .sextant } ?? (StreamHeader.read(path: input) != nil)
    let table: BoxTable
    if let applyReview, isStream {
      let corrected = try correctedStream(review: applyReview)
      if target == .sextant { return try write(corrected) }
      reading.format = .sextant
      table = try BoxTableReader.read(bytes: corrected, name: input, options: reading)
    } else {
      let read = try BoxTableReader.read(path: input, options: reading)
      table = try applyReview.map { try correctedTable(read, review: $0) } ?? read
    }
    let writing = BoxTableWriter.Options(
      frameRate: frameRate ?? ownFrameRate(table) ?? 30, imageSize: reading.images.size ?? ownSize(table),
      program: ProgramVersion.programText,
      overwrite: overwrite)
    let losses = try BoxTableWriter.write(table, as: target, path: destination, options: writing)
    tell(table.warnings, losses, "\(table.count) \(table.count == 1 ? "box" : "boxes")", table.format.rawValue)
  }

  /// The text of the input stream after a review, and what the review did to it, which is told.
  private func correctedStream(review path: String) throws -> [UInt8] {
    let (bytes, review) = try AppliedReview.correctedStream(path: input, try ReviewDecision.read(path: path))
    try tell(review, path)
    return bytes
  }

  /// A file of tracks after a review.
  private func correctedTable(_ table: BoxTable, review path: String) throws -> BoxTable {
    guard table.isEmpty || table.format.hasIdentities && !table.ids.isEmpty else {
      throw CommandError.malformed("cannot apply the review \(path) to \(input): its boxes have no identities")
    }
    let (corrected, review) = AppliedReview.correctedTable(table, try ReviewDecision.read(path: path))
    try tell(review, path)
    return corrected
  }

  private func tell(_ review: AppliedReview, _ path: String) throws {
    try checkReview(review, path)
    if !quiet { StandardError.say("review: \(review.removedRows) rows left out, \(review.renamedRows) given another id") }
  }

  /// Decisions on tracks that the stream does not have are those of another stream, or of another state of it.
  private func checkReview(_ review: AppliedReview, _ path: String) throws {
    if let first = review.absent.first(where: { $0.other != nil }) {
      let ids = [first.id, first.other].compactMap { $0 }.filter { !review.seenIDs.contains($0) }.map(String.init)
      throw CommandError.malformed(
        "cannot apply the review \(path) to \(input): it says \(first.kind.rawValue) of track \(ids.joined(separator: " and ")),"
          + " which the stream does not have; is it the review of another stream?")
    }
    guard !quiet, !review.absent.isEmpty else { return }
    let ids = Set(review.absent.map(\.id)).sorted().prefix(10).map(String.init).joined(separator: ", ")
    StandardError.warn(
      "\(path): decisions on tracks that the stream does not have (\(ids)) do nothing: \(review.absent.count)")
  }

  /// A corrected stream keeps all that a table of boxes has no place for.
  private func write(_ stream: [UInt8]) throws {
    let sink = try OutputSink(path: destination, policy: .whole, overwrite: overwrite)
    try stream.withUnsafeBytes { bytes in try sink.write(bytes) }
    try sink.close()
  }

  /// The rate that the input itself tells, in its header or in a `seqinfo.ini` beside it.
  private func ownFrameRate(_ table: BoxTable) -> Double? {
    let told = table.format == .sextant ? StreamHeader.read(path: input)?.source?.frameRate?.value : nil
    return told.flatMap { $0 > 0 ? $0 : nil } ?? SequenceInformation.beside(input)?.frameRate
  }

  /// The size of the pictures that a stream's header tells.
  private func ownSize(_ table: BoxTable) -> (width: Double, height: Double)? {
    guard table.format == .sextant, let source = StreamHeader.read(path: input)?.source, let width = source.width,
      let height = source.height, width > 0, height > 0
    else { return nil }
    return (Double(width), Double(height))
  }

  private func convertTrajectory(to target: TrajectoryFile.Format) throws {
    var format: TrajectoryFile.Format?
    if from != "auto" {
      guard let name = TrajectoryFormatName(rawValue: from) else {
        throw CommandError.usage(
          "--from \(from): a trajectory is one of \(TrajectoryFormatName.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      format = name.format
    }
    var file = try TrajectoryReader.read(path: input, format: format, timesPath: times)
    if let stamps = file.trajectory.times, let unit = file.guessedUnit, unit != .seconds {
      file.trajectory.times = unit.seconds(stamps)
      file.warnings.append("the stamps look like \(unit.rawValue) and are taken as such")
    }
    let losses = try TrajectoryWriter.write(file, as: target, path: destination, timesPath: timesOutput, overwrite: overwrite)
    tell(file.warnings, losses, "\(file.trajectory.poses.count) poses", TrajectoryFormatName(file.format).rawValue)
  }

  /// One line that sums up, after one for each thing lost.
  private func tell(_ warnings: [String], _ losses: [ConversionLoss], _ what: String, _ source: String) {
    guard !quiet else { return }
    for warning in warnings { StandardError.warn(warning) }
    for loss in losses { StandardError.say("lost: \(loss)") }
    StandardError.say("\(what) from \(source) to \(to)" + (losses.isEmpty ? ", nothing was lost" : ""))
  }
}

/// The trajectory formats, under names that no box format has.
enum TrajectoryFormatName: String, CaseIterable {
  case tum
  case kittiPoses = "kitti-poses"
  case euroc
  case sextantPoses = "sextant-poses"

  init(_ format: TrajectoryFile.Format) {
    self =
      switch format {
      case .tum: .tum
      case .kitti: .kittiPoses
      case .euroc: .euroc
      case .sextant: .sextantPoses
      }
  }

  var format: TrajectoryFile.Format {
    switch self {
    case .tum: .tum
    case .kittiPoses: .kitti
    case .euroc: .euroc
    case .sextantPoses: .sextant
    }
  }
}
