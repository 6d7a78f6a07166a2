import Foundation

/// Finds the scenes of a truth and of its forecasts: a file each, or a folder each of files of equal names.
public struct ForecastFiles: Sendable, Equatable {
  public struct Scene: Sendable, Equatable {
    public var name: String
    public var truth: String?
    public var result: String?
  }

  public var scenes: [Scene]
  /// What does not belong together.
  public var warnings: [String] = []

  private static let endings = ["txt", "csv", "tsv", "ndjson", "jsonl", "json"]

  /// - Parameters:
  ///   - truth: nil where a stream is its own truth.
  ///   - result: nil for a baseline, which needs only the truth.
  /// - Throws: `EvaluationError` where a side is not there, a scene has no forecasts, or a folder stands beside a file.
  public init(truth: String?, result: String?) throws(EvaluationError) {
    let sides = [(truth, "truth"), (result, "result")]
    for case ("-"?, let side) in sides {
      throw .invalidOption(name: "--\(side) -", reason: "standard input cannot be read several times; give a file")
    }
    for case (let path?, let side) in sides where !FileManager.default.fileExists(atPath: path) {
      throw .missing(what: "the \(side) \(path)", lookedFor: [])
    }
    let folders = sides.compactMap { $0.0 }.filter(Self.isFolder)
    guard !folders.isEmpty else {
      scenes = [Scene(name: (truth ?? result).map(Self.stem) ?? "all", truth: truth, result: result)]
      return
    }
    if let truth, let result, folders.count == 1 {
      throw .inconsistent(reason: "of the truth \(truth) and the result \(result) one is a folder and one a file; give two of a kind")
    }
    let truths = try truth.map(Self.files)
    let results = try result.map(Self.files)
    let names = (truths ?? results ?? [:]).keys.sorted()
    scenes = names.map { Scene(name: $0, truth: truths?[$0], result: results?[$0]) }
    guard let truths, let results, let truth, let result else { return }
    let missing = names.filter { results[$0] == nil }
    guard missing.isEmpty else {
      throw .missing(
        what: "\(result): the forecasts of \(missing.count) of the \(names.count) scenes of \(truth)",
        lookedFor: Self.firstTen(missing.map { $0 + ".txt" }))
    }
    let surplus = results.keys.filter { truths[$0] == nil }.sorted()
    if !surplus.isEmpty {
      warnings.append("left out scenes of \(result) that have no truth: " + Self.firstTen(surplus).joined(separator: ", "))
    }
  }

  /// The files of a folder by their names without endings.
  private static func files(in folder: String) throws(EvaluationError) -> [String: String] {
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted().filter { name in
      let plain = name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
      return !name.hasPrefix(".") && endings.contains { plain.lowercased().hasSuffix(".\($0)") } && !isFolder("\(folder)/\(name)")
    }
    guard !names.isEmpty else { throw .missing(what: "a scene in the folder \(folder)", lookedFor: endings.map { "*.\($0)[.gz]" }) }
    var files: [String: String] = [:]
    for name in names {
      let scene = stem(name)
      if let other = files[scene] {
        throw .inconsistent(reason: "\(other) and \(folder)/\(name) are files of one scene; keep one of them")
      }
      files[scene] = "\(folder)/\(name)"
    }
    return files
  }

  private static func stem(_ path: String) -> String {
    var url = URL(fileURLWithPath: path)
    if url.pathExtension == "gz" { url = url.deletingPathExtension() }
    return (endings.contains(url.pathExtension.lowercased()) ? url.deletingPathExtension() : url).lastPathComponent
  }

  private static func firstTen(_ names: [String]) -> [String] {
    names.prefix(10) + (names.count > 10 ? ["and \(names.count - 10) more"] : [])
  }

  private static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }
}
