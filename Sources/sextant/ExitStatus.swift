import ArgumentParser
import Foundation
import Records

/// The exit codes of the program; `docs/exit-codes.md` explains them to users.
enum ExitStatus: Int32, Sendable {
  case done = 0
  /// Of `batch status`: units are left to do.
  case notYet = 1
  /// A threshold of `--fail-below` was not met.
  case belowThreshold = 5
  /// An unknown option, a value out of range.
  case usage = 64
  /// Input is malformed, inconsistent or unsupported.
  case malformed = 65
  /// Input is not there or cannot be opened.
  case missingInput = 66
  /// A camera, network source or server did not answer in time, or went away.
  case unavailable = 69
  /// A defect of the program.
  case defect = 70
  /// Output cannot be created.
  case cannotCreate = 73
  /// Writing or reading failed half-way.
  case inputOutput = 74
  case hungUp = 129
  case interrupted = 130
  case terminated = 143

  /// Brings to its end what was printed; a text that is lost must not end as if it had been read.
  private static func flushed() throws(RecordsError) {
    // Of all streams: standard output is the one that is printed to.
    guard fflush(nil) != 0 else { return }
    if errno == EPIPE { throw .brokenPipe(path: "standard output") }
    throw errno == ENOSPC ? .diskFull(path: "standard output") : .cannotWrite(path: "standard output", reason: "writing failed")
  }

  var exitCode: ExitCode { ExitCode(rawValue) }

  /// Runs a subcommand's work; an error becomes one sentence on standard error and its exit code.
  static func reporting(_ body: () throws -> Void) throws {
    SignalWatch.start()
    do {
      try body()
      try flushed()
    } catch let code as ExitCode {
      throw code
    } catch {
      guard let status = ErrorReport(error).print() else { return }
      throw status.exitCode
    }
  }
}
