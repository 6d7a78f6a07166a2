import Foundation
import Geometry
import Imaging
import Records
import TestSupport
import Testing

@testable import PictureTraining

/// Folders of small pictures with labels in several formats.
struct DataFolder {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  var path: String { folder.path }

  func write(_ text: String, _ name: String) throws { try folder.write(text, to: name) }

  func write(_ bytes: [UInt8], _ name: String) throws { try folder.write(bytes, to: name) }

  func picture(_ name: String, width: Int = 100, height: Int = 50) throws {
    let image = Image(width: width, height: height, channels: 1)
    try write(name.hasSuffix("png") ? ImageFile.png(image) : ImageFile.jpeg(image), name)
  }

  func data(_ format: BoxFormat?, _ change: (inout DetectorData.Options) -> Void = { _ in }) throws -> DetectorData {
    var options = DetectorData.Options()
    options.format = format
    change(&options)
    return try DetectorData(folder: path, options: options, store: PictureStore())
  }
}

@Suite("Annotated pictures are read as their formats say")
struct DetectorDataTests {
  private static let turned = "30 10 50 10 50 20 30 20"

  @Test func dota() throws {
    let folder = try DataFolder()
    for part in ["train", "val"] {
      try folder.picture("images/\(part)/a.png")
      try folder.write("\(Self.turned) plane 0\n10 10 20 10 20 20 10 20 ship 1\n", "labelTxt/\(part)/a.txt")
    }
    let data = try folder.data(.dota)
    #expect(data.classes == ["plane", "ship"] && !data.isSplitHere)
    let boxes = try #require(data.training.first).boxes
    #expect(boxes.map(\.classIndex) == [0, 1] && boxes.map(\.isIgnored) == [false, true])
    #expect(boxes[0].box == OrientedBox(center: Point(40, 15), width: 20, height: 10, angle: 0))
    #expect(data.notes.sentences.isEmpty)
  }

  @Test func picturesThatDifferInTheEndOfTheirNamesShareTheirLabels() throws {
    let folder = try DataFolder()
    for part in ["train", "val"] {
      for name in ["a.png", "a.jpg"] { try folder.picture("images/\(part)/\(name)") }
      try folder.write("\(Self.turned) plane 0\n", "labelTxt/\(part)/a.txt")
    }
    let data = try folder.data(.dota)
    #expect(data.training.map(\.boxes.count) == [1, 1] && data.validation.map(\.boxes.count) == [1, 1])
    #expect(data.notes.sentences.isEmpty)
  }

  @Test func yoloSharesAreOfEachPicturesOwnSize() throws {
    let folder = try DataFolder()
    for part in ["train", "valid"] {
      try folder.picture("\(part)/images/a.jpg")
      try folder.picture("\(part)/images/b.jpg", width: 200, height: 80)
      for name in ["a", "b"] { try folder.write("1 0.3 0.2 0.5 0.2 0.5 0.4 0.3 0.4\n", "\(part)/labels/\(name).txt") }
    }
    let data = try folder.data(.yoloOriented) { $0.classNames = [0: "car", 1: "person"] }
    #expect(data.classes == ["person"])
    let widths = data.training.map { $0.boxes[0].box.width }
    #expect(abs(widths[0] - 20) < 1e-9 && abs(widths[1] - 40) < 1e-9)
  }

  @Test func whatCannotBeUsedIsToldOnce() throws {
    let folder = try DataFolder()
    for part in ["train", "val"] {
      try folder.picture("images/\(part)/a.png")
      for name in part == "train" ? ["a", "cut", "gone"] : ["a"] {
        try folder.write("\(Self.turned) plane 0\n", "labelTxt/\(part)/\(name).txt")
      }
    }
    try folder.write([0xFF, 0xD8, 1, 2], "images/train/cut.jpg")
    let notes = try folder.data(.dota).notes
    #expect(notes.count(.damaged) == 1 && notes.count(.pictureless) == 1 && notes.sentences.count == 2)
    #expect(notes.sentences[1].hasSuffix(": gone"))
  }

