import Foundation
import Geometry
import Records
import Testing

/// Made-up cars around a camera that drives through a curve: their places in every frame are known.
@Suite struct BirdsEyeTests {
  private static let frames = 30
  private static let rate = 10.0

  /// The camera's pose: it turns right by 1° a frame and goes 1 m ahead.
  private static func pose(_ frame: Int) -> RigidTransform {
    var place = Vector3.zero
    for earlier in 0..<frame { place = place + Vector3(sin(yaw(earlier)), 0, cos(yaw(earlier))) }
    let (c, s) = (cos(yaw(frame)), sin(yaw(frame)))
    return RigidTransform(rotation: Matrix3(rows: Vector3(c, 0, s), Vector3(0, 1, 0), Vector3(-s, 0, c)), translation: place)
  }

  private static func yaw(_ frame: Int) -> Double { Double(frame) * .pi / 180 }

  /// A car that stands and one that goes 8 m/s along the world's z axis, in the frame's camera.
  private static func cars(_ frame: Int) -> [SpatialBox] {
    let worlds = [Vector3(5, 1.6, 45), Vector3(-3, 1.6, 20 + 8 * Double(frame) / rate)]
    return worlds.map { world in
      let place = pose(frame).inverse * world
      return SpatialBox(
        height: 1.5, width: 1.6, length: 4.2, x: place.x, y: place.y, z: place.z, rotationY: -.pi / 2 - yaw(frame), alpha: 0)
    }
  }

  /// The box in the picture of a camera of 700 px.
  private static func hull(_ box: SpatialBox) -> AxisBox {
    AxisBox(around: box.corners.map { Point(700 * $0.x / $0.z + 620, 700 * $0.y / $0.z + 180) })
  }

  /// Detections, poses and truth; `isSeen` says which car is detected in which frame.
  private func folder(isSeen: (Int, Int) -> Bool = { _, _ in true }) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    var (detections, truth, poses) = ("", "", "")
    for frame in 0..<Self.frames {
      for (index, car) in Self.cars(frame).enumerated() {
        let (h, space) = (Self.hull(car), "\(car.height) \(car.width) \(car.length) \(car.x) \(car.y) \(car.z) \(car.rotationY)")
        truth += "\(frame) \(index) Car 0 0 0 \(h.left) \(h.top) \(h.right) \(h.bottom) \(space)\n"
        guard isSeen(index, frame) else { continue }
        let numbers = ["\(h.left)", "\(h.top)", "\(h.right)", "\(h.bottom)", "6"] + space.split(separator: " ").map(String.init)
        detections += "\(frame),2,\(numbers.joined(separator: ",")),0\n"
      }
      let (r, t) = (Self.pose(frame).rotation, Self.pose(frame).translation)
      let rows = [(r.column0.x, r.column1.x, r.column2.x, t.x), (r.column0.y, r.column1.y, r.column2.y, t.y)]
      let last = (r.column0.z, r.column1.z, r.column2.z, t.z)
      poses += (rows + [last]).map { "\($0.0) \($0.1) \($0.2) \($0.3)" }.joined(separator: " ") + "\n"
    }
    _ = try folder.write(detections, "det.txt")
    _ = try folder.write(truth, "truth.txt")
    _ = try folder.write(poses, "poses.txt")
    return folder
  }

  private func track(_ folder: TemporaryFolder, _ options: [String] = []) throws -> [[TrackRecord]] {
    let run = try ProgramRun(
      [
        "track", "-q", "--detections", "det.txt", "--fps", "10", "--poses", "poses.txt", "-o", "t.ndjson", "--kitti-output",
        "t.txt",
      ] + options, in: folder.url)
    #expect(run.exitCode == 0, "\(run.errors)")
    let reader = try StreamReader(path: folder.file("t.ndjson").path)
    var frames: [[TrackRecord]] = []
    while let record = try reader.next() { if case .frame(let frame) = record { frames.append(frame.tracks) } }
    return frames
  }

  private func hota(_ folder: TemporaryFolder, _ result: String) throws -> Double {
    let run = try ProgramRun(
      [
        "evaluate", "tracks", "--truth", "truth.txt", "--result", result, "--classes", "car", "--similarity", "birds-eye",
        "--columns",
        "hota", "--csv",
      ], in: folder.url)
    #expect(run.exitCode == 0, "\(run.errors)")
    let row = run.lines.last { $0.contains("car") }?.split(separator: ",").last
    return try #require(row.flatMap { Double($0) })
  }

  @Test func theStreamAndTheTextAreReadInBirdsEye() throws {
    let folder = try folder()
    let frames = try track(folder)
    #expect(Set(frames.flatMap { $0.map(\.id) }) == [1, 2])
    for (frame, tracks) in frames.enumerated() {
      for track in tracks {
        let box = try #require(track.world?.box)
        let car = try #require(Self.cars(frame).min { abs($0.z - box.z) < abs($1.z - box.z) })
        #expect(box.ground.iou(with: car.ground) > 0.9)
        #expect(abs(Angle.headingDifference(from: box.rotationY, to: car.rotationY)) < 0.02)
      }
    }
    #expect(try hota(folder, "t.ndjson") > 0.9)
    #expect(abs(try hota(folder, "t.ndjson") - hota(folder, "t.txt")) < 1e-9)
  }

  /// The curve is the camera's: what stands has no velocity over the ground, and the other car the one that it has.
  @Test func velocitiesAreThoseOverTheGround() throws {
    let frames = try track(try folder())
    let last = try #require(frames.last)
    let speeds = last.compactMap { $0.world?.velocity?.length }.sorted()
    try #require(speeds.count == 2)
    #expect(speeds[0] < 0.3 && abs(speeds[1] - 8) < 0.5)
  }

  /// Detections are lost for a second: the rows in between lie where the cars were, in space and in the picture.
  @Test func gapsAreFilledInTheWorld() throws {
    let folder = try folder { _, frame in !(12..<20).contains(frame) }
    let frames = try track(folder, ["--smooth"])
    for frame in 12..<20 {
      #expect(frames[frame].count == 2)
      for track in frames[frame] {
        #expect(track.observation == .interpolated)
        let box = try #require(track.world?.box)
        let car = try #require(Self.cars(frame).min { abs($0.z - box.z) < abs($1.z - box.z) })
        #expect(box.ground.iou(with: car.ground) > 0.7)
        #expect(track.box.hull.iou(with: Self.hull(car)) > 0.7)
      }
    }
  }

  @Test(arguments: [
    (["--detections", "det.txt", "--poses", "none.txt"], 66, "none.txt"),
    (["--detections", "det.txt", "--poses", "short.txt"], 65, "2 poses"),
    (["--detections", "mot.txt", "--poses", "still"], 65, "no boxes in space"),
    (["--detections", "det.txt", "--poses", "still", "--gsd", "1"], 64, "exclude each other"),
    (["--detections", "det.txt", "--poses", "still", "--forecast", "1"], 64, "exclude each other"),
    (["--poses", "still"], 64, "--detections"),
  ])
  func whatCannotBeTrackedOnTheGroundIsRefused(_ options: [String], _ code: Int32, _ told: String) throws {
    let folder = try folder()
    _ = try folder.write("1,-1,10,20,30,40,0.9,-1,-1,-1\n", "mot.txt")
    _ = try folder.write("1 0 0 0 0 1 0 0 0 0 1 0\n1 0 0 0 0 1 0 0 0 0 1 0\n", "short.txt")
    let run = try ProgramRun(["track", "-o", "x.ndjson"] + options, in: folder.url)
    #expect(run.exitCode == code && run.errors.contains(told), "\(run.errors)")
  }
}
