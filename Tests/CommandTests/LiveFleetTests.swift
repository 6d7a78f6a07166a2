import Foundation
import Records
import Testing

/// `sextant track --rotate` and `--metrics`, on a generator that stands in for a camera.
@Suite struct LiveFleetTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func file(_ name: String) -> String { folder.file(name).path }

  /// A minute of two frames a second in files of ten seconds each: every one is whole by itself, and together they hold every frame once.
  @Test(arguments: ["t.ndjson", "a.b/t.ndjson.zst"])
  func aLiveRunGoesOnInWholeFiles(name: String) throws {
    try FileManager.default.createDirectory(at: folder.file("a.b"), withIntermediateDirectories: true)
    let run = try ProgramRun([
      "track", "lavfi:testsrc=size=64x48:rate=2", "--live", "all", "--max-frames", "120", "-o", file(name), "--rotate", "10s", "-q",
    ])
    #expect(run.exitCode == 0, "\(run.errors)")
    var frames: [Int] = []
    for number in 1...6 {
      let path = file(name.replacingOccurrences(of: "t.", with: "t-00000\(number)."))
      let reader = try StreamReader(path: path)
      var count = 0
      while let record = try reader.next() {
        guard case .frame(let frame) = record else { continue }
        frames.append(frame.frame)
        count += 1
      }
      #expect(reader.end?.status == .complete && reader.end?.frames == count && count == 20)
    }
    #expect(frames == Array(0..<120))
    // Started again, it counts on.
    let again = try ProgramRun([
      "track", "lavfi:testsrc=size=64x48:rate=2", "--live", "all", "--max-frames", "2", "-o", file(name), "--rotate", "10s", "-q",
    ])
    #expect(again.exitCode == 0, "\(again.errors)")
    #expect(FileManager.default.fileExists(atPath: file(name.replacingOccurrences(of: "t.", with: "t-000007."))))
    #expect(!FileManager.default.fileExists(atPath: file(name)))
  }

  @Test func sizesRotateTooAndWhatIsOrderedOtherwiseIsRefused() throws {
    func run(_ arguments: String...) throws -> ProgramRun {
      try ProgramRun(
        ["track", "lavfi:testsrc=size=64x48:rate=2", "--live", "all", "--max-frames", "60", "-q"] + arguments, in: folder.url)
    }
    #expect(try run("-o", "s.ndjson", "--rotate", "2kB").exitCode == 0)
    let sizes = try FileManager.default.contentsOfDirectory(atPath: folder.url.path).filter { $0.hasPrefix("s-") }.map {
      try Data(contentsOf: folder.file($0)).count
    }
    #expect(sizes.count > 2 && sizes.allSatisfy { $0 < 8000 })
    for refused in [
      ["--rotate", "1h"], ["-o", "r", "--rotate", "often"], ["-o", "r", "--rotate", "1h", "--backfill"],
      ["-o", "r", "--rotate", "1h", "--csv", "c.csv"], ["-o", "r", "--metrics", "here"],
    ] {
      let run = try ProgramRun(["track", "lavfi:testsrc=rate=2", "--max-frames", "2", "-q"] + refused, in: folder.url)
      #expect(run.exitCode == 64 && run.errors.split(separator: "\n").count == 1, "\(refused) \(run.errors)")
    }
  }

  /// The text while the run goes on, by a client that is not ours.
  @Test func metricsAreToldWhileTheRunGoesOn() throws {
    // Below the range that systems give out by themselves.
    let port = 20_000 + Int(getpid()) % 10_000
    let process = try ProgramRun.started(
      ["track", "lavfi:testsrc=size=64x48:rate=20,realtime", "--live", "latest", "-o", "m.ndjson", "--metrics", "\(port)", "-q"],
      in: folder.url)
    defer {
      process.terminate()
      process.waitUntilExit()
    }
    let client = """
      import time, urllib.request
      def read():
          answer = urllib.request.urlopen('http://127.0.0.1:\(port)/metrics', timeout=5)
          assert answer.headers['Content-Type'].startswith('text/plain; version=0.0.4')
          lines = answer.read().decode().splitlines()
          return dict(line.rsplit(' ', 1) for line in lines if not line.startswith('#'))
      for attempt in range(100):
          try:
              first = read()
              if float(first['sextant_frames_total']) > 0: break
          except OSError: pass
          time.sleep(0.1)
      time.sleep(1)
      second = read()
      assert float(second['sextant_frames_total']) > float(first['sextant_frames_total']) > 0
      assert second['sextant_source_up'] == '1' and second['sextant_source_reconnects_total'] == '0'
      assert 0 < float(second['sextant_latency_seconds{quantile="0.5"}']) < 10
      assert float(second['sextant_latency_seconds_count']) > 0
      """
    let reader = Process()
    reader.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    reader.arguments = ["python3", "-c", client]
    let errors = Pipe()
    reader.standardError = errors
    try reader.run()
    let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    reader.waitUntilExit()
    #expect(reader.terminationStatus == 0, "\(said)")
    let taken = try ProgramRun(
      ["track", "lavfi:testsrc=rate=2", "--max-frames", "2", "-o", "n.ndjson", "--metrics", "\(port)", "-q"], in: folder.url)
    #expect(taken.exitCode == 69 && taken.errors.contains("\(port)"), "\(taken.errors)")
  }
}
