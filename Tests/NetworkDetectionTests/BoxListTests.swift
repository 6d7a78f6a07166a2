import Foundation
import Geometry
import Imaging
import ModelFiles
import NetworkDetection
import NetworkGraph
import NetworkPrograms
import NetworkTestSupport
import TestSupport
import Testing

/// The lists of boxes that the networks' authors' own code makes of the stored pictures and outputs.
@Suite(.serialized, .enabled(if: SharedNetworks.isPresent, SharedNetworks.message))
struct BoxListTests {
  /// Runs a network on a stored picture and reads the boxes of at least a score, in its input's pixels.
  private func boxes(_ file: String, _ picture: String, divisor: Float, minimumScore: Double) throws -> [NetworkBox] {
    let stored = try SharedNetworks.tensor(picture)
    let network = try DetectorNetwork(
      GraphImporter.graph(path: SharedNetworks.path(file)), size: (stored.shape[1], stored.shape[0]))
    let planes = try SharedNetworks.planes(stored, dividedBy: divisor)
    return try network.boxes(Program(network.graph).run(network.inputs(planes)), minimumScore: minimumScore)
  }

  /// Rows of a stored list.
  private func rows(_ path: String) throws -> [[Double]] {
    let tensor = try SharedNetworks.tensor(path)
    let values = tensor.elements.doubles
    return (0..<tensor.shape[0]).map { Array(values[$0 * tensor.shape[1]..<($0 + 1) * tensor.shape[1]]) }
  }

  /// Each row finds its own box, and no box is left.
  private func expect(_ found: [[Double]], _ stored: [[Double]], within limits: [Double]) {
    var open = found
    for row in stored {
      let place = open.firstIndex { other in zip(zip(other, row), limits).allSatisfy { abs($0.0 - $0.1) <= $1 } }
      #expect(place != nil, "\(row)")
      if let place { open.remove(at: place) }
    }
    #expect(open.isEmpty, "\(open)")
  }

  private func corners(_ box: NetworkBox) -> [Double] {
    let upright = box.upright
    return [upright.left, upright.top, upright.right, upright.bottom, box.score, Double(box.classIndex)]
  }

  private static let pixels = [0.02, 0.02, 0.02, 0.02, 1e-4, 0]

  @Test(arguments: [("mot17-04_416", 18), ("mot17-04_480x832", 42)]) func readsYOLOXAsItsAuthorsDo(name: String, count: Int) throws
  {
    let found = try boxes("yolox-nano/yolox_nano.onnx", "yolox-nano/\(name).bgr.u8.npy.gz", divisor: 1, minimumScore: 0.25)
    let kept = BoxSuppression.kept(found, by: .byClass, threshold: 0.45, limit: 300)
    let size = try SharedNetworks.tensor("yolox-nano/\(name).bgr.u8.npy.gz").shape
    let fit = PictureFit(.topLeft, picture: (1920, 1080), input: (size[1], size[0]))
    let placed = kept.map { corners(NetworkBox(box: fit.picture($0.box), score: $0.score, classIndex: $0.classIndex)) }
    #expect(placed.count == count)
    expect(placed, try rows("yolox-nano/\(name).nms45.f32.npy"), within: BoxListTests.pixels)
  }

  @Test func readsYOLOv8AsItsAuthorsDo() throws {
    let found = try boxes("yolo/yolov8n.onnx.gz", "yolo/coffee_640.rgb.u8.npy.gz", divisor: 255, minimumScore: 0.25)
    let kept = BoxSuppression.kept(found, by: .byClass, threshold: 0.45, limit: 300)
    expect(kept.map(corners), try rows("yolo/yolov8n.nms45.f32.npy"), within: BoxListTests.pixels)
    #expect(kept.map(\.score) == kept.map(\.score).sorted(by: >))
  }

  @Test func readsYOLO11WithAnglesAsItsAuthorsDo() throws {
    let found = try boxes("yolo/yolo11n-obb.onnx.gz", "yolo/coffee_640.rgb.u8.npy.gz", divisor: 255, minimumScore: 0.25)
    let kept = BoxSuppression.kept(found, by: .probabilistic, threshold: 0.45, limit: 300)
    let placed = kept.map {
      [$0.box.center.x, $0.box.center.y, $0.box.width, $0.box.height, $0.score, Double($0.classIndex), $0.box.angle]
    }
    expect(placed, try rows("yolo/yolo11n-obb.nms45.f32.npy"), within: BoxListTests.pixels + [1e-3])
    #expect(placed.count == 182)
  }

