internal import Foundation
internal import Imaging

/// Classes told by pictures of them: an object is of the class of the example that it looks most like.
public struct ExampleClasses: Sendable {
  /// The names, by the alphabet; indices point into them.
  public let classes: [String]
  /// Taken off before two are compared: what all examples have in common tells none from another.
  private let mean: [Float]
  private let examples: [(classIndex: Int, direction: [Float])]

  /// - Parameters:
  ///   - classes: Two names or more.
  ///   - embeddings: For each class those of its examples, at least one, all of one length.
  public init(classes: [String], embeddings: [[[Float]]]) {
    precondition(classes.count == embeddings.count && embeddings.allSatisfy { !$0.isEmpty }, "every class has an example")
    self.classes = classes
    let means = embeddings.map(ExampleClasses.mean)
    // Of the classes' means, so that a class of many examples is not what is taken off.
    let common = ExampleClasses.mean(means)
    mean = common
    examples = embeddings.enumerated().flatMap { index, list in
      list.map { (index, ExampleClasses.direction($0, from: common)) }
    }
  }

  /// The class of the nearest example by the cosine of what is left without the common mean; of equal ones the first.
  public func classIndex(of embedding: [Float]) -> Int {
    let direction = ExampleClasses.direction(embedding, from: mean)
    var best = (classIndex: 0, likeness: -Float.infinity)
    for example in examples {
      let likeness = zip(direction, example.direction).reduce(Float(0)) { $0 + $1.0 * $1.1 }
      if likeness > best.likeness { best = (example.classIndex, likeness) }
    }
    return best.classIndex
  }

  private static func mean(_ vectors: [[Float]]) -> [Float] {
    var sum = [Float](repeating: 0, count: vectors[0].count)
    for vector in vectors { for index in sum.indices { sum[index] += vector[index] } }
    return sum.map { $0 / Float(vectors.count) }
  }

  private static func direction(_ vector: [Float], from mean: [Float]) -> [Float] {
    let centred = zip(vector, mean).map { $0 - $1 }
    return Unit.vector(centred) ?? centred
  }
}

/// Why examples cannot be used.
public struct ExampleError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Whether the folder is not there, rather than of no use.
  public let isMissing: Bool
  /// One sentence.
  public let description: String

  init(_ description: String, isMissing: Bool = false) { (self.description, self.isMissing) = (description, isMissing) }
}

extension ExampleClasses {
  /// The most examples; each is compared with each detection.
  static let most = 10_000
  /// Larger files are refused unread, bytes.
  private static let greatestBytes = 64 << 20
  /// Bad pictures that a warning names.
  private static let named = 5

  /// Reads a folder with a folder a class, of PNG and JPEG pictures of one object each.
  ///
  /// - Returns: The classes, and one sentence for the pictures that cannot be read, which are left out.
  /// - Throws: `ExampleError` for a folder of fewer than two classes, or a class without a picture that can be read; as `AppearanceEmbedder`.
  public static func read(_ folder: String, by embedder: AppearanceEmbedder) throws -> (ExampleClasses, warnings: [String]) {
    func fail(_ problem: String, isMissing: Bool = false) -> ExampleError {
      ExampleError("cannot read the examples in \(folder): \(problem)", isMissing: isMissing)
    }
    guard let classes = classFolders(of: folder) else {
      throw fail("there is no such readable folder; name one with a folder a class", isMissing: true)
    }
    guard classes.count >= 2 else {
      let what = classes.isEmpty ? "no folder" : "the folder '\(classes[0])' alone"
      throw fail("it has \(what); give a folder for each of two classes or more")
    }
    var bad: [String] = []
    var count = 0
    let embeddings = try classes.map { name in
      let files = pictures(of: name, in: folder)
      count += files.count
      guard count <= most else { throw fail("it has more than \(most) pictures; leave some out") }
      let found = try files.compactMap { file -> [Float]? in
        let made = try picture("\(folder)/\(name)/\(file)").flatMap { try embedder.embedding(ofWhole: $0) }
        if made == nil { bad.append("\(name)/\(file)") }
        return made
      }
      guard !found.isEmpty else {
        throw fail("the class '\(name)' has no picture that can be read among \(files.count); give PNG or JPEG pictures")
      }
      return found
    }
    return (ExampleClasses(classes: classes, embeddings: embeddings), warning(folder, bad, of: count))
  }

  private static func warning(_ folder: String, _ bad: [String], of count: Int) -> [String] {
    guard !bad.isEmpty else { return [] }
    let rest = bad.count > named ? " and \(bad.count - named) more" : ""
    let list = bad.prefix(named).joined(separator: ", ") + rest
    return ["\(folder): \(bad.count) of \(count) examples cannot be read and are left out: \(list)"]
  }

  /// The folders and the files that are read of a folder of examples, for what depends on them; none where it is not there.
  public static func paths(in folder: String) -> [String] {
    (classFolders(of: folder) ?? []).flatMap { name in
      ["\(folder)/\(name)"] + pictures(of: name, in: folder).map { "\(folder)/\(name)/\($0)" }
    }
  }

  private static func classFolders(of folder: String) -> [String]? { entries(of: folder)?.filter { isFolder("\(folder)/\($0)") } }

  private static func pictures(of name: String, in folder: String) -> [String] {
    (entries(of: "\(folder)/\(name)") ?? []).filter { !isFolder("\(folder)/\(name)/\($0)") }
  }

  /// By the alphabet, but for hidden ones; nil for what is no readable folder.
  private static func entries(of folder: String) -> [String]? {
    (try? FileManager.default.contentsOfDirectory(atPath: folder))?.filter { !$0.hasPrefix(".") }.sorted()
  }

  private static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }

  /// Nil for what is no picture that can be read.
  private static func picture(_ path: String) throws -> Image? {
    let real = (path as NSString).resolvingSymlinksInPath
    guard let facts = try? FileManager.default.attributesOfItem(atPath: real), facts[.type] as? FileAttributeType == .typeRegular,
      (facts[.size] as? Int ?? .max) <= greatestBytes, let data = FileManager.default.contents(atPath: path)
    else { return nil }
    return try? ImageFile.decode([UInt8](data), named: path)
  }
}
