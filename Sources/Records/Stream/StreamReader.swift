/// Reads a stream record by record; the file may be gzipped, still growing, or cut off.
///
/// Keys and kinds of records that this version does not know are kept apart (`further`, `.unknown`), never an error. A last line without a
/// line feed that is not a whole record ends the stream and sets `isCutOff`.
///
/// ```swift
/// let reader = try StreamReader(path: "tracks.jsonl")
/// while let record = try reader.next() { … }
/// ```
public final class StreamReader {
  /// The class names: those of the header, then any others in the order in which they appear.
  public var classes: [String] { decoder.classes }
  /// The header, once it was read.
  public private(set) var header: StreamHeader?
  /// The end record, once it was read.
  public private(set) var end: EndRecord?
  /// Whether the text ended in the middle of a record.
  public private(set) var isCutOff = false
  /// What a user should know once all records are read: that the stream ends early; nil where it is whole.
  public var earlyEnd: String? {
    if isCutOff { return "the stream breaks off in the middle of its last record, which is left out" }
    return end == nil ? "the stream has no end record: it was cut off or is still being written" : nil
  }
  /// The line of the record that `next()` gave last, from 1.
  public private(set) var line = 0

  /// The stream's name for messages.
  public var name: String { lines.name }

  /// A longer line is refused.
  public static let maximumLineLength = 64 << 20
  /// More deeply nested JSON is refused.
  public static let maximumDepth = 64

  private let lines: LineReader
  private let json: JSONReader
  private var decoder: StreamDecoder
  /// The time of the frame record read last, in seconds.
  private var lastTime = 0.0

  /// - Parameters:
  ///   - path: The stream's file; `-` is standard input.
  ///   - keepsFurther: Whether keys that this version does not know are kept in the records.
  public convenience init(path: String, keepsFurther: Bool = true) throws(RecordsError) {
    try self.init(try ByteSource(path: path), keepsFurther: keepsFurther)
  }

  /// Reads a stream that is still being written, and goes on as it grows.
  ///
  /// - Parameter looksAgain: Asked at the end of what is there: true to look again, false to end there. It should wait a little before it
  ///   answers. It is not asked behind the stream's end record by who stops reading there.
  public convenience init(
    following path: String, keepsFurther: Bool = true, looksAgain: @escaping () -> Bool
  ) throws(RecordsError) {
    try self.init(try ByteSource(path: path, looksAgain: looksAgain), keepsFurther: keepsFurther)
  }

  /// Reads a stream that lies in memory.
  ///
  /// - Throws: `RecordsError` where there is no memory to parse with.
  public convenience init(
    bytes: some Collection<UInt8>, name: String, keepsFurther: Bool = true
  ) throws(RecordsError) {
    try self.init(ByteSource(bytes: bytes, name: name), keepsFurther: keepsFurther)
  }

  convenience init(_ source: ByteSource, keepsFurther: Bool) throws(RecordsError) {
    try self.init(LineReader(source), keepsFurther: keepsFurther)
  }

  init(_ lines: LineReader, keepsFurther: Bool) throws(RecordsError) {
    self.lines = lines
    lines.maximumLineLength = StreamReader.maximumLineLength
    do throws(JSONReader.Problem) {
      json = try JSONReader(maximumBytes: StreamReader.maximumLineLength, maximumDepth: StreamReader.maximumDepth)
    } catch {
      throw .cannotRead(path: lines.name, reason: error.reason)
    }
    decoder = StreamDecoder(keepsFurther: keepsFurther)
  }

  /// The next record; nil at the end. After an error the next call goes on with the following line.
  public func next() throws(RecordsError) -> StreamRecord? {
    while true {
      let step = try lines.nextLine { (line) throws(RecordsError) -> Step in try read(line) }
      switch step {
      case nil: return nil
      case .record(let record): return record
      case .blank: continue
      case .cutOff:
        isCutOff = true
        return nil
      }
    }
  }

  private enum Step {
    case record(StreamRecord)
    case blank
    case cutOff
  }

  private func read(_ line: LineReader.Line) throws(RecordsError) -> Step {
    self.line = line.number
    if line.bytes.allSatisfy(RowScanner.isBlank) { return .blank }
    guard end == nil else { throw problem(at: line, "it stands behind the stream's end record; a file holds one stream") }
    let result = json.withRoot(of: line.bytes) { root in
      Result { () throws(StreamDecoder.Problem) in try decoder.decode(root) }
    }
    switch result {
    case .success(.success(let record)):
      if case .frame(let frame) = record {
        guard frame.time >= lastTime else {
          throw problem(at: line, "time goes back from \(lastTime) to \(frame.time) seconds")
        }
        lastTime = frame.time
      }
      note(record)
      return .record(record)
    case .success(.failure(let problem)): throw self.problem(at: line, problem.reason)
    case .failure(let problem):
      guard line.isTerminated else { return .cutOff }
      throw self.problem(at: line, "not a JSON object (\(problem.reason))")
    }
  }

  private func note(_ record: StreamRecord) {
    switch record {
    case .header(let header): self.header = header
    case .end(let end): self.end = end
    default: break
    }
  }

  private func problem(at line: LineReader.Line, _ reason: String) -> RecordsError {
    .malformedLines(path: lines.name, lines: [LineProblem(line: line.number, reason: reason)], total: 1)
  }
}
