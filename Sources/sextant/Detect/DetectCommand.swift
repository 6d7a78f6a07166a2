import ArgumentParser
import Foundation
import Imaging
import ModelFiles
import NetworkDetection
import NetworkGraph
import NetworkPrograms
import PictureTraining
import Pipeline
import Records

/// `sextant detect`: the objects in single pictures.
struct DetectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "detect",
    abstract: "Find objects in pictures by a network.",
    discussion: """
      One JSON object a picture is written, a line each: its file, width and height, and 'boxes' by falling scores with class, score, \
      centre, sides and angle (radians from x towards y), and where the network tells them 'center_covariance' (xx, xy, yy in square pixels) \
      and 'mask' (COCO's compressed run lengths). \
      The network is of 'sextant train detector', or any that 'track --detector' takes. A picture that cannot be read is named and \
      left out; the exit code is then 65, or 66 where such pictures are only missing.

      examples:
        sextant detect pictures/*.png --model models/thermal.onnx -o boxes.jsonl
        sextant detect photo.jpg --model models/thermal.onnx --overlay seen
      """)

  @Argument(help: ArgumentHelp("PNG or JPEG files.", valueName: "images"), completion: .file(extensions: ["png", "jpg", "jpeg"]))
  var images: [String]

  @Option(
    help: ArgumentHelp("The network: a file, or a name of 'sextant models list'.", valueName: "model.onnx"),
    completion: .file(extensions: ["onnx"]))
  var model: String

  @Option(
    name: .shortAndLong, help: ArgumentHelp("Where the boxes go; - for standard output.", valueName: "file"), completion: .file())
  var output = "-"

  @Option(
    help: ArgumentHelp("A folder for the pictures with their boxes drawn, NAME.jpg.", valueName: "folder"), completion: .directory)
  var overlay: String?

  @Option(help: ArgumentHelp("Boxes below this score are left out.", valueName: "score"))
  var minScore = 0.25

  @Option(help: ArgumentHelp("Height and width of the network's input, multiples of 32; the file's own.", valueName: "HxW"))
  var detectorSize: String?

  @OptionGroup var program: NetworkProgramOptions

  @Flag(help: "Replace files that exist.")
  var overwrite = false

  func run() throws {
    try ExitStatus.reporting {
      let least = try OptionCheck.value(minScore, of: "--min-score", in: 0...1, unit: "")
      let overlays = try overlay.map { try PictureFiles(images, folder: $0, end: "jpg", option: "--overlay") }
      try ModelLibrary.standard().refuseUnknown(model)
      try plan(overlays).check()
      let size = try size()
      let network = try NetworkError.naming(modelPath) { try DetectorNetwork(GraphImporter.graph(path: modelPath), size: size) }
      guard network.sight == .picture else {
        throw CommandError.usage(
          "\(model) finds what moves, and a picture tells nothing of that; 'sextant track VIDEO --detector' takes it")
      }
      if let note = try program.type.note() { StandardError.say(note) }
      let threads = try OptionCheck.value(program.threads, of: "--threads", in: 1...256, unit: "")
      let detector = try NetworkError.naming(modelPath) {
        try NetworkDetector(network, threads: threads, type: program.type.type(for: network.graph))
      }
      try overlays?.prepare(overwrite: overwrite)
      try PictureRecords.write(of: images, to: output, overwrite: overwrite) { number, picture in
        let boxes = try detector.detect(in: picture, minimumScore: least, masksOf: (picture.width, picture.height))
        if let overlays { try DetectionOverlay.write(picture, boxes, detector.classes, to: overlays.paths[number]) }
        return try PictureBoxes(images[number], picture, boxes, classes: detector.classes).line()
      }
    }
  }

  private var modelPath: String { ModelLibrary.standard().path(of: model) }

  private func size() throws -> (width: Int, height: Int)? {
    guard let detectorSize else { return nil }
    guard let size = DetectorSize(detectorSize) else {
      throw CommandError.usage("--detector-size \(detectorSize): give height and width in pixels such as 512x640")
    }
    return (size.width, size.height)
  }

  private func plan(_ overlays: PictureFiles?) -> OutputPlan {
    var plan = OutputPlan(overwrites: overwrite)
    for image in images { plan.reads(image, as: "a picture") }
    plan.readsNetwork(modelPath, as: "the model")
    plan.writes(output, as: "the boxes")
    plan.writesFolder(overlay, files: overlays?.paths, as: "the pictures with boxes")
    return plan
  }
}
