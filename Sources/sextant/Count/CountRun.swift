import Counting
import Foundation
import Pipeline
import Records

/// Reads the tracks of one file and counts them.
struct CountRun {
  let stream: String
  /// nil: to be guessed.
  let format: BoxFormat?
  /// Of the pictures of a file with shares of it, pixels.
  let imageSize: (width: Double, height: Double)?
  let frameRate: Double?
  let kinds: RowKinds
  let isStabilized: Bool
  let follows: Bool

  /// How long to wait at the end of what a growing stream holds, and how often its counts are written, seconds.
  private static let pause = 0.1
  private static let period = 2.0

  /// - Returns: What a user should know.
  func count(_ areas: [CountedArea], into outputs: CountOutputs, _ cancellation: Cancellation) throws -> [String] {
    var source = TrackSource(areas: areas, kinds: kinds, isStabilized: isStabilized, keepsCrossings: outputs.crossings != nil)
    let sink = try outputs.openCrossings()
    var warnings: [String] = []
    if try isStream() {
      warnings += try countStream(&source, outputs, sink, cancellation)
    } else {
      warnings += try countTable(&source)
    }
    warnings += source.warnings
    source.counter.endAll()
    try sink?.write(outputs.text(of: source.counter.takeCrossings(), areas))
    try sink?.close()
    try outputs.write(source)
    return warnings
  }

  /// Standard input is a stream unless told otherwise; a file is one where its first line is a header, or where it is told.
  private func isStream() throws -> Bool {
    if let format { return format == .sextant }
    if stream == "-" || follows { return true }
    return StreamHeader.read(path: stream) != nil || StreamHeader.begins(path: stream)
  }

  private func countStream(
    _ source: inout TrackSource, _ outputs: CountOutputs, _ sink: OutputSink?, _ cancellation: Cancellation
  ) throws -> [String] {
    // What is read by now is there for the reader's question, which comes in the middle of a read.
    let latest = Latest(source)
    let reader = try StreamReader(following: stream, keepsFurther: false) {
      guard follows, !cancellation.isRequested else { return false }
      if latest.isDue(CountRun.period) { try? outputs.renew(latest.source) }
      Thread.sleep(forTimeInterval: CountRun.pause)
      return true
    }
    if follows || stream == "-" { cancellation.heed() }
    // A growing file's end record is its end; elsewhere what stands behind it is refused by the reader.
    while reader.end == nil || !follows, !cancellation.isRequested, let record = try reader.next() {
      latest.source.add(record, classes: reader.classes)
      if sink != nil { try sink?.write(outputs.text(of: latest.source.counter.takeCrossings(), latest.source.counter.areas)) }
    }
    source = latest.source
    guard reader.end == nil, !cancellation.isRequested else { return [] }
    return ["\(reader.name): the stream was cut off or is still being written; what it holds is counted"]
  }

  /// The counts so far, shared between the loop and the question that its reader asks, on one thread.
  private final class Latest {
    var source: TrackSource
    private var written = Date()

    init(_ source: TrackSource) { self.source = source }

    /// Whether so many seconds have passed since the last time.
    func isDue(_ period: Double) -> Bool {
      guard Date().timeIntervalSince(written) >= period else { return false }
      written = Date()
      return true
    }
  }

  private func countTable(_ source: inout TrackSource) throws -> [String] {
    guard !isStabilized else {
      throw CommandError.usage("--stabilized needs a stream, which tells how the camera moves; \(stream) is none")
    }
    var options = BoxTableReader.Options(format: format)
    options.images.size = imageSize
    let table = try BoxTableReader.read(path: stream, options: options)
    // A file without boxes is an empty result, of any format.
    guard table.isEmpty || (table.format.hasIdentities && !table.ids.isEmpty) else {
      throw CommandError.malformed("cannot count the tracks of \(stream): its boxes have no identities")
    }
    var warnings = table.warnings
    let told = frameRate ?? SequenceInformation.beside(stream)?.frameRate
    if told == nil { warnings.append("\(stream): it has no times; 30 frames per second are assumed (--frame-rate)") }
    source.add(table, framesPerSecond: told ?? 30)
    return warnings
  }
}

/// Where counts and crossings go.
struct CountOutputs {
  /// `-` is standard output.
  let path: String
  let isJSON: Bool
  let crossings: String?
  let overwrites: Bool

  /// The sink of the crossings, with its first line; nil where nobody asked.
  func openCrossings() throws -> OutputSink? {
    guard let crossings else { return nil }
    let sink = try OutputSink(path: crossings, policy: .whole, overwrite: overwrites)
    try sink.write("area,direction,id,class,time_s,x_px,y_px,speed_px_per_s\n")
    return sink
  }

  /// Rows of crossings.
  func text(of crossings: [TrackCounter.Crossing], _ areas: [CountedArea]) -> String {
    var text = TextBuffer()
    for crossing in crossings {
      text.append(CSVField.quoted(areas[crossing.area].name) + "," + crossing.direction.rawValue + ",\(crossing.id),")
      text.append(CSVField.quoted(crossing.className ?? TrackRecord.unknownClass) + ",")
      text.append(crossing.time, decimals: StreamDecimals.seconds)
      for number in [crossing.place.x, crossing.place.y] {
        text.append(",")
        text.append(number, decimals: StreamDecimals.position)
      }
      text.append(",")
      if let speed = crossing.speed { text.append(speed, decimals: StreamDecimals.position) }
      text.append("\n")
    }
    return text.string
  }

  /// Writes the counts.
  func write(_ source: TrackSource) throws { try write(source, replaces: overwrites || wasRenewed.value) }

  /// Writes the counts so far of a stream that goes on, where they go to a file.
  func renew(_ source: TrackSource) throws {
    guard path != "-" else { return }
    try write(source, replaces: overwrites || wasRenewed.value)
    wasRenewed.value = true
  }

  private let wasRenewed = Box()

  private final class Box { var value = false }

  init(path: String, isJSON: Bool, crossings: String?, overwrites: Bool) {
    self.path = path
    self.isJSON = isJSON
    self.crossings = crossings
    self.overwrites = overwrites
  }

  private func write(_ source: TrackSource, replaces: Bool) throws {
    let table = CountTable(source.counter)
    let sink = try OutputSink(path: path, policy: .whole, overwrite: replaces)
    if isJSON {
      let value = JSONValue.object([
        ("program", .text(ProgramVersion.programText)), ("frames", .integer(source.frameCount)),
        ("until_s", .real(source.lastTime)),
        ("counts", table.json),
      ])
      try sink.write(value.json + "\n")
    } else {
      try sink.write(table.csv)
    }
    try sink.close()
  }
}
