import Foundation
import Geometry
import Pipeline

/// A progress line on standard error: a bar, the frames, the rate and the time left; only where that is a terminal.
final class TerminalProgress {
  private let start = ContinuousClock.now
  private var lastDrawn: ContinuousClock.Instant?
  private var wasLost = false
  private let isEnabled: Bool

  init(isQuiet: Bool) {
    isEnabled = !isQuiet && isatty(STDERR_FILENO) == 1
  }

  /// Draws the line, at most five times a second.
  func show(_ progress: RunProgress) {
    guard isEnabled else { return }
    let now = ContinuousClock.now
    if let lastDrawn, now - lastDrawn < .milliseconds(200), progress.isLost == wasLost { return }
    lastDrawn = now
    wasLost = progress.isLost
    write("\r\u{1B}[K" + TerminalProgress.line(progress, elapsed: (now - start) / .seconds(1), columns: TerminalProgress.columns))
  }

  /// Removes the line.
  func finish() {
    guard isEnabled, lastDrawn != nil else { return }
    write("\r\u{1B}[K")
  }

  /// The line without control codes, no longer than the terminal is wide.
  static func line(_ progress: RunProgress, elapsed: Double, columns: Int) -> String {
    let rate = elapsed > 0 ? Double(progress.frames) / elapsed : 0
    var parts = ["\(progress.frames) frames", String(format: "%.0f/s", rate), "\(progress.liveTracks) tracks"]
    if progress.dropped > 0 { parts.append("\(progress.dropped) dropped") }
    var head = ""
    if let share = progress.share {
      let filled = Int(bounded: (share * 20).rounded(.down), in: 0...20)
      let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 20 - filled)
      head = "\(bar) \(String(format: "%3.0f", share * 100)) %  "
      if share > 0.01 { parts.append("\(clock(elapsed * (1 - share) / share)) left") }
    }
    if progress.isLost { head = "source lost, waiting for it  " }
    return String((head + parts.joined(separator: "  ")).prefix(max(20, columns - 1)))
  }

  private static func clock(_ seconds: Double) -> String {
    let whole = Int(bounded: seconds.rounded(), in: 0...359_999)
    let minutes = String(format: "%02d:%02d", whole / 60 % 60, whole % 60)
    return whole >= 3600 ? "\(whole / 3600):\(minutes)" : minutes
  }

  private static var columns: Int {
    var size = winsize()
    return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
  }

  private func write(_ text: String) {
    StandardError.show(text)
  }
}
