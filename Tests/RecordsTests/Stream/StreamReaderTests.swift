import Geometry
import Testing

@testable import Records

@Suite struct StreamReaderTests {
  private func records(_ text: [UInt8]) throws -> (records: [StreamRecord], reader: StreamReader) {
    let reader = try StreamReader(bytes: text, name: "test.jsonl")
    var records: [StreamRecord] = []
    while let record = try reader.next() { records.append(record) }
    return (records, reader)
  }

  private func records(_ text: String) throws -> (records: [StreamRecord], reader: StreamReader) {
    try records(Array(text.utf8))
  }

  @Test func givesBackWhatWasWritten() throws {
    let (records, reader) = try records(Samples.text(Samples.all))
    #expect(records == Samples.all)
    #expect(!reader.isCutOff)
    #expect(reader.end?.frames == 600)
  }

  @Test func writesTheSameBytesAgain() throws {
    let text = Samples.text(Samples.all)
    #expect(Samples.text(try records(text).records) == text)
  }

  /// What version 1 says is taken as it was meant; the end counted its ids under the name of the lists of tracks.
  @Test func readsTheFirstVersionToo() throws {
    let (records, reader) = try records(
      #"{"record":"header","schema":"sextant/1","program":"p","settings":{},"classes":["car"],"seed":0}"# + "\n"
        + #"{"record":"frame","frame":0,"time":0.0,"tracks":[{"id":1,"class":"car","state":"confirmed","box":{"cx":1.0,"cy":2.0,"w":4.0,"h":3.0,"angle":0.0,"angle_sd":0.1},"velocity":[3.0,4.0],"heading":1.5,"observed":true,"observation":"observed"}]}"#
        + "\n" + #"{"record":"end","frames":1,"dropped":0,"tracks":14,"status":"complete"}"# + "\n")
    guard case .frame(let frame) = records[1] else {
      Issue.record("no frame")
      return
    }
    #expect(frame.tracks[0].velocity == Point(3, 4) && frame.tracks[0].heading == 1.5)
    #expect(frame.tracks[0].imageVelocity == nil && frame.tracks[0].course == nil)
    #expect(reader.end == EndRecord(frames: 1, tracks: 14, status: .complete))
  }

  @Test func keepsKindsAndKeysThatItDoesNotKnow() throws {
    let (records, _) = try records(
      #"{"later":1,"record":"weather"}"# + "\n" + #"{"record":"frame","frame":0,"time":0,"tracks":[],"wind":[1,{"a":null}]}"#
        + "\n")
    #expect(records[0] == .unknown(kind: "weather"))
    guard case .frame(let frame) = records[1] else {
      Issue.record("no frame")
      return
    }
    #expect(frame.further == [FurtherKey("wind", .list([.integer(1), .object([("a", .null)])]))])
  }

  @Test func reportsALastLineThatIsCutOffAtAnyByte() throws {
    let text = Samples.text([Samples.all[0], Samples.all[1]])
    let first = text.firstIndex(of: UInt8(ascii: "\n"))! + 1
    for end in first + 1..<text.count - 1 {
      let (records, reader) = try records(Array(text[..<end]))
      #expect(records.count == 1)
      #expect(reader.isCutOff)
    }
    let whole = try records(Array(text.dropLast()))
    #expect(whole.records.count == 2 && !whole.reader.isCutOff)
  }

  @Test(arguments: [
    ("[1]", "not a JSON object"), ("{", "not a JSON object"), (#"{"a":1}"#, "no key \"record\""),
    (#"{"record":"header","schema":"sextant/9"}"#, "schema \"sextant/9\"; this program reads sextant/1 and sextant/2"),
    (#"{"record":"frame","time":0,"tracks":[]}"#, "without \"frame\""),
    (#"{"record":"frame","frame":0,"tracks":[]}"#, "without \"time\""),
    (#"{"record":"frame","frame":0,"time":0,"tracks":[{"id":0}]}"#, "\"id\" from 1"),
    (#"{"record":"frame","frame":0,"time":0,"tracks":[{"id":1}]}"#, "no \"box\""),
    (#"{"record":"frame","frame":0,"time":0,"tracks":[{"id":1,"box":{"cx":1,"cy":1,"w":-1,"h":1,"angle":0}}]}"#, "at least 0"),
    (#"{"record":"frame","frame":0,"time":0,"tracks":[{"id":1,"box":{"cx":"1"}}]}"#, "\"box.cx\" is not a number"),
    (#"{"record":"end","status":"gone"}"#, "\"status\" is none of"),
  ])
  func namesTheLineAndTheKey(line: String, reason: String) throws {
    let error = #expect(throws: RecordsError.self) { try records("{\"record\":\"x\"}\n" + line + "\n") }
    let text = error?.description ?? ""
    #expect(text.contains("test.jsonl, line 2: ") && text.contains(reason), "\(text)")
  }

  @Test func refusesDeepNesting() throws {
    let deep = String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000)
    #expect(throws: RecordsError.self) { try records(#"{"record":"frame","frame":0,"time":0,"x":"# + deep + "}\n") }
  }

  @Test func becomesATableOfEveryRow() throws {
    var tentative = Samples.track
    tentative.state = .tentative
    var filled = Samples.track
    filled.state = .confirmed
    filled.box.center.x = 100
    let records: [StreamRecord] = [
      .header(Samples.header), .frame(FrameRecord(frame: 11, time: 0.3, tracks: [tentative])),
      .backfill(BackfillRecord(frame: 11, time: 0.3, tracks: [filled])), .frame(Samples.frame),
      .backfill(BackfillRecord(frame: 10, time: 0.2, tracks: [Samples.frame.tracks[1]])),
      .backfill(BackfillRecord(frame: 11, time: 0.3, tracks: [filled])), Samples.all[5],
    ]
    let text = Samples.text(records)
    let table = try BoxTableReader.read(bytes: text, name: "s.jsonl")
    #expect(table.format == .sextant)
    #expect(table.frames == [11, 12, 12, 10])
    #expect(table.ids == [3, 3, 4, 4])
    #expect(table.orientedBoxes[0].center.x == 100)
    #expect(table.classes == ["car", "person"])
    #expect(table.visibilities == [0.5, 0.5, 1, 1])
    #expect(table.frameCount == 13)
    #expect(table.rowsByFrame().keys == [10, 11, 12])
    #expect(table.warnings.isEmpty)
    // As detections only the rows that stand for one.
    let detections = try BoxTableReader.read(bytes: text, name: "s.jsonl", options: .init(role: .detections))
    #expect(detections.frames == [12, 10] && detections.ids == [4, 4])
    let cut = try BoxTableReader.read(bytes: text.dropLast(5), name: "s.jsonl")
    #expect(cut.warnings.count == 1)
  }
}
