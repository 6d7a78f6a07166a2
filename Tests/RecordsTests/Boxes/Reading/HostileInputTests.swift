import CZlib
import Foundation
import TestSupport
import Testing

@testable import Records

/// Files that are broken as whole files: gzip, emptiness, length, order.
@Suite struct HostileInputTests {
  private func read(_ text: String, _ options: BoxTableReader.Options = .init()) throws -> BoxTable {
    try BoxTableReader.read(bytes: Array(text.utf8), name: "t.txt", options: options)
  }

  private func failure(_ text: String, _ options: BoxTableReader.Options = .init()) -> String {
    do {
      _ = try read(text, options)
      return "no error"
    } catch {
      return String(describing: error)
    }
  }

  /// Writes a gzip file and returns its bytes.
  private func gzipped(_ text: String, in folder: ScratchFolder, name: String) throws -> Data {
    let file = try #require(gzopen(folder.file(name), "wb"))
    gzwrite(file, text, UInt32(text.utf8.count))
    gzclose(file)
    return try Data(contentsOf: URL(fileURLWithPath: folder.file(name)))
  }

  private static let rows = (1...3000).map { "\($0),1,\(Double($0) * 1.37),2,3,4,0.5\n" }.joined()

  @Test func readsGzipWhateverTheName() throws {
    let folder = try ScratchFolder()
    _ = try gzipped(Self.rows, in: folder, name: "det.txt")
    #expect(try BoxTableReader.read(path: folder.file("det.txt")).count == 3000)
  }

  @Test func tellsGzipThatBreaksOff() throws {
    let folder = try ScratchFolder()
    let whole = try gzipped(Self.rows, in: folder, name: "det.txt.gz")
    for length in [20, whole.count / 2, whole.count - 9, whole.count - 1] {
      let path = folder.file("cut-\(length).gz")
      try whole.prefix(length).write(to: URL(fileURLWithPath: path))
      let error = #expect(throws: RecordsError.self) { try BoxTableReader.read(path: path) }
      #expect(error?.description.contains("break off") == true, "\(length): \(String(describing: error))")
    }
  }

  @Test func tellsGzipThatIsDamaged() throws {
    let folder = try ScratchFolder()
    var bytes = try gzipped(Self.rows, in: folder, name: "det.txt.gz")
    bytes[bytes.count / 2] ^= 0xFF
    let path = folder.file("bad.gz")
    try bytes.write(to: URL(fileURLWithPath: path))
    #expect(throws: RecordsError.self) { try BoxTableReader.read(path: path) }
  }

  @Test func survivesDamageAnywhereInGzip() throws {
    let folder = try ScratchFolder()
    let whole = Array(try gzipped(String(Self.rows.prefix(4000)), in: folder, name: "det.txt.gz"))
    var random = TestRandom(seed: 11)
    for _ in 0..<300 {
      var bytes = whole
      for _ in 0..<3 { bytes[Int.random(in: 2..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random) }
      try folder.write(bytes, to: "bad.gz")
      _ = try? BoxTableReader.read(path: folder.file("bad.gz"))
    }
  }

  @Test func skipsAByteOrderMark() throws {
    #expect(try read("\u{FEFF}1,1,1,2,3,4,1\n").count == 1)
    #expect(try read("\u{FEFF}").isEmpty)
  }

  @Test func takesAnEmptyFileAsNoBoxesButNotABlankOne() throws {
    #expect(try read("").isEmpty)
    #expect(failure("\n").contains("nothing but blank lines"))
    #expect(failure("\r\n \n").contains("nothing but blank lines"))
  }

  @Test func tellsAFileThatIsNotThere() {
    let error = #expect(throws: RecordsError.self) { try BoxTableReader.read(path: "/no/such/file") }
    #expect(error == .cannotOpen(path: "/no/such/file", reason: "no such file"))
  }

  @Test func tellsACauseOnceWithItsCount() {
    let rows = (1...40).map { row in
      row % 2 == 0 ? "\(row),1,x\(row),2,3,4,1\n" : row == 7 ? "7,1,1,2,-3,4,1\n" : "\(row),1,1,2,3,4,1\n"
    }
    let message = failure(rows.joined(), .init(format: .mot))
    #expect(
      message == "cannot read t.txt, 21 bad lines: line 2: column 3 (\"x2\") is not a number (the same in 19 more lines); "
        + "line 7: column 5 (\"-3\") is a negative size")
    #expect(failure(rows.joined(), .init(format: .mot, listedBadLines: 1)).hasSuffix("(the same in 19 more lines); and 1 more"))
  }

  @Test func steersNoTerminalByWhatAFileHolds() {
    let message = failure("1,1,\u{1B}]0;x\u{7},2,3,4,1\n\u{1B}[2J,1,1,2,3,4,1\n", .init(format: .mot))
    #expect(!message.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F })
    #expect(RecordsError.malformed(path: "a\u{1B}[31m\u{202E}", reason: "b\nc").description == "cannot use a?[31m?: b?c")
  }

