import Foundation

/// What the system says of this process's memory, `/proc/self/status`, in bytes.
struct ProcessMemory {
  /// What it holds now.
  let present: Int
  /// The most that it ever held.
  let peak: Int

  /// - Parameter status: Lines such as `VmRSS:      1234 kB`.
  /// - Returns: nil where it lacks a number.
  init?(status: String) {
    func bytes(_ name: String) -> Int? {
      let line = status.split(separator: "\n").first { $0.hasPrefix(name + ":") }
      // The system counts in units of 1024 bytes.
      return line.flatMap { Int($0.filter(\.isNumber)) }.map { $0 * 1024 }
    }
    guard let present = bytes("VmRSS"), let peak = bytes("VmHWM") else { return nil }
    (self.present, self.peak) = (present, peak)
  }

  static var now: ProcessMemory? { (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)).flatMap(ProcessMemory.init) }
}
