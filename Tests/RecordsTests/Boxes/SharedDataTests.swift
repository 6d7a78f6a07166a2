import Testing

@testable import Records

/// Counts that the READMEs of the data state.
@Suite(.enabled(if: SharedData.isPresent, SharedData.message))
struct SharedDataTests {
  private func read(_ path: String, _ format: BoxFormat? = nil) throws -> BoxTable {
    try BoxTableReader.read(path: SharedData.path(path), options: .init(format: format))
  }

  @Test(arguments: [
    ("mot/TUD-Campus/gt/gt.txt", 359, 71), ("mot/TUD-Stadtmitte/gt/gt.txt", 1156, 179),
    ("mot/TUD-Campus/result/test.txt", 222, 71), ("mot/TUD-Stadtmitte/result/test.txt", 749, 179),
    ("mot/MOT17-02-FRCNN/det/det.txt.gz", 8186, 600), ("mot/MOT17-04-FRCNN/det/det.txt.gz", 28406, 1050),
  ])
  func readsMOTChallenge(path: String, rows: Int, frames: Int) throws {
    let table = try read(path)
    #expect(table.format == .mot)
    #expect(table.count == rows)
    #expect(table.frameCount == frames)
    #expect(table.duplicateIdentities().isEmpty)
  }

  @Test func takesColumnsEightToTenOfStadtmitteAsWorldPositions() throws {
    let table = try read("mot/TUD-Stadtmitte/gt/gt.txt")
    #expect(table.worldPositions.first == SpatialPoint(x: 4.4852, y: 5.5016, z: 0))
    #expect(table.classIndices.isEmpty)
    #expect(try read("mot/TUD-Campus/gt/gt.txt").worldPositions.isEmpty)
  }

  @Test func findsTheClassesAndFlagsOfMOT17() throws {
    let table = try read("mot/MOT17-04-FRCNN/gt/gt.txt")
    #expect(Set(table.classIndices.map { $0 + 1 }) == [1, 3, 4, 5, 7, 10, 11])
    #expect(table.considered.count { $0 } == 336)
  }

  @Test(arguments: [
    ("hit_60_30_a", 82, 764, 755), ("hit_60_30_b", 68, 1547, 973), ("hit_60_50", 127, 706, 608),
    ("hit_60_60_b", 66, 212, 144), ("hit_60_70", 100, 262, 255),
  ])
  func readsOrientedTruthOfThirteenColumns(name: String, frames: Int, rows: Int, considered: Int) throws {
    let table = try read("hit-uav-sequences/\(name)/gt.txt")
    #expect(table.format == .motOriented)
    #expect(table.count == rows)
    #expect(table.frameCount <= frames)
    #expect(table.considered.count { $0 } == considered)
  }

  @Test func tellsOrientedTruthOfTenColumnsFromMOT() throws {
    for name in try SharedData.names("dota8-mot") where name.hasPrefix("P") {
      let table = try read("dota8-mot/\(name)/gt_obb.txt")
      #expect(table.format == .centerAngle)
      #expect(table.frameCount == 8)
    }
  }

  @Test func readsKITTITruthResultsAndDetections() throws {
    var frames = 0
    for name in try SharedData.names("kitti-tracking/label_02") {
      let truth = try read("kitti-tracking/label_02/\(name)")
      let result = try read("kitti-tracking/ciwt/\(name)")
      let detections = try read("kitti-tracking/det/car/\(name)")
      #expect(truth.format == .kitti && result.format == .kitti && detections.format == .ab3dmot)
      #expect(truth.duplicateIdentities().isEmpty)
      #expect(detections.confidences.allSatisfy { $0 > 0 && $0 < 1 })
      #expect(detections.rawScores.count == detections.count)
      #expect(detections.className(0) == "Car")
      frames += truth.frameCount
    }
    #expect(frames <= 4376 && frames > 4300)
  }

  @Test func readsUAVDTByName() throws {
    let small = try read("uavdt/gt/M0208.txt.gz", .uavdt)
    #expect(small.count == 790)
    #expect(Set(small.ids).count == 10)
    let large = try read("uavdt/gt/M1301.txt.gz", .uavdt)
    #expect(large.count == 39280)
    #expect(!large.isSortedByFrame)
  }

  @Test(arguments: [
    ("train", [8533, 5253, 3630, 102, 110], 78, 2008), ("val", [1168, 719, 554, 12, 7], 16, 287),
  ])
  func readsHITUAVWithoutLoss(split: String, counts: [Int], difficult: Int, images: Int) throws {
    let table = try read("hit-uav/labels-\(split).txt.gz")
    #expect(table.format == .hitUAV)
    #expect(table.classes.indices.map { index in table.classIndices.count { Int($0) == index } } == counts)
    #expect(table.difficult.count { $0 } == difficult)
    #expect(table.images.count == images)
  }
}
