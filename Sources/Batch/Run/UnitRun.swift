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
    folder.sweep(host: settings.worker.host)
    if Receipt(path: folder.receiptFile) != nil { return .wasDone }
    let changed = unit.files.first { !FileState.isUnchanged($0) }
    if let failure = Failure(path: folder.failureFile), !settings.retriesFailures, !failure.isChange || changed != nil {
      return .failed(failure, isNew: false)
    }
    if let changed {
      let state =
        FileState(path: changed.path) == nil ? "is not there" : "has another size or time of change than when the plan was made"
      return try fail(unit, folder, 65, Failure.change + "\(changed.path) \(state)")
    }
    return try track(unit, folder)
  }

  private func track(_ unit: BatchUnit, _ folder: UnitFolder) throws -> Outcome {
    let part = folder.part(settings.worker, of: "zst")
    defer { unlink(part) }
    let start = ContinuousClock.now
    let sink = try OutputSink(path: part, policy: .live, overwrite: true)
    var text = StreamText()
    try reached(.created)
    let child = try ChildProcess(settings.program, settings.arguments(of: plan, in: run, for: unit), in: settings.children)
    let ending = try child.run { bytes in
      text.add(bytes)
      try sink.write(bytes)
      try reached(.written)
    }
    if settings.children.isStopping { return .stopped }
    let sentence = UnitRun.sentence(ending.errors)
    guard ending.code == 0 else {
      if UnitRun.permanent.contains(ending.code) { return try fail(unit, folder, ending.code, sentence) }
      return .left(code: ending.code, sentence: sentence)
    }
    guard let end = text.end, end.status == .complete else {
      return .left(code: 70, sentence: "the stream has no record of a complete end")
    }
    try sink.close()
    try reached(.closed)
    let receipt = Receipt(
      key: unit.key, digest: text.digest.value, length: text.length, end: end, seconds: (ContinuousClock.now - start) / .seconds(1),
      peakMemory: ending.peakMemory, program: plan.program, machine: settings.machine, worker: settings.worker)
    let outcome = try UnitCommit(folder: folder, worker: settings.worker, reached: reached).commit(part, receipt)
    return outcome == .committed ? .committed(receipt) : .wasDone
  }

  private func fail(_ unit: BatchUnit, _ folder: UnitFolder, _ code: Int32, _ sentence: String) throws -> Outcome {
    let failure = Failure(key: unit.key, code: code, sentence: sentence, files: unit.files.map(\.name))
    _ = try SmallFile.write(
      failure.text, to: folder.failureFile, by: folder.part(settings.worker, of: "failure"), replaces: true)
    try FolderSync.sync(folder.path)
    return .failed(failure, isNew: true)
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
  /// The last bytes; the record at the end of a stream is short.
  private var tail: [UInt8] = []
  private static let keptTail = 1 << 16

  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    digest.add(bytes)
    length += bytes.count
    tail = Array((tail + bytes.suffix(StreamText.keptTail)).suffix(StreamText.keptTail))
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
