import Foundation
import TestSupport
import Testing

@testable import Viewer

@Suite struct ReviewListTests {
  private func lines(_ texts: String...) -> [UInt8] { Array(texts.joined(separator: "\n").utf8) }

  private static let accept = #"{"record":"review","kind":"accept","id":1,"frame":3}"#
  private static let swap = #"{"record":"review","kind":"swap","id":2,"frame":5,"other":4}"#

  /// Two pages that know nothing of each other's decisions: none is lost.
  @Test func changesOfSeveralPagesAreKept() throws {
    let folder = try ScratchFolder()
    let path = folder.file("t.review.ndjson")
    let (first, second) = (ReviewList(path: path), ReviewList(path: path))
    #expect(try first.decisions().isEmpty)
    #expect(try first.change(by: lines(Self.accept)).count == 1)
    #expect(try second.change(by: lines(Self.swap)) == [.init(.accept, id: 1, frame: 3), .init(.swap, id: 2, other: 4, frame: 5)])
    let undone = Self.accept.dropLast() + #","undone":true}"#
    #expect(try first.change(by: lines(String(undone))) == [.init(.swap, id: 2, other: 4, frame: 5)])
    // What another page took back already is gone.
    #expect(try second.change(by: lines(String(undone), Self.accept)).map(\.kind) == [.swap, .accept])
    #expect(try ReviewDecision.read(path: path).map(\.kind) == [.swap, .accept])
  }

  @Test func aLineThatIsNoneChangesNothing() throws {
    let folder = try ScratchFolder()
    let path = folder.file("t.review.ndjson")
    let list = ReviewList(path: path)
    _ = try list.change(by: lines(Self.accept))
    #expect(throws: ViewerError.self) { try list.change(by: lines(Self.swap, "{}")) }
    #expect(try list.decisions().map(\.kind) == [.accept])
    try Data("{\"record\":\"rev".utf8).write(to: URL(fileURLWithPath: path))
    #expect(throws: ViewerError.self) { try list.change(by: lines(Self.swap)) }
  }
}
