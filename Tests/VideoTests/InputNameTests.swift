import Foundation
import TestSupport
import Testing

@testable import Video

@Suite struct InputNameTests {
  @Test(arguments: [
    ("rtsp://user:secret@host:554/path", "rtsp://user:***@host:554/path"),
    ("rtsp://user:se@cret@host/", "rtsp://user:***@host/"),
    ("rtsp://user@host/", "rtsp://user@host/"), ("http://host/a:b@c", "http://host/a:b@c"),
    ("folder/a:b@c", "folder/a:b@c"), ("udp://127.0.0.1:99", "udp://127.0.0.1:99"),
  ])
  func passwordsAreNotShown(_ input: String, _ shown: String) {
    #expect(InputName.withoutPassword(input) == shown)
  }

  @Test func schemesAreTheLettersBeforeTheColonAndSlashes() {
    #expect(InputName.scheme(of: "RTSP://host") == "rtsp")
    #expect(InputName.scheme(of: "my folder/x://y") == nil)
    #expect(InputName.scheme(of: "://x") == nil)
  }

  @Test func namesStandForTheirKindOfInput() throws {
    let folder = try ScratchFolder()
    try folder.write([1], to: "per%04dcent.png")
    try folder.write([1], to: "star*.png")
    try folder.write([1], to: "shot_2.png")
    try folder.write([1], to: "shot_10.png")
    try folder.write([1], to: "notes.txt")
    try folder.write([1], to: ".hidden.png")
    #expect(try InputLocation("-") == .standardInput)
    #expect(try InputLocation("lavfi:testsrc=rate=5") == .generator("testsrc=rate=5"))
    #expect(try InputLocation("srt://127.0.0.1:9") == .address(scheme: "srt"))
    // A file that exists is itself, whatever its name looks like.
    #expect(try InputLocation(folder.file("per%04dcent.png")) == .file(folder.file("per%04dcent.png")))
    #expect(try InputLocation(folder.file("star*.png")) == .file(folder.file("star*.png")))
    #expect(try InputLocation("file://" + folder.file("notes.txt")) == .file(folder.file("notes.txt")))
    let shots = ["shot_2.png", "shot_10.png"].map(folder.file)
    #expect(try InputLocation(folder.file("shot_%d.png")) == .images(shots))
    #expect(try InputLocation(folder.file("shot_*.png")) == .images(shots))
    #expect(
      try InputLocation(folder.path) == .images(["per%04dcent.png"].map(folder.file) + shots + ["star*.png"].map(folder.file)))
  }

  @Test(arguments: ["", "no-such-file.mp4", "no-such-folder/img_%04d.png", "/dev/video97", "file:///no/such/file"])
  func whatDoesNotExistIsNotFound(_ input: String) throws {
    let error = #expect(throws: VideoError.self) { try VideoSources.open(input) }
    #expect(error?.category == .notFound)
  }

  @Test func unknownSchemesAreRefused() throws {
    let error = #expect(throws: VideoError.self) { try VideoSources.open("gopher://127.0.0.1/x") }
    #expect(error?.category == .malformed)
  }
}
