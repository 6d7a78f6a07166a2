import Foundation
import Geometry
import Imaging
import Records
import Testing

/// `sextant track --planar` and `--target-image`: corners and poses of a target whose place is known, and what is refused.
@Suite struct PlanarTargetCommandTests {
  /// Distances in the target's own pixels: 192×144.
  private static let sides = (width: 192.0, height: 144.0)
  private static let size = (width: 640, height: 480)
  private static let focal = 600.0

  /// From the target's frame (its middle, x right, y down) to the camera's, in its own pixels.
  private static func pose(_ number: Int) -> RigidTransform {
    let t = Double(number)
    return RigidTransform(
      rotationVector: Vector3(0.25 * sin(t / 5), 0.3 * sin(t / 7), 0.03 * t),
      translation: Vector3(4 * t - 40, 20 - 2 * t, 520 + 6 * t))
  }

  private static func corners(_ number: Int) -> [Point] {
    let (x, y) = (sides.width / 2, sides.height / 2)
    return [Vector3(-x, -y, 0), Vector3(x, -y, 0), Vector3(x, y, 0), Vector3(-x, y, 0)].map { corner in
      let seen = pose(number).rotation * corner + pose(number).translation
      return Point(focal * seen.x / seen.z + 320, focal * seen.y / seen.z + 240)
    }
  }

  private static func noise(_ x: Int, _ y: Int, _ seed: Int) -> UInt8 {
    var value = UInt64(bitPattern: Int64(x &* 73_856_093 ^ y &* 19_349_663 ^ seed &* 83_492_791))
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    return UInt8((value ^ (value >> 27)) % 200)
  }

  private static func blocks(_ width: Int, _ height: Int, side: Int, seed: Int) throws -> Image {
    var image = Image(width: width, height: height, channels: 1)
    for y in 0..<height { for x in 0..<width { image[x, y] = 20 + noise(x / side, y / side, seed) } }
    return try image.gaussianBlurred(sigma: 0.8)
  }

  /// 20 pictures and the target's own; a camera file.
  private static func scene(in folder: TemporaryFolder) throws {
    try FileManager.default.createDirectory(at: folder.file("shots"), withIntermediateDirectories: true)
    let target = try blocks(192, 144, side: 12, seed: 3), ground = try blocks(size.width, size.height, side: 18, seed: 8)
    try Data(ImageFile.png(target)).write(to: folder.file("target.png"))
    let own = (Point(0, 0), Point(192, 0), Point(192, 144), Point(0, 144))
    let white = Image(width: 192, height: 144, channels: 1, pixels: [UInt8](repeating: 255, count: 192 * 144))
    for number in 0..<20 {
      let c = corners(number)
      let map = try #require(Homography(from: own, to: (c[0], c[1], c[2], c[3])))
      let shown = try target.warped(by: map, width: size.width, height: size.height)
      let inside = try white.warped(by: map, width: size.width, height: size.height)
      var picture = ground
      for y in 0..<size.height { for x in 0..<size.width where inside[x, y] > 127 { picture[x, y] = shown[x, y] } }
      try Data(ImageFile.png(picture)).write(to: folder.file(String(format: "shots/%03d.png", number)))
    }
    let camera = """
      %YAML:1.0
      ---
      image_width: 640
      image_height: 480
      camera_matrix: !!opencv-matrix
         rows: 3
         cols: 3
         dt: d
         data: [ 600., 0., 319.5, 0., 600., 239.5, 0., 0., 1. ]
      distortion_coefficients: !!opencv-matrix
         rows: 1
         cols: 5
         dt: d
         data: [ 0., 0., 0., 0., 0. ]
      """
    _ = try folder.write(camera + "\n", "camera.yml")
  }

  private static func rows(_ output: String) throws -> [Int: TrackRecord] {
    let reader = try StreamReader(bytes: Array(output.utf8), name: "output")
    var rows: [Int: TrackRecord] = [:]
    while let record = try reader.next() {
      if case .frame(let frame) = record, let track = frame.tracks.first { rows[frame.frame] = track }
    }
    return rows
  }

