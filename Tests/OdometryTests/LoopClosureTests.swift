import Foundation
import Geometry
import Imaging
import TestSupport
import Testing

@testable import Odometry

@Suite struct LoopClosureTests {
  private let drive = SyntheticDrive()

  /// A round of 75 frames, 40 m wide, 50 m above flat ground, which then goes on over where it began.
  private func round(_ frame: Int) -> RigidTransform {
    let angle = 2 * .pi * Double(frame) / 75
    return RigidTransform(
      rotationVector: Vector3(0, 0, 0.1 * sin(angle)),
      translation: Vector3(40 * sin(angle), 40 - 40 * cos(angle), 2 * sin(2 * angle)))
  }

  private func path(_ frames: Int) throws -> VisualOdometry {
    let odometry = try VisualOdometry(rig: CameraRig(left: drive.camera), keepsScene: true, closesLoops: true)
    for frame in 0..<frames { try odometry.add(left: drive.floor(round(frame), depth: 50), right: nil) }
    return odometry
  }

  /// How far places are from the truth, in metres, in the unit of the path's first quarter.
  private func errors(_ odometry: VisualOdometry) -> [Double] {
    let places = odometry.poses.map(\.worldFromCamera.translation)
    let scale = (round(18).translation - round(0).translation).length / (places[18] - places[0]).length
    return places.enumerated().map { ($0.element * scale - (round($0.offset).translation - round(0).translation)).length }
  }

  private func mean(_ values: ArraySlice<Double>) -> Double { values.reduce(0, +) / Double(values.count) }

  @Test func aRoundThatClosesTakesOffItsDrift() throws {
    let odometry = try path(84)
    let before = errors(odometry)
    let loops = odometry.loops
    try #require(!loops.isEmpty)
    for loop in odometry.search?.matches ?? [] {
      let truth = round(loop.earlier).relative(to: round(loop.later))
      // The pictures are 72 m wide and 45 m high: those of a loop overlap by a third at least. Few features at a border tell a turn to some pixels.
      #expect(truth.translation.length < 48 && loop.supportCount >= 25, "\(loop)")
      #expect(truth.relative(to: loop.measured.pose).rotationAngle < 6 * drive.pixelAngle, "\(loop)")
    }
    #expect(loops.contains { $0.frame >= 75 && abs($0.frame - 75 - $0.earlierFrame) <= 4 })
    odometry.closeLoops()
    let after = errors(odometry)
    let (first, second): (Double, Double) = (mean(before.suffix(9)), mean(after.suffix(9)))
    print("a round of 251 m: \(first) m off at its end, \(second) m with \(loops.count) loops")
    #expect(second < first / 2)
    #expect((after.max() ?? 0) < (before.max() ?? 0))
    #expect(odometry.poses.allSatisfy { $0.status == .tracked })
  }

  @Test func twoRunsAndThreadsGiveTheSamePath() throws {
    func closed(threads: Int) throws -> [OdometryPose] {
      try OpenCVThreads.set(count: threads)
      let odometry = try path(80)
      odometry.closeLoops()
      return odometry.poses
    }
    #expect(try closed(threads: 1) == closed(threads: 2))
  }

  @Test func aLongWayKeepsFewViews() throws {
    let search = try LoopSearch(rig: CameraRig(left: drive.camera))
    let black = Image(width: 320, height: 200, channels: 1)
    for frame in 0..<4 * LoopSearch.mostViews { try search.add(black, frame: frame, shift: 0.25, points: []) }
    #expect(search.viewCount > LoopSearch.mostViews / 3 && search.viewCount <= LoopSearch.mostViews && search.matches.isEmpty)
  }

  @Test func aPathThatDoesNotCloseStaysAsItIs() throws {
    let odometry = try path(40)
    let poses = odometry.poses
    odometry.closeLoops()
    #expect(odometry.loops.isEmpty && odometry.poses == poses)
  }
}
