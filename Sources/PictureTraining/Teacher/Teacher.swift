internal import Checkpoints
internal import Foundation
internal import NetworkDetection
internal import NetworkGraph
public import NetworkPrograms

/// A detector that stands in for labels.
public struct Teacher {
  /// The score from which boxes are learned unless told.
  public static let usualScore = 0.4
  /// What it is.
  public let facts: TeacherFacts
  private let network: DetectorNetwork
  private let threads: Int
  private let type: ProgramType
  private let detector: NetworkDetector

  /// Reads a detector of any layout that `track --detector` takes.
  ///
  /// - Parameters:
  ///   - path: Its ONNX file.
  ///   - name: For people, as it was given; the folder is left out of what is kept.
  ///   - size: The input in pixels; nil: the file's own.
  ///   - score: From which boxes are learned; in [0, 1].
  ///   - threads: Of the kernels; their number changes no result.
  ///   - type: What it is computed in.
  /// - Throws: `ModelFileError` for a file that cannot be read, `NetworkError` for a network that does not run, `PictureTrainingError` for one
  ///   that is no detector of pictures.
  public init(
    path: String, name: String, size: (width: Int, height: Int)? = nil, score: Double, threads: Int, type: TypeChoice = .auto
  ) throws {
    let graph = try GraphImporter.graph(path: path)
    network = try Teacher.detector(graph, name: name, size: size)
    guard network.sight == .picture else {
      throw PictureTrainingError.input(
        "\(name) cannot teach: it finds what moves, and a picture tells nothing of that; give a detector that looks at pictures.")
    }
    var digest = Digest()
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
    bytes.withUnsafeBytes { digest.add($0) }
    (self.threads, self.type) = (threads, try type.type(for: network.graph))
    facts = TeacherFacts(
      name: (name as NSString).lastPathComponent, digest: digest.value.text, layout: network.layout.name,
      size: "\(network.height)x\(network.width)", score: score,
      ignoredScore: min(score, NetworkDetector.leastScore), type: self.type == .f32 ? nil : self.type)
    detector = try NetworkDetector(network, threads: threads, type: self.type)
  }

  /// What tells its features of squares.
  ///
  /// - Parameter side: Of the squares in pixels, a multiple of 32.
  /// - Throws: `PictureTrainingError` for a value that cannot be learned, or a network that does not take such squares; `NetworkError`.
  public func features(_ choice: FeatureChoice, side: Int) throws -> FeatureTeacher {
    try FeatureTeacher(
      FeatureSelection(choice, in: network, of: facts.name), of: network, facts, side: side, threads: threads, type: type)
  }

  private static func detector(_ graph: Graph, name: String, size: (width: Int, height: Int)?) throws -> DetectorNetwork {
    do {
      return try DetectorNetwork(graph, size: size)
    } catch let error as NetworkError where error.code != .input {
      throw PictureTrainingError.input("\(name) cannot teach: \(error.description)")
    }
  }

  /// A picture's path within its folder, by which a search that goes on knows it, however the folder is named.
  private static func name(of path: String, in folder: String) -> String {
    path.dropFirst(folder.count).split(separator: "/").filter { $0 != "." }.joined(separator: "/")
  }

  /// Looks at all pictures of a folder of data.
  ///
  /// - Parameters:
  ///   - options: Of the data, which decide where pictures lie and what classes are wanted.
  ///   - file: Where findings are kept.
  ///   - goesOn: Whether those of an earlier run are used.
  ///   - isStopped: Asked before each picture.
  ///   - note: Is told how many pictures of how many are done.
  /// - Returns: nil where it was stopped.
  /// - Throws: `PictureTrainingError`, `NetworkError`.
  public func findings(
    in folder: String, options: DetectorData.Options, store: PictureStore, file: String, goesOn: Bool,
    isStopped: () -> Bool = { false }, note: (Int, Int) -> Void = { _, _ in }
  ) throws -> TeacherFindings? {
    let parts = try PictureFolder(path: folder, format: options.format)
    // A misspelt class is told before the work, not after; with labels it may be one of theirs, and they are read later.
    if !parts.hasLabels {
      try Teaching.check(options.classes + options.ignoredClasses, against: [], detector.classes, of: facts, folder)
    }
    let paths = parts.parts.flatMap { parts.pictures(of: $0) }
    var kept = try TeacherFile(path: file, facts, goesOn: goesOn)
    var pictures: [String: [TeacherFindings.Finding]] = [:]
    for (number, path) in paths.enumerated() {
      guard !isStopped() else { return nil }
      // Damaged pictures are named where the data are read.
      guard let pixels = try? store.pixels(at: path) else { continue }
      pictures[path] = try kept.boxes(of: Teacher.name(of: path, in: folder), pixels.width, pixels.height) {
        try detector.detect(in: pixels.image, minimumScore: facts.ignoredScore).map { found in
          TeacherFindings.Finding(className: detector.classes[found.classIndex], score: found.score, box: found.box)
        }
      }
      note(number + 1, paths.count)
    }
    return TeacherFindings(facts: facts, classes: detector.classes, pictures: pictures)
  }
}
