import ModelFiles
import NetworkGraph
import NetworkPrograms
import NetworkTestSupport
import Testing

/// The detectors with outputs of ONNX Runtime; the error is taken for each group of channels.
@Suite(.serialized, .enabled(if: SharedNetworks.isPresent, SharedNetworks.message))
struct DetectorNetworkTests {
  private func run(_ path: String, _ pictures: [String: (String, Float)]) throws -> [String: Tensor] {
    let graph = try GraphImporter.graph(path: SharedNetworks.path(path))
    var inputs: [String: Tensor] = [:]
    for (name, (picture, divisor)) in pictures {
      inputs[name] = try SharedNetworks.planes(SharedNetworks.tensor(picture), dividedBy: divisor)
    }
    // Sizes that the file fixes are freed: its graph runs at any size of its rule.
    var free = graph
    for input in free.inputs { free.values[input].shape = free.values[input].shape?.map { _ in .any } }
    return try Program(free, threads: 2).run(inputs)
  }

  private func expect(_ result: Tensor?, _ stored: String, groups: [Range<Int>]) throws {
    let (result, stored) = (try #require(result), try SharedNetworks.tensor(stored))
    #expect(result.shape == stored.shape)
    for group in groups { #expect(try Distance.relative(result, stored, channels: group) <= 2e-5, "channels \(group)") }
  }

  @Test(arguments: ["chelsea", "coffee", "astronaut"]) func reproducesFastestDet(photo: String) throws {
    let outputs = try run("fastestdet/FastestDet.onnx", ["input.1": ("fastestdet/\(photo)_352.bgr.u8.npy.gz", 255)])
    try expect(outputs["758"], "fastestdet/\(photo).758.f32.npy.gz", groups: [0..<1, 1..<5, 5..<85])
  }

  @Test func reproducesYOLOv8() throws {
    let outputs = try run("yolo/yolov8n.onnx.gz", ["images": ("yolo/coffee_640.rgb.u8.npy.gz", 255)])
    try expect(outputs["output0"], "yolo/yolov8n.output0.f32.npy.gz", groups: [0..<2, 2..<4, 4..<84])
  }

  @Test func reproducesYOLO11WithAngles() throws {
    let outputs = try run("yolo/yolo11n-obb.onnx.gz", ["images": ("yolo/coffee_640.rgb.u8.npy.gz", 255)])
    try expect(outputs["output0"], "yolo/yolo11n-obb.output0.f32.npy.gz", groups: [0..<2, 2..<4, 4..<19, 19..<20])
  }

  /// Rows are compared as a set: scores lie as near as 3·10⁻⁶, so that ranks may change.
  @Test func reproducesYOLO26AsASet() throws {
    let outputs = try run("yolo/yolo26n.onnx.gz", ["images": ("yolo/coffee_640.rgb.u8.npy.gz", 255)])
    let (result, stored) = (try #require(outputs["output0"]), try SharedNetworks.tensor("yolo/yolo26n.output0.f32.npy.gz"))
    #expect(result.shape == stored.shape)
    var open = rows(result)
    var missing = 0
    for row in rows(stored) {
      let place = open.firstIndex { other in
        other[5] == row[5] && abs(other[4] - row[4]) <= 1e-4 && zip(other[..<4], row[..<4]).allSatisfy { abs($0 - $1) <= 0.02 }
      }
      if let place { open.remove(at: place) } else { missing += 1 }
    }
    #expect(missing == 0)
  }

  private func rows(_ tensor: Tensor) -> [[Double]] {
    let values = tensor.elements.doubles
    return stride(from: 0, to: values.count, by: 6).map { Array(values[$0..<$0 + 6]) }
  }

  @Test func reproducesYOLOXAtTwoSizes() throws {
    let small = try run("yolox-nano/yolox_nano.onnx", ["images": ("yolox-nano/mot17-04_416.bgr.u8.npy.gz", 1)])["output"]
    let stored = try SharedNetworks.tensor("yolox-nano/mot17-04_416.output.f32.npy.gz")
    #expect(try Distance.relative(#require(small), stored) <= 2e-5)
    let large = try #require(
      try run("yolox-nano/yolox_nano.onnx", ["images": ("yolox-nano/mot17-04_480x832.bgr.u8.npy.gz", 1)])["output"])
    let everySeventh = try SharedNetworks.tensor("yolox-nano/mot17-04_480x832.output.f32.npy.gz")
    let values = large.elements.doubles
    let picked = stride(from: 0, to: large.shape[1], by: 7).flatMap { values[$0 * 85..<($0 + 1) * 85] }
    #expect(Distance.relative(Tensor(list: picked), everySeventh) <= 2e-5)
  }

  @Test(arguments: ["search_255", "template_127"]) func reproducesNanoTracksBackbone(name: String) throws {
    let outputs = try run("nanotrack/v3_backbone.onnx", ["input": ("nanotrack/\(name).bgr.u8.npy.gz", 1)])
    try expect(outputs.values.first, "nanotrack/\(name).backbone.f32.npy.gz", groups: [0..<96])
  }

  /// A test that can fail: one early weight changed by a tenth is seen.
  @Test func seesAChangedWeight() throws {
    var graph = try GraphImporter.graph(path: SharedNetworks.path("cnn_f32/cnn_f32.onnx"))
    let node = try #require(graph.nodes.first { $0.operation == "Conv" })
    let weight = try #require(node.inputs[1])
    let tensor = try #require(graph.values[weight].constant)
    var numbers = try #require(tensor.values(Float.self))
    numbers[0] += 0.1
    graph.values[weight].constant = try Tensor(shape: tensor.shape, numbers)
    let inputs = ["input": try SharedNetworks.tensor("cnn_f32/input.npy")]
    let result = try #require(try Program(graph).run(inputs)["logits"])
    #expect(Distance.relative(result, try SharedNetworks.tensor("cnn_f32/logits.npy")) > 2e-5)
  }
}
