package import Imaging
internal import ModelFiles
public import NetworkGraph
public import NetworkPrograms

/// Tells the class of each pixel by a network: `images` [1, 3, height, width], red, green and blue in 0…1 with sides that are multiples of 32, to
/// scores [1, classes, height, width]. One thread at a time may use it.
public struct NetworkSegmenter {
  /// The names of the labels.
  public let classes: [String]
  private let program: Program
  private let input: String
  private let output: String

  /// What a segmenter's file tells of its output under `layout`.
  public static let layout = "segmentation"
  /// Sides are multiples of the widest stride.
  private static let step = 32
  /// The largest side that is accepted: with eleven classes the scores of 4096×4096 pixels are 700 MB.
  private static let greatestSide = 4_096
  /// A label is a byte.
  private static let greatestClassCount = 255

  /// - Parameters:
  ///   - threads: Of oneDNN's kernels; their number changes no result.
  ///   - type: What the network is computed in.
  /// - Throws: `NetworkError` for a network that is no segmenter, that names operators without a kernel, or oneDNN where it is not installed.
  public init(_ graph: Graph, threads: Int, type: ProgramType = .f32) throws {
    let names = ClassNames.parsed(graph.metadata["names"]) ?? []
    guard graph.metadata["layout"] == NetworkSegmenter.layout, graph.inputs.count == 1, graph.outputs.count == 1,
      (2...NetworkSegmenter.greatestClassCount).contains(names.count)
    else {
      throw NetworkError(
        .unsupported,
        "The network is no segmenter: its file has no layout '\(NetworkSegmenter.layout)' with 2 to 255 names of classes, as those of "
          + "'sextant train segmenter' have.")
    }
    classes = names
    (input, output) = (graph.values[graph.inputs[0]].name, graph.values[graph.outputs[0]].name)
    program = try Program(graph, threads: threads, type: type)
  }

  /// The class of each pixel, row by row, of a picture of blue, green and red.
  ///
  /// - Throws: `NetworkError` for a picture that is too large or a network that gives something else than scores.
  package func labels(in picture: Image) throws -> [UInt8] {
    let (width, height) = (picture.width, picture.height)
    guard max(width, height) <= NetworkSegmenter.greatestSide else {
      throw NetworkError(.input, "A picture of \(width)x\(height) pixels is too large to segment: give sides of at most 4096.")
    }
    let (columns, rows) = (NetworkSegmenter.padded(width), NetworkSegmenter.padded(height))
    let results = try program.run([input: try NetworkSegmenter.planes(picture, width: columns, height: rows)])
    guard let scores = results[output], scores.shape == [1, classes.count, rows, columns], let values = scores.values(Float.self)
    else {
      throw NetworkError(.invalid, "The network has not made \(classes.count) scores of each of \(columns)x\(rows) pixels.")
    }
    return NetworkSegmenter.greatest(values, classes: classes.count, rowLength: columns, planeLength: rows * columns, width, height)
  }

  private static func padded(_ side: Int) -> Int { (side + step - 1) / step * step }

  /// Red, green and blue in 0…1 at the upper left, the grey of margins beside and below.
  private static func planes(_ picture: Image, width: Int, height: Int) throws -> Tensor {
    var values = [Float](repeating: PictureRule.margin / 255, count: 3 * width * height)
    values.withUnsafeMutableBufferPointer { values in
      picture.pixels.withUnsafeBufferPointer { pixels in
        // Places lie within the picture, which is not larger than the planes.
        for channel in 0..<3 {
          for row in 0..<picture.height {
            let (source, target) = (row * picture.width * 3 + 2 - channel, (channel * height + row) * width)
            for column in 0..<picture.width { values[target + column] = Float(pixels[source + 3 * column]) / 255 }
          }
        }
      }
    }
    return try Tensor(shape: [1, 3, height, width], values)
  }

  /// The first of the greatest scores of each pixel of the upper left part.
  private static func greatest(
    _ scores: [Float], classes: Int, rowLength: Int, planeLength: Int, _ width: Int, _ height: Int
  ) -> [UInt8] {
    var labels = [UInt8](repeating: 0, count: width * height)
    var best = [Float](repeating: 0, count: width)
    scores.withUnsafeBufferPointer { scores in
      labels.withUnsafeMutableBufferPointer { labels in
        // Places are below classes · planeLength: width and height are at most those of a plane.
        for row in 0..<height {
          for column in 0..<width { best[column] = scores[row * rowLength + column] }
          for label in 1..<classes {
            let start = label * planeLength + row * rowLength
            for column in 0..<width where scores[start + column] > best[column] {
              best[column] = scores[start + column]
              labels[row * width + column] = UInt8(label)
            }
          }
        }
      }
    }
    return labels
  }
}