  @Test func readsOnBehindALineThatIsTooLong() throws {
    let long = String(repeating: "1", count: 3 << 20)
    let reader = LineReader(ByteSource(bytes: Array("a\n\(long)\nb\n\(long)".utf8), name: "t"))
    func next() throws -> String? { try reader.nextLine { String(decoding: $0.bytes, as: UTF8.self) } }
    #expect(try next() == "a")
    #expect(throws: RecordsError.self) { _ = try next() }
    #expect(try next() == "b")
    let last = #expect(throws: RecordsError.self) { _ = try next() }
    #expect(last?.description.contains("line 4: longer than") == true)
    #expect(try next() == nil)
  }

  @Test func refusesAGapThatWouldBecomeGigabytes() throws {
    let table = try read("1,1,10,10,20,20,1\n100000000,1,10,10,20,20,1\n")
    let error = #expect(throws: RecordsError.self) { try BoxTableWriter.text(table, as: .sextant) }
    #expect(error?.description.contains("between frame 1 and frame 100000000 there are more than 1000000 frames") == true)
    // A hundred gaps, each short enough, are as long as one that is not.
    let sparse = (1...100).map { "\($0 * 900_000),1,10,10,20,20,1\n" }.joined()
    #expect(throws: RecordsError.self) { try read(sparse).refuseLongGaps(path: "t") }
    let crowd = String(repeating: "7,1,10,10,20,20,1\n", count: BoxLimits.maximumBoxesInFrame)
    try read(crowd).refuseCrowdedFrames(path: "t")
    #expect(throws: RecordsError.self) { try read(crowd + "7,2,10,10,20,20,1\n").refuseCrowdedFrames(path: "t") }
    #expect(throws: RecordsError.self) { try read("5000000,1,10,10,20,20,1\n").refuseLongGaps(path: "t") }
    try read("1,1,10,10,20,20,1\n1000001,1,10,10,20,20,1\n").refuseLongGaps(path: "t")
  }

  @Test(arguments: [
    ("1,1,1,2,3,4,nan\n", "line 1, column 7 (\"nan\") is not a finite number"), ("1,1,1,2,-inf,4,1\n", "not a finite number"),
    ("1,1,1,2,-3,4,1\n", "column 5 (\"-3\") is a negative size"), ("1,1,1e999,2,3,4,1\n", "not a finite number"),
    ("1.5,1,1,2,3,4,1\n", "column 1 (\"1.5\") is not an integer"), ("-1,1,1,2,3,4,1\n", "is outside 0…100000000"),
    ("99999999999,1,1,2,3,4,1\n", "is outside 0…100000000"), ("1,3000000000,1,2,3,4,1\n", "is outside -1…2147483647"),
    ("1,1,,2,3,4,1\n", "column 3 is empty"), ("1,1,1,2,3,4,,\n", "column 7 is empty"), ("1,1,1 2,2,3,4,1\n", "is not a number"),
    ("1,1,1,2,3,4,1\n1,1,1\n", "line 2: 3 columns, expected 7"), ("a,b\n", "cannot tell the format"),
  ])
  func namesTheLineAndTheColumn(text: String, reason: String) {
    let message = failure(text)
    #expect(message.contains(reason) || message.replacing("line 1: ", with: "line 1, ").contains(reason), "\(message)")
  }

  @Test func refusesALineWithoutEnd() {
    let message = failure(String(repeating: "1", count: 3 << 20), .init(format: .mot))
    #expect(message.contains("line 1: longer than 1048576 bytes"))
  }

  @Test func refusesMoreBoxesThanTheLimit() {
    #expect(failure(Self.rows, .init(maximumRows: 2999)).contains("more than 2999 boxes"))
  }

  @Test func takesFramesThatBeginAtZeroAsSuch() throws {
    let table = try read("0,1,1,2,3,4,1\n1,1,1,2,3,4,1\n")
    #expect(table.frames == [0, 1] && table.warnings.count == 1)
  }

  @Test func readsWindowsLineEndsBlanksAndALastLineWithoutEnd() throws {
    let table = try read("1 1  1 2 3 4 0.5 \r\n\r\n  2\t1 1 2 3 4 0.5")
    #expect(table.frames == [0, 1] && table.confidences == [0.5, 0.5])
  }

  @Test func ordersFramesAndListsDuplicates() throws {
    let table = try read("3,1,1,2,3,4,1\n1,1,1,2,3,4,1\n3,2,1,2,3,4,1\n3,1,1,2,3,4,1\n1,-1,1,2,3,4,1\n1,-1,1,2,3,4,1\n")
    #expect(!table.isSortedByFrame)
    let index = table.rowsByFrame()
    #expect(index.keys == [0, 2])
    #expect(Array(index.rows(of: 2)) == [0, 2, 3] && Array(index.rows(of: 0)) == [1, 4, 5])
    #expect(index.rows(of: 1).isEmpty && index.rows(of: -5).isEmpty && index.rows(of: .max).isEmpty)
    #expect(table.duplicateIdentities() == [DuplicateIdentity(frame: 2, id: 1, rows: [0, 3])])
  }

  @Test func ordersFramesThatLieFarApart() throws {
    let table = try read("90000000,1,1,2,3,4,1\n1,1,1,2,3,4,1\n90000000,2,1,2,3,4,1\n")
    let index = table.rowsByFrame()
    #expect(Array(index.rows(of: 89_999_999)) == [0, 2])
  }
}
