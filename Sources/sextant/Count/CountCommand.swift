import ArgumentParser
import Counting
import Foundation
import Geometry
import Pipeline
import Records

/// `sextant count`: tracks that cross lines or stay in zones.
struct CountCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "count",
    abstract: "Count tracks at lines and in zones, by class and direction.",
    discussion: """
      A track crosses where the straight way between the middles of two of its boxes does. left_to_right and right_to_left are the sides of \
      a line seen by who walks from its first point to its last. 'crossings' counts every crossing, 'tracks' distinct tracks, 'net_tracks' \
      those that crossed more often this way than the other. Zones are polygons of a GeoJSON file in pixels, y down; its lines count too.

      examples:
        sextant count tracks.ndjson --line 0,200,640,200
        sextant count tracks.ndjson --line north=0,80,640,80 --line south=0,300,640,300 -o counts.csv
        sextant count tracks.ndjson --zone parking.geojson --json
        sextant track rtsp://camera/1 -o - | sextant count - --line 0,200,640,200
      """)

  @Argument(help: ArgumentHelp("The stream, or a file of tracks; - for standard input.", valueName: "stream"), completion: .file())
  var stream: String

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("A line in pixels, two points or more; may be repeated.", valueName: "[name=]x1,y1,x2,y2"))
  var line: [String] = []

  @Option(
    help: ArgumentHelp("Polygons and lines in pixels; may be repeated.", valueName: "file.geojson"),
    completion: .file(extensions: ["geojson", "json"]))
  var zone: [String] = []

  @Option(name: .shortAndLong, help: ArgumentHelp("Where the counts go.", valueName: "file"), completion: .file())
  var output = "-"

  @Flag(help: "Write JSON instead of comma-separated values.")
  var json = false

  @Option(help: ArgumentHelp("Write a row for each crossing.", valueName: "file.csv"), completion: .file(extensions: ["csv"]))
  var crossings: String?

  @Flag(help: "Lines and zones lie on the first picture's ground and stay there while the camera moves.")
  var stabilized = false

  @Option(
    help: ArgumentHelp("Rows that count: observed, seen, all.", valueName: "kinds"),
    completion: .list(RowKinds.allCases.map(\.rawValue)))
  var rows = RowKinds.seen

  @Flag(help: "Wait for more of a stream that is still being written, until its end; the output file is renewed every 2 seconds.")
  var follow = false

  @Option(help: ArgumentHelp("The file's format; guessed unless told.", valueName: "format"), completion: .trackFormats)
  var from = "auto"

  @Option(help: ArgumentHelp("Size of the pictures, for formats with shares of it (YOLO, FiftyOne).", valueName: "WxH"))
  var imageSize: String?

  @Option(help: ArgumentHelp("Frames per second of a file without times; of a seqinfo.ini beside it, else 30.", valueName: "rate"))
  var frameRate: Double?

  @Flag(help: "Replace output files that exist.")
  var overwrite = false

  @Flag(name: .shortAndLong, help: "Print no warnings.")
  var quiet = false

  func run() throws {
    try ExitStatus.reporting {
      try checkOptions()
      let arguments = try CountedAreaArguments(lines: line, files: zone)
      let areas = arguments.areas
      let run = CountRun(
        stream: stream, format: try BoxFormatArgument(from, option: "--from", among: BoxFormat.ofTracks).format,
        imageSize: try imageSize.map { try ImageSizeArgument($0).size }, frameRate: frameRate, kinds: rows,
        isStabilized: stabilized, follows: follow)
      let outputs = CountOutputs(path: output, isJSON: json, crossings: crossings, overwrites: overwrite)
      try InterruptibleRun(isQuiet: true).run { cancellation, _ in
        try run.count(areas, into: outputs, cancellation)
      } report: { warnings, _ in
        if !quiet { (arguments.warnings + warnings).forEach(StandardError.warn) }
      }
    }
  }

  private func checkOptions() throws {
    if let frameRate { _ = try OptionCheck.value(frameRate, of: "--frame-rate", in: 1e-3...1e5, unit: "frames per second") }
    var plan = OutputPlan(overwrites: overwrite)
    plan.reads(stream, as: "the stream")
    for file in zone { plan.reads(file, as: "the zones") }
    plan.writes(output, as: "the counts")
    plan.writes(crossings, as: "the crossings")
    try plan.check()
  }
}

extension RowKinds: ExpressibleByArgument {}

/// The lines of `--line` and the shapes of `--zone`, in the order given.
struct CountedAreaArguments {
  let areas: [CountedArea]

  /// What a user should know.
  var warnings: [String] {
    areas.filter(\.isWithinAPixel).map {
      "\($0.name) lies within one pixel: lines and zones are in pixels of the picture, not in degrees or shares"
    }
  }

  init(lines: [String], files: [String]) throws {
    var areas: [CountedArea] = []
    for text in lines {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let numbers = parts[parts.count - 1].split(separator: ",", omittingEmptySubsequences: false).map {
        Double($0.trimmingCharacters(in: .whitespaces))
      }
      guard numbers.count >= 4, numbers.count % 2 == 0, numbers.allSatisfy({ $0?.isFinite ?? false }) else {
        throw CommandError.usage("--line \(text): give the points of a line in pixels, such as 0,200,640,200")
      }
      let values = numbers.compactMap { $0 }
      let points = stride(from: 0, to: values.count, by: 2).map { Point(values[$0], values[$0 + 1]) }
      let name = parts.count > 1 ? String(parts[0]) : "line \(areas.count + 1)"
      areas.append(try CountedAreaArguments.area(text, name: name, points))
    }
    for file in files { areas += try CountedArea.areas(of: GeoJSONReader.read(path: file), path: file) }
    guard !areas.isEmpty else { throw CommandError.usage("nothing to count at: give a line (--line) or zones (--zone)") }
    try CountedArea.check(areas)
    self.areas = areas
  }

  private static func area(_ text: String, name: String, _ points: [Point]) throws(CommandError) -> CountedArea {
    do throws(CountingError) {
      return try CountedArea(name: name, .line(points))
    } catch {
      throw CommandError.usage("--line \(text): \(error)")
    }
  }
}
