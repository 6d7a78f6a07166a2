import Foundation
import TestSupport
import Testing

@testable import Video

/// Live input for real, on loopback.
@Suite(.serialized, .timeLimit(.minutes(1))) struct LiveTests {
  private static var hasty: SourceOptions {
    var options = SourceOptions()
    options.timeoutSeconds = 5
    options.giveUpSeconds = 0
    return options
  }

  /// Opens an address, again and again until its server is up.
  private func connect(_ input: String, _ options: SourceOptions) throws -> any VideoSource {
    for _ in 0..<100 {
      do {
        return try VideoSources.open(input, options: options)
      } catch VideoError.unreachable {
        usleep(50_000)
      }
    }
    return try VideoSources.open(input, options: options)
  }

  private func expectFlow(_ frames: [Frame]) {
    #expect(frames.map(\.ordinal) == Array(0..<frames.count))
    #expect(zip(frames, frames.dropFirst()).allSatisfy { $0.seconds < $1.seconds })
    #expect(frames.allSatisfy { $0.width == 160 && $0.height == 120 })
  }

  @Test func aGeneratorStandsInForACamera() throws {
    var options = Self.hasty
    options.maximumFrames = 25
    let source = try VideoSources.open("lavfi:testsrc=size=160x120:rate=10", options: options)
    let delivery = try Delivery(source)
    #expect(source.information.isLive && source.information.kind == .generator)
    #expect(delivery.frames.count == 25 && abs(delivery.frames[24].seconds - 2.4) < 1e-9)
    expectFlow(delivery.frames)
  }

  @Test(.enabled(if: LoopbackRig.hasSender, "\(LoopbackRig.senderMissing)")) func aTCPStreamIsReadToItsEnd() throws {
    let port = LoopbackRig.freePort()
    let sender = try RunningProgram.sender(["tcp://127.0.0.1:\(port)?listen=1"], seconds: 2)
    let source = try connect("tcp://127.0.0.1:\(port)", Self.hasty)
    let delivery = try Delivery(source)
    #expect(source.information.isLive && source.information.kind == .network)
    #expect(delivery.frames.count == 60)
    expectFlow(delivery.frames)
    withExtendedLifetime(sender) {}
  }

  @Test(.enabled(if: LoopbackRig.hasSender, "\(LoopbackRig.senderMissing)")) func anEndlessHTTPStreamIsLive() throws {
    let port = LoopbackRig.freePort()
    let sender = try RunningProgram.sender(["-listen", "1", "http://127.0.0.1:\(port)/live.ts"])
    var options = Self.hasty
    options.maximumFrames = 40
    let source = try connect("http://127.0.0.1:\(port)/live.ts", options)
    #expect(source.information.isLive)
    expectFlow(try Delivery(source).frames)
    withExtendedLifetime(sender) {}
  }

  @Test(.enabled(if: LoopbackRig.hasSender, "\(LoopbackRig.senderMissing)")) func aUDPStreamIsJoinedInTheMiddle() throws {
    let port = LoopbackRig.freePort()
    let sender = try RunningProgram.sender(["udp://127.0.0.1:\(port)?pkt_size=1316"])
    var options = Self.hasty
    options.maximumFrames = 40
    let source = try VideoSources.open("udp://127.0.0.1:\(port)", options: options)
    #expect(source.information.isLive && source.information.duration == nil)
    let delivery = try Delivery(source)
    #expect(delivery.frames.count == 40)
    expectFlow(delivery.frames)
    withExtendedLifetime(sender) {}
  }

  @Test(.enabled(if: LoopbackRig.hasSender, "\(LoopbackRig.senderMissing)")) func anSRTStreamIsRead() throws {
    let port = LoopbackRig.freePort()
    let sender = try RunningProgram.sender(["srt://127.0.0.1:\(port)?mode=listener"])
    var options = Self.hasty
    options.maximumFrames = 20
    let delivery = try Delivery(connect("srt://127.0.0.1:\(port)", options))
    #expect(delivery.frames.count == 20)
    expectFlow(delivery.frames)
    withExtendedLifetime(sender) {}
  }

  /// A web server's file has an end, so it is neither live nor lost when it ends.
  @Test(.enabled(if: SharedData.clips != nil, SharedData.message)) func aFileOnAWebServerIsNotLive() throws {
    let socket = ListeningSocket()
    let body = [UInt8](try Data(contentsOf: URL(fileURLWithPath: SharedData.clip("base.mp4"))))
    Thread.detachNewThread { while socket.answerOnce(body) {} }
    var options = Self.hasty
    options.giveUpSeconds = 30
    let source = try VideoSources.open("http://127.0.0.1:\(socket.port)/base.mp4", options: options)
    #expect(!source.information.isLive)
    let delivery = try Delivery(source)
    #expect(delivery.frames.count == 60 && delivery.events.isEmpty)
    socket.stop()
  }

  @Test(.enabled(if: LoopbackRig.rtspServer != nil, "\(LoopbackRig.rtspServerMissing)")) func anRTSPCameraIsRead() throws {
    let port = LoopbackRig.freePort()
    let server = try RunningProgram(LoopbackRig.rtspServer ?? "", ["\(port)", "160", "120", "30"])
    var options = Self.hasty
    options.maximumFrames = 40
    let source = try connect("rtsp://127.0.0.1:\(port)/test", options)
    #expect(source.information.isLive)
    let delivery = try Delivery(source)
    #expect(delivery.frames.count == 40)
    expectFlow(delivery.frames)
    withExtendedLifetime(server) {}
  }

  /// A camera that can be killed and started again at the same address.
  struct Camera: Sendable, CustomTestStringConvertible {
    let scheme: String
    var testDescription: String { scheme }
    static let all = ["tcp", "udp"].map(Camera.init) + (LoopbackRig.rtspServer == nil ? [] : [Camera(scheme: "rtsp")])

    func address(port: Int) -> String { "\(scheme)://127.0.0.1:\(port)" + (scheme == "rtsp" ? "/test" : "") }

    func start(port: Int) throws -> RunningProgram {
      switch scheme {
      case "rtsp": try RunningProgram(LoopbackRig.rtspServer ?? "", ["\(port)", "160", "120", "30"])
      case "udp": try .sender([address(port: port) + "?pkt_size=1316"])
      default: try .sender([address(port: port) + "?listen=1"])
      }
    }
  }

  @Test(.enabled(if: LoopbackRig.hasSender, "\(LoopbackRig.senderMissing)"), arguments: Camera.all)
  func aServerThatComesBackResumesTheStream(_ camera: Camera) throws {
    let port = LoopbackRig.freePort()
    var sender = try camera.start(port: port)
    var options = Self.hasty
    // Over UDP only silence tells that a sender is gone.
    options.timeoutSeconds = camera.scheme == "udp" ? 1.5 : 5
    options.giveUpSeconds = 30
    options.maximumFrames = 60
    let source = try connect(camera.address(port: port), options)
    #expect(source.information.isLive)
    var frames: [Frame] = []
    var events: [SourceEvent] = []
    while let item = try source.next() {
      switch item {
      case .frame(let frame): frames.append(frame)
      case .event(let event):
        events.append(event)
        if event.kind == .lost { sender = try camera.start(port: port) }
      }
      if frames.count == 20 && !events.contains(where: { $0.kind == .lost }) { sender.kill() }
    }
    // What was under way when the sender died may be damaged; then the loss and the return, once each.
    #expect(events.map(\.kind).filter { $0 != .damage } == [.lost, .found])
    #expect(frames.count == 60)
    expectFlow(frames)
  }

  @Test(.enabled(if: LoopbackRig.hasSender, "\(LoopbackRig.senderMissing)")) func aServerThatStaysAwayIsGivenUp() throws {
    let port = LoopbackRig.freePort()
    let sender = try RunningProgram.sender(["tcp://127.0.0.1:\(port)?listen=1"])
    var options = Self.hasty
    options.giveUpSeconds = 0.7
    let source = try connect("tcp://127.0.0.1:\(port)", options)
    sender.kill()
    var events: [SourceEvent.Kind] = []
    let error = #expect(throws: VideoError.self) {
      while let item = try source.next() {
        if case .event(let event) = item { events.append(event.kind) }
      }
    }
    #expect(error?.category == .unavailable)
    #expect(events.last == .lost)
    // The failure is final.
    #expect(try source.next() == nil)
  }

  @Test(arguments: ["http", "tcp", "rtsp"]) func aServerThatNeverAnswersEndsWithinTheTimeOut(_ scheme: String) throws {
    let socket = ListeningSocket()
    var options = Self.hasty
    options.timeoutSeconds = 0.5
    let input = "\(scheme)://127.0.0.1:\(socket.port)/x"
    #expect(throws: VideoError.timedOut(input: input, seconds: 0.5)) { try VideoSources.open(input, options: options) }
  }

  @Test func silenceOnUDPEndsWithinTheTimeOut() throws {
    var options = Self.hasty
    options.timeoutSeconds = 0.5
    let input = "udp://127.0.0.1:\(LoopbackRig.freePort())"
    #expect(throws: VideoError.timedOut(input: input, seconds: 0.5)) { try VideoSources.open(input, options: options) }
  }

  @Test(arguments: ["http", "tcp", "rtsp"]) func aRefusedConnectionIsUnavailable(_ scheme: String) throws {
    let error = #expect(throws: VideoError.self) {
      try VideoSources.open("\(scheme)://127.0.0.1:\(LoopbackRig.freePort())/x", options: Self.hasty)
    }
    #expect(error?.category == .unavailable)
  }

  @Test func openingCanBeCancelledFromAnotherThread() throws {
    let socket = ListeningSocket()
    var options = Self.hasty
    options.timeoutSeconds = 3600
    let cancellation = options.cancellation
    Thread.detachNewThread {
      usleep(100_000)
      cancellation.cancel()
    }
    let input = "http://127.0.0.1:\(socket.port)/x"
    #expect(throws: VideoError.cancelled(input: input)) { try VideoSources.open(input, options: options) }
  }

  @Test(.enabled(if: LoopbackRig.hasSender, "\(LoopbackRig.senderMissing)")) func readingCanBeCancelledFromAnotherThread() throws {
    let port = LoopbackRig.freePort()
    let sender = try RunningProgram.sender(["tcp://127.0.0.1:\(port)?listen=1"])
    let source = try connect("tcp://127.0.0.1:\(port)", Self.hasty)
    Thread.detachNewThread {
      usleep(300_000)
      source.cancel()
    }
    let delivery = try Delivery(source)
    expectFlow(delivery.frames)
    #expect(try source.next() == nil)
    withExtendedLifetime(sender) {}
  }
}

