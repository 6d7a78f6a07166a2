import Foundation
import Imaging
import NetworkTestSupport
import Testing

/// `sextant train detector --teacher`: what it learns from pictures without labels, and what it refuses.
@Suite struct TeacherCommandTests {
  private let folder: TemporaryFolder

  /// Eleven pictures of a bright cell each, of which the tenth is held out, and a teacher that finds it.
  init() throws {
    folder = try TemporaryFolder()
    for number in 10..<21 {
      let pixels = SpotNetwork.pixels([(number % 9 + 3, number % 7 + 4, 0, 204)])
      let image = Image(width: SpotNetwork.side, height: SpotNetwork.side, channels: 3, pixels: pixels)
      _ = try folder.write(Data(ImageFile.png(image)), "frames/p\(number).png")
    }
    _ = try folder.write(Data(SpotNetwork.file()), "spots.onnx")
    _ = try folder.write(Data(FeaturedNetwork.file()), "means.onnx")
    _ = try folder.write(Data(SpotNetwork.file(["layout": "segmentation"])), "areas.onnx")
    _ = try folder.write(Data(SpotNetwork.file(["sextant.sight": "motion"])), "moving.onnx")
  }

  private static let train = [
    "train", "detector", "--data", "frames", "--side", "64", "--batch", "5", "--epochs", "2", "--teacher", "spots.onnx", "-o", "m",
  ]

  private func contents(_ name: String) -> Data? { FileManager.default.contents(atPath: folder.file(name).path) }

  @Test func picturesWithoutLabelsAreLearned() throws {
    let run = try ProgramRun(Self.train, in: folder.url)
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.errors.contains("the teacher finds 11 boxes in 11 pictures, and 0 of which it is less sure"), "\(run.errors)")
    #expect(run.errors.contains("learning spot from 10 pictures; every tenth, 1, is held out"), "\(run.errors)")
    let card = String(decoding: try #require(contents("m.md")), as: UTF8.self)
    #expect(card.contains("measured against the boxes of its teacher spots.onnx") && card.contains("| spot | 1 |"))
    let lines = String(decoding: try #require(contents("m.teacher.jsonl")), as: UTF8.self).split(separator: "\n")
    #expect(lines.count == 12)
    // p10 has its cell in column 4 and row 7: by hand, a box of 16 by 8 pixels about its middle.
    #expect(
      lines[1]
        == #"{"boxes":[{"angle":0,"class":"spot","cx":18,"cy":30,"h":8,"score":0.8,"w":16}],"height":64,"image":"p10.png","width":64}"#
    )
    // Nothing is replaced unasked; what is gone on with ends in the same bytes, the findings read from their file or found again.
    #expect(try ProgramRun(Self.train, in: folder.url).exitCode == 73)
    let (model, found) = (contents("m.onnx"), contents("m.teacher.jsonl"))
    try FileManager.default.removeItem(at: folder.file("m.teacher.jsonl"))
    for _ in 0..<2 {
      let again = try ProgramRun(Self.train + ["--resume"], in: folder.url)
      #expect(again.exitCode == 0 && contents("m.onnx") == model && contents("m.teacher.jsonl") == found, "\(again.errors)")
    }
    let other = try ProgramRun(Self.train + ["--resume", "--teacher-score", "0.6"], in: folder.url)
    #expect(other.exitCode == 65 && other.errors.contains("with another score"), "\(other.errors)")
  }

