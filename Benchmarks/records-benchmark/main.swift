// How fast files of records are read and written, on one core.
//
//   SEXTANT_BENCHMARKS=1 swift run -c release records-benchmark [rows]

import Foundation
import Geometry
import Records

let rows = CommandLine.arguments.dropFirst().first.flatMap(Int.init) ?? 1_000_000
let folder = FileManager.default.temporaryDirectory.appendingPathComponent("records-benchmark-\(getpid())").path
try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
defer { try? FileManager.default.removeItem(atPath: folder) }

/// The shortest of a few runs, in seconds.
func shortest(of runs: Int = 5, _ body: () throws -> Void) rethrows -> Double {
  let clock = ContinuousClock()
  var best = Double.infinity
  for _ in 0..<runs {
    let time = try clock.measure(body)
    best = min(best, Double(time.components.attoseconds) * 1e-18 + Double(time.components.seconds))
  }
  return best
}

func report(_ name: String, _ seconds: Double, per items: Int, _ unit: String) {
  let rate = String(format: "%.3g", Double(items) / seconds)
  let each = String(format: "%.3g", seconds / Double(items) * 1e6)
  print("\(name): \(rate) \(unit)/s (\(each) µs each)")
}

/// Kibibytes of memory that the process has in use at most.
func peakMemory() -> Int {
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  return usage.ru_maxrss
}

func track(_ id: Int, forecasts: Int) -> TrackRecord {
  let x = Double(id) * 37.31
  return TrackRecord(
    id: id, classIndex: 0, rawClassIndex: 0, score: 0.8731, existence: 0.9931,
    box: OrientedBox(center: Point(x + 411.523, 208.117), width: 64.21, height: 30.94, angle: -0.41213),
    angleDeviation: 0.0312, centerCovariance: SymmetricMatrix2(xx: 1.5312, xy: -0.2512, yy: 2.1234),
    velocity: Point(12.13, -3.44), heading: -0.2741, headingDeviation: 0.1234, headingConfidence: 0.9812, speed: 12.57,
    detectionIndex: id,
    forecast: (1...max(1, forecasts)).prefix(forecasts).map {
      ForecastRecord(
        time: 0.4 + 0.5 * Double($0), center: Point(x + 417.5, 206.43),
        covariance: SymmetricMatrix2(xx: 2.12, xy: 0.11, yy: 3.14))
    })
}

func frame(_ ordinal: Int, forecasts: Int) -> FrameRecord {
  FrameRecord(
    frame: ordinal, pts: Int64(ordinal) * 512, time: Double(ordinal) / 30, isKey: false,
    camera: CameraMotion(
      status: .ok, homography: Homography(1.00012345, 0.00123, 2.5, -0.00123, 0.99987, -1.25, 1.2e-6, -3.4e-7, 1),
      inliers: 312),
    tracks: (1...10).map { track($0, forecasts: forecasts) })
}

// MARK: MOT text

let motPath = folder + "/mot.txt"
do {
  let sink = try OutputSink(path: motPath, policy: .whole, overwrite: true)
  var text = TextBuffer()
  for row in 0..<rows {
    text.append(row / 10 + 1)
    text.append(",")
    text.append(row % 10 + 1)
    for value in [912.84, 482.9, 97.61, 112.64] {
      text.append(",")
      text.append(value + Double(row % 1000) * 0.37, decimals: 2)
    }
    text.append(",0.8734,-1,-1,-1\n")
    try sink.write(text)
    text.removeAll()
  }
  try sink.close()
}
let before = peakMemory()
report("read MOT text", try shortest { _ = try BoxTableReader.read(path: motPath) }, per: rows, "rows")
print("memory for \(rows) rows: \((peakMemory() - before) / 1024) MiB at most")

// MARK: The stream

let frames = 10_000
for forecasts in [0, 1, 5] {
  let record = StreamRecord.frame(frame(12, forecasts: forecasts))
  var encoder = StreamEncoder(classes: ["car"])
  var bytes = 0
  let seconds = shortest { for _ in 0..<frames { bytes = encoder.encode(record) { $0.count } } }
  report("encode a frame of 10 tracks with \(forecasts) forecasts, \(bytes) bytes", seconds, per: frames, "frames")
}

for format in TrackTextWriter.Format.allCases {
  let writer = TrackTextWriter(format: format, classes: ["car"])
  let record = frame(12, forecasts: 0)
  var text = TextBuffer()
  let seconds = shortest {
    for _ in 0..<frames {
      text.removeAll()
      writer.append(frame: record.frame, time: record.time, tracks: record.tracks, to: &text)
    }
  }
  report("write a frame of 10 tracks as \(format.rawValue)", seconds, per: frames, "frames")
}

let streamPath = folder + "/stream.jsonl"
do {
  let sink = try OutputSink(path: streamPath, policy: .whole, overwrite: true)
  var encoder = StreamEncoder(classes: ["car"])
  try sink.write(String(decoding: encoder.line(.header(StreamHeader(program: "x", classes: ["car"]))), as: UTF8.self))
  for ordinal in 0..<frames {
    try encoder.encode(.frame(frame(ordinal, forecasts: 1))) { try sink.write($0) }
  }
  try sink.close()
}
let streamSeconds = try shortest(of: 3) {
  let reader = try StreamReader(path: streamPath)
  while try reader.next() != nil {}
}
report("read the stream, 10 tracks with 1 forecast", streamSeconds, per: frames, "frames")
