import Foundation
import Testing

/// Runs that are killed at random moments: afterwards each output's name is absent, or whole, or the file from before.
struct KilledRuns {
  private let folder: TemporaryFolder
  private let arguments: [String]
  private let whole: [String: Data]
  private let seconds: Double
  private static let names = ["t.ndjson", "t.csv", "t.txt", "t.mp4"]
  private static let before = Data("from before\n".utf8)

  /// Makes a clip, and runs once to the end to know what whole files are.
  init() throws {
    folder = try TemporaryFolder()
    let made = try ProgramRun(
      ["synthesize", "crossing", "-o", "clip.mp4", "--size", "96x64", "--duration", "1", "-q"], in: folder.url)
    #expect(made.exitCode == 0, "\(made.errors)")
    arguments = [
      "track", "clip.mp4", "-o", "t.ndjson", "--csv", "t.csv", "--mot-output", "t.txt", "--overlay", "t.mp4", "--overwrite", "-q",
    ]
    let start = ContinuousClock.now
    let run = try ProgramRun(arguments, in: folder.url)
    seconds = (ContinuousClock.now - start) / .seconds(1)
    #expect(run.exitCode == 0, "\(run.errors)")
    var whole: [String: Data] = [:]
    for name in KilledRuns.names { whole[name] = try Data(contentsOf: folder.file(name)) }
    self.whole = whole
  }

  /// Kills so many runs and looks at what each leaves; every second one finds files from before.
  ///
  /// - Returns: How many were killed before they had ended by themselves.
  func kill(_ count: Int, seed: UInt64) throws -> Int {
    var generator = SystemlessRandom(state: seed)
    var killed = 0
    for round in 0..<count {
      for name in KilledRuns.names {
        try? FileManager.default.removeItem(at: folder.file(name))
        if round % 2 == 1 { try KilledRuns.before.write(to: folder.file(name)) }
      }
      // Half of the moments in the last tenth, when files get their names.
      let share = round % 4 < 2 ? generator.unit() : 0.9 + 0.15 * generator.unit()
      if try kill(after: share * seconds) { killed += 1 }
      for name in KilledRuns.names {
        let left = try? Data(contentsOf: folder.file(name))
        let isAsBefore = round % 2 == 1 ? left == KilledRuns.before : left == nil
        #expect(isAsBefore || left == whole[name], "\(name) after round \(round) holds \(left?.count ?? -1) bytes")
      }
    }
    return killed
  }

  /// Whether the run still went on at that moment.
  private func kill(after seconds: Double) throws -> Bool {
    let process = try ProgramRun.started(arguments, in: folder.url)
    usleep(UInt32(max(0, min(seconds, 60)) * 1e6))
    Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    return process.terminationReason == .uncaughtSignal
  }
}

/// Numbers that are the same on every run: Knuth's linear congruential generator (MMIX).
struct SystemlessRandom {
  var state: UInt64

  /// In [0, 1).
  mutating func unit() -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(state >> 11) / Double(1 << 53)
  }
}

@Suite struct KillTests {
  @Test func aKilledRunLeavesNoHalfFileUnderItsName() throws {
    #expect(try KilledRuns().kill(12, seed: 1) > 0)
  }

  /// What a kill leaves under the unfinished name is drawn as far as it goes, and that is said.
  @Test func renderReadsAStreamThatWasCutOffAndSaysSo() throws {
    let folder = try TemporaryFolder()
    let made = try ProgramRun(
      ["synthesize", "crossing", "-o", "clip.mp4", "--size", "96x64", "--duration", "0.5", "-q"], in: folder.url)
    #expect(made.exitCode == 0, "\(made.errors)")
    let whole = try ProgramRun(["track", "clip.mp4", "-q"], in: folder.url).output
    _ = try folder.write(String(whole.dropLast(400)), "t.ndjson.part")
    let run = try ProgramRun(["render", "t.ndjson.part", "clip.mp4", "-o", "seen.mp4"], in: folder.url)
    #expect(run.exitCode == 0 && run.errors.contains("t.ndjson.part: the stream was cut off"), "\(run.errors)")
    #expect(run.errors.split(separator: "\n").count == 1)
    #expect(FileManager.default.fileExists(atPath: folder.file("seen.mp4").path))
    _ = try folder.write(whole, "t.ndjson")
    let complete = try ProgramRun(["render", "t.ndjson", "clip.mp4", "-o", "whole.mp4"], in: folder.url)
    #expect(complete.exitCode == 0 && complete.errors.isEmpty, "\(complete.errors)")
  }

  /// The detector takes a minute for each picture, so the first signal has a minute to be answered; the second ends the program.
  @Test func aSecondInterruptEndsTheProgramAtOnce() throws {
    let folder = try TemporaryFolder()
    let made = try ProgramRun(
      ["synthesize", "crossing", "-o", "clip.mp4", "--size", "96x64", "--duration", "0.5", "-q"], in: folder.url)
    #expect(made.exitCode == 0, "\(made.errors)")
    let process = Process()
    process.executableURL = ProgramRun.program
    process.currentDirectoryURL = folder.url
    process.arguments = ["track", "clip.mp4", "-o", "t.ndjson", "--detector-delay", "60000", "-q"]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    // The unfinished file is there when the run has begun to heed signals.
    let part = folder.file("t.ndjson.part").path
    for _ in 0..<1000 where process.isRunning && !FileManager.default.fileExists(atPath: part) { usleep(10_000) }
    usleep(200_000)
    Foundation.kill(process.processIdentifier, SIGINT)
    usleep(300_000)
    let outlivedTheFirst = process.isRunning
    // Ten seconds are far more than an end at once takes, and far less than a picture.
    for round in 0..<1000 where process.isRunning {
      if round % 50 == 0 { Foundation.kill(process.processIdentifier, SIGINT) }
      usleep(10_000)
    }
    #expect(outlivedTheFirst && !process.isRunning)
    if process.isRunning { Foundation.kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 130)
    #expect(!FileManager.default.fileExists(atPath: part))
  }
}

@Suite struct KillSlowTests {
  @Test func twoHundredKilledRunsLeaveNoHalfFileUnderItsName() throws {
    #expect(try KilledRuns().kill(200, seed: 2) > 50)
  }
}
