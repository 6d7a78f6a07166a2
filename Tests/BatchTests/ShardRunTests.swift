import Checkpoints
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Batch

@Suite struct ShardRunTests {
  private static let videos = ["a.mp4": "one", "b.mp4": "two", "sub/c.mp4": "three"]

  @Test func eachUnitIsDoneOnce() throws {
    let tracker = try FakeTracker()
    let planned = try tracker.plan(Self.videos)
    let first = try tracker.perform(planned)
    #expect(first.committed == 3 && first.present == 0 && first.code == 0)
    let again = try tracker.perform(planned)
    #expect(again.committed == 0 && again.present == 3)
    #expect(tracker.calls == 3)
    #expect(try tracker.tree().count == 6)
  }

  @Test func theReceiptTellsTheStreamsDigest() throws {
    let tracker = try FakeTracker()
    let planned = try tracker.plan(["a.mp4": "one"])
    _ = try tracker.perform(planned)
    let folder = tracker.run.unit(planned.units[0].key)
    // The command of another project unpacks the result, and its digest is taken of that.
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [
      "-c", "zstd -qdc \(folder.resultFile) > \(tracker.folder.file("plain")); sha256sum < \(tracker.folder.file("plain"))",
    ]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let said = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    let receipt = try #require(Receipt(path: folder.receiptFile, of: planned.units[0].key))
    #expect(said.hasPrefix(receipt.digest.text))
    #expect(receipt.length == (try tracker.folder.text("plain")).utf8.count)
    #expect(receipt.frames == 7 && receipt.tracks == 2)
  }

  @Test(arguments: [65, 66])
  func whatCannotBeDoneIsToldOnceAndTheShardGoesOn(code: Int) throws {
    let tracker = try FakeTracker()
    let planned = try tracker.plan(["a.mp4": "fail \(code)", "b.mp4": "two"])
    let told = Mutex<[ShardRun.News]>([])
    let shard = ShardRun(run: tracker.run, plan: planned.plan, settings: tracker.settings())
    for _ in 0..<2 {
      let summary = try shard.perform(planned.units) { news in told.withLock { $0.append(news) } }
      #expect(summary.failed == 1 && summary.code == 0)
    }
    let failures = told.withLock { $0 }.filter { if case .failed = $0 { true } else { false } }
    #expect(failures == [.failed(files: ["a.mp4"], sentence: "cannot use it")])
    #expect(tracker.calls == 2)
    var settings = tracker.settings()
    settings.retriesFailures = true
    _ = try tracker.perform(planned, settings: settings)
    #expect(tracker.calls == 3)
  }

  @Test(arguments: [69, 73, 74, 137, 143])
  func whatMayPassIsLeftToAnotherTry(code: Int) throws {
    let tracker = try FakeTracker()
    let planned = try tracker.plan(["a.mp4": "fail \(code)", "b.mp4": "two"])
    let summary = try tracker.perform(planned)
    #expect(summary.left == 1 && summary.committed == 1 && summary.code == code)
    #expect(try RunStatus(of: tracker.run).open == 1)
  }

  @Test func fiveDamagedRecordingsAmongThirtyFiveAreToldAndTheOthersDone() throws {
    let tracker = try FakeTracker()
    let videos = (0..<35).map { (String(format: "%02d.mp4", $0), $0 % 7 == 3 ? "fail 65" : "clip \($0)") }
    let planned = try tracker.plan(Dictionary(uniqueKeysWithValues: videos), shardSeconds: 50)
    let summary = try tracker.perform(planned)
    #expect(summary.committed == 30 && summary.failed == 5 && summary.left == 0 && summary.code == 0)
    let status = try RunStatus(of: tracker.run)
    #expect(status.failures.map(\.files) == ["03.mp4", "10.mp4", "17.mp4", "24.mp4", "31.mp4"].map { [$0] })
    #expect(status.open == 0 && status.missingShards.isEmpty)
    #expect(try tracker.perform(planned).present == 30 && tracker.calls == 35)
  }

  @Test func aStreamWithoutItsEndIsNoResult() throws {
    let tracker = try FakeTracker()
    let summary = try tracker.perform(try tracker.plan(["a.mp4": "cut"]))
    #expect(summary.left == 1 && summary.code == 70)
    #expect(try tracker.tree().isEmpty)
  }

  @Test func aMistakeInTheOptionsEndsTheRun() throws {
    let tracker = try FakeTracker()
    let planned = try tracker.plan(["a.mp4": "fail 64", "b.mp4": "two"])
    #expect(throws: BatchError.usage("cannot use it")) { try tracker.perform(planned) }
  }