  /// Of the pictures in their own sizes; the lists are printed with two decimals.
  @Test(arguments: [
    ("coffee", 600, 400, 8, [[168.46, 16.54, 415.27, 233.86, 0.8074, 41], [15.85, -7.28, 571.47, 382.31, 0.6693, 41]]),
    ("chelsea", 451, 300, 10, [[-18.33, -8.79, 422.97, 290.23, 0.8228, 15]]),
    ("astronaut", 512, 512, 11, [[1.40, 12.03, 377.67, 516.27, 0.8105, 0]]),
  ]) func readsFastestDetAsItsAuthorsDo(photo: String, width: Int, height: Int, candidates: Int, stored: [[Double]]) throws {
    let found = try boxes("fastestdet/FastestDet.onnx", "fastestdet/\(photo)_352.bgr.u8.npy.gz", divisor: 255, minimumScore: 0.65)
    let fit = PictureFit(.stretched, picture: (width, height), input: (352, 352))
    let placed = found.map { NetworkBox(box: fit.picture($0.box), score: $0.score, classIndex: $0.classIndex) }
    #expect(placed.filter { $0.score > 0.65 }.count == candidates)
    let kept = BoxSuppression.kept(placed, by: .truncated, threshold: 0.45, limit: 300)
    expect(kept.map(corners), stored, within: [0.02, 0.02, 0.02, 0.02, 1e-4, 0])
  }

  @Test(arguments: [("coffee", 600, 400, 51, 4), ("chelsea", 451, 300, 48, 2), ("astronaut", 512, 512, 77, 8)])
  func findsAsManyOfLesserScores(photo: String, width: Int, height: Int, candidates: Int, count: Int) throws {
    let found = try boxes("fastestdet/FastestDet.onnx", "fastestdet/\(photo)_352.bgr.u8.npy.gz", divisor: 255, minimumScore: 0.30)
    let fit = PictureFit(.stretched, picture: (width, height), input: (352, 352))
    let placed = found.map { NetworkBox(box: fit.picture($0.box), score: $0.score, classIndex: $0.classIndex) }
    #expect(placed.count == candidates)
    #expect(BoxSuppression.kept(placed, by: .truncated, threshold: 0.45, limit: 300).count == count)
  }

  @Test func tellsLayoutsAndClassesOfTheStoredNetworks() throws {
    func network(_ file: String) throws -> DetectorNetwork {
      try DetectorNetwork(GraphImporter.graph(path: SharedNetworks.path(file)))
    }
    let upright = try network("yolo/yolov8n.onnx.gz")
    #expect(upright.layout == .yolo(classes: 80, more: 0) && upright.classes.count == 80 && upright.classes[0] == "person")
    let oriented = try network("yolo/yolo11n-obb.onnx.gz")
    #expect(oriented.layout == .yoloOriented(classes: 15) && oriented.classes.count == 15 && oriented.classes[0] == "plane")
    #expect(try network("yolo/yolo26n.onnx.gz").layout == .endToEnd)
    #expect(try network("yolox-nano/yolox_nano.onnx").layout == .yolox(classes: 80, isDecoded: false))
    let small = try network("fastestdet/FastestDet.onnx")
    #expect(
      small.layout == .fastestDet(classes: 80) && (small.width, small.height) == (352, 352) && small.classes == ClassNames.coco)
    #expect(throws: NetworkError.self) { try network("cnn_f32/cnn_f32.onnx") }
    #expect(throws: NetworkError.self) { try network("siamese_xcorr/siamese_xcorr.onnx") }
  }

  /// The film's own picture against the network's stored input, which OpenCV made of it.
  @Test(.enabled(if: SharedData.isPresent, SharedData.message)) func letterBoxesAsTheAuthorsDo() throws {
    let bytes = try Array(Data(contentsOf: URL(fileURLWithPath: SharedData.path("mot/MOT17-04-FRCNN/img1/000001.jpg"))))
    let picture = try ImageFile.decode(bytes, named: "000001.jpg").bgr()
    let stored = try SharedNetworks.planes(SharedNetworks.tensor("yolox-nano/mot17-04_416.bgr.u8.npy.gz"), dividedBy: 1)
    let made = try OutputLayout.yolox(classes: 80, isDecoded: false).rule.planes(picture, width: 416, height: 416).tensor
    #expect(made.shape == stored.shape)
    let differences = zip(made.elements.doubles, stored.elements.doubles).map { abs($0 - $1) }
    // Bytes are rounded there, and JPEG decoders differ by a step.
    #expect(try #require(differences.max()) <= 2.1)
    #expect(differences.reduce(0, +) / Double(differences.count) < 0.5)
  }

  @Test(.enabled(if: SharedData.isPresent, SharedData.message)) func findsThePeopleOfAWholePicture() throws {
    let bytes = try Array(Data(contentsOf: URL(fileURLWithPath: SharedData.path("mot/MOT17-04-FRCNN/img1/000001.jpg"))))
    let picture = try ImageFile.decode(bytes, named: "000001.jpg").bgr()
    let network = try DetectorNetwork(GraphImporter.graph(path: SharedNetworks.path("yolox-nano/yolox_nano.onnx")))
    let found = try NetworkDetector(network, threads: 2).detect(in: picture)
    let stored = try rows("yolox-nano/mot17-04_416.nms45.f32.npy").map {
      AxisBox(left: $0[0], top: $0[1], width: $0[2] - $0[0], height: $0[3] - $0[1])
    }
    for box in stored { #expect(found.contains { $0.upright.iou(with: box) > 0.9 }) }
  }
}
