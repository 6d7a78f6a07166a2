import Foundation
import Geometry
import Records
import TestSupport
import Testing

@testable import Counting

/// Truth tracks of files, counted by the module and by the naive twin from the files' own text.
@Suite struct CountedFilesTests {
  /// Two lines and a zone across a picture.
  private func areas(width: Double, height: Double) throws -> (lines: [[(Double, Double)]], zone: [(Double, Double)]) {
    (
      [[(width * 0.503, 0), (width * 0.497, height)], [(0, height * 0.521), (width, height * 0.489)]],
      [(width * 0.31, height * 0.33), (width * 0.72, height * 0.41), (width * 0.63, height * 0.83), (width * 0.35, height * 0.77)]
    )
  }

  private func compare(
    _ counter: TrackCounter, _ tracks: [Int: NaiveCount.Path], _ shapes: (lines: [[(Double, Double)]], zone: [(Double, Double)])
  ) {
    let paths = tracks.values.map { $0.sorted { $0.time < $1.time } }
    func total(_ area: Int) -> AreaCount { counter.counts(at: area).values.reduce(into: AreaCount()) { $0.add($1) } }
    for (index, line) in shapes.lines.enumerated() {
      let expected = paths.map { NaiveCount.crossings($0, line[0], line[1]) }
      #expect(total(index).passages.map(\.crossings) == [0, 1].map { side in expected.reduce(0) { $0 + $1[side] } })
      #expect(total(index).passages[0].net == expected.count { $0[0] > $0[1] })
    }
    let stays = paths.map { NaiveCount.stay($0, shapes.zone) }
    let zone = total(shapes.lines.count)
    #expect(zone.passages.map(\.crossings) == [stays.reduce(0) { $0 + $1.entries }, stays.reduce(0) { $0 + $1.exits }])
    #expect(zone.tracksInside == stays.count { $0.was })
    let dwell = stays.reduce(0) { $0 + $1.dwell }
    // The stream has its positions to a hundredth of a pixel.
    #expect(abs(zone.dwell - dwell) < 0.02 + dwell * 1e-3)
  }

  private func source(_ shapes: (lines: [[(Double, Double)]], zone: [(Double, Double)])) throws -> TrackSource {
    var areas = try shapes.lines.enumerated().map { try CountedArea(name: "line \($0)", .line(PathSet.points($1))) }
    areas.append(try CountedArea(name: "zone", .zone([[PathSet.points(shapes.zone)]])))
    return TrackSource(areas: areas, kinds: .seen, isStabilized: false, keepsCrossings: false)
  }

  /// The text of a gzip file, by gzip itself.
  private func unpacked(_ path: String) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["gzip", "-dc", path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    defer { process.waitUntilExit() }
    return String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  }

  private static let samples = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../samples").standardizedFileURL

  /// The stream of a rendered scene's truth against the corners in its text.
  @Test func theTruthOfASceneCountsLikeItsText() throws {
    let shapes = try areas(width: 640, height: 360)
    var source = try source(shapes)
    let reader = try StreamReader(path: Self.samples.appendingPathComponent("crossing/truth.ndjson.gz").path)
    while let record = try reader.next() { source.add(record, classes: reader.classes) }
    var tracks: [Int: NaiveCount.Path] = [:]
    for line in try String(contentsOf: Self.samples.appendingPathComponent("crossing/gt.txt"), encoding: .utf8).split(
      separator: "\n")
    {
      let v = line.split(separator: ",").compactMap { Double($0) }
      tracks[Int(v[1]), default: []].append(((v[0] - 1) / 25, (v[2] + v[4] + v[6] + v[8]) / 4, (v[3] + v[5] + v[7] + v[9]) / 4))
    }
    #expect(tracks.count > 5)
    compare(source.counter, tracks, shapes)
  }

  @Test(.enabled(if: SharedData.isPresent, SharedData.message)) func kittiTruthCountsLikeTheTwin() throws {
    let shapes = try areas(width: 1242, height: 375)
    for name in try SharedData.names("kitti-tracking/label_02").prefix(4) {
      let path = SharedData.path("kitti-tracking/label_02/" + name)
      var source = try source(shapes)
      source.add(try BoxTableReader.read(path: path), framesPerSecond: 10)
      var tracks: [Int: NaiveCount.Path] = [:]
      for line in try unpacked(path).split(separator: "\n") {
        let words = line.split(separator: " ")
        guard let frame = Double(words[0]), let id = Int(words[1]), id >= 0 else { continue }
        let box = words[6..<10].compactMap { Double($0) }
        tracks[id, default: []].append((frame / 10, (box[0] + box[2]) / 2, (box[1] + box[3]) / 2))
      }
      compare(source.counter, tracks, shapes)
    }
  }

  @Test(.enabled(if: SharedData.isPresent, SharedData.message)) func uavdtTruthCountsLikeTheTwin() throws {
    let shapes = try areas(width: 1024, height: 540)
    for name in ["M0203.txt.gz", "M0606.txt.gz", "M1101.txt.gz"] {
      let path = SharedData.path("uavdt/gt/" + name)
      let table = try BoxTableReader.read(path: path, options: .init(format: .uavdt))
      var source = try source(shapes)
      source.add(table, framesPerSecond: 30)
      var tracks: [Int: NaiveCount.Path] = [:]
      for row in 0..<table.count {
        let box = table.axisBoxes[row]
        tracks[Int(table.ids[row]), default: []].append(
          (Double(table.frames[row]) / 30, box.left + box.width / 2, box.top + box.height / 2))
      }
      #expect(tracks.count > 3)
      compare(source.counter, tracks, shapes)
    }
  }
}
