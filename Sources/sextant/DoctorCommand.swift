import ArgumentParser
import Foundation
import Records
import Video

/// `sextant doctor`: what a report of a defect should tell about the machine.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Print versions, processor and cameras, and what is missing, for a report of a defect.",
    discussion: """
      The exit code is 0 where nothing that is needed is missing, else 70. Sextant computes on the processor only; it uses no GPU.
      """)

  func run() throws {
    try ExitStatus.reporting {
      let report = MachineReport()
      let screen = try OutputSink(path: "-", policy: .live, overwrite: true)
      try screen.write(report.lines.joined(separator: "\n") + "\n")
      try screen.close()
      if !report.missing.isEmpty { throw ExitStatus.defect.exitCode }
    }
  }
}

/// What is known of the machine that the program runs on.
struct MachineReport {
  /// The report, a line each.
  private(set) var lines: [String] = []
  /// What the program cannot do here, with the way out.
  private(set) var missing: [String] = []

  init() {
    add("program", ProgramVersion.programText)
    add("system", MachineReport.system)
    add("processor", MachineReport.processor)
    add("memory", "\(ProcessInfo.processInfo.physicalMemory >> 20) MiB")
    addVideo()
    lines.append(contentsOf: missing.map { "missing     \($0)" })
    if missing.isEmpty { add("missing", "nothing") }
  }

  private mutating func add(_ name: String, _ value: String) {
    lines.append(name.padding(toLength: 12, withPad: " ", startingAt: 0) + value)
  }

  private mutating func addVideo() {
    do {
      add("FFmpeg", try VideoSources.libraryVersions)
    } catch {
      missing.append("\(error)")
      return
    }
    if let reason = MachineReport.encoderFault {
      missing.append("encoder of H.264, for overlays: \(reason)")
    } else {
      add("encoder", "H.264 (libx264)")
    }
    let cameras = VideoSources.cameras()
    add("cameras", cameras.isEmpty ? "none" : cameras.map { "\($0.path) (\($0.name))" }.joined(separator: ", "))
  }

  /// Why a video cannot be encoded here; nil where it can.
  private static var encoderFault: String? {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("sextant-doctor-\(getpid()).mp4").path
    defer { unlink(path) }
    do {
      let encoder = try VideoEncoder(path: path, width: 16, height: 16, timeBase: Rational(1, 25))
      try encoder.write([UInt8](repeating: 128, count: 16 * 16 * 3), pts: 0)
      try encoder.finish()
      return nil
    } catch {
      return "\(error)"
    }
  }

  private static var system: String {
    var names = utsname()
    guard uname(&names) == 0 else { return "unknown" }
    func text<Field>(_ field: Field) -> String {
      withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
    let release = try? String(contentsOfFile: "/etc/os-release", encoding: .utf8)
    let name = release?.split(separator: "\n").first { $0.hasPrefix("PRETTY_NAME=") }?.dropFirst(12).filter { $0 != "\"" }
    return [name.map { String($0) }, "\(text(names.sysname)) \(text(names.release)) \(text(names.machine))"].compactMap { $0 }
      .joined(separator: ", ")
  }

  /// The model, the number of cores, and those extensions of the instruction set that the libraries use where they are there.
  private static var processor: String {
    let cores = "\(ProcessInfo.processInfo.activeProcessorCount) cores"
    let facts = ProcessorFacts.present
    return ([facts.model, cores].compactMap { $0 } + facts.extensions).joined(separator: ", ")
  }
}
