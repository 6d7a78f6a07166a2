import Foundation
import Geometry
import Imaging
import ModelFiles
import NetworkGraph
import Records
import Testing

/// `sextant track --appearance` and `--examples`: what they write of objects whose looks and places are known, and what they refuse.
@Suite struct AppearanceTests {
  /// Frames at 10 a second, of which the red object is out of sight in the middle ones.
  private static let frames = 200, hidden = 100..<145

  private static let colors: [(blue: UInt8, green: UInt8, red: UInt8)] = [(30, 30, 220), (220, 40, 30), (40, 200, 40)]

  private static func place(_ object: Int, _ frame: Int) -> AxisBox? {
    let step = Double(frame) * 0.4
    switch object {
    case 0: return hidden.contains(frame) ? nil : AxisBox(left: 60 + step, top: 60, width: 24, height: 30)
    case 1: return AxisBox(left: 10 + step, top: 10, width: 24, height: 30)
    default: return AxisBox(left: 200 - step, top: 115, width: 24, height: 30)
    }
  }

  /// Pictures of three plain objects on grey, and their boxes as detections.
  private static func make(in folder: TemporaryFolder) throws {
    try FileManager.default.createDirectory(at: folder.file("shots"), withIntermediateDirectories: true)
    var text = ""
    for frame in 0..<frames {
      var image = Image(width: 240, height: 160, channels: 3)
      for index in image.pixels.indices { image.pixels[index] = UInt8(100 + index / 3 % 240 / 8 % 7) }
      for object in 0..<3 {
        guard let box = place(object, frame) else { continue }
        for y in Int(box.top)..<Int(box.top + box.height) {
          for x in Int(box.left)..<Int(box.left + box.width) {
            // A little noise, so that no two pictures are the same.
            let noise = UInt8((x &* 7 &+ y &* 13 &+ frame &* 5) % 11)
            let color = colors[object]
            (image[x, y, 0], image[x, y, 1], image[x, y, 2]) = (color.blue + noise, color.green + noise, color.red + noise)
          }
        }
        text += "\(frame + 1),-1,\(box.left),\(box.top),\(box.width),\(box.height),0.95,-1,-1,-1\n"
      }
      try Data(ImageFile.png(image)).write(to: folder.file(String(format: "shots/%03d.png", frame)))
    }
    _ = try folder.write(text, "det.txt")
  }

  private static let base = ["track", "shots", "--fps", "10", "--detections", "det.txt", "-q"]

  /// The records of a stream: its header, its events, and each object's ids and classes from frame to frame.
  private struct Stream {
    var header: StreamHeader?
    var events: [EventRecord] = []
    var ids = [[Int]](repeating: [], count: 3)
    var classes = [Set<Int>](repeating: [], count: 3)

    init(_ text: String) throws {
      let reader = try StreamReader(bytes: Array(text.utf8), name: "output")
      while let record = try reader.next() {
        switch record {
        case .header(let header): self.header = header
        case .event(let event): events.append(event)
        case .frame(let frame):
          for object in 0..<3 {
            guard let truth = AppearanceTests.place(object, frame.frame),
              let track = frame.tracks.first(where: { $0.box.hull.iou(with: truth) > 0.5 })
            else { continue }
            if ids[object].last != track.id { ids[object].append(track.id) }
            if frame.frame > 20 { classes[object].insert(track.classIndex) }
          }
        default: break
        }
      }
    }
  }

