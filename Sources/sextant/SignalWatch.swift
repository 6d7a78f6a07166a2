import Dispatch
import Foundation
import Pipeline

/// Turns Ctrl-C and the system's request to end into a request to stop, so that output ends with a whole record.
///
/// A second signal ends the program at once, as people expect who press Ctrl-C twice.
final class SignalWatch {
  private var sources: [any DispatchSourceSignal] = []

  init(cancelling cancellation: Cancellation) {
    // A closed pipe must come back as an error of the write, not end the program.
    signal(SIGPIPE, SIG_IGN)
    for (number, reason) in [(SIGINT, Cancellation.Reason.interrupted), (SIGTERM, .terminated)] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        if cancellation.isRequested { _exit(128 + number) }
        cancellation.request(reason)
      }
      source.resume()
      sources.append(source)
    }
  }

  deinit {
    for source in sources { source.cancel() }
  }
}
