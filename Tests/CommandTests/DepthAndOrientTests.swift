import Foundation
import Imaging
import ModelFiles
import Testing

@Suite struct DepthAndOrientTests {
  private let black = Image(width: 64, height: 48, channels: 1)

  private static func camera(width: Int, height: Int) -> String {
    "image_width: \(width)\nimage_height: \(height)\ncamera_matrix: [50, 0, 32, 0, 50, 24, 0, 0, 1]\n"
  }

  private func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for index in 0..<3 { _ = try folder.write(Data(ImageFile.png(black)), "black/\(index).png") }
    _ = try folder.write(Data(ImageFile.png(black)), "left.png")
    _ = try folder.write(Data(ImageFile.png(Image(width: 60, height: 48, channels: 1))), "small.png")
    _ = try folder.write(Self.camera(width: 64, height: 48), "camera.yml")
    _ = try folder.write(Self.camera(width: 64, height: 40), "other.yml")
    _ = try folder.write(Self.camera(width: 128, height: 96), "large.yml")
    _ = try folder.write(Self.camera(width: 64, height: 48) + "distortion_model: omni\n", "omni.yml")
    _ = try folder.write("camera_matrix: [50, 0, .nan, 0, 50, 24, 0, 0, 1]\n", "nan.yml")
    return folder
  }

  @Test func aBlackPairHasNoDepthAndIsToldOf() throws {
    let folder = try folder()
    let run = try ProgramRun(["depth", "left.png", "left.png", "-o", "out"], in: folder.url)
    #expect(run.exitCode == 0 && run.errors.contains("are the pictures black or blurred"))
    let values = try NumPyFile.read(path: folder.file("out/disparity.npy").path).values(Float.self)
    #expect(values?.count == 64 * 48 && values?.allSatisfy(\.isNaN) == true)
    #expect(try ProgramRun(["depth", "left.png", "left.png", "-o", "out"], in: folder.url).exitCode == 73)
  }

  @Test(arguments: [
    (["depth", "left.png", "small.png", "-o", "out"], 65, "the left one has 64×48 pixels and the right one 60×48"),
    (["depth", "left.png", "none.png", "-o", "out"], 66, "none.png"),
    (["depth", "left.png", "left.png", "-o", "out", "--camera", "camera.yml"], 65, "does not tell both cameras"),
    (["depth", "left.png", "left.png", "-o", "out", "--camera", "none.yml"], 66, "none.yml"),
    (["depth", "left.png", "left.png", "-o", "out", "--max-disparity", "0"], 64, "--max-disparity 0 is out of range"),
    (["depth", "black", "left.png", "-o", "out"], 65, "left.png ends before black"),
    (["orient", "black", "--camera", "nan.yml", "-o", "path.txt"], 65, "no finite numbers"),
    (["orient", "black", "--camera", "other.yml", "-o", "path.txt"], 65, "another shape"),
    (["orient", "black", "--camera", "omni.yml", "-o", "path.txt"], 65, "the distortion_model \"omni\""),
    (["orient", "black", "--camera", "camera.yml", "--right", "black", "-o", "path.txt"], 65, "tells one camera"),
    (["orient", "black", "--camera", "camera.yml", "--format", "euroc", "-o", "path.txt"], 64, "--format euroc is not known"),
    (["orient", "black", "--camera", "camera.yml", "--height", "0", "-o", "path.txt"], 64, "--height 0.0 is out of range"),
    (["orient", "black", "--camera", "camera.yml", "--height", "nan", "-o", "path.txt"], 64, "--height nan is out of range"),
    (["orient", "black", "--camera", "camera.yml", "--height=-3", "-o", "path.txt"], 64, "--height -3.0 is out of range"),
    (
      ["orient", "black", "--camera", "camera.yml", "--right", "black", "--height", "3", "-o", "path.txt"], 64,
      "--height is for one camera"
    ),
  ])
  func mistakesAreToldOf(_ arguments: [String], _ code: Int32, _ expected: String) throws {
    let folder = try folder()
    // The folder goes with its last use.
    defer { withExtendedLifetime(folder) {} }
    let run = try ProgramRun(arguments, in: folder.url)
    #expect(run.exitCode == code && run.errors.contains(expected), "\(run.exitCode) \(run.errors)")
  }

  private static let mistakesOfOneCamera: [(arguments: [String], code: Int32, expected: String)] = [
    (["depth", "black", "-o", "out"], 64, "give the right picture as well, or --camera FILE"),
    (["depth", "black", "-o", "out", "--camera", "camera.yml", "--max-disparity", "9"], 64, "--max-disparity is for pairs"),
    (["depth", "black", "-o", "out", "--camera", "camera.yml"], 65, "cannot find a path"),
    (["depth", "left.png", "-o", "out", "--camera", "camera.yml"], 65, "left.png: it is a single picture"),
    (["depth", "left.png", "-o", "out/in", "--camera", "none.yml"], 66, "none.yml"),
    (["depth", "black", "-o", "left.png/out", "--camera", "camera.yml"], 73, "cannot be made a folder"),
  ]

  @Test func mistakesOfOneCameraAreToldOf() throws {
    let folder = try folder()
    defer { withExtendedLifetime(folder) {} }
    for mistake in Self.mistakesOfOneCamera {
      let run = try ProgramRun(mistake.arguments, in: folder.url)
      #expect(run.exitCode == mistake.code && run.errors.contains(mistake.expected), "\(run.exitCode) \(run.errors)")
      // What is refused leaves no folder.
      #expect(!FileManager.default.fileExists(atPath: folder.file("out").path), "\(mistake.arguments)")
    }
  }

  /// A pipe that gives nothing keeps the command waiting until it is stopped, which it says.
  @Test func whatIsStoppedSaysSo() throws {
    let folder = try folder()
    #expect(mkfifo(folder.file("pipe.mp4").path, 0o600) == 0)
    let process = Process()
    process.executableURL = ProgramRun.program
    process.currentDirectoryURL = folder.url
    process.arguments = ["orient", "pipe.mp4", "--camera", "camera.yml", "-o", "path.txt"]
    process.standardOutput = FileHandle.nullDevice
    let errors = Pipe()
    process.standardError = errors
    try process.run()
    // The pipe opens for writing without waiting once somebody reads it; then the run has begun.
    var writer: Int32 = -1
    for _ in 0..<1000 where writer < 0 && process.isRunning {
      writer = open(folder.file("pipe.mp4").path, O_WRONLY | O_NONBLOCK)
      if writer < 0 { usleep(10_000) }
    }
    #expect(writer >= 0)
    Foundation.kill(process.processIdentifier, SIGINT)
    for _ in 0..<1000 where process.isRunning { usleep(10_000) }
    if process.isRunning { Foundation.kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
    close(writer)
    let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    #expect(process.terminationStatus == 130 && said.contains("stopped; what was not whole yet is not kept"), "\(said)")
    #expect(!FileManager.default.fileExists(atPath: folder.file("path.txt").path))
  }

  /// Smooth noise, of which each next picture shows a place further to the right.
  private static func texture(shift: Int, width: Int = 160, height: Int = 96) -> Image {
    var image = Image(width: width, height: height, channels: 1)
    image.grid.forEachPixel { x, y, index in
      let (u, v) = (Double(x + shift), Double(y))
      // Waves of no common period: every place looks different.
      let level = 127 + 45 * sin(u / 3.1 + v / 7.3) + 40 * cos(u / 5.7 - v / 4.1) + 35 * sin(u / 9.3 + v / 2.9)
      image.pixels[index] = UInt8(max(0, min(255, level)))
    }
    return image
  }

  /// Two rectified cameras half a metre apart that see a wall at a disparity of 6 pixels.
  private func pairs() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for index in 0..<3 {
      _ = try folder.write(Data(ImageFile.png(Self.texture(shift: 0))), "left/\(index).png")
      _ = try folder.write(Data(ImageFile.png(Self.texture(shift: 6))), "right/\(index).png")
    }
    _ = try folder.write("120 0 80 0 0 120 48 0 0 0 1 0\n120 0 80 -60 0 120 48 0 0 0 1 0\n", "calib.txt")
    return folder
  }

  @Test(arguments: [[], ["--quiet"]]) func aPathThatWasNeverFoundIsRefused(_ further: [String]) throws {
    let folder = try folder()
    let run = try ProgramRun(["orient", "black", "--camera", "large.yml", "-o", "path.txt"] + further, in: folder.url)
    #expect(run.exitCode == 65 && run.errors.contains("it is scaled") && run.errors.contains("cannot find a path"))
    #expect(!FileManager.default.fileExists(atPath: folder.file("path.txt").path))
  }

  @Test func framesThatAreLostHaveARowEachAndAStatus() throws {
    let folder = try pairs()
    for side in ["left", "right"] {
      _ = try folder.write(Data(ImageFile.png(Image(width: 160, height: 96, channels: 1))), "\(side)/3.png")
    }
    let run = try ProgramRun(
      ["orient", "left", "--right", "right", "--camera", "calib.txt", "--format", "sextant", "-o", "-"], in: folder.url)
    #expect(run.exitCode == 0 && run.lines.count == 6 && run.errors.contains("lost in frame 3"), "\(run.errors)")
    #expect(run.lines[2].contains("\"status\":\"tracked\"") && run.lines[4].contains("\"status\":\"lost\""))
    // What a pose tells beside its place and its quaternion has at most six decimals.
    let yaw = try #require(run.lines[2].firstMatch(of: /"yaw":(-?[0-9.e-]+)/)).1
    #expect(yaw.split(separator: ".").last.map { $0.count <= 6 || $0.contains("e-") } == true, "\(yaw)")
  }

  @Test func aSwappedPairAndATwiceGivenPictureAreNamed() throws {
    let folder = try pairs()
    func warning(_ arguments: [String]) throws -> (code: Int32, text: String) {
      let run = try ProgramRun(arguments, in: folder.url)
      return (run.exitCode, run.errors)
    }
    let right = try warning(["depth", "left/0.png", "right/0.png", "--camera", "calib.txt", "-o", "a"])
    #expect(right.code == 0 && !right.text.contains("swapped"), "\(right.text)")
    for (index, further) in [[], ["--camera", "calib.txt"]].enumerated() {
      let swapped = try warning(["depth", "right/0.png", "left/0.png", "-o", "b\(index)"] + further)
      #expect(swapped.code == 0 && swapped.text.contains("are left and right swapped?"), "\(swapped.text)")
    }
    let twice = try warning(["depth", "left/0.png", "left/0.png", "-o", "c"])
    #expect(twice.code == 0 && twice.text.contains("is one input given twice?"), "\(twice.text)")
    let path = try warning(["orient", "right", "--right", "left", "--camera", "calib.txt", "-o", "path.txt"])
    #expect(path.code == 65 && path.text.contains("are left and right swapped?"), "\(path.text)")
    let same = try warning(["orient", "left", "--right", "left", "--camera", "calib.txt", "-o", "path.txt"])
    #expect(same.code == 65 && same.text.contains("is one input given twice?"), "\(same.text)")
  }

  @Test func aSearchThatEndsTooSoonIsToldOf() throws {
    let folder = try pairs()
    let short = try ProgramRun(["depth", "left/0.png", "right/0.png", "--max-disparity", "3", "-o", "a"], in: folder.url)
    #expect(short.exitCode == 0 && short.errors.contains("give a larger --max-disparity"), "\(short.errors)")
    let enough = try ProgramRun(["depth", "left/0.png", "right/0.png", "--max-disparity", "8", "-o", "b"], in: folder.url)
    #expect(enough.exitCode == 0 && !enough.errors.contains("larger"), "\(enough.errors)")
  }

  /// A wall 8 m away and a board 4 m away in its middle, by a camera that goes to the right, a little forward, and turns.
  private static func walls(_ frame: Int) -> Image {
    let t = Double(frame)
    let (sine, cosine) = (sin(0.004 * t), cos(0.004 * t))
    var image = Image(width: 240, height: 180, channels: 1)
    image.grid.forEachPixel { x, y, index in
      let (u, v) = ((Double(x) + 0.5 - 120) / 200, (Double(y) + 0.5 - 90) / 200)
      let (right, forward) = (cosine * u + sine, cosine - sine * u)
      func place(_ depth: Double) -> (x: Double, y: Double) {
        let distance = (depth - 0.02 * t) / forward
        return (0.07 * t + distance * right, distance * v)
      }
      let (near, far) = (place(4), place(8))
      let isNear = abs(near.x - 0.8) < 1 && abs(near.y) < 0.8
      let (a, b) = isNear ? (2.3 * near.x + 5, 2.3 * near.y) : (far.x, far.y)
      // Waves of no common period: every place looks different.
      let (first, second): (Double, Double) = (sin(4.1 * a + 2.3 * b), cos(3.3 * b - 2.9 * a))
      let level: Double = 125 + 40 * first + 40 * second + 40 * sin(6.7 * a - 5.1 * b)
      image.pixels[index] = UInt8(max(0, min(255, level)))
    }
    return image
  }

  @Test func oneMovingCameraSeesHowFarThingsAre() throws {
    let folder = try TemporaryFolder()
    for frame in 0..<24 {
      _ = try folder.write(Data(ImageFile.png(Self.walls(frame))), "clip/\(frame < 10 ? "0" : "")\(frame).png")
    }
    _ = try folder.write(
      "image_width: 240\nimage_height: 180\ncamera_matrix: [200, 0, 119.5, 0, 200, 89.5, 0, 0, 1]\n", "camera.yml")
    let run = try ProgramRun(["depth", "clip", "--camera", "camera.yml", "--frames", "1", "-o", "scene"], in: folder.url)
    #expect(run.exitCode == 0 && run.errors.contains("units of one camera") && run.errors.contains("1 depth map"), "\(run.errors)")
    let orient = try ProgramRun(["orient", "clip", "--camera", "camera.yml", "-o", "path.txt"], in: folder.url)
    #expect(orient.exitCode == 0, "\(orient.errors)")
    #expect(try Data(contentsOf: folder.file("scene/path.txt")) == Data(contentsOf: folder.file("path.txt")))
    #expect(try Data(contentsOf: folder.file("scene/points.ply")).starts(with: Data("ply\n".utf8)))
    // Of the middle frame: x = 0.84, so that the board lies in the picture's middle.
    let depth = try #require(try NumPyFile.read(path: folder.file("scene/000012_depth.npy").path).values(Float.self))
    func middle(_ columns: Range<Int>, _ rows: Range<Int>) -> Float? {
      let values = rows.flatMap { y in columns.map { depth[y * 240 + $0] } }.filter(\.isFinite).sorted()
      return values.isEmpty ? nil : values[values.count / 2]
    }
    let (near, far) = (try #require(middle(95..<145, 70..<110)), try #require(middle(10..<50, 20..<160)))
    // 0.24 m further on: 7.76 m against 3.76 m; a path of one camera tells the ratio alone.
    #expect(abs(far / near / (7.76 / 3.76) - 1) < 0.1, "\(near) \(far)")
  }

  /// Flat ground from 20 m above by a camera that looks straight down, goes a metre to the right in each frame, and rises by 0.1 m.
  private static func ground(_ frame: Int) -> Image {
    let t = Double(frame)
    var image = Image(width: 240, height: 180, channels: 1)
    image.grid.forEachPixel { x, y, index in
      let distance = 20 + 0.1 * t
      let a = 0.3 * (t + distance * (Double(x) + 0.5 - 120) / 200), b = 0.3 * distance * (Double(y) + 0.5 - 90) / 200
      let (first, second): (Double, Double) = (sin(4.1 * a + 2.3 * b), cos(3.3 * b - 2.9 * a))
      let level: Double = 125 + 40 * first + 40 * second + 40 * sin(6.7 * a - 5.1 * b)
      image.pixels[index] = UInt8(max(0, min(255, level)))
    }
    return image
  }

  @Test func aKnownHeightTellsMetres() throws {
    let folder = try TemporaryFolder()
    for frame in 0..<12 {
      _ = try folder.write(Data(ImageFile.png(Self.ground(frame))), "clip/\(frame < 10 ? "0" : "")\(frame).png")
    }
    _ = try folder.write(
      "image_width: 240\nimage_height: 180\ncamera_matrix: [200, 0, 119.5, 0, 200, 89.5, 0, 0, 1]\n", "camera.yml")
    func orient(_ further: [String]) throws -> (header: String, way: Double, errors: String) {
      let run = try ProgramRun(
        ["orient", "clip", "--camera", "camera.yml", "--format", "sextant", "-o", "-"] + further, in: folder.url)
      #expect(run.exitCode == 0, "\(run.errors)")
      let end = try #require(run.lines.dropLast().last?.firstMatch(of: /"position":\[([^,]+),([^,]+),([^,]+)\]/))
      let place = [end.1, end.2, end.3].compactMap { Double($0) }
      return (run.lines[0], place.reduce(0) { $0 + $1 * $1 }.squareRoot(), run.errors)
    }
    let known = try orient(["--height", "20"])
    #expect(known.header.contains(#""settings":{"scale":"height","height":20"#), "\(known.header)")
    #expect(known.errors.contains("points of the ground") && known.errors.contains("a path of 11."), "\(known.errors)")
    #expect(abs(known.way / (121 + 1.21).squareRoot() - 1) < 0.02, "\(known.way)")
    #expect(try orient([]).header.contains(#""settings":{"scale":"none"}"#))
  }

  @Test func moreThreadsThanProcessorsAreTakenInSilence() throws {
    let folder = try pairs()
    let run = try ProgramRun(
      ["orient", "left", "--right", "right", "--camera", "calib.txt", "-o", "path.txt", "-q", "--threads", "64"], in: folder.url)
    #expect(run.exitCode == 0 && run.errors.isEmpty, "\(run.errors)")
  }
}
