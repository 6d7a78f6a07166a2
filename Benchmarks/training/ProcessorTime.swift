import Foundation

#if canImport(Glibc)
  import Glibc
#endif

/// What this process has used so far.
enum ProcessorTime {
  /// The processor time of all threads.
  static var duration: Duration {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }

  static var seconds: Double { duration / .seconds(1) }

  /// The most memory that it has held at once, in MiB.
  static var peakMebibytes: Int {
    let lines = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8))?.split(separator: "\n") ?? []
    let line = lines.first { $0.hasPrefix("VmHWM:") }
    return line.flatMap { Int($0.filter(\.isNumber)) }.map { $0 >> 10 } ?? 0
  }
}