/// Streams that can only be read from start to end.
@Suite(.enabled(if: SharedData.clips != nil, SharedData.message), .timeLimit(.minutes(1))) struct PipeTests {
  /// Feeds a file to a named pipe from a thread of its own.
  private func piped(_ file: String, options: SourceOptions = SourceOptions()) throws -> any VideoSource {
    let folder = try ScratchFolder()
    let pipe = folder.file("pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
    Thread.detachNewThread {
      signal(SIGPIPE, SIG_IGN)
      try? FileHandle(forWritingTo: URL(fileURLWithPath: pipe)).write(contentsOf: bytes)
    }
    return try VideoSources.open(pipe, options: options)
  }

  @Test(arguments: [
    "fragmented.mp4", "ts-offset.ts", "vp9.webm", "ffv1.mkv", "base.mp4", "mjpeg.avi", "annexb.h264", "moovlast.mp4",
  ])
  func streamsGiveTheSameAsTheirFiles(_ clip: String) throws {
    let source = try piped(SharedData.clip(clip))
    #expect(source.information.kind == .pipe && !source.information.isLive)
    let frames = try Delivery(source).frames
    let expected = try Delivery(SharedData.clip(clip)).frames
    #expect(frames.map(\.pts) == expected.map(\.pts))
    #expect(frames.map { $0.storedBytes.hashValue } == expected.map { $0.storedBytes.hashValue })
  }

  @Test func anIndexBehindThePicturesIsAnErrorThatSaysWhatToDo() throws {
    let folder = try ScratchFolder()
    var settings = VideoEncoder.Settings()
    settings.quality = 5
    // Noise, so that the pictures fill more than the reader keeps; the encoder's own files have their index at the end.
    let encoder = try VideoEncoder(
      path: folder.file("long.mp4"), width: 160, height: 120, timeBase: Rational(1, 25), settings: settings)
    var dice = TestRandom(seed: 1)
    for pts in 0..<30 { try encoder.write((0..<160 * 120 * 3).map { _ in UInt8(dice.index(below: 256)) }, pts: Int64(pts)) }
    try encoder.finish()
    #expect(try Delivery(folder.file("long.mp4")).frames.count == 30)
    let error = #expect(throws: VideoError.self) { try piped(folder.file("long.mp4")) }
    #expect(error?.description.contains("faststart") == true)
  }

  @Test func trimmingWorksWithoutSeeking() throws {
    var options = SourceOptions()
    (options.startSeconds, options.endSeconds) = (1, 1.5)
    let frames = try Delivery(piped(SharedData.clip("ts-offset.ts"), options: options)).frames
    #expect(frames.count == 12 && frames[0].seconds >= 1)
  }

  @Test func waitingForAPipeCanBeCancelled() throws {
    let pipe = Pipe()
    let options = SourceOptions()
    let cancellation = options.cancellation
    Thread.detachNewThread {
      usleep(100_000)
      cancellation.cancel()
    }
    #expect(throws: VideoError.cancelled(input: "pipe")) {
      try MediaSource(
        MediaRequest(input: "pipe", descriptor: pipe.fileHandleForReading.fileDescriptor), kind: .pipe, options: options)
    }
  }
}
