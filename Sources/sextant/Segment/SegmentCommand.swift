import ArgumentParser
import Foundation
import Geometry
import Imaging
import ModelFiles
import NetworkDetection
import NetworkGraph
import NetworkPrograms
import Pipeline
import Records

/// `sextant segment`: the class of each pixel of single pictures.
struct SegmentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "segment",
    abstract: "Tell the class of each pixel of pictures by a network.",
    discussion: """
      One JSON object a picture is written, a line each: its file, width and height, and 'segments', the classes that are there in the order \
      of their numbers with 'class', 'label', 'share' of the pixels and 'mask' (COCO's compressed run lengths; pycocotools reads it). \
      The network is of 'sextant train segmenter'. A picture that cannot be read is named and left out; the exit \
      code is then 65, or 66 where such pictures are only missing.

      examples:
        sextant segment drive/*.png --model models/streets.onnx -o segments.jsonl
        sextant segment drive/*.png --model models/streets.onnx --labels found --overlay seen -o /dev/null
        sextant evaluate masks --truth labels --result found
      """)

  @Argument(help: ArgumentHelp("PNG or JPEG files.", valueName: "images"), completion: .file(extensions: ["png", "jpg", "jpeg"]))
  var images: [String]

  @Option(
    help: ArgumentHelp("The network: a file, or a name of 'sextant models list'.", valueName: "model.onnx"),
    completion: .file(extensions: ["onnx"]))
  var model: String

  @Option(
    name: .shortAndLong, help: ArgumentHelp("Where the segments go; - for standard output.", valueName: "file"), completion: .file()
  )
  var output = "-"

  @Option(
    help: ArgumentHelp("A folder for label images, NAME.png, whose grey value is the class's number.", valueName: "folder"),
    completion: .directory)
  var labels: String?

  @Option(
    help: ArgumentHelp("A folder for the pictures in their classes' colours, NAME.jpg.", valueName: "folder"),
    completion: .directory)
  var overlay: String?

  @OptionGroup var program: NetworkProgramOptions

  @Flag(help: "Replace files that exist.")
  var overwrite = false

  func run() throws {
    try ExitStatus.reporting {
      let labelFiles = try labels.map { try PictureFiles(images, folder: $0, end: "png", option: "--labels") }
      let overlays = try overlay.map { try PictureFiles(images, folder: $0, end: "jpg", option: "--overlay") }
      try ModelLibrary.standard().refuseUnknown(model)
      try plan(labelFiles, overlays).check()
      let graph = try GraphImporter.graph(path: modelPath)
      if let note = try program.type.note() { StandardError.say(note) }
      let threads = try OptionCheck.value(program.threads, of: "--threads", in: 1...256, unit: "")
      let segmenter = try NetworkError.naming(modelPath) {
        try NetworkSegmenter(graph, threads: threads, type: program.type.type(for: graph))
      }
      try labelFiles?.prepare(overwrite: overwrite)
      try overlays?.prepare(overwrite: overwrite)
      try PictureRecords.write(of: images, to: output, overwrite: overwrite) { number, picture in
        let found = PictureSegments(images[number], picture, try segmenter.labels(in: picture), classes: segmenter.classes)
        if let labelFiles { try found.writeLabels(to: labelFiles.paths[number]) }
        if let overlays { try found.writeOverlay(on: picture, to: overlays.paths[number]) }
        return found.line()
      }
    }
  }

  private var modelPath: String { ModelLibrary.standard().path(of: model) }

  private func plan(_ labelFiles: PictureFiles?, _ overlays: PictureFiles?) -> OutputPlan {
    var plan = OutputPlan(overwrites: overwrite)
    for image in images { plan.reads(image, as: "a picture") }
    plan.readsNetwork(modelPath, as: "the model")
    plan.writes(output, as: "the segments")
    plan.writesFolder(labels, files: labelFiles?.paths, as: "the label images")
    plan.writesFolder(overlay, files: overlays?.paths, as: "the pictures with classes")
    return plan
  }
}

/// The classes of one picture's pixels.
struct PictureSegments {
  private let image: String
  private let width: Int
  private let height: Int
  private let labels: [UInt8]
  private let classes: [String]
  /// The labels that are there, rising, with their pixels.
  private let segments: [(label: Int, mask: RunLengthMask)]

  /// - Parameter labels: One for each pixel of the picture, row by row.
  init(_ path: String, _ picture: Image, _ labels: [UInt8], classes: [String]) {
    (image, width, height, self.labels, self.classes) = (path, picture.width, picture.height, labels, classes)
    let (width, height) = (picture.width, picture.height)
    segments = Set(labels).sorted().compactMap { label in
      RunLengthMask(width: width, height: height, pixels: labels.map { $0 == label ? 1 : 0 }).map { (Int(label), $0) }
    }
  }

  private func name(_ label: Int) -> String { classes.indices.contains(label) ? classes[label] : "\(label)" }

  func line() -> String {
    let entries = segments.map { segment -> JSONValue in
      let share = Double(segment.mask.area) / Double(max(1, width * height))
      return .object([
        ("class", .text(name(segment.label))), ("label", .integer(segment.label)), ("share", .real(share, decimals: 6)),
        (
          "mask",
          .object([
            ("size", .list([.integer(height), .integer(width)])), ("counts", .text(segment.mask.compressed)),
          ])
        ),
      ])
    }
    let record = JSONValue.object([
      ("image", .text(image)), ("width", .integer(width)), ("height", .integer(height)), ("segments", .list(entries)),
    ])
    return record.json + "\n"
  }

  func writeLabels(to path: String) throws {
    let picture = Image(width: width, height: height, channels: 1, pixels: labels)
    try PictureFiles.write(ImageFile.png(picture), to: path)
  }

  func writeOverlay(on picture: Image, to path: String) throws {
    var canvas = picture
    for segment in segments {
      canvas.fillMask(segment.mask, color: ClassColors.color(of: segment.label).withOpacity(0.45))
    }
    try PictureFiles.write(ImageFile.jpeg(canvas), to: path)
  }
}
