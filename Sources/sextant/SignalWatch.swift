import Dispatch
import Foundation
import Pipeline
import Records
import Synchronization

/// Turns Ctrl-C, the system's request to end and the loss of the terminal into a request to stop, so that output ends with a whole record.
///
/// A command that has nothing to complete ends at once, and so does any at the second signal, as people expect who press Ctrl-C twice;
/// unfinished files go with it.
enum SignalWatch {
  private static let cancellation = Mutex<Cancellation?>(nil)
  private static let sources = Mutex<[any DispatchSourceSignal]>([])

  private static let reasons: [(signal: Int32, reason: Cancellation.Reason)] = [
    (SIGINT, .interrupted), (SIGTERM, .terminated), (SIGHUP, .hungUp),
  ]

  /// Begins to watch; later calls do nothing.
  static func start() {
    // A closed pipe and a file that may grow no further must come back as an error of the write, not end the program.
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    sources.withLock { sources in
      guard sources.isEmpty else { return }
      // Who started the program with nohup wants it to outlive the terminal.
      for (number, reason) in reasons where number != SIGHUP || !isIgnored(number) {
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler { answer(number, reason) }
        source.resume()
        sources.append(source)
      }
    }
  }

  /// From now on signals go to this run.
  static func cancel(_ run: Cancellation) { cancellation.withLock { $0 = run } }

  private static func answer(_ number: Int32, _ reason: Cancellation.Reason) {
    if let run = cancellation.withLock({ $0 }), !run.isRequested {
      run.request(reason)
      if run.isHeeded { return }
      StandardError.say("stopped; what was not whole yet is not kept")
    }
    PartialFile.discardAll()
    _exit(128 + number)
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    guard sigaction(number, nil, &action) == 0 else { return false }
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
