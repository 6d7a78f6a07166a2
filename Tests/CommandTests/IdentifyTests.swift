import Foundation
import Testing

/// `sextant identify`: what it prints and writes, and what it refuses with which exit code.
@Suite struct IdentifyTests {
  /// y_k = 1.4 y_{k-1} - .9 y_{k-2} + .1 u_{k-1} as text with an empty last column, u from a linear congruence.
  private static let table: String = {
    var state = 12345
    var (first, second) = (0.0, 0.0)
    var earlier = 0.0
    var text = "u,y,\n"
    for _ in 0..<800 {
      let y = 1.4 * first - 0.9 * second + 0.1 * earlier
      state = (state * 1_103_515_245 + 12345) % 2_147_483_648
      earlier = Double(state) / 1_073_741_824 - 1
      text += "\(earlier),\(y),\n"
      (first, second) = (y, first)
    }
    return text
  }()

  private func identify(_ table: String, _ more: [String], in folder: TemporaryFolder) throws -> ProgramRun {
    let file = try folder.write(Data(table.utf8), "data.csv")
    return try ProgramRun(["identify", file, "--input", "u", "--output", "y"] + more)
  }

  @Test func printsErrorsAndPolesAndWritesModelAndPage() throws {
    let folder = try TemporaryFolder()
    let (model, page) = (folder.file("m.json"), folder.file("m.html"))
    let run = try identify(
      Self.table, ["--form", "linear", "--train", "0:600", "--test", "600:800", "-o", model.path, "--report", page.path], in: folder
    )
    try #require(run.exitCode == 0, "\(run.errors)")
    // z² - 1.4 z + .9 has the poles .7 ± .640312i of magnitude .948683.
    #expect(run.output.contains("0.640312") && run.output.contains("0.948683"))
    #expect(try String(contentsOf: model, encoding: .utf8).contains("\"format\" : \"sextant-model/1\""))
    #expect(try String(contentsOf: page, encoding: .utf8).contains("Identified model"))
    let peeping = try identify(Self.table, ["--train", "0:600", "--validate", "500:600"], in: folder)
    #expect(peeping.exitCode == 64 && peeping.errors.contains("shares rows with --train 0:600"), "\(peeping.errors)")
    let again = try identify(Self.table, ["--train", "0:600", "-o", model.path], in: folder)
    #expect(again.exitCode == 73 && again.errors.contains("--overwrite"))
  }

  @Test(arguments: [
    ("u,z\n1,2\n", ["--train", "0:2"], 65, "no column"), ("u,y\n1,2\nx,3\n", ["--train", "0:2"], 65, "not a number"),
    ("u,y,u\n1,2,3\n1,2,3\n", ["--train", "0:2"], 65, "two columns \"u\""),
    ("u,y\n1,2\n1,2\n", ["--train", "0:2", "--input", "u,y"], 64, "name a column twice"),
    ("u,y\n1,2\n3,nan\n", ["--train", "0:2"], 65, "not a finite number"), ("u,y\n1,2\n", ["--train", "0:1"], 65, "1 row"),
    ("", ["--train", "0:1"], 65, "empty"), (table, ["--train", "0:9000"], 64, "only 800 rows"),
    (table, ["--train", "9"], 64, "A:B"), (table, ["--train", "0:10"], 64, "--train 0:10: 15 %"),
    (table, ["--train", "0:600", "--form", "cubic"], 64, "a form is one of"),
    (table, ["--train", "0:600", "--time", "continuous"], 64, "--sample-rate"),
    (table, ["--train", "0:600", "--states", "99"], 64, "--states"),
    (table, ["--train", "0:600", "--form", "kinematic", "--states", "3"], 64, "not 3; give two (--states)"),
  ])
  func refusesWhatItCannotUse(table: String, options: [String], code: Int, sentence: String) throws {
    let run = try identify(table, options, in: TemporaryFolder())
    #expect(Int(run.exitCode) == code)
    #expect(run.errors.contains(sentence), "\(run.errors)")
  }

  @Test func refusesSignalsThatDoNotChangeAndFilesThatAreNotThere() throws {
    let flat = "u,y\n" + (0..<200).map { "\($0 % 7),3\n" }.joined()
    let run = try identify(flat, ["--train", "0:200"], in: TemporaryFolder())
    #expect(run.exitCode == 65 && run.errors.contains("constant"))
    let huge = "u,y\n" + (0..<200).map { "\($0 % 7),\($0 % 5)e250\n" }.joined()
    let large = try identify(huge, ["--train", "0:200"], in: TemporaryFolder())
    #expect(large.exitCode == 65 && large.errors.contains("1e140"), "\(large.errors)")
    #expect(try ProgramRun(["identify", "/nonexistent.csv", "--input", "u", "--output", "y", "--train", "0:9"]).exitCode == 66)
  }
}
