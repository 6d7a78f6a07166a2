// What it takes to decode a video, on one thread and on two.
//
//   decoding FILE [FILE ...]      a table in Markdown on standard output
//
// "decode" demuxes and decodes every frame; "luma" also reads its displayed luma once; "BGR" also converts it to colour. Each figure is the
// best of five runs, in milliseconds a frame of the wall's clock and, in brackets, of the processors'; opening is left out.

import Foundation
import Video

enum Work: String, CaseIterable {
  case decode, luma, bgr = "BGR"

  /// Does the work on one frame; the result keeps the compiler from leaving it out.
  func run(on frame: Frame) throws -> Int {
    switch self {
    case .decode: frame.ordinal
    case .luma:
      try frame.withLuma { bytes, _, _, _ in stride(from: 0, to: bytes.count, by: 64).reduce(0) { $0 &+ Int(bytes[$1]) } }
    case .bgr: try frame.bgr().pixels.count
    }
  }
}

struct Run {
  /// Milliseconds a frame by the wall's clock, and of all threads' work.
  var milliseconds = Double.infinity
  var workMilliseconds = Double.infinity
  var frames = 0
  var width = 0
  var height = 0

  /// Reads the whole file once.
  init(_ path: String, work: Work, threads: Int) throws {
    var options = SourceOptions()
    options.decoderThreads = threads
    let source = try VideoSources.open(path, options: options)
    (width, height) = (source.information.width, source.information.height)
    var sum = 0
    let before = Run.processorMilliseconds
    let time = try ContinuousClock().measure {
      while let item = try source.next() {
        guard case .frame(let frame) = item else { continue }
        sum &+= try work.run(on: frame)
        frames += 1
      }
    }
    precondition(sum >= 0)
    milliseconds = (Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18) * 1000 / Double(max(frames, 1))
    workMilliseconds = (Run.processorMilliseconds - before) / Double(max(frames, 1))
  }

  /// What all threads of this program have worked so far.
  private static var processorMilliseconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1000 + Double(time.tv_nsec) * 1e-6
  }

  static func best(of repetitions: Int, _ path: String, work: Work, threads: Int) throws -> Run {
    var best = try Run(path, work: work, threads: threads)
    for _ in 1..<repetitions {
      let other = try Run(path, work: work, threads: threads)
      best.milliseconds = min(best.milliseconds, other.milliseconds)
      best.workMilliseconds = min(best.workMilliseconds, other.workMilliseconds)
    }
    return best
  }
}

func twoDecimals(_ value: Double) -> String { String(format: "%.2f", value) }

let files = CommandLine.arguments.dropFirst()
if files.isEmpty {
  FileHandle.standardError.write(Data("usage: decoding FILE [FILE ...]\n".utf8))
  exit(64)
}
print("| file | size | frames | threads | decode, ms/frame | + luma | + BGR |")
print("| --- | --- | ---: | ---: | ---: | ---: | ---: |")
for file in files {
  for threads in [1, 2] {
    let runs = try Work.allCases.map { try Run.best(of: 5, file, work: $0, threads: threads) }
    let cells = [
      URL(fileURLWithPath: file).lastPathComponent, "\(runs[0].width)x\(runs[0].height)", "\(runs[0].frames)", "\(threads)",
    ]
    print(
      "| " + (cells + runs.map { "\(twoDecimals($0.milliseconds)) (\(twoDecimals($0.workMilliseconds)))" }).joined(separator: " | ")
        + " |")
  }
}
