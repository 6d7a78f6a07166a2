import Geometry
import TestSupport
import Testing

@testable import Records

@Suite struct BoxTableWriterTests {
  private func read(_ text: String, _ format: BoxFormat? = nil) throws -> BoxTable {
    try BoxTableReader.read(bytes: Array(text.utf8), name: "t", options: .init(format: format, keepsCorners: true))
  }

  private func write(_ table: BoxTable, _ format: BoxFormat) throws -> String {
    String(decoding: try #require(try BoxTableWriter.text(table, as: format)), as: UTF8.self)
  }

  @Test(arguments: [
    (BoxFormat.mot, "1,1,912,484,97,109,0,7,1\n2,3,912.5,484,97.25,109,1,1,0.86014\n"),
    (.mot, "1,1,88,99,61.08,218.56,1,4.4852,5.5016,0\n1,2,181,95,75.808,227.01,0,4.4091,4.4283,0\n"),
    (.mot, "1,3,113.84,274.5,57.307,130.05,-1,-1,-1,-1\n"),
    (.mot, "69,-1,912.8,482.9,97.6,112.6,0.95,-1,-1,-1\n"),
    (.mot, "69,-1,912.8,482.9,97.6,112.6,-0.95,-1,-1,-1\n70,-1,1,2,3,4,7,-1,-1,-1\n"),
    (.mot, "1,3,113.84,274.5,57.307,130.05,0.5,2,-1,-1\n1,4,1,2,3,4,0.25,1,-1,-1\n"),
    (.motOriented, "1,1,271,72,278,72,278,88,271,88,1,1,1\n3,2,172.29,73.26,157.42,75.22,153.37,44.48,168.25,42.53,0,5,0\n"),
    (.centerAngle, "1,1,855.059509,501.965851,335.273407,297.854279,2.586787,1,14,1\n"),
    (.centerAngle, "1,-1,855.059509,501.965851,335.273407,297.854279,2.586787,0.5,14\n"),
    (
      .kitti,
      "0 -1 DontCare -1 -1 -10 219.31 188.49 245.5 218.56 -1000 -1000 -1000 -10 -1 -1 -1\n0 0 Van 0 2 -1.793451 296.744956 161.752147 455.226042 292.372804 2 1.823255 4.433886 -4.552284 1.858523 13.410495 -2.115488\n"
    ),
    (
      .kitti,
      "3 0 Pedestrian -1 -1 -5.046892 797.704352 162.866932 888.064807 330.081735 1.409559 0.667334 0.90249 2.179429 1.470824 6.17836 -10 1.481789\n"
    ),
    (.ab3dmot, "0,2,298.3125,165.18,458.2292,293.4391,8.2981,1.9605,1.8137,4.7549,-4.572,1.8435,13.5308,-2.1125,-1.7867\n"),
    (.uavdt, "202,1,71,442,119,94,1,1,1\n203,1,73,439,119,93,3,4,2\n"),
    (.hitUAV, "0_100_30_0_03306 373.94 120.06 381.94 120.06 381.94 135.06 373.94 135.06 Person 0 377.944 127.556 8 15 0\n"),
  ])
  func givesBackTheSameText(format: BoxFormat, text: String) throws {
    let table = try read(text, format)
    #expect(try write(table, format) == text)
    #expect(table.losses(writing: format).isEmpty)
  }

  @Test func saysWhatAConversionLoses() throws {
    let kitti = try read("0 0 Van 0 2 -1.79 296 161 455 292 2 1.8 4.4 -4.5 1.8 13.4 -2.1\n")
    let losses = try convert(kitti, to: .mot)
    #expect(losses.contains { $0.contains("boxes in space") })
    #expect(losses.contains { $0.contains("occlusions") })
    #expect(losses.contains { $0.contains("class names become numbers: 101 Van") })
    #expect(losses.contains { $0.contains("copied unchanged") })
    let oriented = try read("1,1,85,50,33,29,2.5,1,14,1\n")
    #expect(try convert(oriented, to: .kitti).contains { $0.contains("angles") })
    #expect(try convert(oriented, to: .ab3dmot).contains { $0.contains("1 boxes of other classes") })
  }

  private func convert(_ table: BoxTable, to format: BoxFormat) throws -> [String] {
    let folder = try ScratchFolder()
    return try BoxTableWriter.write(table, as: format, path: folder.file("out")).map(\.description)
  }

  @Test func keepsOrientedBoxesBetweenTheOrientedFormats() throws {
    let table = try read("1,1,855.06,501.97,335.27,297.85,2.5868,1,14,1\n2,1,10,20,8,4,0,1,14,1\n")
    for format in [BoxFormat.motOriented, .sextant] {
      let again = try read(try write(table, format))
      #expect(again.frames == table.frames && again.ids == table.ids)
      for row in 0..<2 { #expect(again.orientedBox(row).iou(with: table.orientedBox(row)) > 0.999) }
    }
  }

  @Test func writesFoldersThatReadBack() throws {
    let table = try read(
      "a 0 0 10 0 10 4 0 4 ship 1 5 2 10 4 0\nb 5 5 7 5 7 9 5 9 large-vehicle 0 6 7 2 4 0\n", .hitUAV)
    let folder = try ScratchFolder()
    for format in [BoxFormat.dota, .dotaResults, .yoloOriented] {
      let path = folder.file(format.rawValue)
      _ = try BoxTableWriter.write(table, as: format, path: path, options: .init(imageSize: (640, 512)))
      var options = BoxTableReader.Options(format: format)
      options.images.size = (640, 512)
      options.images.names = ["a", "b"]
      let again = try BoxTableReader.read(path: path, options: options)
      #expect(again.count == 2)
      let order = again.rowsByFrame()
      for row in 0..<2 {
        let found = again.orientedBox(try #require(order.rows(of: row).first))
        #expect(found.iou(with: table.orientedBox(row)) > 1 - 1e-9)
      }
    }
    #expect(throws: RecordsError.self) { try BoxTableWriter.write(table, as: .yolo, path: folder.file("y")) }
  }

  @Test func writesCOCOThatReadsBack() throws {
    let truth = try read("1,1,912,484,97,109,0,7,1\n2,3,912.5,484,97.25,109,1,1,0.5\n")
    let annotations = try read(try write(truth, .coco))
    #expect(annotations.format == .coco && annotations.axisBoxes == truth.axisBoxes && annotations.frames == truth.frames)
    #expect(annotations.className(0) == "static_person")
    let detections = try read("2,-1,912.8,482.9,97.6,112.6,0.95\n")
    let results = try read(try write(detections, .coco))
    #expect(results.confidences == [0.95] && results.axisBoxes == detections.axisBoxes)
  }

  @Test func keepsWhatCOCOSaysOfImagesAndAnnotations() throws {
    let text =
      #"{"images":[{"id":70,"file_name":"x/a.jpg","width":64,"height":48},{"id":3000000001,"file_name":"b.png","width":30,"height":20}],"#
      + #""categories":[{"id":18,"name":"dog"}],"annotations":[{"id":9,"image_id":3000000001,"category_id":18,"bbox":[1,2,3,4],"#
      + #""area":7.5,"iscrowd":1},{"id":4,"image_id":70,"category_id":18,"bbox":[5,6,7,8],"area":56,"iscrowd":0}]}"#
    let table = try read(text)
    let again = try read(try write(table, .coco))
    #expect(again.imageRecords == table.imageRecords && again.imageRecords.map(\.id) == [70, 3_000_000_001])
    #expect(again.imageRecords.map(\.fileName) == ["x/a.jpg", "b.png"])
    #expect(again.annotationIDs == [9, 4] && again.ids == [-1, -1])
    #expect(again.frames == [1, 0] && again.areas == [7.5, 56] && again.difficult == [true, false])
    #expect(table.losses(writing: .coco).isEmpty)
    // Sizes that the file knows need not be told for YOLO.
    let folder = try ScratchFolder()
    _ = try BoxTableWriter.write(table, as: .yolo, path: folder.file("y"))
    #expect(try folder.text("y/b.txt") == "18 \(2.5 / 30) 0.2 0.1 0.2\n")
  }

  @Test func tracksInCOCOHaveUniqueAnnotations() throws {
    let tracks = try read("1,5,912,484,97,109,1,1,1\n2,5,912.5,484,97.25,109,1,1,0.5\n")
    let text = try write(tracks, .coco)
    #expect(text.contains(#"{"id":1,"track_id":5,"#) && text.contains(#"{"id":2,"track_id":5,"#))
    #expect(try read(text).ids == [5, 5])
  }

  @Test func aStreamKeepsTheTrackWithTheID0() throws {
    let kitti = try read(
      "0 0 Van 0 2 -1.79 296 161 455 292 2 1.8 4.4 -4.5 1.8 13.4 -2.1\n0 7 Car 0 2 -1.79 96 161 155 292 2 1.8 4.4 -4.5 1.8 13.4 -2.1\n"
        + "1 -1 DontCare -1 -1 -10 219.31 188.49 245.5 218.56 -1000 -1000 -1000 -10 -1 -1 -1\n")
    #expect(try read(write(kitti, .sextant)).ids == [1, 8])
    let losses = try convert(kitti, to: .sextant)
    #expect(
      losses.contains { $0.contains("ids are 1 higher") }
        && losses.contains { $0.contains("1 of 3 boxes have no id and are left out") })
  }

  /// Rectangles whose corners follow from their centre, sides and angle lose nothing where these are kept.
  @Test func exactRectanglesLoseNoCorners() throws {
    let exact = "1,1,100,100,300,100,300,200,100,200,1,1,0\n2,1,300,200,100,200,100,100,300,100,1,1,0\n"
    let turned = "3,1,0,0,3,4,-1,7,-4,3,1,1,0\n"
    // A square of 10 turned by 30 degrees, its corners rounded to three decimals.
    let rounded = "4,1,0,0,8.660,5,3.660,13.660,-5,8.660,1,1,0\n"
    for text in [exact, turned, rounded, exact + turned + rounded] {
      let losses = try read(text).losses(writing: .csv).map(\.description)
      #expect(!losses.contains { $0.contains("corners") }, "\(losses)")
    }
    let trapezoid = try read("1,1,100,100,300,100,290,200,110,200,1,1,0\n").losses(writing: .csv)
    #expect(trapezoid.contains { $0.description == "csv has no place for corners that are no exact rectangle's" })
  }

  @Test func areasAreLostOnlyWhereTheyAreNotTheBoxes() throws {
    func losses(_ area: String) throws -> [String] {
      let text =
        #"{"images":[{"id":1,"file_name":"1.jpg"}],"categories":[{"id":1,"name":"car"}],"annotations":"#
        + "[{\"id\":1,\"image_id\":1,\"category_id\":1,\"bbox\":[1.1,2,30.3,4.7]\(area)}]}"
      return try read(text).losses(writing: .mot).map(\.description).filter { $0.contains("areas") }
    }
    #expect(try losses("").isEmpty && losses(",\"area\":142.41").isEmpty)
    #expect(try losses(",\"area\":100") == ["mot has no place for annotated areas"])
  }

  @Test func refusesFoldersThatCannotBe() throws {
    let table = try read("1,1,912,484,97,109,0.5\n")
    #expect(throws: RecordsError.self) { try BoxTableWriter.write(table, as: .dota, path: "-") }
    let far = try read("99999999,1,912,484,97,109,0.5\n")
    let folder = try ScratchFolder()
    #expect(throws: RecordsError.self) { try BoxTableWriter.write(far, as: .dota, path: folder.file("d")) }
    #expect(folder.names.isEmpty)
  }

  @Test func occlusionsOfAnotherScaleAreLeftOut() throws {
    let uavdt = try read("1,1,71,44,119,94,1,4,1\n", .uavdt)
    #expect(try write(uavdt, .kitti).hasPrefix("0 1 car -1 -1 "))
    #expect(
      uavdt.losses(writing: .kitti).contains { $0.description.contains("occlusions of uavdt and kitti mean different things") })
    let kitti = try read("0 0 Van 0 2 -1.79 296 161 455 292 2 1.8 4.4 -4.5 1.8 13.4 -2.1\n")
    #expect(try write(kitti, .uavdt).split(separator: ",")[7] == "1")
  }

  @Test func namesWithSlashesStayInTheFolder() throws {
    var table = try read("a 0 0 10 0 10 4 0 4 ship 1 5 2 10 4 0\n", .hitUAV)
    table.images = ["../../evil"]
    let folder = try ScratchFolder()
    _ = try BoxTableWriter.write(table, as: .dota, path: folder.file("d"))
    #expect(folder.names == ["d"])
  }

  @Test(
    .enabled(if: SharedData.isPresent, SharedData.message),
    arguments: [
      "mot/TUD-Campus/gt/gt.txt", "mot/TUD-Stadtmitte/gt/gt.txt", "mot/TUD-Stadtmitte/result/test.txt",
      "mot/MOT17-04-FRCNN/gt/gt.txt", "mot/MOT17-04-FRCNN/det/det.txt.gz", "kitti-tracking/label_02/0001.txt.gz",
      "kitti-tracking/ciwt/0006.txt.gz", "kitti-tracking/det/car/0001.txt.gz", "hit-uav-sequences/hit_60_50/gt.txt",
      "dota8-mot/P1470__1024__3296___1648/gt_obb.txt", "hit-uav/labels-val.txt.gz",
    ])
  func roundTripsRealFiles(path: String) throws {
    let options = BoxTableReader.Options(keepsCorners: true)
    let table = try BoxTableReader.read(path: SharedData.path(path), options: options)
    let text = try #require(try BoxTableWriter.text(table, as: table.format))
    let again = try BoxTableReader.read(bytes: text, name: path, options: options)
    #expect(again.format == table.format)
    #expect(again.frames == table.frames && again.ids == table.ids)
    #expect(again.orientedBoxes == table.orientedBoxes && again.confidences == table.confidences)
    #expect(zip(again.axisBoxes, table.axisBoxes).allSatisfy { abs($0.width - $1.width) < 1e-9 && $0.left == $1.left })
    #expect(again.classIndices == table.classIndices && again.classes == table.classes)
    #expect(again.considered == table.considered && again.visibilities == table.visibilities)
    #expect(again.spatialBoxes == table.spatialBoxes && again.rawScores == table.rawScores)
    #expect(again.worldPositions == table.worldPositions && again.corners == table.corners)
    #expect(again.truncations == table.truncations && again.occlusions == table.occlusions)
  }

  // MARK: Masks

  /// A stream of one track with a mask.
  private func stream(_ mask: RunLengthMask?) throws -> BoxTable {
    let box = OrientedBox(center: Point(2, 2), width: 2, height: 2, angle: 0)
    let frame = FrameRecord(frame: 0, time: 0, tracks: [TrackRecord(id: 1, score: 0.5, box: box, mask: mask)])
    var header = Samples.header
    header.source?.width = mask?.width
    header.source?.height = mask?.height
    return try read(String(decoding: Samples.text([.header(header), .frame(frame)]), as: UTF8.self), .sextant)
  }

  @Test func masksOfAStreamAreCOCOsPolygonsOrRunLengthsWhereTheyHaveHoles() throws {
    func isInRing(_ x: Int, _ y: Int) -> Bool { (x, y) != (2, 2) }
    let full = RunLengthMask(width: 6, height: 5, columns: 1..<4, rows: 1..<4) { _, _ in true }
    let ring = RunLengthMask(width: 6, height: 5, columns: 1..<4, rows: 1..<4, isInside: isInRing)
    for (mask, isPolygon) in [(full, true), (ring, false)] {
      let text = try write(stream(mask), .coco)
      #expect(text.contains(#""segmentation":[[4.0,1.0,4.0,4.0,1.0,4.0,1.0,1.0]]"#) == isPolygon)
      let back = try COCODataset.read(bytes: Array(text.utf8), name: "t", keepsSegmentations: true).segmentations
      if !isPolygon { #expect(back == [ring.map { .mask($0) }]) }
    }
    #expect(!(try write(stream(nil), .coco)).contains("segmentation"))
  }

  @Test func masksStayInAStreamAndAreToldWhereAFormatHasNoPlaceForThem() throws {
    let mask = RunLengthMask(width: 6, height: 5, columns: 1..<4, rows: 1..<4) { _, _ in true }
    let table = try stream(mask)
    #expect(try read(write(table, .sextant), .sextant).masks == [mask])
    #expect(table.losses(writing: .mot).contains(ConversionLoss("mot has no place for masks")))
  }
}
