import TestSupport
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

  // Sums over whole files, computed with numpy's own reader.

  private func sum(_ values: some Sequence<Double>) -> Double { values.reduce(0, +) }

  private func expect(_ value: Double, near expected: Double) {
    #expect(abs(value - expected) <= 1e-9 * max(1, abs(expected)), "\(value) for \(expected)")
  }

  @Test func sumsOfADetectionFileAgreeWithNumpy() throws {
    let table = try read("mot/MOT17-04-FRCNN/det/det.txt.gz")
    expect(sum(table.frames.map { Double($0) + 1 }), near: 14_680_767)
    expect(sum(table.axisBoxes.map(\.left)), near: 23_178_839.80000005)
    expect(sum(table.axisBoxes.map(\.top)), near: 7_122_570.200000005)
    expect(sum(table.axisBoxes.map(\.width)), near: 1_886_464.199999993)
    expect(sum(table.axisBoxes.map(\.height)), near: 5_118_756.499999983)
    expect(sum(table.confidences), near: 27_825.115999999565)
  }

  @Test func sumsOfAB3DMOTAgreeWithNumpy() throws {
    let table = try read("kitti-tracking/det/car/0001.txt.gz")
    #expect(table.count == 4418)
    expect(sum(table.axisBoxes.map(\.right)), near: 2_729_254.5346999923)
    expect(sum(table.axisBoxes.map(\.bottom)), near: 1_039_116.0860999994)
    expect(sum(table.rawScores), near: 26_493.55849999995)
    expect(sum(table.spatialBoxes.map(\.height)), near: 6738.858999999991)
    expect(sum(table.spatialBoxes.map(\.length)), near: 17_373.563599999976)
    expect(sum(table.spatialBoxes.map(\.x)), near: -8720.857700000022)
    expect(sum(table.spatialBoxes.map(\.z)), near: 137_702.57949999988)
    expect(sum(table.spatialBoxes.map(\.rotationY)), near: 633.1431000000003)
    expect(sum(table.spatialBoxes.map(\.alpha)), near: 886.9684999999993)
  }

  @Test func sumsOfKITTILabelsAgreeWithPython() throws {
    let table = try read("kitti-tracking/label_02/0001.txt.gz")
    #expect(table.count == 4271)
    expect(sum(table.axisBoxes.map(\.width)), near: 474_922.27178299875)
    expect(sum(table.spatialBoxes.map(\.rotationY)), near: -1047.7516269999908)
    expect(sum(table.frames.map(Double.init)), near: 754_525)
    #expect((0..<table.count).count { table.className($0) == "DontCare" } == 1241)
  }

  @Test func sumsOfOrientedBoxesAgreeWithNumpy() throws {
    let table = try read("hit-uav-sequences/hit_60_50/gt.txt")
    expect(sum(table.orientedBoxes.map(\.center.x)), near: 243_988.055)
    expect(sum(table.orientedBoxes.map(\.center.y)), near: 150_422.635)
    // The rectangles of the mean sides differ from the corners' polygons by the rounding of the file, at most a thousandth.
    #expect(abs(sum(table.orientedBoxes.map(\.area)) / 284_934.5886 - 1) < 1e-3)
    #expect((0..<table.count).count { table.className($0) == "3" } == 47)
  }
}
