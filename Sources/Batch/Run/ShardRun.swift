import Dispatch
import Foundation
import Synchronization

/// Does the units of a shard, one after the other or several at a time; what stands is passed over, so that a second run does what is missing.
public struct ShardRun: Sendable {
  /// How units are done, without a say in what comes out.
  public struct Settings: Sendable {
    /// The program that tracks.
    public var program: String
    /// Who works.
    public var worker: WorkerName
    /// What it works on.
    public var machine: MachineClass
    /// Units at a time.
    public var jobs = 1
    /// Whether units that failed for good are tried again.
    public var retriesFailures = false
    /// Seconds between two checkpoints of a tracker; nil: none is made, and a unit that was stopped begins anew.
    public var checkpointSeconds: Double?
    /// The trackers that run.
    public var children: ChildGroup

    /// One unit at a time.
    public init(program: String, worker: WorkerName, machine: MachineClass, children: ChildGroup) {
      (self.program, self.worker, self.machine, self.children) = (program, worker, machine, children)
    }

    /// What the tracker is called with.
    ///
    /// - Parameter output: How and where it writes.
    func arguments(of plan: BatchPlan, in run: RunFolder, for unit: BatchUnit, output: [String]) -> [String] {
      // Trackers that run beside each other share the cores; the number of threads changes no result.
      let cores = ProcessInfo.processInfo.activeProcessorCount
      let share = jobs > 1 && !plan.options.contains("--threads") ? ["--threads", String(max(1, cores / jobs))] : []
      let configuration = plan.files.contains { $0.path == run.settingsFile } ? ["--config", run.settingsFile] : []
      return ["track"] + unit.files.map(\.path) + plan.options + configuration + share + output
    }
  }

  /// How many units came to what.
  public struct Summary: Sendable, Equatable {
    /// Done now.
    public var committed = 0
    /// Done before.
    public var present = 0
    /// That cannot be done.
    public var failed = 0
    /// To be tried again.
    public var left = 0
    /// The exit code of the first that is to be tried again, 0 where there is none.
    public var code: Int32 = 0
    /// Whether the run was asked to stop.
    public var isStopped = false
  }

  /// One unit is over.
  public enum News: Sendable, Equatable {
    case committed(files: [String], frames: Int, tracks: Int, seconds: Double)
    case failed(files: [String], sentence: String)
    case left(files: [String], code: Int32, sentence: String)
  }

  private let run: RunFolder
  private let plan: BatchPlan
  private let settings: Settings

  /// The carrying out of a plan.
  public init(run: RunFolder, plan: BatchPlan, settings: Settings) {
    (self.run, self.plan, self.settings) = (run, plan, settings)
  }

  private struct State {
    var next = 0
    var summary = Summary()
    var error: (any Error)?
  }

  /// Does the units.
  ///
  /// - Parameter report: Is told of each unit that is over, by one thread at a time; not of those that were done before.
  /// - Throws: What keeps all units from being done, such as a full disk or options that the tracker does not know.
  public func perform(_ units: [BatchUnit], report: @Sendable (News) -> Void) throws -> Summary {
    let state = Mutex(State())
    let unitRun = UnitRun(run: run, plan: plan, settings: settings)
    DispatchQueue.concurrentPerform(iterations: max(1, min(settings.jobs, units.count))) { _ in
      while let unit = take(from: units, state) {
        let result = Result { try unitRun.perform(unit) }
        state.withLock { settle(result, of: unit, &$0, report) }
      }
    }
    return try state.withLock { state in
      if let error = state.error { throw error }
      return state.summary
    }
  }

  private func take(from units: [BatchUnit], _ state: borrowing Mutex<State>) -> BatchUnit? {
    state.withLock { state in
      guard state.error == nil, !settings.children.isStopping, state.next < units.count else { return nil }
      state.next += 1
      return units[state.next - 1]
    }
  }

  private func settle(
    _ result: Result<UnitRun.Outcome, any Error>, of unit: BatchUnit, _ state: inout State, _ report: (News) -> Void
  ) {
    let files = unit.files.map(\.name)
    switch result {
    case .success(.committed(let receipt)):
      state.summary.committed += 1
      report(.committed(files: files, frames: receipt.frames, tracks: receipt.tracks, seconds: receipt.seconds))
    case .success(.wasDone): state.summary.present += 1
    case .success(.failed(let failure, let isNew)):
      state.summary.failed += 1
      if isNew { report(.failed(files: files, sentence: failure.sentence)) }
    case .success(.left(let code, let sentence)):
      state.summary.left += 1
      if state.summary.code == 0 { state.summary.code = code }
      report(.left(files: files, code: code, sentence: sentence))
      // A mistake in the options meets every unit alike.
      if code == 64 { state.error = BatchError.usage(sentence) }
    case .success(.stopped): state.summary.isStopped = true
    case .failure(let error): state.error = state.error ?? error
    }
  }
}
