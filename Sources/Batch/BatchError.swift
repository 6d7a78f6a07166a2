import Foundation

/// What can go wrong with a run over many recordings, each told in one sentence.
public enum BatchError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What was asked for cannot be done.
  case usage(String)
  /// A file of the run, or a recording, is not what it should be.
  case malformed(path: String, reason: String)
  /// A file or folder is not there.
  case missing(path: String, reason: String)
  /// A file or folder cannot be made.
  case cannotCreate(path: String, reason: String)
  /// Reading or writing failed half-way.
  case inputOutput(path: String, reason: String)
  /// Two results of one recording, made by the same program on the same class of machine, are not the same.
  case otherResult(key: String, first: String, second: String)

  /// One sentence.
  public var description: String {
    switch self {
    case .usage(let text): text
    case .malformed(let path, let reason): "cannot use \(path): \(reason)"
    case .missing(let path, let reason): "cannot open \(path): \(reason)"
    case .cannotCreate(let path, let reason): "cannot create \(path): \(reason)"
    case .inputOutput(let path, let reason): "cannot read or write \(path): \(reason)"
    case .otherResult(let key, let first, let second):
      "the unit \(key) has a result with digest \(first), and now came out with \(second) on the same class of machine"
    }
  }

  /// The system's failure to make something; a full disk is one that may have room another time.
  static func creating(_ path: String, _ code: Int32) -> BatchError {
    [ENOSPC, EDQUOT].contains(code) ? .using(path, code) : .cannotCreate(path: path, reason: reason(code))
  }

  /// The system's failure to read or write.
  static func using(_ path: String, _ code: Int32) -> BatchError { .inputOutput(path: path, reason: reason(code)) }
}
