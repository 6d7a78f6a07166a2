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
  ])
  func mistakesAreToldOf(_ arguments: [String], _ code: Int32, _ expected: String) throws {
    let folder = try folder()
    // The folder goes with its last use.
    defer { withExtendedLifetime(folder) {} }
    let run = try ProgramRun(arguments, in: folder.url)
    #expect(run.exitCode == code && run.errors.contains(expected), "\(run.exitCode) \(run.errors)")
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

  @Test func moreThreadsThanProcessorsAreTakenInSilence() throws {
    let folder = try pairs()
    let run = try ProgramRun(
      ["orient", "left", "--right", "right", "--camera", "calib.txt", "-o", "path.txt", "-q", "--threads", "64"], in: folder.url)
    #expect(run.exitCode == 0 && run.errors.isEmpty, "\(run.errors)")
  }
}
