import Foundation
import Geometry
import TestSupport
import Testing

@testable import Records

/// From every format into every other and back: what comes back is the same, or a sentence said that it is lost.
@Suite struct AllFormatsTests {
  /// A file, or the files of a folder, in each format; with identities, classes, gaps between frames and whatever else the format has.
  private static let samples: [(format: BoxFormat, files: [String: String])] = [
    (.mot, ["": "1,1,10.5,20.25,30,40,0.5,1,-1,-1\n1,2,100,90,20,10,0.25,3,-1,-1\n4,1,12,21,30,40,0.75,1,-1,-1\n"]),
    (
      .motOriented,
      [
        "":
          "1,1,10,20,30,20,30,28,10,28,0.9,0,0\n1,2,100,100,120,110,115,120,95,110,0.5,1,0\n3,1,12,21,32,21,32,29,12,29,0.875,0,1\n"
      ]
    ),
    (.centerAngle, ["": "1,1,85,50,33,29,2.5,0.5,4\n3,1,86,51,33,29,2.25,0.75,4\n3,2,20,30,12,5,0,0.25,2\n"]),
    (
      .kitti,
      [
        "":
          "0 1 Car 0 1 -1.57 10.5 20 30.25 40 1.5 1.6 3.9 2 1.5 12 0.25 0.5\n2 7 Pedestrian 1 2 0.5 50 60 70 99.5 1.75 0.5 0.75 -3 1.5 8 -2 0.75\n"
      ]
    ),
    (
      .ab3dmot,
      [
        "":
          "0,2,298.3125,165.18,458.2292,293.4391,8.2981,1.9605,1.8137,4.7549,-4.572,1.8435,13.5308,-2.1125,-1.7867\n2,1,10,20,30,40,-1.5,1.7,0.5,0.75,-3,1.5,8,-2,0.5\n"
      ]
    ),
    (.uavdt, ["": "1,1,71,44,119,94,1,1,1\n3,1,73,43,119,93,1,4,2\n3,2,300,43,20,30,3,2,3\n"]),
    (
      .sextant,
      [
        "": """
        {"record":"header","schema":"sextant/1","classes":["car","person"]}
        {"record":"frame","frame":0,"time":0,"tracks":[{"id":1,"class":"car","state":"confirmed","score":0.5,"box":{"cx":50,"cy":40,"w":20,"h":10,"angle":0.25},"observed":true}]}
        {"record":"frame","frame":2,"time":0.2,"tracks":[{"id":2,"class":"person","state":"coasting","score":0.75,"box":{"cx":150,"cy":40,"w":20,"h":10,"angle":-0.5},"observed":false,"observation":"interpolated"}]}
        {"record":"end","frames":3,"dropped":0,"tracks":2,"status":"complete"}

        """
      ]
    ),
    (
      .csv,
      [
        "":
          "frame,id,class,score,cx_px,cy_px,w_px,h_px,angle_rad\n0,1,car,0.5,50,40,20,10,0.25\n2,2,person,0.75,150,40,20,10,-0.5\n"
      ]
    ),
    (.dota, ["a": "10 20 30 20 30 28 10 28 ship 1\n", "b": "", "c": "100 100 120 110 115 120 95 110 plane 0\n"]),
    (.dotaResults, ["Task1_ship": "a 0.5 10 20 30 20 30 28 10 28\n", "Task1_plane": "c 0.75 100 100 120 110 115 120 95 110\n"]),
    (.yolo, ["a": "0 0.5 0.5 0.25 0.125 0.5\n", "b": "", "c": "3 0.25 0.5 0.125 0.25 0.75\n"]),
    (
      .yoloOriented, ["a": "0 0.25 0.25 0.5 0.25 0.5 0.5 0.25 0.5 0.5\n", "b": "", "c": "3 0.1 0.1 0.2 0.1 0.2 0.4 0.1 0.4 0.75\n"]
    ),
    (
      .coco,
      [
        "":
          #"{"images":[{"id":70,"file_name":"x/a.jpg","width":640,"height":512},{"id":30,"file_name":"b.png","width":640,"height":512}],"#
          + #""categories":[{"id":18,"name":"dog"},{"id":1,"name":"person"}],"annotations":[{"id":9,"image_id":70,"category_id":18,"#
          + #""bbox":[10,20,30,40],"area":900,"iscrowd":1},{"id":4,"image_id":30,"category_id":1,"bbox":[1,2,3,4],"area":12,"iscrowd":0}]}"#
      ]
    ),
    (
      .cvat,
      [
        "": "<annotations><meta><task><size>5</size></task></meta><track id=\"3\" label=\"car\">"
          + "<box frame=\"0\" outside=\"0\" xtl=\"10\" ytl=\"20\" xbr=\"40\" ybr=\"32.5\" rotation=\"330\"/><box frame=\"2\" outside=\"0\" xtl=\"11\" ytl=\"21\" xbr=\"41\" ybr=\"33\"/>"
          + "<box frame=\"3\" outside=\"1\" xtl=\"11\" ytl=\"21\" xbr=\"41\" ybr=\"33\"/></track><track id=\"8\" label=\"person\">"
          + "<box frame=\"1\" outside=\"0\" xtl=\"100\" ytl=\"90\" xbr=\"160\" ybr=\"120\" rotation=\"45\"/></track></annotations>"
      ]
    ),
    (
      .labelStudio,
      [
        "":
          #"[{"data":{"video":"a.mp4"},"annotations":[{"result":[{"id":"3","type":"videorectangle","original_width":640,"original_height":512,"#
          + #""value":{"framesCount":5,"sequence":[{"frame":1,"enabled":true,"rotation":-30,"x":10,"y":20,"width":5,"height":2.5},"#
          + #"{"frame":2,"enabled":false,"rotation":179.5,"x":30,"y":20,"width":5,"height":2.5}],"labels":["car"]}},"#
          + #"{"id":"9","type":"videorectangle","value":{"sequence":[{"frame":4,"enabled":false,"rotation":0,"x":50,"y":50,"width":6,"height":3}],"labels":["person"]}}]}]}]"#
      ]
    ),
    (
      .cocoVID,
      [
        "":
          #"{"videos":[{"id":1,"name":"v"}],"images":[{"id":1,"file_name":"000001.jpg","width":640,"height":512,"video_id":1,"frame_id":0},"#
          + #"{"id":2,"file_name":"000002.jpg","width":640,"height":512,"video_id":1,"frame_id":1}],"categories":[{"id":1,"name":"dog"}],"#
          + #""annotations":[{"id":1,"image_id":1,"instance_id":7,"category_id":1,"bbox":[10,20,30,40],"area":1200,"iscrowd":0},"#
          + #"{"id":2,"image_id":2,"instance_id":7,"category_id":1,"bbox":[11,22,33,44],"area":1452,"iscrowd":0}]}"#
      ]
    ),
    (
      .fiftyOne,
      [
        "":
          #"{"frames":{"1":{"frame_number":1,"objects":{"objects":[{"label":"car","bounding_box":{"top_left":{"x":0.25,"y":0.25},"#
          + #""bottom_right":{"x":0.5,"y":0.375}},"confidence":0.5,"index":3,"frame_number":1}]}},"4":{"frame_number":4,"objects":{"objects":["#
          + #"{"label":"person","bounding_box":{"top_left":{"x":0.5,"y":0.5},"bottom_right":{"x":0.55,"y":0.56}},"confidence":0.75,"index":8,"frame_number":4,"#
          + #""attrs":{"attrs":[{"name":"rotation","value":30},{"name":"width","value":24},{"name":"height","value":20}]}}]}}}}"#
      ]
    ),
    (
      .hitUAV,
      [
        "":
          "a 373.94 120.06 381.94 120.06 381.94 135.06 373.94 135.06 Person 0 377.94 127.56 8 15 0\nc 100 100 120 110 115 120 95 110 Car 1 107.5 110 22.36068 11.18034 0.4636476\n"
      ]
    ),
  ]

