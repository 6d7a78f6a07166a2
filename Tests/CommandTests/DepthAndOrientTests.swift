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
    (["orient", "black", "--camera", "camera.yml", "--right", "black", "-o", "path.txt"], 65, "tells one camera"),
    (["orient", "black", "--camera", "camera.yml", "--format", "euroc", "-o", "path.txt"], 64, "--format euroc is not known"),
  ])
  func mistakesAreToldOf(_ arguments: [String], _ code: Int32, _ expected: String) throws {
    let folder = try folder()
    // The folder goes with its last use.
    defer { withExtendedLifetime(folder) {} }
    let run = try ProgramRun(arguments, in: folder.url)
    #expect(run.exitCode == code && run.errors.contains(expected), "\(run.exitCode) \(run.errors)")
  }

  @Test func blackFramesAreLostWithARowEach() throws {
    let folder = try folder()
    let run = try ProgramRun(["orient", "black", "--camera", "large.yml", "-o", "path.txt"], in: folder.url)
    #expect(run.exitCode == 0 && run.errors.contains("it is scaled") && run.errors.contains("lost in frame 1"))
    #expect(try String(contentsOf: folder.file("path.txt"), encoding: .utf8).split(separator: "\n").count == 3)
  }

  @Test func ourStreamTellsTheStatus() throws {
    let folder = try folder()
    defer { withExtendedLifetime(folder) {} }
    let run = try ProgramRun(["orient", "black", "--camera", "camera.yml", "--format", "sextant", "-o", "-"], in: folder.url)
    #expect(run.exitCode == 0 && run.lines.count == 5)
    #expect(run.lines[2].contains("\"status\":\"lost\"") && run.lines[2].contains("\"yaw\":"))
  }
}