  @Test func aFileThatChangedSinceThePlanIsNamedAndIsDoneOnceItIsBack() throws {
    let tracker = try FakeTracker()
    let planned = try tracker.plan(Self.videos)
    let path = tracker.folder.file("videos/a.mp4")
    let kept = FileManager.default.contents(atPath: path)
    let date = try #require(try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date)
    try tracker.folder.write("longer than before\n", to: "videos/a.mp4")
    #expect(try tracker.perform(planned).failed == 1)
    let status = try RunStatus(of: tracker.run)
    #expect(status.failures.map(\.files) == [["a.mp4"]] && status.failures[0].sentence.contains("changed since the plan"))
    try #require(kept).write(to: URL(fileURLWithPath: path))
    // The time of change, to the nanosecond, as the plan has it.
    let unit = try #require(planned.units.first { $0.files[0].name == "a.mp4" })
    #expect(abs(date.timeIntervalSince1970 - Double(unit.files[0].modified) / 1e9) < 1e-3)
    var times = [timespec(), timespec()]
    for index in times.indices {
      times[index] = timespec(tv_sec: unit.files[0].modified / 1_000_000_000, tv_nsec: unit.files[0].modified % 1_000_000_000)
    }
    #expect(utimensat(AT_FDCWD, path, times, 0) == 0)
    #expect(try tracker.perform(planned).committed == 1)
    #expect(try RunStatus(of: tracker.run).failures.isEmpty)
  }

  /// A share that is away is no fault of the recordings; one file that is gone among others is.
  @Test func aRecordingWhoseWholeFolderIsAwayIsLeftToAnotherTry() throws {
    let tracker = try FakeTracker()
    let planned = try tracker.plan(Self.videos)
    try FileManager.default.moveItem(atPath: tracker.folder.file("videos"), toPath: tracker.folder.file("away"))
    let without = try tracker.perform(planned)
    #expect(without.left == 3 && without.failed == 0 && without.code == 66)
    try FileManager.default.moveItem(atPath: tracker.folder.file("away"), toPath: tracker.folder.file("videos"))
    try FileManager.default.removeItem(atPath: tracker.folder.file("videos/b.mp4"))
    let with = try tracker.perform(planned)
    #expect(with.committed == 2 && with.failed == 1 && with.code == 0)
  }

