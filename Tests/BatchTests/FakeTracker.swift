import Foundation
import TestSupport

@testable import Batch

/// A run in a scratch folder whose tracker is a shell script, `Fixtures/tracker`: it prints a stream that tells the file's content, or fails as the content says.
///
/// `fail N` ends with code N after a sentence, `cut` leaves out the end record; every call leaves a line in `calls`.
final class FakeTracker {
  let folder: ScratchFolder
  var run: RunFolder { RunFolder(path: folder.file("run")) }
  private static let program = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
    "Fixtures/tracker"
  ).path

  init() throws {
    folder = try ScratchFolder()
  }

  /// How often the tracker was called.
  var calls: Int { ((try? folder.text("calls")) ?? "").split(separator: "\n").count }

  /// Writes videos and makes the plan.
  func plan(_ videos: [String: String], options: [String] = [], shardSeconds: Double = 3600) throws -> (
    plan: BatchPlan, units: [BatchUnit]
  ) {
    for (name, text) in videos { try folder.write(text + "\n", to: "videos/" + name) }
    return try replan(options: options, shardSeconds: shardSeconds)
  }

  /// Makes the plan of what is there.
  func replan(options: [String] = [], shardSeconds: Double = 3600) throws -> (plan: BatchPlan, units: [BatchUnit]) {
    let builder = PlanBuilder(
      program: "sextant test", options: options, files: [], rule: "file", shardSeconds: shardSeconds)
    let recordings = try builder.recordings(of: [folder.file("videos")]) { $0.hasSuffix(".mp4") }
    let (plan, units, shards) = builder.plan(of: recordings, seconds: recordings.map { _ in 10 })
    try run.write(plan, units: units, shards: shards)
    return (plan, units)
  }

  func settings(processor: String = "avx2", worker: WorkerName = WorkerName(environment: [:])) -> ShardRun.Settings {
    ShardRun.Settings(
      program: FakeTracker.program, worker: worker, machine: MachineClass(processor: processor, precision: "", libraries: "x 1"),
      children: ChildGroup())
  }

  func perform(_ planned: (plan: BatchPlan, units: [BatchUnit]), settings: ShardRun.Settings? = nil) throws -> ShardRun.Summary {
    try ShardRun(run: run, plan: planned.plan, settings: settings ?? self.settings()).perform(planned.units) { _ in }
  }

  /// Every file of the units' folders with its bytes, a receipt by what does not tell of time, memory and worker.
  func tree() throws -> [String: String] {
    var tree: [String: String] = [:]
    let root = run.path + "/units"
    for name in FileManager.default.enumerator(atPath: root)?.compactMap({ $0 as? String }) ?? [] {
      let path = root + "/" + name
      guard FileState(path: path)?.isRegular == true else { continue }
      if let receipt: Receipt = SmallFile.decoded(path) {
        tree[name] = "\(receipt.key.text) \(receipt.digest.text) \(receipt.length) \(receipt.frames) \(receipt.tracks)"
      } else {
        tree[name] = try Data(contentsOf: URL(fileURLWithPath: path)).base64EncodedString()
      }
    }
    return tree
  }
}
