import Checkpoints
import Foundation
import Records

/// Does one unit: runs the tracker on its files, keeps the stream that it prints, and commits it.
struct UnitRun {
  /// What became of a unit.
  enum Outcome: Equatable {
    case committed(Receipt)
    /// A receipt stands.
    case wasDone
    /// It cannot be done; whether that was found out now.
    case failed(Failure, isNew: Bool)
    /// It may go well another time.
    case left(code: Int32, sentence: String)
    /// The run was asked to stop.
    case stopped
  }

  let run: RunFolder
  let plan: BatchPlan
  let settings: ShardRun.Settings
  /// Told of each step of a commit.
  var reached: @Sendable (CommitStep) throws -> Void = { _ in }

  /// Exit codes of the tracker for inputs that will be no better another time: malformed, missing.
  private static let permanent: Set<Int32> = [65, 66]

  func perform(_ unit: BatchUnit) throws -> Outcome {
    let folder = run.unit(unit.key)
    try folder.create()
    folder.sweep(for: settings.worker)
    if Receipt(path: folder.receiptFile, of: unit.key) != nil { return .wasDone }
    let changed = unit.files.first { !FileState.isUnchanged($0) }
    if let changed, UnitRun.isAway(changed.path) {
      return .left(code: 66, sentence: "\(changed.path) is not there, nor anything else in its folder: its disk or share is away")
    }
    if let failure = Failure(path: folder.failureFile, of: unit.key), !settings.retriesFailures, !failure.isChange || changed != nil
    {
      return .failed(failure, isNew: false)
    }
    if let changed {
      let state =
        FileState(path: changed.path) == nil ? "is not there" : "has another size or time of change than when the plan was made"
      return try fail(unit, folder, 65, Failure.change + "\(changed.path) \(state)")
    }
    let start = ContinuousClock.now
    if let seconds = settings.checkpointSeconds { return try trackOn(unit, folder, every: seconds, start: start) }
    return try track(unit, folder, start: start)
  }

  /// Whether a file is missing together with all that lay beside it: then it is no fault of the recording.
  private static func isAway(_ path: String) -> Bool {
    guard FileState(path: path) == nil else { return false }
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    return (try? FileManager.default.contentsOfDirectory(atPath: folder))?.isEmpty ?? true
  }

  // MARK: From its beginning to its end

  private func track(_ unit: BatchUnit, _ folder: UnitFolder, start: ContinuousClock.Instant) throws -> Outcome {
    let part = folder.part(settings.worker, of: "zst")
    defer { unlink(part) }
    let sink = try OutputSink(path: part, policy: .live, overwrite: true)
    var text = StreamText()
    try reached(.created)
    let child = try ChildProcess(
      settings.program, settings.arguments(of: plan, in: run, for: unit, output: ["--output", "-"]), in: settings.children)
    let ending = try child.run { bytes in
      text.add(bytes)
      try sink.write(bytes)
      try reached(.written)
    }
    if let other = try outcome(of: ending, unit, folder) { return other }
    try sink.close()
    return try commit(part, text, unit, folder, ending, start: start)
  }

  // MARK: From checkpoint to checkpoint

  /// The tracker writes the stream itself, and goes on where another attempt has come to.
  ///
  /// - Parameter adopts: Whether what others left is of use.
  private func trackOn(
    _ unit: BatchUnit, _ folder: UnitFolder, every seconds: Double, start: ContinuousClock.Instant, adopts: Bool = true
  ) throws -> Outcome {
    let checkpoint = UnitCheckpoint(folder: folder, worker: settings.worker)
    checkpoint.remove()
    let isAdopted = adopts && checkpoint.adopt()
    try reached(.created)
    let output = [
      "--output", checkpoint.stream, "--checkpoint", checkpoint.path, "--checkpoint-every", "\(seconds)s", "--resume",
    ]
    let child = try ChildProcess(
      settings.program, settings.arguments(of: plan, in: run, for: unit, output: output), in: settings.children)
    let ending = try child.run { _ in }
    if isAdopted, ending.code == 65, !settings.children.isStopping {
      // What was left may be at fault: of another program's build, or with a damaged part.
      return try trackOn(unit, folder, every: seconds, start: start, adopts: false)
    }
    if let other = try outcome(of: ending, unit, folder) {
      if case .failed = other { checkpoint.remove() }
      return other
    }
    defer { checkpoint.remove() }
    try reached(.written)
    var text = StreamText()
    try PlainText.read(checkpoint.stream) { text.add($0) }
    return try commit(checkpoint.stream, text, unit, folder, ending, start: start)
  }

  // MARK: Both

