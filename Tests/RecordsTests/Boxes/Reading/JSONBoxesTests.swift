import Foundation
import Geometry
import Testing

@testable import Records

/// Json files of boxes and tracks: COCO with videos, Scalabel, Ultralytics, supervision.
@Suite struct JSONBoxesTests {
  private func dataset(_ text: String, truth: COCODataset? = nil) throws -> COCODataset {
    try COCODataset.read(bytes: Array(text.utf8), name: "t.json", truth: truth)
  }

  private func sequence(_ text: String) throws -> BoxTable {
    var options = BoxTableReader.Options()
    options.images.numbering = .automatic
    return try BoxTableReader.read(bytes: Array(text.utf8), name: "t.json", options: options)
  }

  private func problem(_ text: String, truth: COCODataset? = nil) -> String {
    do {
      _ = try dataset(text, truth: truth)
      return "nothing was refused"
    } catch {
      return "\(error)"
    }
  }

  /// Annotations of two frames of two videos, listed last frame first.
  private func videos(identity: String) -> String {
    let images = [(1, 1, 1), (2, 1, 0), (3, 2, 1), (4, 2, 0)].map {
      "{\"id\":\($0.0),\"video_id\":\($0.1),\"frame_id\":\($0.2),\"file_name\":\"v\($0.1)/\($0.2).jpg\"}"
    }
    let boxes = (1...4).map {
      "{\"id\":\($0 + 10),\"image_id\":\($0),\"category_id\":1,\(identity)\"bbox\":[\($0),2,3,4]}"
    }
    return "{\"videos\":[{\"id\":1,\"name\":\"a\"},{\"id\":2,\"name\":\"b\"}],\"categories\":[{\"id\":1,\"name\":\"car\"}],"
      + "\"images\":[\(images.joined(separator: ","))],\"annotations\":[\(boxes.joined(separator: ","))]}"
  }

  @Test(arguments: [
    "\"track_id\":7,", "\"instance_id\":7,", "\"attributes\":{\"track_id\":7},", "\"attributes\":{\"track_id\":\"7\"},",
  ])
  func identitiesAreTheObjectsAndNeverTheAnnotations(identity: String) throws {
    #expect(try dataset(videos(identity: identity)).table.ids == [7, 7, 7, 7])
    #expect(try dataset(videos(identity: "")).table.ids == [-1, -1, -1, -1])
  }

  @Test func videosAreSequencesAndFramesAreTheirNumbers() throws {
    let parts = try dataset(videos(identity: "\"track_id\":7,")).table.sequences()
    #expect(parts.map(\.name) == ["a", "b"])
    #expect(parts[0].table.frames == [1, 0] && parts[0].table.axisBoxes.map(\.left) == [1, 2] && parts[0].table.frameCount == 2)
    #expect(parts[1].table.frames == [1, 0] && parts[1].table.ids == [7, 7])
  }

  @Test func asOneSequenceVideosFollowWithIdentitiesOfTheirOwn() throws {
    let table = try sequence(videos(identity: "\"track_id\":7,"))
    #expect(table.frames == [1, 0, 3, 2] && table.ids == [7, 7, 14, 14])
    #expect(table.warnings.contains { $0.contains("2 videos follow one another") && $0.contains("b from frame 2") })
  }

  @Test func framesOfImagesAreTheNumbersInTheirNames() throws {
    let text =
      #"{"images":[{"id":70,"file_name":"x/img_12.jpg"},{"id":3,"file_name":"x/img_4.jpg"}],"categories":[{"id":1,"name":"p"}],"#
      + #""annotations":[{"id":1,"image_id":70,"category_id":1,"bbox":[1,2,3,4]},{"id":2,"image_id":3,"category_id":1,"bbox":[1,2,3,4]}]}"#
    let table = try sequence(text)
    #expect(table.frames == [11, 3] && table.firstFrame == 1)
    let byID = try sequence(text.replacing("img_12", with: "first").replacing("img_4", with: "second"))
    #expect(byID.frames == [69, 2] && byID.warnings.contains { $0.contains("the images' ids") })
  }

