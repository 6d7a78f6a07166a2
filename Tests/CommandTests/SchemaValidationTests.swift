import Foundation
import Testing

/// The stream of a real run against docs/schema.json, by Python's jsonschema.
@Suite struct SchemaValidationTests {
  private static let package = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Runs a program of Python's and gives what it printed; nil where it failed.
  private static func python(_ program: String, _ arguments: [String] = []) -> String? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-W", "ignore", "-c", program] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return process.terminationStatus == 0 ? text : nil
  }

  private static let hasValidator = python("from jsonschema import Draft202012Validator") != nil

  @Test(.enabled(if: hasValidator, "needs Debian's python3-jsonschema"))
  func everyRecordOfARealRunIsValid() throws {
    let place = try TemporaryFolder()
    let clip = Self.package.appendingPathComponent("samples/crossing.mp4").path
    let stream = place.file("stream.ndjson").path
    let run = try ProgramRun(["track", clip, "--forecast", "0.5", "--backfill", "-o", stream, "--quiet"])
    #expect(run.exitCode == 0, "\(run.errors)")
    let program = """
      import json, sys
      from jsonschema import Draft202012Validator
      validator = Draft202012Validator(json.load(open(sys.argv[1])))
      records = [json.loads(line) for line in open(sys.argv[2])]
      problems = [error.message for record in records for error in validator.iter_errors(record)]
      tracks = sum(len(record["tracks"]) for record in records if record["record"] == "frame")
      print(len(records) > 100, tracks > 100, len(problems), *problems[:3])
      """
    let schema = Self.package.appendingPathComponent("docs/schema.json").path
    #expect(Self.python(program, [schema, stream]) == "True True 0\n")
  }
}
