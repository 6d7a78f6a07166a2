import Foundation
import Records
import Testing

/// Runs of `sextant track` on FFmpeg's own generators and, where they are there, on real clips.
@Suite struct TrackVideoTests {
  let folder = try? TemporaryFolder()

  private func path(_ name: String) throws -> String { try #require(folder).file(name).path }

  private func records(_ text: String) throws -> [StreamRecord] {
    let reader = try StreamReader(bytes: Array(text.utf8), name: "output")
    var records: [StreamRecord] = []
    while let record = try reader.next() { records.append(record) }
    #expect(!reader.isCutOff)
    return records
  }

  @Test func theStreamHasAHeaderEveryFrameAndAnEnd() throws {
    let run = try ProgramRun(["track", "lavfi:testsrc=size=320x180:rate=25", "--max-frames", "20", "--live", "all", "--quiet"])
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.errors.isEmpty)
    let records = try records(run.output)
    guard case .header(let header)? = records.first, case .end(let end)? = records.last else {
      Issue.record("no header or no end: \(run.output.prefix(300))")
      return
    }
    #expect(header.source?.width == 320 && header.source?.height == 180)
    #expect(header.classes == ["object"])
    #expect(end.status == .complete && end.frames == 20)
    let frames = records.compactMap { if case .frame(let frame) = $0 { frame } else { nil } }
    #expect(frames.map(\.frame) == Array(0..<20))
    #expect(frames.map(\.time).enumerated().allSatisfy { abs($1 - Double($0) / 25) < 1e-6 })
    #expect(frames[0].camera?.status == .first)
  }

  @Test func ctrlCEndsWithAnEndRecordAndExitCode130() throws {
    let output = try path("endless.ndjson")
    let process = Process()
    process.executableURL = ProgramRun.program
    process.arguments = ["track", "lavfi:testsrc=size=160x120:rate=25", "--live", "all", "-o", output, "--quiet"]
    try process.run()
    // The file is followed until some frames are in it: no clock decides when the signal comes.
    while ((try? String(contentsOfFile: output, encoding: .utf8)) ?? "").split(separator: "\n").count < 5 { usleep(20_000) }
    process.interrupt()
    process.waitUntilExit()
    #expect(process.terminationStatus == 130)
    let text = try String(contentsOfFile: output, encoding: .utf8)
    #expect(text.hasSuffix("\n"))
    guard case .end(let end)? = try records(text).last else {
      Issue.record("the last record is no end")
      return
    }
    #expect(end.status == .interrupted)
  }

  /// What was known is in pixels of another picture: nothing of it goes on.
  @Test func aPictureOfAnotherSizeIsACut() throws {
    for (name, size) in [("wide.mp4", "320x240"), ("small.mp4", "160x120")] {
      let made = try ProgramRun(["synthesize", "crossing", "-o", try path(name), "--size", size, "--duration", "1", "-q"])
      #expect(made.exitCode == 0, "\(made.errors)")
    }
    let run = try ProgramRun(["track", try path("wide.mp4"), try path("small.mp4"), "--quiet"])
    #expect(run.exitCode == 0, "\(run.errors)")
    let records = try records(run.output)
    let frames = records.compactMap { if case .frame(let frame) = $0 { frame } else { nil } }
    let cuts = frames.filter { $0.camera?.status == .cut }
    let half = frames.count / 2
    #expect(cuts.map(\.frame) == [half])
    let known = Set(frames[..<half].flatMap(\.tracks).map(\.id))
    #expect(!known.isEmpty && frames[half...].flatMap(\.tracks).allSatisfy { !known.contains($0.id) })
  }

  /// Masks are an addition: without them the stream is the same, and rows have one where they have a detection.
  @Test(.enabled(if: SharedData.isPresent, "needs ../shared/data"))
  func masksStandInTheRowsThatWereSeenAndChangeNothingElse() throws {
    let arguments = ["track", SharedData.path("davis/car-shadow.mp4"), "--max-frames", "30", "--backfill", "--quiet"]
    let (plain, masked) = (try ProgramRun(arguments), try ProgramRun(arguments + ["--masks"]))
    #expect(plain.exitCode == 0 && masked.exitCode == 0, "\(masked.errors)")
    func rows(_ run: ProgramRun) throws -> [TrackRecord] {
      try records(run.output).flatMap { record -> [TrackRecord] in
        switch record {
        case .frame(let frame): frame.tracks
        case .backfill(let late): late.tracks
        default: []
        }
      }
    }
    let (before, after) = (try rows(plain), try rows(masked))
    #expect(after.map { $0.without(\.mask) } == before)
    #expect(after.allSatisfy { ($0.mask != nil) == ($0.detectionIndex != nil) })
    let masks = after.compactMap(\.mask)
    #expect(masks.count > 10 && masks.allSatisfy { ($0.width, $0.height) == (854, 480) })
  }

