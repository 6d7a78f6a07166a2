import ArgumentParser
import Foundation
import Pipeline
import Records

/// `sextant models`: the networks that are called by a name.
struct ModelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models",
    abstract: "Show the networks that are there, what they find and where they lie.",
    discussion: """
      A network is called by its name in 'track --detector NAME' and 'detect --model NAME'. Those that come with the program are found by \
      themselves; files NAME.onnx in $XDG_DATA_HOME/sextant/models (~/.local/share/sextant/models) join them, and go before them.

      examples:
        sextant models list
        sextant models info aerial-thermal
        sextant track thermal.mp4 --detector aerial-thermal -o tracks.ndjson
      """,
    subcommands: [ModelsListCommand.self, ModelsInfoCommand.self, ModelsPathCommand.self])

  /// - Throws: `PipelineError.unknownModel` with the names that there are.
  static func model(named name: String) throws -> ModelLibrary.Model {
    let library = ModelLibrary.standard()
    if let model = library.model(of: name) { return model }
    throw PipelineError.unknownModel(name: name, known: library.models.map(\.name))
  }
}

/// `sextant models list`.
struct ModelsListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the networks with size, classes and licence.")

  @Flag(help: "Print a JSON object for each.")
  var json = false

  func run() throws {
    try ExitStatus.reporting {
      let models = ModelLibrary.standard().models
      let described = models.map { ($0, try? ModelLibrary.facts(of: $0.path)) }
      guard !json else {
        for (model, facts) in described { print(ModelDescription(model, facts).line) }
        return
      }
      guard !models.isEmpty else { return StandardError.say("there are no models; 'sextant models path' shows the folders") }
      let width = max(5, models.map(\.name.count).max() ?? 0)
      func row(_ name: String, _ size: String, _ from: String, _ rest: String) -> String {
        let padded = name.padding(toLength: width, withPad: " ", startingAt: 0)
        return "\(padded)  \(String(repeating: " ", count: max(0, 7 - size.count)))\(size)  \(from)  \(rest)"
      }
      // The name of the licence; whose pictures it comes from stands in the card.
      func terms(_ licence: String?) -> String {
        licence.map { $0.prefix { $0 != "(" }.trimmingCharacters(in: .whitespaces) } ?? "not told"
      }
      print(row("model", "MB", "from   ", "classes; licence"))
      for (model, facts) in described {
        let rest = facts.map { facts in
          let names = "\(facts.classes.prefix(8).joined(separator: ", "))\(facts.classes.count > 8 ? " …" : "")"
          let kind = facts.kind == .detector ? "" : facts.kind.rawValue + (names.isEmpty ? "" : ": ")
          return "\(kind)\(names); \(terms(facts.licence))"
        }
        print(
          row(
            model.name, String(format: "%.1f", Double(model.bytes) / 1e6), model.isShipped ? "program" : "user   ",
            rest ?? "is no network that can be read"))
      }
    }
  }
}

/// `sextant models info NAME`.
struct ModelsInfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "info", abstract: "Tell what a network finds, and its card.")

  @Argument(help: "The model's name, or a file.")
  var name: String

  @Flag(help: "Print a JSON object.")
  var json = false

  func run() throws {
    try ExitStatus.reporting {
      let model = try ModelsCommand.model(named: name)
      let facts = try ModelLibrary.facts(of: model.path)
      guard !json else { return print(ModelDescription(model, facts).line) }
      print("file     \(model.path)")
      print("size     \(String(format: "%.1f", Double(model.bytes) / 1e6)) MB")
      print("kind     \(facts.kind.rawValue)")
      if !facts.classes.isEmpty { print("classes  \(facts.classes.joined(separator: ", "))") }
      let before = facts.mixesTime ? "; looks at the frame before too" : ""
      print("tells    \(facts.tells.joined(separator: ", "))\(before)")
      print("layout   \(facts.layout)\(facts.size.map { ", \($0.height)x\($0.width) (height, width)" } ?? "")")
      print("licence  \(facts.licence ?? "not told")")
      print("data     \(facts.source ?? "not told")")
      let card = (model.path as NSString).deletingPathExtension + ".md"
      if let text = try? String(contentsOfFile: card, encoding: .utf8) { print("\n\(text)", terminator: "") }
    }
  }
}

/// `sextant models path [NAME]`.
struct ModelsPathCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "path", abstract: "Print a network's file, or the folders in which names are looked for.")

  @Argument(help: "The model's name; the folders without it.")
  var name: String?

  func run() throws {
    try ExitStatus.reporting {
      if let name { return print(try ModelsCommand.model(named: name).path) }
      for folder in ModelLibrary.standard().folders { print(folder.path) }
    }
  }
}

/// A model as an object of JSON.
struct ModelDescription {
  private let model: ModelLibrary.Model
  private let facts: ModelLibrary.Facts?

  init(_ model: ModelLibrary.Model, _ facts: ModelLibrary.Facts?) { (self.model, self.facts) = (model, facts) }

  var line: String {
    var entries: [(String, JSONValue)] = [
      ("name", .text(model.name)), ("path", .text(model.path)), ("bytes", .integer(model.bytes)),
      ("shipped", .flag(model.isShipped)),
    ]
    if let facts {
      entries.append(("kind", .text(facts.kind.rawValue)))
      entries.append(("classes", .list(facts.classes.map { .text($0) })))
      entries.append(("tells", .list(facts.tells.map { .text($0) })))
      entries.append(("mixes_time", .flag(facts.mixesTime)))
      entries.append(("layout", .text(facts.layout)))
      entries.append(("width", facts.size.map { .integer($0.width) } ?? .null))
      entries.append(("height", facts.size.map { .integer($0.height) } ?? .null))
      entries.append(("licence", facts.licence.map { .text($0) } ?? .null))
      entries.append(("data", facts.source.map { .text($0) } ?? .null))
    }
    return JSONValue.object(entries).json
  }
}