  @Test func theReceiptOfAnotherUnitIsNone() throws {
    let tracker = try FakeTracker()
    let planned = try tracker.plan(Self.videos)
    _ = try tracker.perform(planned)
    let (first, second) = (tracker.run.unit(planned.units[0].key), tracker.run.unit(planned.units[1].key))
    let whole = try tracker.tree()
    try FileManager.default.removeItem(atPath: first.receiptFile)
    try FileManager.default.copyItem(atPath: second.receiptFile, toPath: first.receiptFile)
    #expect(try RunStatus(of: tracker.run).open == 1)
    #expect(try tracker.perform(planned).committed == 1)
    #expect(try tracker.tree() == whole)
    // A result that is whole, and another one's: its receipt tells.
    try FileManager.default.removeItem(atPath: first.resultFile)
    try FileManager.default.copyItem(atPath: second.resultFile, toPath: first.resultFile)
    #expect {
      try Gathering(run: tracker.run, dataset: tracker.folder.file("tables")).csv()
    } throws: { error in
      "\(error)".contains(first.resultFile) && "\(error)".contains("remove its folder")
    }
  }

  @Test func otherOptionsMakeOtherUnitsAndKeepTheOldResults() throws {
    let tracker = try FakeTracker()
    _ = try tracker.perform(try tracker.plan(Self.videos))
    let before = try tracker.tree()
    let other = try tracker.perform(try tracker.replan(options: ["--smooth"]))
    #expect(other.committed == 3)
    #expect(try tracker.tree().filter { before.keys.contains($0.key) } == before)
    try tracker.folder.write("changed\n", to: "videos/b.mp4")
    let changed = try tracker.perform(try tracker.replan(options: ["--smooth"]))
    #expect(changed.committed == 1 && changed.present == 2)
  }

  // MARK: - Death and races

  private struct Death: Error {}

  @Test(arguments: CommitStep.allCases)
  func aWorkerMayDieBehindEveryStep(step: CommitStep) throws {
    let whole = try FakeTracker(), broken = try FakeTracker()
    _ = try whole.perform(try whole.plan(Self.videos))
    let planned = try broken.plan(Self.videos)
    for unit in planned.units {
      let run = UnitRun(
        run: broken.run, plan: planned.plan, settings: broken.settings(), reached: { if $0 == step { throw Death() } })
      #expect(throws: Death.self) { try run.perform(unit) }
    }
    _ = try broken.perform(planned)
    #expect(try broken.tree() == whole.tree())
    #expect(try RunStatus(of: broken.run).committed == 3)
  }

  @Test func partsOfDeadWorkersAreSwept() throws {
    let tracker = try FakeTracker()
    let planned = try tracker.plan(["a.mp4": "one"])
    let folder = tracker.run.unit(planned.units[0].key)
    try folder.create()
    let worker = WorkerName(environment: [:])
    // No process has the number 2³⁰ − 1: the system counts to 2²² at most.
    for name in ["part.\(worker.host).none.0.1073741823.zst", "part.elsewhere.none.0.1073741823.zst", "part.\(worker.text).zst"] {
      #expect(FileManager.default.createFile(atPath: folder.path + "/" + name, contents: Data("x".utf8)))
    }
    folder.sweep(for: worker)
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(left == ["part.\(worker.text).zst", "part.elsewhere.none.0.1073741823.zst"].sorted())
    _ = try tracker.perform(planned)
    folder.sweep(for: worker)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["receipt.json", "tracks.ndjson.zst"])
  }

  @Test func aShardStartedTwiceAtOnceGivesOneReceiptAUnit() throws {
    for round in 0..<25 {
      let tracker = try FakeTracker()
      let planned = try tracker.plan(["a.mp4": "one \(round)", "b.mp4": "two \(round)"])
      let errors = Mutex(0)
      let done = Mutex(0)
      let (plan, units, run) = (planned.plan, planned.units, tracker.run)
      // Two processes have two names; here the jobs differ instead.
      let settings = ["1", "2", "3", "4"].map { tracker.settings(worker: WorkerName(environment: ["JOB_ID": $0])) }
      DispatchQueue.concurrentPerform(iterations: settings.count) { index in
        do {
          let summary = try ShardRun(run: run, plan: plan, settings: settings[index]).perform(units) { _ in }
          done.withLock { $0 += summary.committed + summary.present }
        } catch {
          errors.withLock { $0 += 1 }
        }
      }
      #expect(errors.withLock { $0 } == 0)
      #expect(done.withLock { $0 } == 8)
      // No part of anybody is left once the last has gone by.
      _ = try ShardRun(run: run, plan: plan, settings: settings[0]).perform(units) { _ in }
      #expect(try tracker.tree().keys.allSatisfy { !$0.contains("part.") } && tracker.tree().count == 4)
    }
  }

  /// On another machine, where nobody knows that this attempt still runs.
  @Test func aPartThatAFasterAttemptHasSweptAwayIsNoFault() throws {
    let tracker = try FakeTracker()
    let planned = try tracker.plan(["a.mp4": "one"])
    let (unit, plan, run) = (planned.units[0], planned.plan, tracker.run)
    let faster = tracker.settings(worker: WorkerName(environment: ["JOB_ID": "1"]))
    var slower = UnitRun(run: run, plan: plan, settings: tracker.settings(worker: WorkerName(environment: ["JOB_ID": "2"])))
    slower.reached = { step in
      guard step == .closed else { return }
      _ = try UnitRun(run: run, plan: plan, settings: faster).perform(unit)
      let folder = run.unit(unit.key).path
      for name in try FileManager.default.contentsOfDirectory(atPath: folder) where name.hasPrefix("part.") {
        unlink(folder + "/" + name)
      }
    }
    #expect(try slower.perform(unit) == .wasDone)
    #expect(try tracker.tree().count == 2)
  }

  // MARK: - Other results

  private func second(_ processor: String) throws -> (FakeTracker, UnitFolder, Result<ShardRun.Summary, any Error>) {
    let tracker = try FakeTracker()
    let planned = try tracker.plan(["a.mp4": "one"])
    _ = try tracker.perform(planned)
    let folder = tracker.run.unit(planned.units[0].key)
    // A racing attempt that began before the receipt stood, and saw another text.
    let first = try #require(Receipt(path: folder.receiptFile, of: planned.units[0].key))
    let worker = WorkerName(environment: ["JOB_ID": "2"])
    let part = folder.part(worker, of: "zst")
    #expect(FileManager.default.createFile(atPath: part, contents: Data("other".utf8)))
    let receipt = Receipt(
      key: first.key, digest: .of(["other"]), length: 5, end: .init(frames: 1, tracks: 1, status: .complete), isRateAssumed: false,
      seconds: 1,
      peakMemory: 1, program: first.program, machine: MachineClass(processor: processor, precision: "", libraries: "x 1"),
      worker: worker)
    let result = Result<ShardRun.Summary, any Error> {
      let outcome = try UnitCommit(folder: folder, worker: worker, reached: { _ in }).commit(part, receipt)
      #expect(outcome == .otherStands)
      return ShardRun.Summary()
    }
    #expect(Receipt(path: folder.receiptFile, of: planned.units[0].key) == first)
    return (tracker, folder, result)
  }

  @Test func anotherResultOfTheSameMachineIsADefect() throws {
    let (tracker, _, result) = try second("avx2")
    #expect(tracker.calls == 1)
    #expect {
      try result.get()
    } throws: { error in
      if case BatchError.otherResult = error { true } else { false }
    }
  }

  @Test func anotherResultOfAnotherMachineIsAnEventAndTheFirstStands() throws {
    let (tracker, folder, result) = try second("avx512f")
    _ = try result.get()
    #expect(tracker.calls == 1)
    #expect(try String(contentsOfFile: folder.eventsFile, encoding: .utf8).contains("\"event\":\"other_result\""))
  }
}
