import Foundation
import TestSupport
import Testing

@testable import Records

/// What is written must be valid by docs/schema.json, which an independent validator checks where there is one.
@Suite struct SchemaTests {
  /// The package's folder.
  private static let package: URL = {
    var place = URL(fileURLWithPath: #filePath)
    while place.path != "/", !FileManager.default.fileExists(atPath: place.appendingPathComponent("Package.swift").path) {
      place.deleteLastPathComponent()
    }
    return place
  }()

  private static let schemaPath = package.appendingPathComponent("docs/schema.json").path

  private func schema() throws -> MiniSchema {
    let data = try Data(contentsOf: URL(fileURLWithPath: Self.schemaPath))
    return MiniSchema(root: try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any]))
  }

  private func object(_ text: some Sequence<UInt8>) throws -> Any {
    try JSONSerialization.jsonObject(with: Data(Array(text)))
  }

  @Test func everyRecordIsValid() throws {
    let schema = try schema()
    for record in Samples.all + [.unknown(kind: "weather")] {
      #expect(schema.problems(of: try object(Samples.text([record]))).isEmpty)
    }
  }

  @Test(arguments: [
    (#""score":0.91"#, #""score":1.91"#), (#""state":"coasting""#, #""state":"lazy""#), (#""id":3"#, #""id":0"#),
    (#""cx":411.52,"#, ""), (#""covariance":[1.5,-0.25,2.0]"#, #""covariance":[1.5]"#), (#""time":0.4"#, #""time":"0.4""#),
    (#""w":64.2"#, #""w":-64.2"#), (#""course":-0.2739"#, #""course":-4.2739"#),
    (#""image_velocity":[14.5,-4.65]"#, #""image_velocity":[14.5]"#),
    (#""time":0.4"#, #""time":-0.4"#), (#""status":"ok","homography""#, #""status":"fine","homography""#),
  ])
  func aRecordThatIsWrongIsNotValid(part: String, replacement: String) throws {
    let text = String(decoding: Samples.text([.frame(Samples.frame)]), as: UTF8.self)
    let wrong = text.replacing(part, with: replacement)
    #expect(wrong != text)
    #expect(!(try schema()).problems(of: try object(wrong.utf8)).isEmpty)
  }

  @Test func theSchemaNamesEveryKeyThatIsWritten() throws {
    let schema = try schema()
    let known = schema.propertyNames.union(["detector", "gate", "ids", "metres", "status"])
    for record in Samples.all { #expect(keys(in: try object(Samples.text([record]))).subtracting(known).isEmpty) }
  }

  private func keys(in value: Any) -> Set<String> {
    switch value {
    case let object as [String: Any]: object.reduce(into: Set(object.keys)) { $0.formUnion(keys(in: $1.value)) }
    case let list as [Any]: list.reduce(into: []) { $0.formUnion(keys(in: $1)) }
    default: []
    }
  }

  // MARK: The validator of Python's jsonschema

  /// Runs Python with a program and arguments and returns its exit status; nil where there is no Python.
  private static func python(_ program: String, _ arguments: [String] = []) -> Int32? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-W", "ignore", "-c", program] + arguments
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    process.waitUntilExit()
    return process.terminationStatus
  }

  private static let hasValidator = python("from jsonschema import Draft202012Validator") == 0

  @Test(.enabled(if: hasValidator, "needs Python's jsonschema (Debian: python3-jsonschema)"))
  func anIndependentValidatorAgrees() throws {
    let program = """
      import json, sys
      from jsonschema import Draft202012Validator
      schema = json.load(open(sys.argv[1]))
      Draft202012Validator.check_schema(schema)
      validator = Draft202012Validator(schema)
      lines = [json.loads(line) for line in open(sys.argv[2])]
      sys.exit(0 if lines and all(validator.is_valid(line) for line in lines) else 1)
      """
    let folder = try ScratchFolder()
    try folder.write(Samples.text(Samples.all), to: "valid.jsonl")
    #expect(Self.python(program, [Self.schemaPath, folder.file("valid.jsonl")]) == 0)
    try folder.write(#"{"record":"frame","frame":-1,"time":0,"tracks":[]}"# + "\n", to: "wrong.jsonl")
    #expect(Self.python(program, [Self.schemaPath, folder.file("wrong.jsonl")]) == 1)
  }
}