  private static func options(_ format: BoxFormat) -> BoxTableReader.Options {
    var options = BoxTableReader.Options(format: format, keepsCorners: true)
    options.images.size = (640, 512)
    return options
  }

  private static func read(_ path: String, _ format: BoxFormat) throws -> BoxTable {
    try BoxTableReader.read(path: path, options: options(format))
  }

  private static func sample(_ format: BoxFormat, in folder: ScratchFolder) throws -> BoxTable {
    let files = try #require(samples.first { $0.format == format }?.files)
    if let text = files[""] { return try read(folder.write(text, to: "source"), format) }
    try FileManager.default.createDirectory(atPath: folder.file("source"), withIntermediateDirectories: true)
    for (name, text) in files { try folder.write(text, to: "source/\(name).txt") }
    return try read(folder.file("source"), format)
  }

  /// What of a frame every format can tell: its image's name where it names images, else its number.
  private static func frameName(_ table: BoxTable, _ row: Int, _ target: BoxFormat) -> String {
    [.dota, .dotaResults, .yolo, .yoloOriented, .hitUAV, .coco].contains(target)
      ? table.writtenImage(table.frames[row]) : String(table.frames[row])
  }

  /// COCO's results have but the images' ids, which are the frames from 1.
  private static func frameNames(_ table: BoxTable, _ again: BoxTable, _ target: BoxFormat) -> (before: [String], after: [String]) {
    guard target == .coco, !again.confidences.isEmpty, table.imageRecords.isEmpty else {
      return (table.frames.indices.map { frameName(table, $0, target) }, again.frames.indices.map { frameName(again, $0, target) })
    }
    return (table.frames.map { String($0 + 1) }, again.frames.map { String(again.imageRecords[Int($0)].id) })
  }

