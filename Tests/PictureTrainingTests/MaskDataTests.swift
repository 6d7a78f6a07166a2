import Foundation
import Geometry
import Imaging
import Records
import TestSupport
import Testing

@testable import PictureTraining

/// Masks in files: DAVIS' folders and COCO's segmentations.
@Suite("Masks are read as their formats say")
struct MaskDataTests {
  // MARK: DAVIS

  /// A film of frames with label images of given rectangles: number, columns, rows.
  private static func film(
    _ folder: DataFolder, _ name: String, frames: Int = 1, size: String = "480p", _ objects: [(UInt8, Range<Int>, Range<Int>)]
  ) throws {
    for frame in 0..<frames {
      let stem = "0000\(frame)"
      try folder.picture("JPEGImages/\(size)/\(name)/\(stem).jpg", width: 40, height: 30)
      var labels = Image(width: 40, height: 30, channels: 1)
      for (number, columns, rows) in objects {
        for y in rows { for x in columns { labels[x, y, 0] = number } }
      }
      try folder.write(ImageFile.png(labels), "Annotations/\(size)/\(name)/\(stem).png")
    }
  }

  private static func davis(_ folder: DataFolder) throws -> DetectorData { try folder.data(nil) { $0.isDAVIS = true } }

  private static func films(_ pictures: [AnnotatedPicture]) -> [String] {
    pictures.map { $0.path.split(separator: "/").suffix(2).first.map(String.init) ?? "" }
  }

  @Test func numbersAreObjectsAnd255IsKnownToNobodyUnlessItIsAlone() throws {
    let folder = try DataFolder()
    try Self.film(folder, "two", [(1, 2..<10, 3..<9), (4, 20..<30, 5..<9), (255, 12..<16, 20..<24)])
    try Self.film(folder, "one", [(255, 4..<20, 6..<10)])
    try folder.write("two\n", "ImageSets/2017/train.txt")
    try folder.write("one\r\n\n", "ImageSets/2017/val.txt")
    let data = try Self.davis(folder)
    #expect(data.classes == ["object"] && data.heldOutFilms == ["one"] && !data.isSplitHere && data.notes.sentences.isEmpty)
    let boxes = try #require(data.training.first).boxes
    #expect(boxes.map(\.isIgnored) == [false, false, true])
    #expect(boxes[0].box == OrientedBox(center: Point(6, 6), width: 8, height: 6, angle: 0))
    #expect(boxes[0].mask?.area == 48 && boxes[1].mask?.area == 40 && boxes[2].mask == nil)
    #expect(boxes[1].mask?.hull?.columns == 20..<30)
    let alone = try #require(data.validation.first).boxes
    #expect(alone.count == 1 && !alone[0].isIgnored && alone[0].mask?.area == 64)
  }

  /// DAVIS 2016 lists files, and films that no list names are held out where there is no second list.
  @Test func listsOfFilesNameFilms() throws {
    let folder = try DataFolder()
    for name in ["bear", "dog", "goat"] { try Self.film(folder, name, frames: 2, [(1, 2..<10, 3..<9)]) }
    try folder.write(
      "/JPEGImages/480p/bear/00000.jpg /Annotations/480p/bear/00000.png\n/JPEGImages/480p/bear/00001.jpg x\ncat\n",
      "ImageSets/480p/train.txt")
    let data = try Self.davis(folder)
    #expect(Self.films(data.training) == ["bear", "bear"] && data.heldOutFilms == ["dog", "goat"])
    #expect(data.notes.count(.filmless) == 1 && data.notes.sentences[0].contains("cat of "))
    try folder.write("bear\ndog\n", "ImageSets/480p/val.txt")
    let fault = #expect(throws: PictureTrainingError.self) { try Self.davis(folder) }
    #expect(fault?.description.contains("the film bear is in both lists") == true)
  }

  @Test func filmsAreHeldOutWhole() throws {
    let folder = try DataFolder()
    for name in ["a", "b", "c", "d", "e", "f"] {
      try Self.film(folder, name, frames: 2, size: "Full-Resolution", [(1, 2..<10, 3..<9)])
    }
    #expect(try Self.davis(folder).heldOutFilms == ["e"])
    let small = try DataFolder()
    for name in ["a", "b"] { try Self.film(small, name, [(1, 2..<10, 3..<9)]) }
    #expect(try Self.davis(small).heldOutFilms == ["b"])
    let alone = try DataFolder()
    try Self.film(alone, "a", frames: 10, [(1, 2..<10, 3..<9)])
    let data = try Self.davis(alone)
    #expect(data.isSplitHere && data.training.count == 9 && data.validation.count == 1)
  }

