import ArgumentParser
import Foundation
import Reports

/// Which results are evaluated: one, or several side by side.
struct ComparedResultOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The result.", valueName: "path"), completion: .file())
  var result: String?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Several results side by side, each against the first.", valueName: "path"), completion: .file())
  var compare: [String] = []

  @Option(help: ArgumentHelp("Seed of the intervals of --compare.", valueName: "n"))
  var seed: UInt64 = 0

  @Option(help: ArgumentHelp("Number of draws behind the intervals of --compare.", valueName: "n"))
  var draws = 2000

  func validate() throws {
    guard (2...1_000_000).contains(draws) else { throw ValidationError("--draws \(draws): give a number from 2 to 1000000.") }
  }

  /// The paths of the results, the one of --result first.
  var paths: [String] { (result.map { [$0] } ?? []) + compare }

  /// The results as files that are read.
  var reads: [(path: String?, role: String)] { paths.map { ($0, "the result") } }

  /// The paths with what each result is called.
  ///
  /// - Throws: `CommandError.usage` where there is none.
  func named() throws -> [(name: String, path: String)] {
    guard !paths.isEmpty else { throw CommandError.usage("there is no result to evaluate; give --result or --compare") }
    return paths.map { (name(of: $0), $0) }
  }

  /// A result is called by the last part of its path, or by the whole where two end alike.
  private func name(of path: String) -> String {
    func last(_ path: String) -> String { URL(fileURLWithPath: path).lastPathComponent }
    return paths.count { last($0) == last(path) } > 1 ? path : last(path)
  }

  var bootstrap: PairedBootstrap { PairedBootstrap(seed: seed, draws: draws) }
}
