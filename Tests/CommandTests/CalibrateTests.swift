import Foundation
import Imaging
import Records
import Testing

@Suite struct CalibrateTests {
  private static let board = ["--board", "chessboard:9x6", "--square", "0.025"]

  private func folder(of pictures: [Image]) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for (index, picture) in pictures.enumerated() { _ = try folder.write(Data(ImageFile.png(picture)), "shots/\(index).png") }
    return folder
  }

  @Test func picturesWithoutABoardAreNamed() throws {
    let black = Image(width: 320, height: 240, channels: 1)
    let folder = try folder(of: [black, black, black])
    let run = try ProgramRun(["calibrate", "shots"] + Self.board + ["-o", "camera.yml"], in: folder.url)
    #expect(
      run.exitCode == 65 && run.errors.contains("0 of 3 pictures can be used and 3 are needed (0.png: no board was found; 1.png"))
    #expect(!FileManager.default.fileExists(atPath: folder.file("camera.yml").path))
  }

  @Test func picturesOfTwoSizesAreRefused() throws {
    let folder = try folder(of: [Image(width: 320, height: 240, channels: 1), Image(width: 300, height: 240, channels: 1)])
    let run = try ProgramRun(["calibrate", "shots"] + Self.board + ["-o", "camera.yml"], in: folder.url)
    #expect(run.exitCode == 65 && run.errors.contains("1.png has 300×240 pixels and the pictures before it 320×240"))
    withExtendedLifetime(folder) {}
  }

  @Test func twoCamerasNeedPairs() throws {
    let black = Image(width: 320, height: 240, channels: 1)
    let folder = try folder(of: [black, black])
    _ = try folder.write(Data(ImageFile.png(black)), "right/0.png")
    let run = try ProgramRun(["calibrate", "shots", "--right", "right"] + Self.board + ["-o", "camera.yml"], in: folder.url)
    defer { withExtendedLifetime(folder) {} }
    // The left camera's own problem comes first: it has no views at all.
    #expect(run.exitCode == 65)
  }

  @Test(arguments: [
    (["--board", "chess:9x6", "--square", "0.1"], "is no board"),
    (["--board", "chessboard:9x6", "--square", "0"], "--square 0.0 is out of range"),
    (["--board", "chessboard:9x6", "--square", "nan"], "--square nan is out of range"), (board, "there is nothing to do"),
    (board + ["--lens", "wide"], "--lens wide is not known"), (board + ["-o", "x.yml"], "there is nothing to do"),
    (["shots"] + board, "give --output FILE"),
  ])
  func mistakesAreToldOf(_ arguments: [String], _ expected: String) throws {
    let run = try ProgramRun(["calibrate"] + arguments)
    #expect(run.exitCode == 64 && run.errors.contains(expected), "\(run.errors)")
  }

  @Test func motionNeedsAVideoAndNoBoard() throws {
    func errors(_ arguments: [String]) throws -> String {
      let run = try ProgramRun(["calibrate"] + arguments)
      return run.exitCode == 64 ? run.errors : "exit code \(run.exitCode)"
    }
    #expect(try errors(["--from-motion", "-o", "x.yml"]).contains("--from-motion needs one video and no board"))
    #expect(try errors(["pan.mp4", "--from-motion"]).contains("give --output FILE"))
    let both = ["pan.mp4", "--from-motion", "-o", "x.yml"] + Self.board
    #expect(try errors(both).contains("--from-motion needs one video and no board"))
  }

  @Test func aCameraAtRestHasNoFocalLengthFromMotion() throws {
    let black = Image(width: 320, height: 240, channels: 1)
    let folder = try folder(of: [black, black, black])
    let run = try ProgramRun(["calibrate", "shots", "--from-motion", "-o", "camera.yml"], in: folder.url)
    #expect(run.exitCode == 65 && run.errors.contains("the camera does not move enough"), "\(run.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.file("camera.yml").path))
  }

  @Test func aBoardIsPrinted() throws {
    let folder = try TemporaryFolder()
    let run = try ProgramRun(
      ["calibrate", "--board", "charuco:6x5", "--square", "0.03", "--print-board", "board.svg"], in: folder.url)
    #expect(run.exitCode == 0)
    let drawing = try String(contentsOf: folder.file("board.svg"), encoding: .utf8)
    // Six squares and one of margin on either side.
    #expect(drawing.contains("width=\"240.0mm\" height=\"210.0mm\""))
    #expect(try ProgramRun(["calibrate"] + Self.board + ["--print-board", "board.svg"], in: folder.url).exitCode == 73)
  }

  @Test(.enabled(if: SharedData.isPresent, "needs ../shared/data")) func chessboardsGiveACameraAndAPage() throws {
    let folder = try TemporaryFolder()
    let run = try ProgramRun(
      ["calibrate", SharedData.path("chessboards/left*.jpg"), "--right", SharedData.path("chessboards/right*.jpg")] + Self.board
        + ["-o", "stereo.yml", "--report", "page.html"], in: folder.url)
    #expect(run.exitCode == 0, "\(run.errors)")
    let file = try CameraReader.read(path: folder.file("stereo.yml").path)
    #expect(abs((file.rig.rightFromLeft?.translation.length ?? 0) - 0.0835) < 0.0005)
    let page = try String(contentsOf: folder.file("page.html"), encoding: .utf8)
    #expect(page.contains("left01.jpg") && page.contains("without distortion"))
  }
}