  @Test func whatCannotBeUsedIsNamed() throws {
    let folder = try DataFolder()
    for name in ["a", "b"] { try Self.film(folder, name, frames: 3, [(1, 2..<10, 3..<9)]) }
    try folder.picture("JPEGImages/480p/a/00007.jpg", width: 40, height: 30)
    try folder.picture("JPEGImages/480p/a/00001.jpg", width: 41, height: 30)
    try folder.write([1, 2, 3], "Annotations/480p/a/00002.png")
    let data = try Self.davis(folder)
    #expect(data.training.count == 1)
    #expect(data.notes.count(.labelless) == 1 && data.notes.count(.unlike) == 2)
    let empty = try DataFolder()
    #expect(throws: PictureTrainingError.self) { try Self.davis(empty) }
    try folder.write([UInt8](repeating: 0xFF, count: 9), "ImageSets/2017/train.txt")
    let fault = #expect(throws: PictureTrainingError.self) { try Self.davis(folder) }
    #expect(fault?.description.contains("ImageSets/2017/train.txt") == true)
    #expect(throws: PictureTrainingError.self) { try folder.data(nil) { ($0.isDAVIS, $0.classes) = (true, ["dog"]) } }
  }

  // MARK: COCO

  private static func coco(_ segmentation: String, readsMasks: Bool = true) throws -> DetectorData {
    let folder = try DataFolder()
    for part in ["train", "val"] {
      try folder.picture("images/\(part)/a.png", width: 20, height: 10)
      let json = """
        {"images":[{"id":7,"file_name":"a.png","width":20,"height":10}],"categories":[{"id":3,"name":"cat"}],
         "annotations":[{"id":1,"image_id":7,"category_id":3,"bbox":[2,3,8,4],"area":32,"iscrowd":0\(segmentation)},
                        {"id":2,"image_id":7,"category_id":3,"bbox":[12,3,4,4],"area":16,"iscrowd":0}]}
        """
      try folder.write(json, "annotations/instances_\(part).json")
    }
    return try folder.data(.coco) { $0.readsMasks = readsMasks }
  }

  @Test func polygonsAndRunLengthsAreMasks() throws {
    let polygons = #","segmentation":[[2,3,10,3,10,7,2,7]]"#
    let mask = try #require(try Self.coco(polygons).training[0].boxes[0].mask)
    #expect(mask.area == 32 && mask.hull?.columns == 2..<10 && mask.hull?.rows == 3..<7)
    #expect(try Self.coco(polygons).training[0].boxes[1].mask == nil)
    #expect(try Self.coco(polygons, readsMasks: false).training[0].boxes[0].mask == nil)
    let runs = #","segmentation":{"size":[10,20],"counts":[23,4,6,4,163]}"#
    #expect(try Self.coco(runs).training[0].boxes[0].mask?.area == 8)
    #expect(try Self.coco(#","segmentation":[]"#).training[0].boxes[0].mask == nil)
  }

  @Test func masksThatCannotBeUsedAreCountedAndTheirBoxesStay() throws {
    let other = try Self.coco(#","segmentation":{"size":[10,21],"counts":[200,10]}"#)
    #expect(other.notes.count(.unlikeMask) == 2 && other.training[0].boxes.count == 2 && other.training[0].boxes[0].mask == nil)
    let empty = try Self.coco(#","segmentation":{"size":[10,20],"counts":[200]}"#)
    #expect(empty.notes.count(.emptyMask) == 2 && empty.training[0].boxes.count == 2)
    // Polygons of nothing, or beside the picture, have no pixel.
    #expect(try Self.coco(#","segmentation":[[50,50,60,50,60,60]]"#).notes.count(.emptyMask) == 2)
  }

  @Test(arguments: [
    #"{"size":[10,20],"counts":[150,100]}"#, #"{"size":[10,20],"counts":"oooooooo"}"#,
    #"{"size":[4000000000,4000000000],"counts":[1]}"#,
    #"{"size":[10],"counts":[200]}"#,
  ])
  func runsThatDoNotAddUpNameTheirFile(segmentation: String) throws {
    let fault = #expect(throws: RecordsError.self) { try Self.coco(",\"segmentation\":" + segmentation) }
    #expect(fault?.description.contains("instances_train.json") == true)
  }
}
