import Foundation
import Imaging
import Testing

/// `sextant models`: the networks that are called by a name, and their use by it.
@Suite struct ModelsTests {
  /// A home without models of its own.
  private static func variables(_ folder: TemporaryFolder) -> [String: String] { ["XDG_DATA_HOME": folder.file("data").path] }

  @Test func theShippedModelsAreListedAndFound() throws {
    let folder = try TemporaryFolder()
    let list = try ProgramRun(["models", "list"], in: folder.url, variables: Self.variables(folder))
    #expect(list.exitCode == 0, "\(list.errors)")
    #expect(list.lines.contains { $0.hasPrefix("aerial-thermal ") && $0.contains("Person") && $0.contains("CC BY 4.0") })
    let lines = try ProgramRun(["models", "list", "--json"], in: folder.url, variables: Self.variables(folder)).lines
    #expect(lines.count == list.lines.count - 1 && lines.allSatisfy { $0.contains(#""shipped":true"#) })
    let path = try ProgramRun(["models", "path", "aerial-thermal"], in: folder.url, variables: Self.variables(folder))
    #expect(FileManager.default.fileExists(atPath: path.lines.first ?? ""))
    let info = try ProgramRun(["models", "info", "aerial-thermal"], in: folder.url, variables: Self.variables(folder))
    // The card follows, with the attribution that the pictures' licence asks for.
    #expect(info.output.contains("Bicycle, Car, OtherVehicle, Person") && info.output.contains("Scientific Data 10, 227"))
  }

  @Test func aUsersModelOfTheNameGoesFirst() throws {
    let folder = try TemporaryFolder()
    let models = folder.file("data/sextant/models")
    try FileManager.default.createDirectory(at: models, withIntermediateDirectories: true)
    try Data("no network".utf8).write(to: models.appendingPathComponent("aerial-thermal.onnx"))
    let list = try ProgramRun(["models", "list"], in: folder.url, variables: Self.variables(folder))
    #expect(list.exitCode == 0 && list.lines.contains { $0.contains("user") && $0.contains("is no network that can be read") })
    let info = try ProgramRun(["models", "info", "aerial-thermal"], in: folder.url, variables: Self.variables(folder))
    #expect(info.exitCode == 65, "\(info.errors)")
  }

  @Test func unknownNamesAreToldWithTheKnownOnes() throws {
    let folder = try TemporaryFolder()
    for verb in ["info", "path"] {
      let run = try ProgramRun(["models", verb, "nothing"], in: folder.url, variables: Self.variables(folder))
      #expect(
        run.exitCode == 66 && run.errors.contains("there is neither a file nor a model 'nothing'; models are aerial-thermal"),
        "\(run.errors)")
    }
  }

  @Test func theShippedModelRunsByItsName() throws {
    let folder = try TemporaryFolder()
    try Data(ImageFile.png(Image(width: 640, height: 512, channels: 1))).write(to: folder.file("black.png"))
    for (name, type) in [
      ("aerial-thermal", "f32"), ("aerial-thermal-int8", "int8"), ("aerial-thermal-small", "bf16"),
      ("aerial-thermal-small-int8", "int8"),
    ] {
      let run = try ProgramRun(
        ["detect", "black.png", "--model", name, "--type", type], in: folder.url, variables: Self.variables(folder))
      #expect(run.exitCode == 0, "\(run.errors)")
      // Nothing is there.
      #expect(run.lines.count == 1 && run.output.contains(#""boxes":[]"#), "\(run.output)")
    }
    let track = try ProgramRun(
      ["track", ".", "--fps", "2", "--detector", "aerial-thermal", "-q"], in: folder.url, variables: Self.variables(folder))
    #expect(track.exitCode == 0 && track.output.contains("sextant-gaussian, 512x640"), "\(track.errors)")
    // What looks at motion takes no single pictures.
    let moving = try ProgramRun(
      ["track", ".", "--fps", "2", "--detector", "moving-object", "-q"], in: folder.url, variables: Self.variables(folder))
    #expect(moving.exitCode == 0 && moving.output.contains("sextant-gaussian"), "\(moving.errors)")
    let still = try ProgramRun(
      ["detect", "black.png", "--model", "moving-object"], in: folder.url, variables: Self.variables(folder))
    #expect(still.exitCode == 64, "\(still.errors)")
  }
}