  @Test func refusesAnAnnotationOfAnImageThatIsNotListed() {
    let text =
      #"{"images":[{"id":1,"file_name":"a.jpg"}],"categories":[{"id":1,"name":"car"}],"annotations":[{"id":5,"image_id":9,"category_id":1,"bbox":[1,1,5,2]}]}"#
    #expect(problem(text).contains("annotation 0 (id 5) belongs to image 9, which the list of images does not have"))
  }

  @Test func matchesAnImageThatIsNamedByName() throws {
    let truth = try dataset(
      #"{"images":[{"id":3,"file_name":"d/b.jpg"},{"id":8,"file_name":"d/000005.jpg"}],"categories":[{"id":1,"name":"car"}],"annotations":[]}"#
    )
    let result = try dataset(
      #"[{"image_id":"b","category_id":1,"bbox":[1,1,5,2],"score":0.9},{"image_id":5,"category_id":1,"bbox":[1,1,5,2],"score":0.8}]"#,
      truth: truth)
    #expect(result.table.frames == [0, 1])
    #expect(
      problem(#"[{"image_id":"c","category_id":1,"bbox":[1,1,5,2],"score":0.9}]"#, truth: truth)
        .contains("result 0: image c is not among the truth's images"))
  }

  @Test func readsRotationsOfCVATAndFifthNumbers() throws {
    func text(_ box: String, _ further: String) -> String {
      #"{"images":[{"id":1,"file_name":"a.jpg"}],"categories":[{"id":1,"name":"car"}],"annotations":[{"id":1,"image_id":1,"category_id":1,"#
        + "\"bbox\":\(box)\(further)}]}"
    }
    let rotated = try dataset(text("[10,10,50,20]", #","attributes":{"rotation":30.0,"track_id":7}"#)).table
    #expect(rotated.orientedBoxes[0].center == Point(35, 20) && abs(rotated.orientedBoxes[0].angle - .pi / 6) < 1e-15)
    #expect(rotated.ids == [7])
    let fifth = try dataset(text("[10,10,50,20,0.3]", "")).table
    #expect(fifth.orientedBoxes[0].angle == 0.3 && fifth.warnings.contains { $0.contains("radians") })
    let degrees = try dataset(text("[10,10,50,20,45]", "")).table
    #expect(abs(degrees.orientedBoxes[0].angle - .pi / 4) < 1e-15 && degrees.warnings.contains { $0.contains("degrees") })
    #expect(try dataset(text("[10,10,50,20]", "")).table.axisBoxes.count == 1)
  }

  private static let scalabel =
    #"[{"name":"v-2.jpg","videoName":"v","frameIndex":1,"labels":[{"id":"101","category":"car","box2d":{"x1":10,"y1":20,"x2":50,"y2":40}},"#
    + #"{"id":"9","category":"lane","poly2d":[]}]},{"name":"v-1.jpg","videoName":"v","frameIndex":0,"labels":null}]"#

  @Test func readsFramesOfScalabel() throws {
    for text in [Self.scalabel, "{\"config\":{},\"frames\":\(Self.scalabel)}"] {
      let table = try sequence(text)
      #expect(
        table.format == .scalabel && table.frames == [1] && table.ids == [101] && table.classes == ["car"] && table.frameCount == 2)
      #expect(table.axisBoxes[0] == AxisBox(left: 10, top: 20, width: 40, height: 20))
      #expect(table.leftOut == ["1 labels without a \"box2d\""])
    }
  }

  @Test func readsListsOfUltralyticsAndSupervision() throws {
    let ultralytics = try sequence(
      #"[{"name":"car","class":2,"confidence":0.91,"box":{"x1":10.5,"y1":20,"x2":50,"y2":60},"track_id":1}]"#)
    #expect(
      ultralytics.format == .ultralytics && ultralytics.ids == [1] && ultralytics.confidences == [0.91] && ultralytics.frames == [0]
    )
    #expect(ultralytics.axisBoxes[0] == AxisBox(left: 10.5, top: 20, width: 39.5, height: 40) && ultralytics.classes == ["car"])
    let oriented = try sequence(
      #"[{"name":"car","class":2,"confidence":0.5,"box":{"x1":0,"y1":0,"x2":20,"y2":0,"x3":20,"y3":10,"x4":0,"y4":10}}]"#)
    #expect(oriented.orientedBoxes[0].area == 200 && oriented.ids == [-1])
    let supervision = try sequence(
      #"[{"x_min":"10.5","y_min":"20","x_max":"50","y_max":"60","class_id":"2","confidence":"0.9","tracker_id":"1","frame_index":3}]"#
    )
    #expect(
      supervision.format == .supervision && supervision.frames == [3] && supervision.ids == [1] && supervision.classes == ["2"])
    #expect(supervision.confidences == [0.9])
  }

  /// The frame of an object is called as in CSV.
  @Test(arguments: ["frame", "frame_index", "frame_id", "frame_number", "frame_idx", "frame_no"])
  func framesOfListsHaveTheNamesOfCSV(name: String) throws {
    let table = try sequence(
      #"[{"x_min":1,"y_min":2,"x_max":5,"y_max":7,"class_id":1,"tracker_id":9,"NAME":4}]"#.replacing("NAME", with: name))
    #expect(table.frames == [4] && table.ids == [9])
    let csv = try sequence("x_min,y_min,x_max,y_max,class_id,tracker_id,NAME\n1,2,5,7,1,9,4\n".replacing("NAME", with: name))
    #expect(csv.frames == [4] && csv.ids == [9])
  }

  @Test(arguments: ["score", "confidence", "conf", "probability"])
  func scoresOfListsHaveTheNamesOfCSV(name: String) throws {
    let list = try sequence(#"[{"x_min":1,"y_min":2,"x_max":5,"y_max":7,"frame":0,"NAME":0.25}]"#.replacing("NAME", with: name))
    let csv = try sequence("x_min,y_min,x_max,y_max,frame,NAME\n1,2,5,7,0,0.25\n".replacing("NAME", with: name))
    #expect(list.confidences == [0.25] && csv.confidences == [0.25])
  }

  /// As those of YOLO's labels do.
  @Test func numbersOfClassesStayNumbers() throws {
    let list = try sequence(#"[{"x_min":1,"y_min":2,"x_max":5,"y_max":7,"class_id":2,"frame":0}]"#)
    let csv = try sequence("x_min,y_min,x_max,y_max,class_id,frame\n1,2,5,7,2,0\n")
    for table in [list, csv] {
      #expect(table.classNumbers == [2] && table.classes == ["2"])
      let text = String(decoding: try BoxTableWriter.text(table, as: .mot) ?? [], as: UTF8.self)
      #expect(text == "1,-1,1,2,4,5,-1,2,-1,-1\n")
    }
    let named = try sequence(#"[{"x_min":1,"y_min":2,"x_max":5,"y_max":7,"class_id":2,"class_name":"car","frame":0}]"#)
    #expect(named.classes == ["car"] && named.classNumbers.isEmpty)
  }

  @Test func refusesACategoryThatIsNotListed() throws {
    let text =
      #"{"images":[{"id":1,"file_name":"a.jpg"}],"categories":[{"id":1,"name":"car"}],"annotations":[{"id":5,"image_id":1,"category_id":9,"bbox":[1,1,5,2]}]}"#
    #expect(problem(text).contains("annotation 0 (id 5) has the category 9, which the list of categories does not have"))
    // Without a list the numbers are all that there is.
    #expect(try dataset(text.replacing(#"{"id":1,"name":"car"}"#, with: "")).table.classes == ["9"])
  }

  @Test func imagesKnownByNameAloneAreCountedInTheOrderOfTheirNames() throws {
    let text =
      #"[{"image_id":"zeta","category_id":1,"bbox":[1,1,5,2],"score":0.9},{"image_id":"beta","category_id":1,"bbox":[2,1,5,2],"score":0.8}]"#
    let table = try sequence(text)
    #expect(table.frames == [1, 0] && table.axisBoxes.map(\.left) == [1, 2])
    #expect(table.warnings.contains { $0.contains("frames are the places of the images' sorted names") })
    #expect(try dataset(text).table.images == ["beta", "zeta"])
  }

  @Test func saysWhatAnUnknownListIs() {
    #expect(problem(#"[{"foo":1,"bar":2}]"#).contains("a list of objects with \"foo\", \"bar\", which is none of COCO's results"))
    #expect(problem("[1,2]").contains("entries are no objects"))
    #expect(problem(#"[{"x_min":1,"y_min":1,"x_max":2,"y_max":2}]"#).contains("has no number of a frame (frame, frame_index"))
  }
}
