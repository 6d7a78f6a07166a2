import Foundation
import NetworkDetection
import NetworkGraph

/// The models that are called by a name: those that come with the program, and those that a user puts into a folder of their own.
public struct ModelLibrary: Sendable {
  /// Where models lie.
  public struct Folder: Sendable, Equatable {
    /// The folder.
    public let path: String
    /// Whether its models come with the program.
    public let isShipped: Bool

    /// A folder of models.
    public init(path: String, isShipped: Bool) { (self.path, self.isShipped) = (path, isShipped) }
  }

  /// A model of a folder.
  public struct Model: Sendable, Equatable {
    /// The file's name without its end.
    public let name: String
    /// The file.
    public let path: String
    /// Of the file, in bytes.
    public let bytes: Int
    /// Whether it comes with the program.
    public let isShipped: Bool
  }

  /// What a model's file says of itself.
  public struct Facts: Sendable {
    /// What it is for.
    public let kind: ModelKind
    /// The names of what it finds, in the network's order.
    public let classes: [String]
    /// What it tells: `boxes`, and where it does `masks` and `embeddings`; `labels`, `features`.
    public let tells: [String]
    /// Whether it looks at the frame before too.
    public let mixesTime: Bool
    /// How its output is laid out, such as `sextant-gaussian`.
    public let layout: String
    /// Of a detector's input in pixels; nil for networks that take pictures of any size.
    public let size: (width: Int, height: Int)?
    /// Under what terms it may be used; nil where the file does not tell.
    public let licence: String?
    /// What it was trained on; nil where the file does not tell.
    public let source: String?
  }

  /// The folders in which names are looked for, the first ones first.
  public let folders: [Folder]
  /// The end of a model's file.
  private static let end = ".onnx"

  /// A library of these folders.
  public init(_ folders: [Folder]) { self.folders = folders }

  /// The user's folder, `$XDG_DATA_HOME/sextant/models` (`~/.local/share/sextant/models` without it), then those that come with the program:
  /// `share/sextant/models` beside its `bin`, or `models` of the sources that it was built in.
  ///
  /// - Parameter program: The program's own file.
  public static func standard(
    environment: [String: String] = ProcessInfo.processInfo.environment, program: String? = ProgramFile.path
  ) -> ModelLibrary {
    let home = environment["HOME"] ?? "/"
    // The specification of base directories has relative paths ignored.
    let data = environment["XDG_DATA_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? home + "/.local/share"
    var folders = [Folder(path: data + "/sextant/models", isShipped: false)]
    if let program {
      let folder = (program as NSString).deletingLastPathComponent
      folders.append(Folder(path: ((folder + "/../share/sextant/models") as NSString).standardizingPath, isShipped: true))
      if let built = buildRoot(of: folder) { folders.append(Folder(path: built + "/models", isShipped: true)) }
    }
    return ModelLibrary(folders)
  }

  /// The sources whose `.build` holds a folder.
  private static func buildRoot(of folder: String) -> String? {
    guard let range = folder.range(of: "/.build", options: .backwards) else { return nil }
    let root = String(folder[..<range.lowerBound])
    return FileManager.default.fileExists(atPath: root + "/Package.swift") ? root : nil
  }

  /// All models, by name; of equal names the first folder's.
  public var models: [Model] {
    var found: [String: Model] = [:]
    for folder in folders {
      for file in (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [] where file.hasSuffix(Self.end) {
        let (name, path) = (String(file.dropLast(Self.end.count)), folder.path + "/" + file)
        guard found[name] == nil, !name.isEmpty, let bytes = Self.size(path) else { continue }
        found[name] = Model(name: name, path: path, bytes: bytes, isShipped: folder.isShipped)
      }
    }
    return found.values.sorted { $0.name < $1.name }
  }

  /// Of a plain file, through links; nil for anything else.
  private static func size(_ path: String) -> Int? {
    let real = (path as NSString).resolvingSymlinksInPath
    guard let facts = try? FileManager.default.attributesOfItem(atPath: real), facts[.type] as? FileAttributeType == .typeRegular
    else { return nil }
    return facts[.size] as? Int
  }

  /// The model of a name.
  public func model(named name: String) -> Model? { models.first { $0.name == name } }

  /// The model that an argument names, as `path(of:)` has it; nil where there is none.
  public func model(of argument: String) -> Model? {
    guard let bytes = Self.size(argument) else { return argument.contains("/") ? nil : model(named: argument) }
    let file = (argument as NSString).lastPathComponent
    return Model(
      name: file.hasSuffix(Self.end) ? String(file.dropLast(Self.end.count)) : file, path: argument, bytes: bytes, isShipped: false)
  }

  /// The file that an argument names: the argument itself where there is such a file (a folder is none) or where it is a path, else the
  /// model of that name, else the argument as it is.
  public func path(of argument: String) -> String {
    model(of: argument)?.path ?? argument
  }

  /// Refuses an argument that has the form of a model's name, without a folder or an end, where neither a file nor a model is of that name.
  ///
  /// - Throws: `PipelineError.unknownModel` with the names that there are.
  public func refuseUnknown(_ argument: String) throws(PipelineError) {
    guard !argument.contains("/"), !argument.contains("."), !FileManager.default.fileExists(atPath: argument) else { return }
    let names = models.map(\.name)
    guard !names.contains(argument) else { return }
    throw .unknownModel(name: argument, known: names)
  }

  /// What a model's file says of itself.
  ///
  /// - Throws: What reading a network throws, for a file that is none of these kinds.
  public static func facts(of path: String) throws -> Facts {
    let graph = try GraphImporter.graph(path: path)
    func text(_ key: String) -> String? { graph.metadata[key].flatMap { $0.isEmpty ? nil : $0 } }
    let kind = ModelKind(graph)
    guard kind == .detector else {
      return Facts(
        kind: kind, classes: ClassNames.parsed(graph.metadata["names"]) ?? [], tells: [kind.tells], mixesTime: false,
        layout: text("layout") ?? "", size: nil, licence: text("license"), source: text("data"))
    }
    let network = try NetworkError.naming(path) { try DetectorNetwork(graph, size: nil) }
    let tells = [kind.tells] + (network.tellsMasks ? ["masks"] : []) + (network.tellsLooks ? ["embeddings"] : [])
    return Facts(
      kind: kind, classes: network.classes, tells: tells, mixesTime: network.mixesTime, layout: network.layout.name,
      size: (network.width, network.height), licence: text("license"), source: text("data"))
  }
}
