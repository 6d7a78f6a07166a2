import Foundation

/// What a program that was started for a unit holds on to: a pipe on its standard input whose other end its starter has. It breaks when the starter is
/// gone, killed at a moment that let it do nothing more; a tracker that went on then would write where nobody looks after it.
public enum Lifeline {
  private static let variable = "SEXTANT_LIFELINE"

  /// The environment of a program that is to heed its lifeline.
  static var environment: [String] {
    ProcessInfo.processInfo.environment.filter { $0.key != variable }.map { "\($0.key)=\($0.value)" } + ["\(variable)=1"]
  }

  /// Ends this process, as if by SIGKILL, as soon as the one that started it is gone; does nothing where that one did not ask for it.
  public static func heed() {
    guard ProcessInfo.processInfo.environment[variable] != nil else { return }
    Thread.detachNewThread {
      var byte: UInt8 = 0
      while true {
        let count = read(STDIN_FILENO, &byte, 1)
        if count > 0 || count < 0 && errno == EINTR { continue }
        kill(getpid(), SIGKILL)
      }
    }
  }
}
