import Foundation

/// The file of the running program.
public enum ProgramFile {
  /// Its path, whatever name it was called by; nil where the system does not tell.
  public static var path: String? { try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") }
}