  /// What became of a unit whose tracker did not come to its end; nil where it did.
  private func outcome(of ending: ChildProcess.Ending, _ unit: BatchUnit, _ folder: UnitFolder) throws -> Outcome? {
    if settings.children.isStopping { return .stopped }
    guard ending.code != 0 else { return nil }
    // Whoever was faster may have swept away what this attempt wrote.
    if Receipt(path: folder.receiptFile, of: unit.key) != nil { return .wasDone }
    let sentence = UnitRun.sentence(ending.errors)
    // A model that is missing here, on a share that is not mounted, is no fault of the recording.
    let isAtFault = plan.files.allSatisfy { FileState(path: $0.path) != nil }
    if UnitRun.permanent.contains(ending.code), isAtFault { return try fail(unit, folder, ending.code, sentence) }
    return .left(code: ending.code, sentence: sentence)
  }

  private func commit(
    _ part: String, _ text: StreamText, _ unit: BatchUnit, _ folder: UnitFolder, _ ending: ChildProcess.Ending,
    start: ContinuousClock.Instant
  ) throws -> Outcome {
    guard let end = text.end, end.status == .complete else {
      return .left(code: 70, sentence: "the stream has no record of a complete end")
    }
    try reached(.closed)
    let receipt = Receipt(
      key: unit.key, digest: text.digest.value, length: text.length, end: end, isRateAssumed: text.isRateAssumed,
      seconds: (ContinuousClock.now - start) / .seconds(1),
      peakMemory: ending.peakMemory, warnings: UnitRun.warnings(ending.errors), program: plan.program, machine: settings.machine,
      worker: settings.worker)
    let outcome = try UnitCommit(folder: folder, worker: settings.worker, reached: reached).commit(part, receipt)
    folder.sweep(for: settings.worker, sparesOthers: true)
    return outcome == .committed ? .committed(receipt) : .wasDone
  }

  private func fail(_ unit: BatchUnit, _ folder: UnitFolder, _ code: Int32, _ sentence: String) throws -> Outcome {
    let failure = Failure(key: unit.key, code: code, sentence: sentence, files: unit.files.map(\.name))
    _ = try SmallFile.write(
      failure.text, to: folder.failureFile, by: folder.part(settings.worker, of: "failure"), replaces: true)
    try FolderSync.sync(folder.path)
    return .failed(failure, isNew: true)
  }

  private static let warningPrefix = "sextant: warning: "
  /// Warnings that are kept of a tracker, and the characters of one.
  private static let (mostWarnings, longestWarning) = (20, 500)

  /// What the tracker warned of.
  private static func warnings(_ errors: String) -> [String] {
    errors.split(whereSeparator: \.isNewline).filter { $0.hasPrefix(warningPrefix) }.prefix(mostWarnings).map {
      MessageText.printable(String($0.dropFirst(warningPrefix.count).prefix(longestWarning)))
    }
  }

  /// The last line that the tracker said, without its own name.
  private static func sentence(_ errors: String) -> String {
    let last = errors.split(whereSeparator: \.isNewline).last.map(String.init) ?? ""
    return MessageText.printable(last.hasPrefix("sextant: ") ? String(last.dropFirst(9)) : last)
  }
}

/// What is learnt of a stream's text while it passes.
struct StreamText {
  private(set) var digest = Digest()
  /// Bytes.
  private(set) var length = 0
  /// The first bytes, in which the header is.
  private var head: [UInt8] = []
  /// The last bytes; the record at the end of a stream is short.
  private var tail: [UInt8] = []
  private static let keptTail = 1 << 16

  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    digest.add(bytes)
    length += bytes.count
    if head.count < StreamText.keptTail { head += bytes.prefix(StreamText.keptTail - head.count) }
    tail = Array((tail + bytes.suffix(StreamText.keptTail)).suffix(StreamText.keptTail))
  }

  /// Whether the header says that the times rest on a rate that nobody gave.
  var isRateAssumed: Bool {
    guard let end = head.firstIndex(of: UInt8(ascii: "\n")),
      let reader = try? StreamReader(bytes: head[...end], name: "the header"), case .header(let header)? = try? reader.next()
    else { return false }
    return header.settings["frame_rate_assumed"] == .flag(true)
  }

  /// The record that ends the stream; nil where the last line is none, or is not whole.
  var end: EndRecord? {
    guard tail.last == UInt8(ascii: "\n"), let line = tail.split(separator: UInt8(ascii: "\n")).last,
      let reader = try? StreamReader(bytes: line, name: "the end of the stream"), case .end(let end)? = try? reader.next()
    else { return nil }
    return end
  }
}

extension Failure {
  /// How the sentence begins of a failure that is over once the files are again those of the plan.
  static let change = "changed since the plan: "

  var isChange: Bool { sentence.hasPrefix(Failure.change) }
}
