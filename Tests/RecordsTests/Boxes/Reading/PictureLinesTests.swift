import Geometry
import Records
import Testing

/// The lines of `sextant detect` as a table of boxes.
struct PictureLinesTests {
  private static let text =
    #"{"boxes":[{"angle":0.5,"center_covariance":[1,0,1],"class":"car","cx":10.5,"cy":20,"h":4,"score":0.75,"w":8}],"height":480,"image":"val/a.b.png","width":640}"#
    + "\n" + #"{"boxes":[],"height":480,"image":"b.png","width":640}"# + "\n"
    + #"{"boxes":[{"angle":0,"class":"person","cx":1,"cy":2,"h":6,"score":0.5,"w":3},{"angle":-1,"class":"car","cx":5,"cy":6,"h":7,"score":1,"w":9}],"height":480,"image":"c","width":640}"#
    + "\n"

  private func read(_ text: String, _ options: BoxTableReader.Options = .init()) throws -> BoxTable {
    try BoxTableReader.read(bytes: Array(text.utf8), name: "boxes.jsonl", options: options)
  }

  @Test func everyPictureIsAFrame() throws {
    var options = BoxTableReader.Options()
    options.images.numbering = .byImage
    let table = try read(PictureLinesTests.text, options)
    #expect(table.format == .detect && table.images == ["a.b", "b", "c"] && table.statedFrameCount == 3)
    #expect(table.frames == [0, 2, 2] && table.ids == [-1, -1, -1] && table.confidences == [0.75, 0.5, 1])
    #expect(table.classes == ["car", "person"] && table.classIndices == [0, 1, 0])
    #expect(table.orientedBoxes[0] == OrientedBox(center: Point(10.5, 20), width: 8, height: 4, angle: 0.5))
  }

  /// Other writers put blanks behind colons and commas, and keys in another order.
  @Test func blanksAndOrderDoNotMatter() throws {
    var options = BoxTableReader.Options()
    options.images.numbering = .byImage
    let spaced = PictureLinesTests.text.replacing(":", with: ": ").replacing(",", with: ", ")
    let other = #"{"image": "b.png", "width": 640, "height": 480, "boxes": []}"# + "\n"
    let (table, plain) = (try read(spaced, options), try read(PictureLinesTests.text, options))
    #expect(table.format == .detect && table.images == plain.images && table.orientedBoxes == plain.orientedBoxes)
    #expect(try read(other, options).format == .detect)
  }

  /// With the truth's list pictures have its places, and one that is not in it is told.
  @Test func picturesFollowTheListGiven() throws {
    var options = BoxTableReader.Options(format: .detect)
    options.images.numbering = .byImage
    options.images.names = ["c", "b", "a.b"]
    #expect(try read(PictureLinesTests.text, options).frames == [2, 0, 0])
    options.images.names = ["c", "b"]
    #expect(throws: RecordsError.self) { try read(PictureLinesTests.text, options) }
  }

  @Test(arguments: [
    #"{"boxes":[{"angle":0,"class":"car","cx":1,"cy":2,"h":-6,"score":0.5,"w":3}],"image":"a"}"#,
    #"{"boxes":[{"angle":0,"class":"car","cx":1,"h":6,"score":0.5,"w":3}],"image":"a"}"#,
    #"{"boxes":[{"angle":0,"class":"car","cx":"1","cy":2,"h":6,"score":0.5,"w":3}],"image":"a"}"#,
    #"{"boxes":[],"image":""}"#, #"{"boxes":[],"imag":"a"}"#, #"{"boxes":[{"#, #"{"boxes":[]}"#,
    #"{"boxes":[],"image":"a"}"# + "\n" + #"{"boxes":[],"image":"x/a.png"}"#,
  ]) func whatIsWrongIsTold(text: String) {
    #expect {
      try read(text)
    } throws: { error in
      guard case .malformedLines(_, let lines, _)? = error as? RecordsError else { return false }
      return lines.count == 1 && !lines[0].reason.isEmpty
    }
  }
}
