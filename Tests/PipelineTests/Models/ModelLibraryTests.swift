import Foundation
import Testing

@testable import Pipeline

/// Which files a model's name stands for.
@Suite struct ModelLibraryTests {
  /// A folder that is removed with the test.
  private final class Place {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("models-\(UUID().uuidString)")
    func write(_ name: String, bytes: Int = 3) throws {
      let file = url.appendingPathComponent(name)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(count: bytes).write(to: file)
    }
    func path(_ name: String) -> String { url.appendingPathComponent(name).path }
    deinit { try? FileManager.default.removeItem(at: url) }
  }

  @Test func aUsersModelGoesBeforeTheProgramsOwn() throws {
    let place = Place()
    for (name, bytes) in [("user/a.onnx", 1), ("own/a.onnx", 2), ("own/b.onnx", 3), ("own/b.md", 4), ("user/.onnx", 5)] {
      try place.write(name, bytes: bytes)
    }
    try FileManager.default.createDirectory(atPath: place.path("own/c.onnx"), withIntermediateDirectories: true)
    let library = ModelLibrary([
      .init(path: place.path("user"), isShipped: false), .init(path: place.path("none"), isShipped: true),
      .init(path: place.path("own"), isShipped: true),
    ])
    #expect(
      library.models == [
        .init(name: "a", path: place.path("user/a.onnx"), bytes: 1, isShipped: false),
        .init(name: "b", path: place.path("own/b.onnx"), bytes: 3, isShipped: true),
      ])
    #expect(library.path(of: "b") == place.path("own/b.onnx"))
    #expect(library.path(of: "c") == "c")
    // A path is never a name, nor is the name of a file that is there.
    #expect(library.path(of: "./b") == "./b")
    #expect(TrackRequest.DetectorChoice("b", library: library) == .network(place.path("own/b.onnx")))
    #expect(TrackRequest.DetectorChoice("motion", library: library) == .motion)
    #expect(AppearanceChoice("b", library: library) == .network(place.path("own/b.onnx")))
    #expect(AppearanceChoice("stripes", library: library) == .stripes && AppearanceChoice("c", library: library) == nil)
    #expect(TrackRequest.DetectorChoice("boxes.csv", library: library) == .file("boxes.csv"))
  }

  @Test func foldersFollowTheEnvironmentAndTheProgram() throws {
    let place = Place()
    try place.write("source/Package.swift")
    let built = ModelLibrary.standard(
      environment: ["HOME": "/home/a", "XDG_DATA_HOME": "relative"], program: place.path("source/.build/release/sextant"))
    #expect(
      built.folders.map(\.path) == [
        "/home/a/.local/share/sextant/models", place.path("source/.build/share/sextant/models"), place.path("source/models"),
      ])
    let installed = ModelLibrary.standard(environment: ["XDG_DATA_HOME": "/data"], program: "/usr/bin/sextant")
    #expect(installed.folders.map(\.path) == ["/data/sextant/models", "/usr/share/sextant/models"])
    #expect(installed.folders.map(\.isShipped) == [false, true])
  }
}
