import Foundation
import Testing

@Suite struct ManualPageTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The manual page as text without troff's escapes.
  private func page() throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [Self.root.appendingPathComponent("Scripts/manual-page").path, ProgramRun.program.path]
    let place = try TemporaryFolder()
    try Data().write(to: place.file("page"))
    process.standardOutput = try FileHandle(forWritingTo: place.file("page"))
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return String(decoding: try Data(contentsOf: place.file("page")), as: UTF8.self).replacingOccurrences(of: "\\-", with: "-")
  }

  /// The subcommands that have none themselves, as words of the command line.
  private func commands(under path: [String] = []) throws -> [[String]] {
    let help = try ProgramRun(path + ["--help"]).output
    guard let list = help.components(separatedBy: "SUBCOMMANDS:\n").dropFirst().first else { return [path] }
    // A name stands behind two blanks; what an explanation goes on with stands further in.
    let names = list.split(separator: "\n").filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") && !$0.contains("See 'sextant") }
      .compactMap { $0.split(separator: " ").first.map(String.init) }
    return try names.flatMap { try commands(under: path + [$0]) }
  }

  @Test func everySubcommandHasItsSection() throws {
    let page = try page()
    let commands = try commands()
    #expect(commands.contains(["batch", "plan"]) && commands.contains(["track"]))
    for command in commands { #expect(page.contains(".SS sextant " + command.joined(separator: " ")), "\(command)") }
  }

  @Test func holdsEveryOptionOfTheHelpAndEveryExitCode() throws {
    let page = try page()
    for command in [["track"], ["convert"], ["tune"], ["evaluate", "tracks"]] {
      let help = try ProgramRun(command + ["--help"]).output
      // An option's line begins with two blanks and its names.
      let names = help.split(separator: "\n").filter { $0.hasPrefix("  -") }.flatMap {
        $0.split(whereSeparator: { " ,".contains($0) })
      }
      for name in names where name.hasPrefix("--") { #expect(page.contains(name), "\(command) \(name)") }
    }
    for code in ["64", "65", "66", "69", "70", "73", "74"] { #expect(page.contains(".TP\n\(code)\n")) }
    #expect(!page.contains("@OPTIONS") && !page.contains("@EXIT") && !page.contains("@VERSION"))
  }
}
