import Geometry
import TestSupport
import Testing

@testable import Records

@Suite struct TrajectoryTests {
  private func read(_ text: String, _ format: TrajectoryFile.Format? = nil) throws -> TrajectoryFile {
    try TrajectoryReader.read(bytes: Array(text.utf8), name: "t.txt", format: format)
  }

  @Test func readsTUMWithTheScalarLast() throws {
    let file = try read("# time tx ty tz qx qy qz qw\n1.5 1 2 3 0 0 0.70710678 0.70710678\n2 1 2 3 0 0 0 -2\n")
    #expect(file.format == .tum && file.trajectory.times == [1.5, 2])
    let pose = file.trajectory.poses[0]
    #expect((pose.rotation * Vector3(1, 0, 0) - Vector3(0, 1, 0)).length < 1e-12)
    #expect(pose.translation == Vector3(1, 2, 3))
    #expect(file.trajectory.poses[1].rotation == .identity)
  }

  @Test func readsEuRoCWithTheScalarFirstAndWholeNanoseconds() throws {
    let file = try read(
      "#timestamp, p_x\n1403715523912143104,1,2,3,0.70710678,0,0,0.70710678,9,9,9\n1403715523917143104,1,2,3,1,0,0,0,9,9,9\n")
    #expect(file.format == .euroc && file.nanoseconds == [1_403_715_523_912_143_104, 1_403_715_523_917_143_104])
    #expect((file.trajectory.poses[0].rotation * Vector3(1, 0, 0) - Vector3(0, 1, 0)).length < 1e-12)
    #expect(file.furtherColumns == 3)
  }

  @Test func readsKITTIRowByRow() throws {
    let file = try read("1 2 3 4 5 6 7 8 9 10 11 12\n")
    #expect(file.format == .kitti)
    #expect(file.trajectory.poses[0].translation == Vector3(4, 8, 12))
    #expect(file.trajectory.poses[0].rotation * Vector3(1, 0, 0) == Vector3(1, 5, 9))
    #expect(file.warnings.count == 1)
  }

  @Test(arguments: [
    ("1 2 3 4 5 6 7 0 0\n", TrajectoryFile.Format.tum, "9 columns, expected 8"),
    ("1 2 3 4 0 0 0 3\n", .tum, "quaternion has length 3"), ("1,1,122,50,40,80,1,-1,-1,-1\n", .euroc, "is this a trajectory?"),
    ("1 2 nan 4 0 0 0 1\n", .tum, "column 3 (\"nan\")"),
    ("1.5,1,2,3,1,0,0,0\n", .euroc, "column 1 (\"1.5\") is not an integer"), ("", .tum, "no pose"), ("\n\n", .kitti, "no pose"),
  ])
  func namesWhatIsWrong(text: String, format: TrajectoryFile.Format, reason: String) throws {
    let error = #expect(throws: RecordsError.self) { try read(text, format) }
    #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
  }

  /// The same pose with blanks, with commas, with a trailing comma, and with the scalar named first.
  @Test(arguments: [
    "1403636579.75 3 1 2 0 0 0.6 0.8\n", "#timestamp, x, y, z, qx, qy, qz, qw\n1403636579.75, 3, 1, 2, 0, 0, 0.6, 0.8\n",
    "1403636579.75,3,1,2,0,0,0.6,0.8,\n", "1403636579750000000,3,1,2,0.8,0,0,0.6,0,0,0,\n",
    "# t,x,y,z,qw,qx,qy,qz\n1403636579.75,3,1,2,0.8,0,0,0.6\n", "1403636579.75;3;1;2;0;0;0.6;0.8\n",
  ])
  func readsAPoseInEverySpelling(text: String) throws {
    let file = try TrajectoryReader.read(bytes: Array(text.utf8), name: "t")
    #expect(file.trajectory.times.map { abs($0[0] - 1_403_636_579.75) < 1e-6 } == true && file.hasRotations)
    #expect(file.trajectory.poses[0].translation == Vector3(3, 1, 2))
    #expect(file.quaternions == [Quaternion(x: 0, y: 0, z: 0.6, w: 0.8)])
  }