  @Test(.enabled(if: SharedData.isPresent, "needs ../shared/data"))
  func theStreamIsTheSameOnAnyNumberOfThreadsAndOnEveryRun() throws {
    let clip = SharedData.path("clips/overhead.mp4")
    let arguments = ["track", clip, "--max-frames", "90", "--forecast", "0.5", "--backfill", "--quiet", "--threads"]
    let one = try ProgramRun(arguments + ["1"])
    #expect(one.exitCode == 0, "\(one.errors)")
    #expect(one.lines.count > 90)
    for threads in ["2", "2", "7"] {
      #expect(try ProgramRun(arguments + [threads]).output == one.output)
    }
  }

  @Test(
    .enabled(if: SharedData.isPresent, "needs ../shared/data"),
    arguments: [("truncated.mp4", 26), ("bitflips.mp4", 60), ("zeroed.mp4", 60)])
  func damageIsAnEventAndNotTheEnd(name: String, packets: Int) throws {
    let run = try ProgramRun(["track", SharedData.path("clips/\(name)"), "--quiet"])
    #expect(run.exitCode == 0, "\(run.errors)")
    let records = try records(run.output)
    let damage = records.filter { if case .event(let event) = $0 { event.kind == .damage } else { false } }
    let frames = records.filter { if case .frame = $0 { true } else { false } }
    #expect(!damage.isEmpty)
    #expect(frames.count > 0 && frames.count <= packets)
    guard case .end(let end)? = records.last else {
      Issue.record("no end")
      return
    }
    #expect(end.status == .complete)
  }

  @Test(
    .enabled(if: SharedData.isPresent, "needs ../shared/data"),
    arguments: [("audio-only.mp4", 65), ("empty.mp4", 65), ("header-only.mp4", 65), ("text.mp4", 65), ("truncated-nomoov.mp4", 65)])
  func whatIsNoVideoIsRefusedInOneSentence(name: String, code: Int32) throws {
    let run = try ProgramRun(["track", SharedData.path("clips/\(name)")])
    #expect(run.exitCode == code, "\(run.errors)")
    #expect(run.errors.contains(name))
    #expect(run.errors.split(separator: "\n").count == 1)
    #expect(run.output.isEmpty)
  }

  @Test(.enabled(if: SharedData.isPresent, "needs ../shared/data"))
  func readsAStreamFromStandardInput() throws {
    let clip = try Data(contentsOf: URL(fileURLWithPath: SharedData.path("clips/ts-offset.ts")))
    let run = try ProgramRun(["track", "-", "--quiet"], input: clip)
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.lines.filter { $0.hasPrefix("{\"record\":\"frame\"") }.count == 60)
  }

  @Test func writesTextsAndTimingsBesideTheStream() throws {
    let detections = try path("det.txt")
    let rows = (1...40).map { "\($0),-1,\(10 + $0 * 2),20,40,30,0.95\n" }.joined()
    try Data(rows.utf8).write(to: URL(fileURLWithPath: detections))
    let names = ["o.ndjson", "m.txt", "obb.txt", "t.csv", "time.json"]
    let paths = try names.map(path)
    let run = try ProgramRun([
      "track", "--detections", detections, "--fps", "20", "-o", paths[0], "--mot-output", paths[1], "--oriented-mot-output",
      paths[2],
      "--csv", paths[3], "--timings", paths[4],
    ])
    #expect(run.exitCode == 0, "\(run.errors)")
    let texts = try paths.map { try String(contentsOfFile: $0, encoding: .utf8) }
    #expect(texts[1].split(separator: "\n").allSatisfy { $0.split(separator: ",").count == 10 })
    #expect(texts[2].split(separator: "\n").allSatisfy { $0.split(separator: ",").count == 13 })
    #expect(texts[3].hasPrefix("frame,time_s,id,class,"))
    #expect(texts[4].contains("\"stage\":\"tracking\""))
    // One object that moves evenly is one track, and its last row is where the detection was.
    let last = try #require(texts[1].split(separator: "\n").last).split(separator: ",").compactMap { Double($0) }
    #expect(last[0] == 40 && last[1] == 1)
    #expect(abs(last[2] - 90) < 1 && abs(last[3] - 20) < 1)
  }

  @Test func aSourceThatNeverAnswersEndsWithinItsTimeOut() throws {
    let socket = try SilentServer()
    let run = try ProgramRun(["track", "tcp://127.0.0.1:\(socket.port)", "--timeout", "0.5", "--give-up", "0"])
    #expect(run.exitCode == 69, "\(run.errors)")
    #expect(run.errors.split(separator: "\n").count == 1)
  }
}

/// A server on the loopback address that takes connections and never says anything.
final class SilentServer {
  let port: UInt16
  private let descriptor: Int32

  init() throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    descriptor = listener
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(listener, address, size) == 0 && listen(listener, 4) == 0 && getsockname(listener, address, &size) == 0
      }
    }
    guard status else { throw POSIXError(.EADDRNOTAVAIL) }
    port = UInt16(bigEndian: address.sin_port)
  }

  deinit { close(descriptor) }
}

extension TrackRecord {
  /// The record without one of its values.
  fileprivate func without<Value>(_ path: WritableKeyPath<TrackRecord, Value?>) -> TrackRecord {
    var record = self
    record[keyPath: path] = nil
    return record
  }
}
