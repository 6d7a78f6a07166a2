import Geometry
import TestSupport
import Testing

@testable import Records

@Suite struct PointTableTests {
  @Test(
    .enabled(if: SharedData.isPresent, SharedData.message),
    arguments: [
      ("biwi_eth", 5492, 876, 360), ("students001", 21813, 444, 415), ("uni_examples", 2747, 734, 118),
    ])
  func readsPedestrians(name: String, rows: Int, frames: Int, ids: Int) throws {
    let table = try PointTable.read(path: SharedData.path("pedestrian-trajectories/\(name).txt.gz"))
    #expect(table.count == rows && Set(table.frames).count == frames && Set(table.ids).count == ids)
    #expect(try PointTable.read(bytes: table.text.bytes, name: name) == table)
  }

  @Test func namesALineThatIsShort() {
    let error = #expect(throws: RecordsError.self) {
      try PointTable.read(bytes: Array("780\t1\t8.46\t3.59\n790\t1\t9.57\n".utf8), name: "p.txt")
    }
    #expect(error?.description.contains("p.txt, line 2: 3 columns") == true)
  }

  /// The usual step is the most frequent one, of equals the smallest; steps of other lengths are counted.
  @Test(
    arguments: [
      ([0, 10, 20, 40, 50], 10, "1 of 4 steps between the frames of p are not 10 long"), ([0, 10, 20], 10, nil),
      ([5, 8, 12], 3, "1 of 2"), ([7], 1, nil), ([], 1, nil),
    ] as [([Int32], Int32, String?)])
  func knowsTheUsualStepOfItsFrames(frames: [Int32], step: Int32, sentence: String?) {
    var table = PointTable()
    for frame in frames.reversed() {
      table.frames.append(frame)
      table.ids.append(1)
      table.points.append(.zero)
    }
    #expect(table.usualStep == step)
    #expect(table.unevenness(in: "p")?.hasPrefix(sentence ?? "none") ?? (sentence == nil))
  }
}