  @Test func positionsWithoutRotationsAreReadAndSaidToBe() throws {
    for text in ["1.5 3 1 2 0 0 0 0\n2.5 4 1 2 0 0 0 0\n", "1.5 3 1 2\n2.5 4 1 2\n", "#t,x,y,z\n1.5,3,1,2,\n2.5,4,1,2,\n"] {
      let file = try TrajectoryReader.read(bytes: Array(text.utf8), name: "t")
      #expect(!file.hasRotations && file.quaternions.isEmpty && file.trajectory.poses.map(\.translation.x) == [3, 4])
      #expect(file.warnings == ["it has positions without rotations, so only translations can be measured"])
    }
    let error = #expect(throws: RecordsError.self) { try read("1 3 1 2 0 0 0 0\n2 4 1 2 0 0 0 1\n", .tum) }
    #expect(error?.description.contains("1 of its 2 poses have a quaternion of zeros") == true)
  }

  @Test func tellsOneCauseOnceWithItsCount() {
    let text = (1...40).map { "\($0) 1 2 3 0 0 0 5.\($0)\n" }.joined()
    let error = #expect(throws: RecordsError.self) { try read(text, .tum) }
    #expect(error?.description.contains("40 bad lines: line 1: the quaternion has length 5.1") == true)
    #expect(error?.description.hasSuffix("(the same in 39 more lines)") == true)
  }

  /// Poses at whole nanoseconds, turned about a slanted axis.
  private static let samples: [(format: TrajectoryFile.Format, text: String)] = [
    (.tum, "1.5 0.1 -20.25 3 0.5 0.5 0.5 0.5\n2.25 1 2 3.125 0.1 0.2 0.3 0.9273618495495704\n"),
    (.euroc, "#timestamp [ns]\n1500000000,0.1,-20.25,3,0.5,0.5,0.5,0.5\n2250000000,1,2,3.125,0.9273618495495704,0.1,0.2,0.3\n"),
    (.kitti, "0 0 1 0.1 1 0 0 -20.25 0 1 0 3\n0.6 0 0.8 1 0 1 0 2 -0.8 0 0.6 3.125\n"),
    (
      .sextant,
      #"{"record":"header","schema":"sextant/1","classes":[]}"# + "\n"
        + #"{"record":"frame","frame":0,"time":1.5,"tracks":[],"pose":{"position":[0.1,-20.25,3],"quaternion":[0.5,0.5,0.5,0.5]}}"#
        + "\n"
        + #"{"record":"frame","frame":1,"time":2.25,"tracks":[],"pose":{"position":[1,2,3.125],"quaternion":[0.1,0.2,0.3,0.9273618495495704]}}"#
        + "\n"
    ),
  ]