  @Test(arguments: BoxFormat.allCases.filter(\.isWritable), BoxFormat.allCases.filter(\.isWritable))
  func whatDoesNotComeBackIsToldToBeLost(source: BoxFormat, target: BoxFormat) throws {
    let folder = try ScratchFolder()
    let table = try Self.sample(source, in: folder)
    try #require(table.count >= 2)
    let losses = try BoxTableWriter.write(table, as: target, path: folder.file("out"), options: .init(imageSize: (640, 512))).map(
      \.description)
    let again = try Self.read(folder.file("out"), target)
    func isTold(_ words: String) -> Bool { losses.contains { $0.contains(words) } }

    #expect(again.count == table.count || isTold("left out"), "\(source) to \(target): \(again.count) of \(table.count) rows")
    let kept = target.columns
    let names = Self.frameNames(table, again, target)
    // The stream rounds, and HIT-UAV's corners and sides are rounded apart from each other.
    let tolerance = [source, target].contains(.sextant) || source == .hitUAV ? 0.02 : 1e-5
    for row in 0..<again.count {
      // The same box of the same frame; a format may bring rows into another order.
      let box = again.axisBox(row)
      let twin = (0..<table.count).first { other in
        let old = table.axisBox(other)
        let ends = [box.left - old.left, box.top - old.top, box.right - old.right, box.bottom - old.bottom]
        return names.before[other] == names.after[row] && ends.allSatisfy { abs($0) < tolerance }
      }
      guard let twin else {
        Issue.record("\(source) to \(target): row \(row) at \(names.after[row]) is of no box of the source: \(box), \(losses)")
        continue
      }
      if kept.contains(.identity), table.has(.identity) { #expect(again.ids[row] == table.ids[twin], "\(source) to \(target)") }
      if kept.contains(.orientation), table.has(.orientation) {
        #expect(again.orientedBox(row).iou(with: table.orientedBox(twin)) > 0.999, "\(source) to \(target)")
      }
      let keepsClasses = !["become numbers", "numbers are kept", "class of their track"].contains(where: isTold)
      if kept.contains(.className), table.has(.className), keepsClasses {
        #expect(again.className(row)?.lowercased() == table.className(twin)?.lowercased(), "\(source) to \(target)")
      }
      if kept.contains(.confidence), table.has(.confidence) {
        #expect(abs(again.confidence(row) - table.confidence(twin)) < 1e-4, "\(source) to \(target)")
      }
      if kept.contains(.difficult), table.has(.difficult) {
        #expect(again.difficult[row] == table.difficult[twin], "\(source) to \(target)")
      }
      if kept.contains(.spatial), table.has(.spatial) {
        #expect(again.spatialBoxes[row] == table.spatialBoxes[twin], "\(source) to \(target)")
      }
    }
    // And each thing that the target has no place for is told.
    for column in BoxColumn.allCases where table.has(column) && !kept.contains(column) {
      #expect(isTold(column.rawValue), "\(source) to \(target): \(column) is lost without a word")
    }
  }
}