  @Test func whoComesBackHasItsIdAgainByItsLooks() throws {
    let folder = try TemporaryFolder()
    try Self.make(in: folder)
    let without = try Stream(ProgramRun(Self.base, in: folder.url).output)
    #expect(without.ids[0].count == 2 && without.header?.settings["appearance"] == .null)
    #expect(!without.events.contains { $0.kind == .trackReidentified })

    let run = try ProgramRun(Self.base + ["--appearance", "stripes"], in: folder.url)
    #expect(run.exitCode == 0, "\(run.errors)")
    let with = try Stream(run.output)
    #expect(with.header?.settings["appearance"] == .text("stripes"))
    #expect(with.ids.allSatisfy { $0.count == 1 }, "\(with.ids)")
    let back = with.events.filter { $0.kind == .trackReidentified }
    #expect(back.count == 1 && back[0]["id"] == .integer(with.ids[0][0]))
    if case .real(let gap)? = back.first?["gap"] { #expect(abs(gap - 4.6) < 0.5) } else { Issue.record("no gap") }
    // The same bytes on any number of threads.
    #expect(try ProgramRun(Self.base + ["--appearance", "stripes", "--threads", "1"], in: folder.url).output == run.output)

    // What reads streams reads this one.
    _ = try folder.write(run.output, "t.ndjson")
    for command in [
      ["convert", "t.ndjson", "t.txt", "--to", "mot"],
      ["evaluate", "tracks", "--truth", "t.txt", "--result", "t.ndjson", "--preprocess", "none"],
      ["count", "t.ndjson", "--line", "120,0,120,160"], ["view", "t.ndjson", "-o", "t.html"],
    ] {
      let read = try ProgramRun(command, in: folder.url)
      #expect(read.exitCode == 0, "\(command): \(read.errors)")
    }
  }

  /// A network whose embedding is the mean of each channel of its crop.
  private static func network(_ shape: [ONNXValueInfo.Size], pooled: Bool = true) throws -> [UInt8] {
    func node(_ operation: String, _ input: String, _ result: String) -> ONNXNode {
      var node = ONNXNode()
      (node.operation, node.inputs, node.outputs, node.name) = (operation, [input], [result], "the \(operation)")
      return node
    }
    var model = ONNXModel()
    model.operatorSets[""] = 17
    model.graph.nodes = pooled ? [node("GlobalAveragePool", "x", "h"), node("Flatten", "h", "y")] : [node("Relu", "x", "y")]
    model.graph.inputs = [ONNXValueInfo(name: "x", type: .float32, shape: shape)]
    model.graph.outputs = [ONNXValueInfo(name: "y")]
    return try GraphExporter.bytes(GraphImporter.graph(model), producer: "test")
  }

  @Test func aNetworkOfTheUsersTellsLooksToo() throws {
    let folder = try TemporaryFolder()
    try Self.make(in: folder)
    try Data(Self.network([.symbol("n"), .fixed(3), .fixed(32), .fixed(16)])).write(to: folder.file("looks.onnx"))
    let run = try ProgramRun(Self.base + ["--appearance", "looks.onnx"], in: folder.url)
    #expect(run.exitCode == 0, "\(run.errors)")
    let stream = try Stream(run.output)
    #expect(stream.ids.allSatisfy { $0.count == 1 }, "\(stream.ids)")
    #expect(stream.header?.settings["appearance"] == .text("looks.onnx"))
    #expect(try ProgramRun(Self.base + ["--appearance", "looks.onnx", "--threads", "1"], in: folder.url).output == run.output)
  }

  @Test func aNetworkOfAnotherFormIsRefusedBeforeAResultIsReplaced() throws {
    let folder = try TemporaryFolder()
    try Self.make(in: folder)
    _ = try folder.write("kept", "t.ndjson")
    let networks: [(String, [UInt8], Int32, String)] = [
      (
        "places.onnx", try Self.network([.symbol("n"), .fixed(3), .fixed(32), .fixed(16)], pooled: false), 65,
        "instead of 1xNUMBERS"
      ),
      ("grey.onnx", try Self.network([.symbol("n"), .fixed(1), .fixed(32), .fixed(16)]), 65, "instead of Nx3xHEIGHTxWIDTH"),
      ("eight.onnx", try Self.network([.fixed(8), .fixed(3), .fixed(32), .fixed(16)]), 65, "a batch must be of 1"),
      ("text.onnx", Array("no network".utf8), 65, "text.onnx"),
    ]
    for (name, bytes, code, words) in networks {
      try Data(bytes).write(to: folder.file(name))
      let run = try ProgramRun(Self.base + ["--appearance", name, "-o", "t.ndjson", "--overwrite"], in: folder.url)
      #expect(run.exitCode == code && run.errors.contains(words), "\(name): \(run.exitCode) \(run.errors)")
      #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
      #expect(try String(contentsOf: folder.file("t.ndjson"), encoding: .utf8) == "kept")
    }
    let absent = try ProgramRun(Self.base + ["--appearance", "absent.onnx"], in: folder.url)
    #expect(absent.exitCode == 66 && absent.errors.contains("absent.onnx"), "\(absent.errors)")
  }

  /// Crops of the objects, a folder a class.
  private static func examples(in folder: TemporaryFolder) throws {
    for (name, color) in zip(["red", "blue"], colors) {
      let place = folder.file("examples/\(name)")
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      for shade in 0..<2 {
        var image = Image(width: 20, height: 25, channels: 3)
        for index in stride(from: 0, to: image.pixels.count, by: 3) {
          (image.pixels[index], image.pixels[index + 1]) = (color.blue - UInt8(10 * shade), color.green)
          image.pixels[index + 2] = color.red - UInt8(10 * shade)
        }
        try Data(ImageFile.png(image)).write(to: place.appendingPathComponent("\(shade).png"))
      }
    }
  }

  @Test(arguments: [[], ["--appearance", "stripes"]]) func examplesNameWhatLooksLikeThem(options: [String]) throws {
    let folder = try TemporaryFolder()
    try Self.make(in: folder)
    try Self.examples(in: folder)
    _ = try folder.write("no picture", "examples/blue/broken.jpg")
    let arguments = Self.base.filter { $0 != "-q" } + ["--examples", "examples", "-o", "t.ndjson"] + options
    let run = try ProgramRun(arguments, in: folder.url)
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.errors.contains("1 of 5 examples cannot be read and are left out: blue/broken.jpg"), "\(run.errors)")
    let stream = try Stream(String(contentsOf: folder.file("t.ndjson"), encoding: .utf8))
    #expect(stream.header?.classes == ["blue", "red"] && stream.header?.settings["examples"] == .text("examples"))
    #expect(stream.classes[0] == [1] && stream.classes[1] == [0])
    // Classes are then those of the examples, to choose from too.
    let red = try ProgramRun(Self.base + ["--examples", "examples", "--classes", "red"] + options, in: folder.url)
    #expect(try Stream(red.output).ids[1].isEmpty && Stream(red.output).ids[0].count > 0, "\(red.errors)")
    let other = try ProgramRun(Self.base + ["--examples", "examples", "--classes", "car"] + options, in: folder.url)
    #expect(other.exitCode == 64 && other.errors.contains("only blue, red"), "\(other.errors)")
  }

