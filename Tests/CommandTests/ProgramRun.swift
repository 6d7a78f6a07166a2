import Foundation
import Testing

/// One run of the built program, with what it wrote and its exit code.
struct ProgramRun {
  let exitCode: Int32
  let output: String
  let errors: String

  /// The program that was built beside these tests.
  static let program: URL = {
    // The test bundle's own path: the runner may have been started through a link, so the link of the process is not enough.
    let bundle = Bundle.allBundles.map(\.bundleURL).first { $0.pathExtension == "xctest" }
    let beside = bundle ?? URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    return beside.deletingLastPathComponent().appendingPathComponent("sextant")
  }()

  /// Runs the program to its end.
  ///
  /// - Parameters:
  ///   - input: What is written to its standard input.
  ///   - variables: Set in its environment besides those of this process.
  init(_ arguments: [String], input: Data? = nil, in folder: URL? = nil, variables: [String: String] = [:]) throws {
    let process = Process()
    process.executableURL = ProgramRun.program
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment.merging(variables) { $1 }
    // Files instead of pipes: a pipe that nobody empties would stop a program that writes much.
    let place = try TemporaryFolder()
    let outputFile = place.file("stdout"), errorFile = place.file("stderr"), inputFile = place.file("stdin")
    for file in [outputFile, errorFile] { try Data().write(to: file) }
    try (input ?? Data()).write(to: inputFile)
    process.standardInput = try FileHandle(forReadingFrom: inputFile)
    process.standardOutput = try FileHandle(forWritingTo: outputFile)
    process.standardError = try FileHandle(forWritingTo: errorFile)
    try process.run()
    process.waitUntilExit()
    exitCode = process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
    output = String(decoding: try Data(contentsOf: outputFile), as: UTF8.self)
    errors = String(decoding: try Data(contentsOf: errorFile), as: UTF8.self)
  }

  /// The program as it runs, without anything to read it by.
  static func started(_ arguments: [String], in folder: URL) throws -> Process {
    let process = Process()
    process.executableURL = ProgramRun.program
    process.currentDirectoryURL = folder
    process.arguments = arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  var lines: [String] { output.split(separator: "\n").map(String.init) }
}

extension Process {
  /// One of the package's scripts with the built program as its only word.
  convenience init(script name: String) {
    self.init()
    executableURL = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
      .appendingPathComponent("Scripts/" + name)
    arguments = [ProgramRun.program.path]
  }

  /// Runs to its end.
  ///
  /// - Returns: The exit code, and what was written on standard output and standard error.
  func runToEnd() throws -> (code: Int32, said: String) {
    let output = Pipe()
    standardOutput = output
    standardError = output
    try run()
    let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    waitUntilExit()
    return (terminationStatus, said)
  }
}

/// A folder that goes with the last reference to it.
final class TemporaryFolder: Sendable {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("sextant-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  func file(_ name: String) -> URL { url.appendingPathComponent(name) }

  /// Writes a file, with the folders on the way to it, and gives its path.
  func write(_ bytes: Data, _ name: String) throws -> String {
    let file = file(name)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try bytes.write(to: file)
    return file.path
  }

  func write(_ text: String, _ name: String) throws -> String { try write(Data(text.utf8), name) }

  deinit { try? FileManager.default.removeItem(at: url) }
}

/// The data beside the project, where they are there.
enum SharedData {
  static let folder: URL = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("../shared/data").standardizedFileURL
  static let isPresent = FileManager.default.fileExists(atPath: folder.path)
  static func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
}
