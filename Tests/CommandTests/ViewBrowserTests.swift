import Foundation
import Testing

/// The page of `sextant view` in Debian's Chromium, driven by PyPI's playwright (`make .build-browser`).
enum ViewBrowser {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  static let python = root.appendingPathComponent(".build-browser/bin/python").path
  static let isPresent =
    FileManager.default.fileExists(atPath: python) && FileManager.default.fileExists(atPath: "/usr/bin/chromium")
  static let message: Comment =
    "needs Debian's chromium (Scripts/install-packages test) and PyPI's playwright (make .build-browser)"

  /// Runs a script of claims, and gives its exit code and what it printed.
  static func run(_ script: String) throws -> (exitCode: Int32, claims: String) {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Browser/" + script).path
    let process = Process()
    process.executableURL = URL(fileURLWithPath: python)
    process.arguments = ["-B", path, ProgramRun.program.path]
    let place = try TemporaryFolder()
    try Data().write(to: place.file("out"))
    process.standardOutput = try FileHandle(forWritingTo: place.file("out"))
    process.standardError = process.standardOutput
    try process.run()
    process.waitUntilExit()
    return (process.terminationStatus, try String(contentsOf: place.file("out"), encoding: .utf8))
  }
}

@Suite struct ViewBrowserTests {
  /// Frames, boxes within a pixel of their truth, clicks, keys, the map, saved files, the server's refusals, names with markup, the truth.
  @Test(.enabled(if: ViewBrowser.isPresent, ViewBrowser.message)) func thePageDoesWhatItShould() throws {
    let (exitCode, claims) = try ViewBrowser.run("quick.py")
    #expect(exitCode == 0 && claims.contains("holds: no error and no dialog came up"), "\(claims)")
  }
}

@Suite struct ViewSlowTests {
  /// A million rows, the keyboard alone, a stream that grows, HEVC.
  @Test(.enabled(if: ViewBrowser.isPresent, ViewBrowser.message)) func longTasksGoWell() throws {
    let (exitCode, claims) = try ViewBrowser.run("slow.py")
    print(claims.split(separator: "\n").filter { $0.hasPrefix("figure: ") }.joined(separator: "\n"))
    #expect(exitCode == 0 && claims.contains("holds: no error and no dialog came up"), "\(claims)")
  }
}
