import Foundation
import Geometry
import Records
import TestSupport
import Testing

@testable import Viewer

@Suite struct ViewPageTests {
  private let stream = """
    {"record":"header","schema":"sextant/2","program":"t","source":{"uri":"a.mp4","kind":"file","width":640,"height":360},"settings":{},"classes":["</script><b>@SCRIPT@"],"seed":0}
    {"record":"frame","frame":0,"time":0.0,"tracks":[{"id":1,"class":"</script><b>@SCRIPT@","state":"confirmed","box":{"cx":10,"cy":20,"w":8,"h":4,"angle":0.5,"angle_sd":null},"observed":true,"observation":"observed"}]}
    {"record":"frame","frame":1,"time":0.1,"tracks":[]}
    {"record":"backfill","frame":1,"time":0.1,"tracks":[{"id":1,"class":"car","state":"confirmed","box":{"cx":11,"cy":20,"w":8,"h":4,"angle":0.5,"angle_sd":null},"observed":false,"observation":"interpolated"}]}
    {"record":"event","frame":2,"time":0.2,"kind":"track_end","id":1,"reason":"lost"}
    {"record":"end","frames":2,"dropped":0,"ids":1,"status":"complete"}

    """

  private func data() throws -> ViewData {
    let folder = try ScratchFolder()
    let tracks = try TrackColumns.read(path: try folder.write(stream, to: "t.ndjson"))
    return ViewData(ViewedResult(tracks: tracks, title: "<i>@STYLE@"))
  }

  /// Every file that the page is made of is in the program, and nothing of modules is left in the one script.
  @Test func theScriptIsWhole() {
    let script = PageFiles.script
    #expect(
      script.contains("class Page ") && script.contains("class Marks ") && script.contains("function decode(")
        && script.contains("class Review "))
    #expect(!script.contains("\nimport ") && !script.contains("\nexport ") && !script.contains("</script"))
    #expect(PageFiles.template.contains("@SCRIPT@") && PageFiles.style.contains("#picture") == false)
  }

  /// Names from files stand in the page as base64 or JSON alone, and nothing is put into what was put in.
  @Test func namesOfFilesMakeNoMarkup() throws {
    let page = String(decoding: ViewPage.selfContained(try data(), video: .linked("</script><b>@BLOCKS@.mp4")), as: UTF8.self)
    #expect(!page.contains("<b>") && !page.contains("<i>"))
    #expect(page.components(separatedBy: "</script>").count == 4, "config, data and script, each closed once")
    #expect(page.contains(#""video":"\u003c/script>\u003cb>@BLOCKS@.mp4""#))
  }

  @Test func columnsHoldRowsByFrameWithLateOnes() throws {
    let columns = try data().result.tracks
    #expect(columns.count == 2 && columns.frameCount == 2)
    let (rows, starts) = columns.rowsByFrame(columns.order)
    #expect(starts == [0, 1, 2] && rows.map { columns.frame(ofRow: $0) } == [0, 1])
    #expect(columns.identities.first?.endReason == "lost" && columns.kinds == [0, 2])
  }

  /// The block's list against its bytes, read here by hand.
  @Test func theBlockIsWhatItsListSays() throws {
    let bytes = try data().bytes
    let length = Int(bytes[0]) | Int(bytes[1]) << 8 | Int(bytes[2]) << 16
    let text = try #require(try JSONSerialization.jsonObject(with: Data(bytes[4..<4 + length])) as? [String: Any])
    #expect(text["width"] as? Int == 640 && text["title"] as? String == "<i>@STYLE@")
    let set = try #require((text["sets"] as? [[String: Any]])?.first)
    let columns = try #require(set["columns"] as? [[Any]])
    let x = try #require(columns.first { $0[0] as? String == "row.cx" })
    let (offset, count) = (try #require(x[2] as? Int), try #require(x[3] as? Int))
    #expect(count == 2 && offset % 8 == 0 && x[1] as? String == "f32")
    let start = (4 + length + 7) / 8 * 8 + offset
    let values = (0..<count).map { index in
      Float(bitPattern: (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[start + index * 4 + $1]) << (8 * $1) })
    }
    #expect(values == [10, 11])
  }
}