  @Test(arguments: TrajectoryFile.Format.allCases, TrajectoryFile.Format.allCases)
  func everyFormatKeepsPosesThroughEveryOther(source: TrajectoryFile.Format, target: TrajectoryFile.Format) throws {
    let file = try read(try #require(Self.samples.first { $0.format == source }?.text), source)
    let folder = try ScratchFolder()
    let losses = try TrajectoryWriter.write(file, as: target, path: folder.file("t"), timesPath: folder.file("times")).map(
      \.description)
    let times = target == .kitti && file.trajectory.times != nil ? folder.file("times") : nil
    let again = try TrajectoryReader.read(path: folder.file("t"), format: target, timesPath: times)
    try #require(again.trajectory.poses.count == 2)
    for (a, b) in zip(again.trajectory.poses, file.trajectory.poses) {
      #expect((a.translation - b.translation).length < 1e-12)
      let turned = Vector3(0.3, -0.5, 0.8)
      #expect((a.rotation * turned - b.rotation * turned).length < 1e-12, "\(source) to \(target)")
    }
    if let times = file.trajectory.times {
      let kept = try #require(again.trajectory.times)
      for (a, b) in zip(kept, times) { #expect(abs(a - b) < 1e-9) }
    } else {
      #expect(target == .kitti || !losses.isEmpty, "times are made up without a word")
    }
  }

  @Test func tellsTimesThatTheStreamRounds() throws {
    func losses(_ time: String) throws -> [String] {
      let folder = try ScratchFolder()
      let file = try read(time + " 0 0 0 0 0 0 1\n")
      return try TrajectoryWriter.write(file, as: .sextant, path: folder.file("t")).map(\.description)
    }
    #expect(try losses("1403715529.662142").isEmpty)
    #expect(try losses("0.1234567").contains { $0.contains("rounded to microseconds") })
  }

  @Test func warnsAboutTimesOutOfOrder() throws {
    let file = try read("2 0 0 0 0 0 0 1\n1 0 0 0 0 0 0 1\n1 0 0 0 0 0 0 1\n")
    #expect(file.warnings.count == 2)
  }

  @Test(arguments: [
    (TrajectoryFile.Format.tum, "1305031098.6659 1.3563 0.6305 1.638 0.6132 0.5962 -0.3311 -0.3986\n"),
    (
      .kitti,
      "1 9.043680000e-12 2.326809e-11 5.551115e-17 9.043683e-12 1 2.392370e-10 3.330669e-16 2.326810e-11 2.392370e-10 0.9999999 -4.440892e-16\n"
    ),
    (
      .euroc,
      "#timestamp [ns],p_x [m],p_y [m],p_z [m],q_w [],q_x [],q_y [],q_z []\n1403715523912143104,0.878612,2.142470,0.947262,0.060514,-0.828459,-0.058956,-0.553641\n"
    ),
  ])
  func roundTrips(format: TrajectoryFile.Format, text: String) throws {
    let file = try read(text)
    let again = try read(try TrajectoryWriter.text(file, as: format).string)
    #expect(again.trajectory == file.trajectory && again.quaternions == file.quaternions)
    #expect(again.nanoseconds == file.nanoseconds)
  }

  @Test func ourStreamCarriesPoses() throws {
    let file = try read("1.5 1 2 3 0 0 0.6 0.8\n2 4 5 6 0 0 0 1\n")
    let again = try read(try TrajectoryWriter.text(file, as: .sextant).string)
    #expect(again.format == .sextant && again.trajectory == file.trajectory)
  }

  @Test func ourStreamTellsEventsBehindTheirFrames() throws {
    var file = try read("1.5 1 2 3 0 0 0.6 0.8\n2 4 5 6 0 0 0 1\n")
    file.settings = .object([("scale", .text("none"))])
    file.events = [EventRecord(frame: 0, time: 1.5, kind: .loop, details: [FurtherKey("earlier", .integer(7))])]
    let lines = try TrajectoryWriter.text(file, as: .sextant).string.split(separator: "\n")
    try #require(lines.count == 5)
    #expect(lines[0].contains(#""settings":{"scale":"none"}"#) && lines[1].contains(#""frame":0"#))
    #expect(lines[2].contains(#""record":"event""#) && lines[2].contains(#""loop""#) && lines[2].contains(#""earlier":7"#))
    #expect(try read(lines.joined(separator: "\n") + "\n").trajectory == file.trajectory)
  }

  @Test func saysWhatAConversionLoses() throws {
    let folder = try ScratchFolder()
    let file = try read("1.5 1 2 3 0 0 0.6 0.8\n")
    #expect(try TrajectoryWriter.write(file, as: .kitti, path: folder.file("a")).count == 1)
    #expect(try TrajectoryWriter.write(file, as: .kitti, path: folder.file("b"), timesPath: folder.file("t")).isEmpty)
    #expect(try folder.text("t") == "1.5\n")
    let again = try TrajectoryReader.read(path: folder.file("b"), timesPath: folder.file("t"))
    #expect(again.trajectory.times == [1.5])
  }

  @Test(
    .enabled(if: SharedData.isPresent, SharedData.message),
    arguments: [
      ("freiburg1_xyz-groundtruth.txt.gz", TrajectoryFile.Format.tum, 3000, 9.159),
      ("freiburg1_xyz-rgbdslam.txt.gz", .tum, 788, 8.652), ("KITTI_00_gt.txt.gz", .kitti, 4541, 3724.2),
      ("KITTI_00_ORB.txt.gz", .kitti, 4541, 3705.1), ("V102_groundtruth.csv.gz", .euroc, 16702, 0),
      ("V102.txt.gz", .tum, 807, 77.5),
    ])
  func readsRealFiles(name: String, format: TrajectoryFile.Format, poses: Int, length: Double) throws {
    let file = try TrajectoryReader.read(path: SharedData.path("trajectories/" + name))
    #expect(file.format == format && file.trajectory.poses.count == poses)
    #expect(length == 0 || abs(file.trajectory.pathLength - length) < 0.06)
  }

  @Test(.enabled(if: SharedData.isPresent, SharedData.message))
  func readsKITTIsTimes() throws {
    let file = try TrajectoryReader.read(
      path: SharedData.path("trajectories/KITTI_00_gt.txt.gz"),
      timesPath: SharedData.path("trajectories/KITTI_00_gt_times.txt.gz"))
    #expect(file.trajectory.times?.count == 4541 && file.warnings.isEmpty)
  }
}
