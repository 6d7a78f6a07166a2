import ArgumentParser
import Foundation
import Records
import Video

/// `sextant inspect`: what an input holds, without tracking in it.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show the streams, sizes, rates and rotation of an input.",
    discussion: """
      INPUT is anything that 'sextant track' takes. The displayed size is the one that tracks are given in: upright, with square pixels.

      examples:
        sextant inspect drone.mp4
        sextant inspect --json rtsp://camera.local/stream | jq .streams
      """)

  @Argument(help: ArgumentHelp("What to look into.", valueName: "input"), completion: .file())
  var input: String

  @Flag(help: "Print one JSON object.")
  var json = false

  @Option(help: ArgumentHelp("Give up a network or camera read after this many seconds.", valueName: "seconds"))
  var timeout: Double = 10

  func run() throws {
    try ExitStatus.reporting {
      var options = SourceOptions()
      options.timeoutSeconds = try OptionCheck.value(timeout, of: "--timeout", in: 0.1...3600, unit: "seconds")
      options.giveUpSeconds = 0
      let information = try VideoSources.open(input, options: options).information
      let screen = try OutputSink(path: "-", policy: .live, overwrite: true)
      try screen.write((json ? InspectReport(information).json.json : InspectReport(information).text) + "\n")
      try screen.close()
    }
  }
}

/// What is known of an input, as text or JSON.
struct InspectReport {
  private let information: SourceInformation

  init(_ information: SourceInformation) { self.information = information }

  var text: String {
    var lines = [
      MessageText.printable(information.uri),
      "  kind        \(information.kind.rawValue) (\(information.format))\(information.isLive ? ", live" : "")",
    ]
    lines.append("  displayed   \(information.width)x\(information.height)" + transformation)
    if let rate = information.frameRate, rate.isPositive { lines.append("  rate        \(InspectReport.rate(rate))") }
    lines.append("  time base   \(information.timeBase) s")
    if let duration = information.duration { lines.append("  duration    \(InspectReport.number(duration)) s") }
    if let count = information.frameCount { lines.append("  frames      \(count)") }
    for stream in information.streams {
      lines.append("  stream \(stream.index)\(stream.index == information.streamIndex ? "*" : " ")   " + InspectReport.line(stream))
    }
    return lines.joined(separator: "\n")
  }

  private var transformation: String {
    var parts: [String] = []
    if information.turn.degrees != 0 { parts.append("turned \(information.turn.degrees) degrees clockwise") }
    if information.turn.isMirrored { parts.append("mirrored") }
    if let aspect = information.pixelAspect, aspect.isPositive, aspect.numerator != aspect.denominator {
      parts.append("pixels \(aspect.numerator):\(aspect.denominator) made square")
    }
    return parts.isEmpty ? "" : " (" + parts.joined(separator: ", ") + ")"
  }

  private static func line(_ stream: StreamInformation) -> String {
    guard stream.kind == "video" else { return "\(stream.kind) \(stream.codec)" }
    var text = "video \(stream.codec) \(stream.pixelFormat) \(stream.codedWidth)x\(stream.codedHeight)"
    if let rate = stream.averageRate, rate.isPositive { text += " \(InspectReport.rate(rate))" }
    return stream.isCover ? text + " (cover picture)" : text
  }

  private static func rate(_ rate: Rational) -> String {
    "\(number(rate.value)) frames per second" + (rate.denominator == 1 ? "" : " (\(rate))")
  }

  private static func number(_ value: Double) -> String {
    var text = String(format: "%.3f", value)
    while text.last == "0" { text.removeLast() }
    if text.last == "." { text.removeLast() }
    return text
  }

  var json: JSONValue {
    .object([
      ("uri", .text(information.uri)), ("kind", .text(information.kind.rawValue)), ("format", .text(information.format)),
      ("live", .flag(information.isLive)), ("width", .integer(information.width)), ("height", .integer(information.height)),
      ("time_base", InspectReport.ratio(information.timeBase)), ("frame_rate", InspectReport.ratio(information.frameRate)),
      ("duration", information.duration.map { .real($0) } ?? .null),
      ("frames", information.frameCount.map { .integer($0) } ?? .null),
      ("rotation_degrees", .integer(information.turn.degrees)), ("mirrored", .flag(information.turn.isMirrored)),
      ("pixel_aspect", InspectReport.ratio(information.pixelAspect)), ("stream", .integer(information.streamIndex)),
      ("streams", .list(information.streams.map(InspectReport.json))),
    ])
  }

  private static func json(_ stream: StreamInformation) -> JSONValue {
    .object([
      ("index", .integer(stream.index)), ("kind", .text(stream.kind)), ("codec", .text(stream.codec)),
      ("pixel_format", .text(stream.pixelFormat)), ("coded_width", .integer(stream.codedWidth)),
      ("coded_height", .integer(stream.codedHeight)), ("width", .integer(stream.displayWidth)),
      ("height", .integer(stream.displayHeight)), ("rotation_degrees", .integer(stream.turn.degrees)),
      ("average_rate", ratio(stream.averageRate)), ("time_base", ratio(stream.timeBase)),
      ("duration", stream.duration.map { .real($0) } ?? .null),
      ("frames", stream.frameCount.map { .integer($0) } ?? .null), ("cover", .flag(stream.isCover)),
    ])
  }

  private static func ratio(_ ratio: Rational?) -> JSONValue {
    guard let ratio, ratio.isPositive else { return .null }
    return JSONValue([ratio.numerator, ratio.denominator])
  }
}
