import Foundation
import Testing

/// `sextant convert`: round trips between all formats, what is said to be lost, and refusals.
@Suite struct ConvertTests {
  private static let thirteen = """
    1,1,10.5,20.25,30.5,20.25,30.5,28.75,10.5,28.75,0.9,0,0
    1,2,100,100,120,110,115,120,95,110,0.5,1,0
    3,1,12.5,21.25,32.5,21.25,32.5,29.75,12.5,29.75,0.875,0,1

    """
  private static let kitti = """
    0 1 Car 0 1 -1.57 10.5 20 30.25 40 1.5 1.6 3.9 2 1.5 12 0.25
    0 -1 DontCare -1 -1 -10 100 100 120 130 -1000 -1000 -1000 -10 -1 -1 -1
    2 7 Pedestrian 1 2 0.5 50 60 70 99.5 1.75 0.5 0.75 -3 1.5 8 -2

    """
  private static let tum = """
    1.5 0.1 0.2 0.3 0 0 0 1
    2.5 1 2 3 0.5 0.5 0.5 0.5

    """

  private func convert(_ text: String, _ steps: [String], from: String, more: [String] = []) throws -> (
    text: String, errors: String
  ) {
    let folder = try TemporaryFolder()
    var file = folder.file("0")
    try Data(text.utf8).write(to: file)
    var format = from
    var errors = ""
    for (index, step) in steps.enumerated() {
      let next = folder.file("\(index + 1)")
      let run = try ProgramRun(["convert", file.path, next.path, "--from", format, "--to", step] + more)
      try #require(run.exitCode == 0, "\(run.errors)")
      errors += run.errors
      file = next
      format = step
    }
    return (try String(contentsOf: file, encoding: .utf8), errors)
  }

  // MARK: Round trips

  @Test func aFormatReadAndWrittenAgainIsTheSameFile() throws {
    #expect(try convert(Self.thirteen, ["mot-obb"], from: "mot-obb").text == Self.thirteen)
    let tracks = try convert(Self.kitti, ["kitti"], from: "kitti")
    #expect(tracks.text.split(separator: "\n").count == 3)
    #expect(try convert(tracks.text, ["kitti"], from: "kitti").text == tracks.text)
    #expect(tracks.errors.contains("nothing was lost"))
    #expect(try convert(Self.tum, ["tum"], from: "tum").text == Self.tum)
  }

  @Test func orientedFormatsKeepBoxesThroughEachOther() throws {
    let round = try convert(Self.thirteen, ["mot-obb-angle", "mot-obb"], from: "mot-obb")
    let numbers = { (text: String) in text.split { $0 == "," || $0 == "\n" }.compactMap { Double($0) } }
    let (first, second) = (numbers(Self.thirteen), numbers(round.text))
    try #require(first.count == second.count)
    // Truncations are lost on the way; all else comes back within rounding.
    for (index, (a, b)) in zip(first, second).enumerated() where index % 13 != 12 { #expect(abs(a - b) < 1e-9) }
    #expect(round.errors.contains("lost: mot-obb-angle has no place for truncations"))
  }

  @Test(arguments: ["dota", "yolo-obb", "hit-uav", "coco", "sextant", "csv", "mot", "kitti"])
  func everyTargetSaysWhatItLosesAndCanBeReadAgain(target: String) throws {
    let folder = try TemporaryFolder()
    let source = folder.file("tracks.txt"), middle = folder.file("middle"), back = folder.file("back.txt")
    try Data(Self.thirteen.utf8).write(to: source)
    let size = ["--image-size", "640x512"]
    let there = try ProgramRun(["convert", source.path, middle.path, "--from", "mot-obb", "--to", target] + size)
    #expect(there.exitCode == 0, "\(there.errors)")
    #expect(there.errors.contains("lost: ") || there.errors.contains("nothing was lost"))
    let again = try ProgramRun(["convert", middle.path, back.path, "--from", target, "--to", "mot-obb-angle"] + size)
    #expect(again.exitCode == 0, "\(again.errors)")
    let rows = try String(contentsOf: back, encoding: .utf8).split(separator: "\n")
    #expect(rows.count == 3)
  }

  @Test func trajectoriesKeepPosesThroughEachOther() throws {
    let round = try convert(Self.tum, ["euroc", "kitti-poses"], from: "tum")
    let numbers = round.text.split { $0 == " " || $0 == "\n" }.compactMap { Double($0) }
    let expected = [1, 0, 0, 0.1, 0, 1, 0, 0.2, 0, 0, 1, 0.3, 0, 0, 1, 1, 1, 0, 0, 2, 0, 1, 0, 3]
    try #require(numbers.count == 24)
    for (number, value) in zip(numbers, expected) { #expect(abs(number - value) < 1e-12) }
    #expect(round.errors.contains("lost: KITTI's poses have no times"))
    #expect(try convert(Self.tum, ["sextant-poses", "tum"], from: "tum").text == Self.tum)
  }

  // MARK: Refusals

  @Test func unknownFormatsAndMissingFilesHaveTheirCodes() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("a.txt")
    try Data(Self.thirteen.utf8).write(to: file)
    #expect(try ProgramRun(["convert", file.path, "-", "--to", "motx"]).exitCode == 64)
    #expect(try ProgramRun(["convert", file.path, file.path, "--to", "mot"]).exitCode == 73)
    #expect(try ProgramRun(["convert", folder.file("none").path, "-", "--to", "mot"]).exitCode == 66)
    #expect(try ProgramRun(["convert", file.path, folder.file("yolo").path, "--to", "yolo"]).exitCode == 65)
    #expect(try ProgramRun(["convert", file.path, "-", "--to", "dota"]).exitCode == 73)
    #expect(try ProgramRun(["convert", file.path, "-", "--to", "tum"]).exitCode == 65)
    let taken = folder.file("taken.txt")
    try Data("x".utf8).write(to: taken)
    #expect(try ProgramRun(["convert", file.path, taken.path, "--to", "mot"]).exitCode == 73)
    #expect(try String(contentsOf: taken, encoding: .utf8) == "x")
    try Data("1,1,10,20,nan,40,1,-1,-1,-1\n".utf8).write(to: file)
    let bad = try ProgramRun(["convert", file.path, "-", "--to", "kitti"])
    #expect(bad.exitCode == 65)
    #expect(bad.errors.contains("line 1"))
  }
}