  /// A pixel of the corners, and of the pose what a pixel of 220 makes: a hundredth of the distance, a degree or two of a turn.
  @Test func aPictureOfATargetGivesItsCornersAndItsPose() throws {
    let folder = try TemporaryFolder()
    try Self.scene(in: folder)
    let run = try ProgramRun(
      ["track", "shots", "--fps", "20", "--target-image", "target.png", "--camera", "camera.yml", "--target-width", "0.96", "-q"],
      in: folder.url)
    #expect(run.exitCode == 0, "\(run.errors)")
    let rows = try Self.rows(run.output)
    #expect(rows.count == 20)
    for (number, row) in rows {
      let worst = zip(try #require(row.corners), Self.corners(number)).map { ($0 - $1).length }.max() ?? .infinity
      #expect(worst < 1, "frame \(number): \(worst)")
      guard case .object(let pose)? = row.further.first(where: { $0.key == "pose" })?.value,
        case .list(let position)? = pose.first(where: { $0.0 == "position" })?.1
      else {
        Issue.record("no pose in frame \(number)")
        continue
      }
      let place = position.compactMap { if case .real(let value) = $0 { value } else { nil } }
      let truth = Self.pose(number).translation / 200
      #expect((Vector3(place[0], place[1], place[2]) - truth).length < 0.01 * truth.length, "frame \(number): \(place)")
    }
    let one = try ProgramRun(
      [
        "track", "shots", "--fps", "20", "--target-image", "target.png", "--camera", "camera.yml", "--target-width", "0.96", "-q",
        "--threads", "1",
      ], in: folder.url)
    #expect(one.output == run.output)
  }

  @Test(arguments: [
    (["--planar"], "--planar needs a target"),
    (["--target-width", "1"], "--target-width needs a target"),
    (["--target-point", "160,120", "--planar"], "--planar needs the target's box"),
    (["--target", "100,90,96,72", "--target-image", "target.png"], "exclude each other"),
    (["--target-image", "target.png", "--target-model", "a.onnx,b.onnx"], "exclude each other"),
    (["--target", "100,90,96,72", "--planar", "--target-model", "a.onnx,b.onnx"], "exclude each other"),
    (["--target-image", "target.png", "--target-width", "1"], "--target-width needs a picture of the target"),
    (["--target-image", "target.png", "--target-width", "-1"], "--target-width -1 is out of range"),
    (["--target-image", "target.png", "--detector", "motion"], "both --target-image and --detector were given"),
    (["--target-image", "target.png", "--smooth"], "--target-image and --smooth exclude each other"),
    (["--target", "700,90,96,72", "--planar"], "lies outside the picture"),
    (["--target", "100,90,300,1", "--planar"], "is too narrow"),
    (["--target-image", "target.png", "-o", "target.png", "--overwrite"], "the target's picture"),
  ]) func whatCannotBeIsRefusedByASentence(options: [String], words: String) throws {
    let folder = try TemporaryFolder()
    try Self.scene(in: folder)
    let run = try ProgramRun(["track", "shots", "--fps", "20", "-q"] + options, in: folder.url)
    #expect(run.exitCode != 0 && run.errors.contains(words), "\(options): \(run.exitCode) \(run.errors)")
    #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
  }

  /// A picture that is none, or shows nothing, costs no output that is there.
  @Test func aPictureThatCannotBeLookedForIsRefused() throws {
    let folder = try TemporaryFolder()
    try Self.scene(in: folder)
    _ = try folder.write("no picture", "broken.png")
    let plain = Image(width: 64, height: 64, channels: 1, pixels: [UInt8](repeating: 90, count: 64 * 64))
    try Data(ImageFile.png(plain)).write(to: folder.file("plain.png"))
    for (name, words) in [("broken.png", "broken.png"), ("plain.png", "too little texture"), ("missing.png", "missing.png")] {
      let output = try folder.write("kept\n", "out.ndjson")
      let run = try ProgramRun(
        ["track", "shots", "--fps", "20", "-q", "--target-image", name, "-o", output, "--overwrite"], in: folder.url)
      #expect(run.exitCode != 0 && run.errors.contains(words), "\(run.exitCode) \(run.errors)")
      #expect(try String(contentsOf: folder.file("out.ndjson"), encoding: .utf8) == "kept\n")
    }
  }
}
