import Foundation
import Geometry
import Testing

@testable import Records

@Suite struct CVATTableTests {
  private func read(_ text: String, _ numbering: BoxReadingOptions.ImageOptions.Numbering = .byImage) throws -> BoxTable {
    var options = BoxTableReader.Options()
    options.images.numbering = numbering
    return try BoxTableReader.read(bytes: Array(text.utf8), name: "a.xml", options: options)
  }

  private func problem(_ text: String) -> String {
    do {
      _ = try read(text)
      return "nothing was refused"
    } catch {
      return "\(error)"
    }
  }

  private static let box = "xtl=\"100.0\" ytl=\"100.0\" xbr=\"140.0\" ybr=\"130.0\""
  private static let head = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<annotations><meta><task><size>5</size></task></meta>\n"

  @Test func readsTracksWithRotationsAndLeavesOutWhatIsOutside() throws {
    let table = try read(
      Self.head
        + "<!-- <box/> --><track id=\"3\" label=\"r&#233;d &amp; car\"><box frame=\"1\" outside=\"0\" \(Self.box) rotation=\"30.0\"></box>"
        + "<box frame=\"2\" outside=\"1\" \(Self.box)/><polygon frame=\"4\" points=\"1,2\"/></track></annotations>\n")
    #expect(
      table.format == .cvat && table.frames == [1] && table.ids == [3] && table.classes == ["réd & car"] && table.frameCount == 5)
    #expect(table.orientedBoxes[0].center == Point(120, 115) && table.orientedBoxes[0].width == 40)
    #expect(abs(table.orientedBoxes[0].angle - .pi / 6) < 1e-15 && table.leftOut.count == 1)
  }

  @Test func readsImagesByNameAndByNumber() throws {
    let text =
      Self.head
      + "<image id=\"4\" name=\"d/b.png\" width=\"64\" height=\"48\"><box label=\"car\" \(Self.box)><attribute name=\"track_id\">8</attribute></box>"
      + "</image><image id=\"6\" name=\"d/c.png\"/></annotations>"
    let images = try read(text)
    #expect(images.frames == [0] && images.images == ["b", "c"] && images.ids == [8] && images.imageRecords[0].width == 64)
    #expect(images.axisBoxes[0] == AxisBox(left: 100, top: 100, width: 40, height: 30))
    #expect(try read(text, .automatic).frames == [4])
  }

  @Test(arguments: [
    ("<!DOCTYPE a [<!ENTITY b \"c\">]><annotations/>", "document type"), ("<html></html>", "is this CVAT's xml?"),
    ("<annotations><track id=\"1\"", "cut off"), ("<annotations></track>", "ends what is not open"),
    ("<annotations><track label=\"&bomb;\"/></annotations>", "no character that this program reads"),
    (
      "<annotations>\n<track id=\"1\" label=\"a\"><box frame=\"0\" xtl=\"nan\"/></track></annotations>",
      "line 2: <box> has no numbers"
    ),
    ("<annotations>" + String(repeating: "<a>", count: 100), "nested more than 64 deep"),
  ])
  func refusesWhatIsNoCVATFile(text: String, reason: String) {
    #expect(problem(text).contains(reason), "\(problem(text))")
  }
}
