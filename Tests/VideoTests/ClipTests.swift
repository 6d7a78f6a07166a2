import Foundation
import TestSupport
import Testing

@testable import Video

/// One line of expected.tsv.
struct ExpectedClip: Sendable, CustomTestStringConvertible {
  let file: String, result: String, stream: Int, codec: String, pixelFormat: String
  let codedWidth: Int, codedHeight: Int
  let aspect: String
  let rotation: Int
  let rate: String
  let packets: Int, frames: Int
  let first: Double, last: Double
  let steps: String

  var testDescription: String { file }

  init(line: Substring) {
    let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    (file, result, stream, codec, pixelFormat) = (cells[0], cells[1], Int(cells[2]) ?? -1, cells[3], cells[4])
    (codedWidth, codedHeight, aspect) = (Int(cells[5]) ?? 0, Int(cells[6]) ?? 0, cells[7])
    (rotation, rate, packets, frames) = (Int(cells[8]) ?? 0, cells[9], Int(cells[10]) ?? 0, Int(cells[11]) ?? 0)
    (first, last, steps) = (Double(cells[12]) ?? 0, Double(cells[13]) ?? 0, cells[14])
  }

  static let all: [ExpectedClip] = {
    guard let clips = SharedData.clips, let text = try? SharedData.text(clips + "/expected.tsv") else { return [] }
    return text.split(separator: "\n").dropFirst().map(ExpectedClip.init)
  }()

  static func having(_ result: String) -> [ExpectedClip] { all.filter { $0.result == result } }

  /// Time stamp and fingerprint of each picture.
  var fingerprints: [(seconds: Double, digest: String)] {
    get throws {
      try SharedData.text(SharedData.clip("framemd5/\(file).txt")).split(separator: "\n").filter { !$0.hasPrefix("#") }.map {
        let cells = $0.split(separator: " ")
        return (Double(cells[1]) ?? .nan, String(cells[2]))
      }
    }
  }

  /// MPEG-1, MPEG-4 part 2 and MJPEG leave the last bit to the decoder.
  var isBitExact: Bool { !["mpeg1video", "mpeg4", "mjpeg"].contains(codec) }

  /// FFmpeg's command makes the stamps of a stream without any by counting microseconds; ours count ticks.
  var stampTolerance: Double { file.hasSuffix(".h264") ? 3e-5 : 1e-6 }
}

@Suite(.enabled(if: SharedData.clips != nil, SharedData.message)) struct ClipTests {
  @Test(arguments: ExpectedClip.having("ok")) func informationIsAsExpected(_ clip: ExpectedClip) throws {
    let information = try VideoSources.open(SharedData.clip(clip.file)).information
    let stream = try #require(information.streams.first { $0.index == information.streamIndex })
    #expect(stream.index == clip.stream)
    #expect(stream.codec == clip.codec)
    #expect(stream.pixelFormat == clip.pixelFormat)
    #expect(stream.codedWidth == clip.codedWidth && stream.codedHeight == clip.codedHeight)
    #expect((information.pixelAspect.map { "\($0.numerator):\($0.denominator)" } ?? "-") == clip.aspect)
    #expect(information.turn == Turn(quarterTurns: clip.rotation / 90))
    #expect(information.frameRate?.description == clip.rate)
    #expect(!information.isLive)
  }

  @Test(arguments: ExpectedClip.having("ok")) func pictureCountAndStampsAreAsExpected(_ clip: ExpectedClip) throws {
    let delivery = try Delivery(SharedData.clip(clip.file))
    #expect(delivery.events.isEmpty)
    #expect(delivery.frames.map(\.ordinal) == Array(0..<clip.frames))
    let stamps = delivery.frames.map { $0.timeBase.seconds($0.pts) }
    for (stamp, expected) in zip(stamps, try clip.fingerprints) {
      #expect(abs(stamp - expected.seconds) <= clip.stampTolerance)
    }
    #expect(abs(stamps[0] - clip.first) <= clip.stampTolerance && abs(stamps[stamps.count - 1] - clip.last) <= clip.stampTolerance)
    for (frame, stamp) in zip(delivery.frames, stamps) { #expect(abs(frame.seconds - (stamp - stamps[0])) < 1e-9) }
    // An edit list may begin between two key frames.
    #expect(delivery.frames[0].isKey || clip.file == "editlist.mp4")
  }

  @Test(arguments: ExpectedClip.having("ok").filter(\.isBitExact)) func pixelsAreBitExact(_ clip: ExpectedClip) throws {
    let source = try VideoSources.open(SharedData.clip(clip.file))
    var digests: [String] = []
    while let item = try source.next() {
      if case .frame(let frame) = item { digests.append(MessageDigest.hexadecimal(frame.storedBytes)) }
    }
    #expect(digests == (try clip.fingerprints.map(\.digest)))
  }

  @Test(arguments: ExpectedClip.having("damaged")) func damageIsAnEventAndNotTheEnd(_ clip: ExpectedClip) throws {
    let delivery = try Delivery(SharedData.clip(clip.file))
    #expect(delivery.events.contains { $0.kind == .damage })
    #expect(delivery.frames.count == clip.frames)
    #expect(delivery.frames.count <= clip.packets)
    #expect(zip(delivery.frames, delivery.frames.dropFirst()).allSatisfy { $0.seconds < $1.seconds })
  }

  @Test(arguments: [
    ("audio-only.mp4", "noVideoStream"), ("empty.mp4", "emptyFile"), ("header-only.mp4", "missingIndex"),
    ("text.mp4", "notVideo"), ("truncated-nomoov.mp4", "missingIndex"),
  ])
  func whatIsNoVideoHasAnErrorOfItsOwn(_ file: String, _ name: String) throws {
    let error = #expect(throws: VideoError.self) { try VideoSources.open(SharedData.clip(file)) }
    let description = try String(describing: Mirror(reflecting: #require(error)).children.first?.label)
    #expect(description == "Optional(\"\(name)\")")
    #expect(error?.category == .malformed)
    #expect(error?.description.contains(file) == true)
  }

  @Test func everyFailingClipIsCovered() {
    #expect(ExpectedClip.having("fail").count == 5)
  }

  @Test(arguments: ExpectedClip.having("ok")) func soundFilesDoNotDependOnTheNumberOfThreads(_ clip: ExpectedClip) throws {
    let one = try Self.fingerprint(of: clip, threads: 1)
    for threads in [2, 3] { #expect(try Self.fingerprint(of: clip, threads: threads) == one) }
  }

  @Test(arguments: ExpectedClip.having("damaged")) func damagedFilesGiveTheSameOnEveryRun(_ clip: ExpectedClip) throws {
    let first = try Self.fingerprint(of: clip, threads: 1)
    for _ in 0..<3 { #expect(try Self.fingerprint(of: clip, threads: 1) == first) }
  }

  /// All frames and events, in order.
  private static func fingerprint(of clip: ExpectedClip, threads: Int) throws -> [String] {
    var options = SourceOptions()
    options.decoderThreads = threads
    let source = try VideoSources.open(SharedData.clip(clip.file), options: options)
    var lines: [String] = []
    while let item = try source.next() {
      switch item {
      case .frame(let frame): lines.append("\(frame.pts) \(frame.isKey) \(frame.isDamaged) \(frame.storedBytes.hashValue)")
      case .event(let event): lines.append("\(event)")
      }
    }
    return lines
  }
}