  @Test func coco() throws {
    let folder = try DataFolder()
    for part in ["train", "val"] {
      try folder.picture("images/\(part)/a.png")
      let json = """
        {"images":[{"id":7,"file_name":"a.png","width":100,"height":50}],"categories":[{"id":3,"name":"cat"}],
         "annotations":[{"id":1,"image_id":7,"category_id":3,"bbox":[10,20,30,10],"area":300,"iscrowd":0},
                        {"id":2,"image_id":7,"category_id":3,"bbox":[60,20,30,10],"area":300,"iscrowd":1}]}
        """
      try folder.write(json, "annotations/instances_\(part).json")
    }
    let data = try folder.data(.coco)
    #expect(data.classes == ["cat"])
    #expect(data.training[0].boxes.map(\.isIgnored) == [false, true])
    #expect(data.training[0].boxes[0].box.center == Point(25, 25))
  }

  /// Two categories of one name, as some exports have them, are one class where it is chosen, and else refused: the second would never be found.
  @Test func aNameOfTwoClassesIsRefused() throws {
    let folder = try DataFolder()
    for part in ["train", "val"] {
      try folder.picture("images/\(part)/a.png")
      let json = """
        {"images":[{"id":7,"file_name":"a.png","width":100,"height":50}],"categories":[{"id":0,"name":"cat"},{"id":1,"name":"cat"}],
         "annotations":[{"id":1,"image_id":7,"category_id":1,"bbox":[10,20,30,10],"area":300,"iscrowd":0}]}
        """
      try folder.write(json, "annotations/instances_\(part).json")
    }
    #expect(throws: PictureTrainingError.self) { try folder.data(.coco) }
    let data = try folder.data(.coco) { $0.classes = ["cat"] }
    #expect(data.classes == ["cat"] && data.training[0].boxes.count == 1)
  }

  @Test func everyTenthIsHeldOutWhereNothingElseIs() throws {
    let folder = try DataFolder()
    for number in 0..<20 {
      try folder.picture("images/p\(number + 10).png")
      try folder.write("\(Self.turned) plane 0\n", "labelTxt/p\(number + 10).txt")
    }
    let data = try folder.data(.dota)
    #expect(data.isSplitHere && data.training.count == 18)
    #expect(data.validation.map { ($0.path as NSString).lastPathComponent } == ["p19.png", "p29.png"])
  }

  /// Each kind of what cannot be used is counted and named, and the rest is used.
  @Test func whatCannotBeUsedIsCountedAndNamed() throws {
    let folder = try DataFolder()
    for part in ["train", "val"] {
      for name in ["a", "b"] { try folder.picture("images/\(part)/\(name).jpg") }
      try folder.write("\(Self.turned) plane 0\n", "labelTxt/\(part)/a.txt")
    }
    let whole = try ImageFile.jpeg(Image(width: 64, height: 64, channels: 1))
    try folder.write(Array(whole.prefix(whole.count / 2)), "images/train/cut.jpg")
    let rows = [
      "500 10 520 10 520 20 500 20 plane 0", "10 10 10 10 10 10 10 10 plane 0", "\(Self.turned) kite 0", "\(Self.turned) plane 0",
    ]
    try folder.write(rows.joined(separator: "\n") + "\n", "labelTxt/train/a.txt")
    try folder.write("\(Self.turned) plane 0\n", "labelTxt/train/gone.txt")
    let data = try folder.data(.dota) { $0.classes = ["plane"] }
    // Label images are what segmenters learn from, and masks and films have tests of their own.
    let others: [DataNotes.Reason] = [.labelless, .nameless, .unlike, .unlikeMask, .emptyMask, .filmless, .beforeless]
    for reason in DataNotes.Reason.allCases where !others.contains(reason) {
      // Only pictures without labels are in both parts.
      #expect(data.notes.count(reason) == (reason == .unlabelled ? 2 : 1), "\(reason): \(data.notes.sentences)")
    }
    #expect(data.training.map(\.boxes.count) == [1, 0])
    #expect(data.notes.sentences.contains { $0.contains("cut.jpg") })
  }

  @Test(arguments: ["nothing", "no labels", "no boxes", "empty part"])
  func whatHoldsNothingIsRefused(_ fault: String) throws {
    let folder = try DataFolder()
    if fault != "nothing" { try folder.picture("images/train/a.png") }
    if fault == "no boxes" { try folder.write("", "labelTxt/train/a.txt") }
    if fault == "empty part" {
      try folder.write("\(Self.turned) plane 0\n", "labelTxt/train/a.txt")
      try folder.picture("images/val/b.png")
      try folder.write("", "labelTxt/val/b.txt")
    }
    #expect(throws: PictureTrainingError.self) { try folder.data(.dota) }
  }
}