  @Test func whatCannotBeIsRefusedByASentence() throws {
    let folder = try TemporaryFolder()
    try Self.make(in: folder)
    try Self.examples(in: folder)
    try FileManager.default.createDirectory(at: folder.file("empty"), withIntermediateDirectories: true)
    try FileManager.default.createDirectory(at: folder.file("one/only"), withIntermediateDirectories: true)
    try FileManager.default.createDirectory(at: folder.file("examples2/void"), withIntermediateDirectories: true)
    try FileManager.default.createDirectory(at: folder.file("examples2/hollow"), withIntermediateDirectories: true)
    let pictures = Self.base
    let alone = ["track", "--detections", "det.txt", "--fps", "10", "-q"]
    let target = ["track", "shots", "--fps", "10", "--target", "60,60,24,30", "-q"]
    let cases: [([String], Int32, String)] = [
      (
        pictures + ["--appearance", "colour"], 64,
        "--appearance colour is not known: give none, stripes, detector, a model of 'sextant models list' or a network's file"
      ),
      (alone + ["--appearance", "stripes"], 64, "--appearance needs pictures"),
      (alone + ["--examples", "examples"], 64, "--examples needs pictures"),
      (target + ["--appearance", "stripes"], 64, "--appearance and --target exclude each other"),
      (target + ["--examples", "examples"], 64, "--examples and --target exclude each other"),
      (pictures + ["--examples", "absent"], 66, "there is no such readable folder"),
      (pictures + ["--examples", "empty"], 65, "it has no folder"),
      (pictures + ["--examples", "one"], 65, "the folder 'only' alone"),
      (pictures + ["--examples", "examples2"], 65, "the class 'hollow' has no picture"),
      (pictures + ["--examples", "examples", "-o", "examples/red/0.png", "--overwrite"], 73, "would replace an example"),
    ]
    for (arguments, code, words) in cases {
      let run = try ProgramRun(arguments, in: folder.url)
      #expect(run.exitCode == code && run.errors.contains(words), "\(arguments): \(run.exitCode) \(run.errors)")
      #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
    }
  }
}
