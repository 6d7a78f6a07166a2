import Foundation
import Synchronization

/// One run of a program whose standard output is read while it runs.
struct ChildProcess {
  /// How it ended.
  struct Ending {
    /// Its exit code, or 128 and the number of the signal that ended it.
    let code: Int32
    /// The last that it wrote on standard error.
    let errors: String
    /// Bytes.
    let peakMemory: Int
  }

  private let process: pid_t
  private let output: Int32
  private let errors: Int32
  private let lifeline: Int32
  private let group: ChildGroup

  /// What is kept of standard error.
  private static let keptErrors = 4096

  /// One program is started at a time: what another got of this one's pipes would keep them open.
  private static let starting = Mutex(())

  /// Starts a program with a lifeline on standard input and with signals as they are by default.
  ///
  /// - Throws: `BatchError.inputOutput` where the system cannot start it.
  init(_ program: String, _ arguments: [String], in group: ChildGroup) throws(BatchError) {
    let result = ChildProcess.starting.withLock { _ in
      Result { () throws(BatchError) in try ChildProcess.start(program, arguments) }
    }
    (process, output, errors, lifeline) = try result.get()
    self.group = group
    group.add(process)
  }

  private static func start(_ program: String, _ arguments: [String]) throws(BatchError) -> (pid_t, Int32, Int32, Int32) {
    let (readLifeline, lifeline) = try pipe()
    let (readOutput, writeOutput) = try pipe()
    let (readErrors, writeErrors) = try pipe()
    defer {
      close(readLifeline)
      close(writeOutput)
      close(writeErrors)
    }
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_adddup2(&actions, readLifeline, STDIN_FILENO)
    posix_spawn_file_actions_adddup2(&actions, writeOutput, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, writeErrors, STDERR_FILENO)
    resetSignals(&attributes)
    var process = pid_t()
    var texts: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
    var environment: [UnsafeMutablePointer<CChar>?] = Lifeline.environment.map { strdup($0) } + [nil]
    defer { for text in texts + environment { free(text) } }
    let code = posix_spawn(&process, program, &actions, &attributes, &texts, &environment)
    guard code == 0 else {
      close(lifeline)
      close(readOutput)
      close(readErrors)
      throw .using(program, code)
    }
    return (process, readOutput, readErrors, lifeline)
  }

  /// Reads to the end of the program's output and waits for its end.
  ///
  /// - Parameter receive: Takes the output as it comes; where it throws the program is asked to end.
  /// - Throws: What `receive` throws.
  func run(_ receive: (UnsafeRawBufferPointer) throws -> Void) throws -> Ending {
    defer {
      close(output)
      close(errors)
      close(lifeline)
    }
    var said: [UInt8] = []
    do {
      try read(receive, &said)
    } catch {
      kill(process, SIGTERM)
      _ = wait()
      throw error
    }
    let (status, usage) = wait()
    let code = status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
    // The system counts memory in KiB here.
    return Ending(code: code, errors: String(decoding: said, as: UTF8.self), peakMemory: usage.ru_maxrss << 10)
  }

  private func read(_ receive: (UnsafeRawBufferPointer) throws -> Void, _ said: inout [UInt8]) throws {
    var room = [UInt8](repeating: 0, count: 1 << 16)
    var sources = [pollfd(fd: output, events: Int16(POLLIN), revents: 0), pollfd(fd: errors, events: Int16(POLLIN), revents: 0)]
    while sources.contains(where: { $0.fd >= 0 }) {
      guard poll(&sources, nfds_t(sources.count), -1) >= 0 else { continue }
      for index in sources.indices where sources[index].fd >= 0 && sources[index].revents != 0 {
        let count = Foundation.read(sources[index].fd, &room, room.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else {
          // A closed pipe is passed over from here on.
          sources[index].fd = -1
          continue
        }
        if index == 0 {
          try room.withUnsafeBytes { try receive(UnsafeRawBufferPointer(rebasing: $0.prefix(count))) }
        } else {
          said = Array((said + room.prefix(count)).suffix(ChildProcess.keptErrors))
        }
      }
    }
  }

  private func wait() -> (status: Int32, usage: rusage) {
    var status: Int32 = 0
    var usage = rusage()
    while wait4(process, &status, 0, &usage) < 0, errno == EINTR {}
    group.remove(process)
    return (status, usage)
  }

  private static func pipe() throws(BatchError) -> (read: Int32, write: Int32) {
    var ends: [Int32] = [-1, -1]
    guard Foundation.pipe(&ends) == 0 else { throw .using("a pipe", errno) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  /// What this program ignores would stay ignored in one that it starts.
  private static func resetSignals(_ attributes: inout posix_spawnattr_t) {
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    for signal in [SIGPIPE, SIGXFSZ, SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, signal) }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
  }
}

/// The programs that run now, to be ended together.
public final class ChildGroup: Sendable {
  private struct State {
    var processes: Set<pid_t> = []
    var isStopping = false
  }

  private let state = Mutex(State())

  /// None runs.
  public init() {}

  /// Whether no more are to be started.
  public var isStopping: Bool { state.withLock { $0.isStopping } }

  /// Asks all that run to end, and those that are added later.
  public func stop() {
    state.withLock { state in
      state.isStopping = true
      for process in state.processes { kill(process, SIGTERM) }
    }
  }

  func add(_ process: pid_t) {
    state.withLock { state in
      state.processes.insert(process)
      if state.isStopping { kill(process, SIGTERM) }
    }
  }

  func remove(_ process: pid_t) { state.withLock { _ = $0.processes.remove(process) } }
}
