import Foundation
import Testing

/// The bounds of memory that docs/formats.md states, by the most that a process held at a time as the kernel counts it.
@Suite struct MemoryTests {
  /// What docs/formats.md promises for a million boxes, kilobytes.
  private static let greatest = 150_000

  /// Runs the program alone under a process of its own, so that no other child is counted.
  private func run(_ arguments: [String]) throws -> (exitCode: Int32, kilobytes: Int) {
    let counting = """
      import resource, subprocess, sys
      with open(sys.argv[1], "wb") as errors:
          run = subprocess.run(sys.argv[2:], stdout=subprocess.DEVNULL, stderr=errors)
      print(run.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
      """
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", counting, folder.file("errors").path, ProgramRun.program.path] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let words = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self).split(separator: " ")
    process.waitUntilExit()
    let kilobytes = try #require(words.last.flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) })
    return (try #require(Int32(words[0])), kilobytes)
  }

  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func halfAMillionFramesAreEvaluatedWithinTheStatedMemory() throws {
    let rows = (1...500_000).map { "\($0),1,\(100 + $0 % 50),100,20,20,1,1,1\n" }.joined()
    let (truth, result) = (try folder.write(rows, "truth.txt"), try folder.write(rows, "result.txt"))
    let run = try run(["evaluate", "tracks", "--truth", truth, "--result", result])
    #expect(run.exitCode == 0 && run.kilobytes < MemoryTests.greatest)
  }

  @Test func aMillionBoxesInOneFrameAreConvertedWithinTheStatedMemoryAndNotTracked() throws {
    let rows = (0..<1_000_000).map { "1,-1,\($0 % 5000),\($0 / 5000 * 3),20,20,0.9,-1,-1,-1\n" }.joined()
    let boxes = try folder.write(rows, "boxes.txt")
    let converted = try run(["convert", boxes, "-", "--to", "csv"])
    #expect(converted.exitCode == 0 && converted.kilobytes < MemoryTests.greatest)
    let tracked = try run(["track", "--detections", boxes, "--fps", "25", "-o", "/dev/null"])
    #expect(tracked.exitCode == 65 && tracked.kilobytes < MemoryTests.greatest)
    let errors = try String(contentsOf: folder.file("errors"), encoding: .utf8)
    #expect(errors.contains("frame 1 has 1000000 boxes"))
  }
}
