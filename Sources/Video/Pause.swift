import Foundation

/// Rest for threads that wait without an event to wait for.
enum Pause {
  static func milliseconds(_ count: Int) { Thread.sleep(forTimeInterval: Double(count) / 1000) }
}
