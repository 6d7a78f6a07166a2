import Foundation
import Testing

@testable import Records

@Suite struct SequenceInformationTests {
  @Test func readsTheKeysInAnyCaseAndPassesOverTheRest() {
    let text =
      "[Sequence]\r\nname=MOT17-02\nimDir=img1\nframerate = 29.97\nseqLength=600\nimWidth=1920\nIMHEIGHT=1080\nimExt=.jpg\n"
    let information = SequenceInformation(text: text)
    #expect(information.name == "MOT17-02")
    #expect(information.frameRate == 29.97)
    #expect(information.frameCount == 600)
    #expect(information.width == 1920 && information.height == 1080)
  }

  @Test func valuesOutOfRangeCountAsAbsent() {
    let information = SequenceInformation(text: "frameRate=0\nseqLength=-3\nimWidth=1e9\nimHeight=99999999999999999999\n=\n")
    #expect(information.frameRate == nil && information.frameCount == nil)
    #expect(information.width == nil && information.height == nil)
  }

  @Test func liesBesideTheFileOrOneFolderAbove() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sextant-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder.appendingPathComponent("det"), withIntermediateDirectories: true)
    #expect(SequenceInformation.beside(folder.appendingPathComponent("det/det.txt").path) == nil)
    try Data("seqLength=7\n".utf8).write(to: folder.appendingPathComponent("seqinfo.ini"))
    #expect(SequenceInformation.beside(folder.appendingPathComponent("det/det.txt").path)?.frameCount == 7)
    #expect(SequenceInformation.beside(folder.appendingPathComponent("gt.txt").path)?.frameCount == 7)
  }

  @Test func namesALineThatIsNoNumberWhereThatMatters() {
    let error = #expect(throws: RecordsError.self) {
      try SequenceInformation.read(bytes: Array("[Sequence]\nseqLength=many\n".utf8), name: "s.ini")
    }
    #expect(error?.description.contains("s.ini, line 2: seqlength") == true)
  }
}
