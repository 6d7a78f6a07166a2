import Foundation
import TestSupport
import Testing

@testable import Records

/// Numbers that are finite one by one and not together, names that steer a terminal, and files that never end.
@Suite struct FarBoxTests {
  private func read(_ text: String, _ format: BoxFormat? = nil, size: (Double, Double)? = nil) throws -> BoxTable {
    var options = BoxTableReader.Options(format: format)
    options.images.size = size
    return try BoxTableReader.read(bytes: Array(text.utf8), name: "t", options: options)
  }

  @Test(arguments: ["1e308", "1e10", "-3e9"]) func positionsBeyondThirtyTwoBitsAreRefused(_ number: String) throws {
    for row in ["1,1,\(number),10,20,20,1,1,1\n", "1,1,10.5,\(number),20,20,1,1,1\n"] {
      #expect(throws: RecordsError.self, "\(row)") { try read(row, .mot) }
    }
    #expect(throws: RecordsError.self) { try read("1,1,0,0,\(number),0,\(number),9,0,9,1,0,0\n", .motOriented) }
    #expect(throws: RecordsError.self) {
      try read(
        """
        {"record":"header","schema":"sextant/2","program":"x","classes":["a"]}
        {"record":"frame","frame":0,"time":0,"tracks":[{"id":1,"class":"a","state":"confirmed","observed":true,"box":{"cx":\(number),"cy":1,"w":1,"h":1,"angle":null}}]}

        """, .sextant)
    }
    // As near as files have them.
    #expect(try read("1,1,-2000000000,10,20,20,1,1,1\n", .mot).count == 1)
  }

  @Test func sharesOfAPictureThatAreNoPlacesInItAreRefused() throws {
    let folder = try ScratchFolder()
    for number in ["1e308", "1e9"] {
      try folder.write("0 \(number) 0.5 0.1 0.1\n", to: "labels/1.txt")
      var options = BoxTableReader.Options(format: .yolo)
      options.images.size = (640, 360)
      #expect(throws: RecordsError.self) { try BoxTableReader.read(path: folder.file("labels"), options: options) }
    }
  }

  @Test func rowsOfOtherLengthsThanTheFirstAreAnError() throws {
    let whole = "car 1 0.5 0 0 10 20 30 40 1 1 1 1 1 1 0.5\n"
    for rest in ["car\n", "car 1\n", "car 1 0.5\n", "\u{1}\n"] {
      #expect(throws: RecordsError.self) { try read(whole + rest, .kittiObjects) }
      _ = try? read(whole + rest)
    }
  }

  @Test func namesOfClassesDoNotSteerATerminal() throws {
    let table = try read("frame,id,class,x,y,w,h\n1,1,\u{1B}[31mred\u{7},1,2,3,4\n", .csv)
    #expect(table.classes == ["?[31mred?"])
  }

  @Test func aPipeAmongLabelsIsNotWaitedFor() throws {
    let folder = try ScratchFolder()
    try folder.write("0 0.5 0.5 0.1 0.1\n", to: "labels/a_1.txt")
    #expect(mkfifo(folder.file("labels/a_2.txt"), 0o600) == 0)
    #expect(throws: RecordsError.cannotOpen(path: folder.file("labels/a_2.txt"), reason: "it is no plain file")) {
      try BoxTableReader.read(path: folder.file("labels"), options: BoxTableReader.Options(format: .yolo))
    }
    #expect(mkfifo(folder.file("seqinfo.ini"), 0o600) == 0)
    #expect(SequenceInformation.beside(folder.file("labels")) == nil)
  }

  @Test func timesThatNanosecondsCannotHoldAreRefused() throws {
    let file = try TrajectoryReader.read(bytes: Array("1e19 1 2 3 0 0 0 1\n".utf8), name: "t")
    #expect(throws: RecordsError.self) { try TrajectoryWriter.text(file, as: .euroc) }
  }
}
