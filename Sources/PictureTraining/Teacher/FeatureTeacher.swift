internal import ModelFiles
public import Models
internal import NetworkDetection
internal import NetworkGraph
public import NetworkPrograms
internal import NetworkTraining
internal import Synchronization

/// Whose features are learned, and which.
public struct FeatureFacts: Sendable, Equatable, Codable {
  /// The teacher's name, for people, and its file's SHA-256 in hexadecimal digits.
  public var teacher: String, digest: String
  /// The value's name in its graph.
  public var value: String
  /// The value's channels, and its stride in pixels.
  public var channels: Int, stride: Int
  /// What the teacher is computed in.
  public var type: ProgramType

  /// What they are, for people.
  public var text: String { "'\(value)' of \(teacher), \(channels) channels at stride \(stride), in \(type.rawValue)" }
}

/// Tells the features that a teacher has of squares, each as it stands there: at its own scale, without letterbox, in the teacher's colours.
public final class FeatureTeacher: Sendable {
  /// What it tells.
  public let facts: FeatureFacts
  /// What is learned of it.
  public let target: FeatureTarget
  private let network: DetectorNetwork
  private let name: String
  private let side: Int
  private let program: Mutex<Program>

  /// - Parameters:
  ///   - side: Of the squares in pixels, a multiple of 32.
  ///   - threads: Of the kernels; their number changes no result.
  /// - Throws: `PictureTrainingError` for a network that does not take such squares, `NetworkError` for one that does not run.
  init(
    _ selection: FeatureSelection, of network: DetectorNetwork, _ teacher: TeacherFacts, side: Int, threads: Int, type: ProgramType
  ) throws {
    (self.network, self.side, name, target) = (network, side, selection.name, selection.target)
    facts = FeatureFacts(
      teacher: teacher.name, digest: teacher.digest, value: selection.name, channels: target.channels, stride: target.stride,
      type: type)
    program = Mutex(try Program(network.graph.part(making: selection.value), threads: threads, type: type))
    let black = try Tensor(shape: [1, 3, side, side], [Float](repeating: 0, count: 3 * side * side))
    do {
      _ = try features(of: black)
    } catch let error as NetworkError {
      throw PictureTrainingError.input(
        "\(teacher.name) does not run on squares of \(side) pixels, so that its features cannot be learned: \(error.description)")
    }
  }

  /// - Parameter squares: [batch, 3, side, side], red, green and blue in 0…1.
  /// - Returns: [batch, channels, side ∕ stride, side ∕ stride].
  func features(of squares: Tensor) throws -> Tensor {
    guard let values = squares.values(Float.self), squares.rank == 4, squares.shape.dropFirst() == [3, side, side] else {
      throw PictureTrainingError.input("A teacher looks at squares of \(side) pixels, and \(Tensor.text(squares.shape)) is none.")
    }
    let (count, cells) = (3 * side * side, side / target.stride)
    let shape = [1, target.channels, cells, cells]
    var found: [Float] = []
    // One by one: what a square shows does not hang on the others, and files may have a batch of one written into them.
    for square in 0..<squares.shape[0] {
      let planes = try network.layout.rule.planes(
        unit: values[square * count..<(square + 1) * count], width: side, height: side)
      let inputs = network.inputs(planes)
      let result = try program.withLock { try $0.run(inputs)[name] }
      guard let result, result.shape == shape, let features = result.values(Float.self) else {
        throw PictureTrainingError.input(
          "\(facts.teacher)'s '\(name)' is \(result.map { Tensor.text($0.shape) } ?? "nothing") for squares of \(side) pixels, and not "
            + "\(Tensor.text(shape)); give the name of another value.")
      }
      found += features
    }
    return try Tensor(shape: [squares.shape[0]] + shape.dropFirst(), found)
  }
}

/// Squares with what a teacher says of them.
struct TaughtExamples: ExampleSource {
  /// Squares under the name `pictures`.
  let squares: any ExampleSource
  let teacher: FeatureTeacher

  var count: Int { squares.count }

  func batch(_ places: [Int], seed: UInt64) throws -> [String: Tensor] {
    var tensors = try squares.batch(places, seed: seed)
    if let pictures = tensors["pictures"] { tensors[FeatureLoss.inputName] = try teacher.features(of: pictures) }
    return tensors
  }
}