  /// Features beside the teacher's boxes, and beside labels alone; what goes on does so to the same bytes, and needs the same ones.
  @Test func featuresAreLearnedBeside() throws {
    let said = "learning the features 'doubled' of means.onnx, 3 channels at stride 16, in f32"
    let train = ["train", "detector", "--data", "frames", "--side", "64", "--batch", "5", "--epochs", "2", "-o", "m"]
    let features = ["--teacher", "means.onnx", "--teacher-features", "auto"]
    let boxes = try ProgramRun(train + features, in: folder.url)
    #expect(boxes.exitCode == 0 && boxes.errors.contains(said), "\(boxes.errors)")
    #expect(boxes.errors.contains("the teacher finds 11 boxes in 11 pictures"), "\(boxes.errors)")
    let card = String(decoding: try #require(contents("m.md")), as: UTF8.self)
    #expect(card.contains("- Features learned beside: 'doubled' of means.onnx") && card.contains("- Teacher: means.onnx"))
    let model = contents("m.onnx")
    let again = try ProgramRun(train + features + ["--resume"], in: folder.url)
    #expect(again.exitCode == 0 && contents("m.onnx") == model, "\(again.errors)")
    let other = try ProgramRun(train + ["--teacher", "means.onnx", "--resume"], in: folder.url)
    #expect(other.exitCode == 65 && contents("m.onnx") == model, "\(other.errors)")
    // Labels of the folder's own, and nothing of the teacher but its features.
    for number in 10..<21 { _ = try folder.write(Data("0 0.3 0.3 0.25 0.125\n".utf8), "frames/labels/p\(number).txt") }
    let labelled = try ProgramRun(
      train.dropLast() + ["own", "--format", "yolo", "--names", "0=thing", "--teacher-features-only"] + features, in: folder.url)
    #expect(
      labelled.exitCode == 0 && labelled.errors.contains(said) && labelled.errors.contains("learning thing from"),
      "\(labelled.errors)")
    let own = String(decoding: try #require(contents("own.md")), as: UTF8.self)
    #expect(
      own.contains("- Features learned beside: 'doubled'") && !own.contains("- Teacher:") && contents("own.teacher.jsonl") == nil)
    // Its boxes too would be another training: refused before it searches the pictures.
    let searched = try ProgramRun(
      train.dropLast() + ["own", "--format", "yolo", "--names", "0=thing", "--resume"] + features, in: folder.url)
    #expect(
      searched.exitCode == 65 && searched.errors.contains("another teacher") && contents("own.teacher.jsonl") == nil,
      "\(searched.errors)")
  }

  @Test(arguments: [
    (["--teacher", "areas.onnx"], 65, "areas.onnx cannot teach: The network is a segmenter"),
    (["--teacher", "moving.onnx"], 65, "moving.onnx cannot teach: it finds what moves"),
    (["--teacher", "none.onnx"], 66, "none.onnx"),
    (["--teacher", "aerial-therml"], 66, "neither a file nor a model 'aerial-therml'"),
    (["--teacher", "frames/p10.png"], 65, "p10.png"),
    (["--teacher", "spots.onnx", "--classes", "kite"], 65, "have a class kite; the teacher has spot, blob"),
    (["--teacher", "spots.onnx", "--classes", "blob"], 65, "spots.onnx finds no box of a class to learn"),
    (["--teacher", "spots.onnx", "--teacher-score", "0.9"], 65, "finds no box of a class to learn with a score of 0.9"),
    (["--teacher", "spots.onnx", "--teacher-score", "2"], 64, "--teacher-score 2.0 is out of range"),
    (["--teacher", "spots.onnx", "--teacher-size", "64"], 64, "--teacher-size 64"),
    (["--teacher", "spots.onnx", "--evidence"], 64, "--evidence"), (["--teacher-score", "0.5"], 64, "give --teacher too"),
    (["--teacher", "m.onnx"], 73, "m.onnx"),
    (["--teacher", "means.onnx", "--teacher-features", "nowhere"], 65, "has no value 'nowhere'"),
    (["--teacher", "means.onnx", "--teacher-features", "flat"], 65, "it is 1x48 of float32"),
    (["--teacher", "means.onnx", "--teacher-features", "halves"], 65, "at a stride of 4, 8, 16, 32"),
    (["--teacher", "spots.onnx", "--teacher-features", "auto"], 65, "spots.onnx has no features to choose"),
    (["--teacher-features", "auto"], 64, "give --teacher too"), (["--teacher-type", "bf16"], 64, "give --teacher too"),
    (["--teacher", "means.onnx", "--teacher-features-only"], 64, "give --teacher-features too"),
    (
      ["--teacher", "means.onnx", "--teacher-features", "auto", "--teacher-features-only", "--teacher-score", "0.5"], 64,
      "leave them out"
    ),
    (["--teacher", "means.onnx", "--teacher-features", "auto", "--teacher-features-only"], 65, "labels"),
  ])
  func refuses(_ arguments: [String], _ code: Int32, _ sentence: String) throws {
    if arguments.contains("m.onnx") { _ = try folder.write(Data(SpotNetwork.file()), "m.onnx") }
    let run = try ProgramRun(
      ["train", "detector", "--data", "frames", "--side", "64", "--batch", "5", "--epochs", "1", "-o", "m"] + arguments,
      in: folder.url)
    #expect(run.exitCode == code && run.errors.contains(sentence), "\(run.exitCode): \(run.errors)")
    // What does not begin leaves no findings.
    if code == 64 || arguments.contains("--teacher-features") { #expect(contents("m.teacher.jsonl") == nil) }
  }
}
