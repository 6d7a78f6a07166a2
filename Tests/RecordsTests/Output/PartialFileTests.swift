import Foundation
import TestSupport
import Testing

@testable import Records

@Suite struct PartialFileTests {
  @Test func aFileIsUnderItsUnfinishedNameUntilItIsPublished() throws {
    let folder = try ScratchFolder()
    let file = PartialFile(path: folder.file("a"), overwrite: false)
    let descriptor = try file.create()
    #expect(folder.names == ["a.part"])
    #expect(write(descriptor, "x", 1) == 1)
    try file.publish(descriptor)
    #expect(folder.names == ["a"])
  }

  @Test func anotherRunMayNotWriteTheSameFileAndTakesOverWhatAKilledOneLeft() throws {
    let folder = try ScratchFolder()
    let file = PartialFile(path: folder.file("a"), overwrite: false)
    let first = try file.create()
    #expect(throws: RecordsError.self) { try file.create() }
    #expect(write(first, "left over", 9) == 9)
    // A killed program closes its files.
    close(first)
    let second = try file.create()
    #expect(write(second, "new", 3) == 3)
    try file.publish(second)
    #expect(try String(contentsOfFile: folder.file("a"), encoding: .utf8) == "new")
  }

  @Test func aFolderAndALinkAreNoNames() throws {
    let folder = try ScratchFolder()
    #expect(throws: RecordsError.self) { try PartialFile(path: folder.file("."), overwrite: true).create() }
    #expect(symlink("nowhere", folder.file("link")) == 0 && symlink("elsewhere", folder.file("b.part")) == 0)
    #expect(throws: RecordsError.outputExists(path: folder.file("link"))) {
      try PartialFile(path: folder.file("link"), overwrite: false).create()
    }
    #expect(throws: RecordsError.self) { try PartialFile(path: folder.file("b"), overwrite: true).create() }
  }

  @Test func filesOfOneInodeAreOneFile() throws {
    let folder = try ScratchFolder()
    for name in ["a", "b"] { try Data().write(to: URL(fileURLWithPath: folder.file(name))) }
    #expect(link(folder.file("a"), folder.file("hard")) == 0 && symlink("a", folder.file("soft")) == 0)
    let identity = try #require(FileIdentity(path: folder.file("a")))
    #expect(identity == FileIdentity(path: folder.file("hard")) && identity == FileIdentity(path: folder.file("soft")))
    #expect(identity != FileIdentity(path: folder.file("b")) && FileIdentity(path: folder.file("c")) == nil)
    #expect(identity.isRegular && !identity.isFolder && FileIdentity(path: folder.file("."))?.isFolder == true)
  }
}
