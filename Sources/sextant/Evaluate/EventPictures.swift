import Foundation
import Geometry
import Imaging
import TrackEvaluation
import Video

/// Pictures of the frames in which identities switch, for a report.
struct EventPictures {
  private struct Key: Hashable {
    var result: String
    var sequence: String
    var frame: Int
  }

  /// The boxes of one switch in the picture's pixels.
  private struct SwitchBoxes {
    var truth: OrientedBox?
    var result: OrientedBox?
  }

  /// The report's captions name these colours.
  private static let truthColor = Color(red: 230, green: 120, blue: 0)
  private static let resultColor = Color(red: 0, green: 110, blue: 230)
  /// Pixels; wider pictures are made smaller.
  private static let greatestWidth = 960
  /// For each result.
  private static let framesPerSequence = 30
  private var pictures: [Key: ReportPicture] = [:]

  /// Decodes the frames of all switches.
  ///
  /// - Parameter video: The video of the only sequence, or a folder with NAME.mp4 (or another video), NAME/img1 or NAME for each.
  init(video: String, evaluations: [TrackResultEvaluation]) throws {
    let names = evaluations.first?.sequences.map(\.name) ?? []
    for name in names {
      var wanted: [Int: [(key: Key, boxes: [SwitchBoxes])]] = [:]
      for evaluation in evaluations {
        for (frame, boxes) in EventPictures.switches(of: evaluation, in: name) {
          wanted[frame, default: []].append((Key(result: evaluation.name, sequence: name, frame: frame), boxes))
        }
      }
      guard !wanted.isEmpty, let input = try EventPictures.input(for: name, in: video, isOnly: names.count == 1) else { continue }
      try decode(input, wanted)
    }
  }

  func picture(of result: String, sequence: String, frame: Int) -> ReportPicture? {
    pictures[Key(result: result, sequence: sequence, frame: frame)]
  }

  /// The boxes of a result's switches by the video's frames, for the first that have any.
  private static func switches(of evaluation: TrackResultEvaluation, in sequence: String) -> [(frame: Int, boxes: [SwitchBoxes])] {
    var byFrame: [Int: [TrackEvent]] = [:]
    for part in evaluation.sequences where part.name == sequence {
      for event in part.classes.flatMap(\.events) where event.kind == .identitySwitch {
        byFrame[event.frame + part.skippedFrames, default: []].append(event)
      }
    }
    return byFrame.keys.sorted().prefix(framesPerSequence).map { frame in
      (frame, (byFrame[frame] ?? []).map { SwitchBoxes(truth: $0.truthBox, result: $0.resultBox) })
    }
  }

  private static func input(for name: String, in video: String, isOnly: Bool) throws -> String? {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: video, isDirectory: &isFolder) else {
      throw CommandError.missingInput("cannot read the pictures of switches: there is no \(video)")
    }
    guard isFolder.boolValue else { return video }
    let candidates = ["\(name)/img1", "\(name)/video.mp4", "\(name).mp4", "\(name).mkv", "\(name).avi", "\(name).webm", name]
    let found = candidates.map { "\(video)/\($0)" }.first { FileManager.default.fileExists(atPath: $0) }
    return found ?? (isOnly ? video : nil)
  }

  /// Decodes the wanted frames and draws the boxes.
  private mutating func decode(_ input: String, _ wanted: [Int: [(key: Key, boxes: [SwitchBoxes])]]) throws {
    let source = try VideoSources.open(input)
    let last = wanted.keys.max() ?? 0
    while let item = try source.next() {
      guard case .frame(let frame) = item else { continue }
      for (key, boxes) in wanted[frame.ordinal] ?? [] { pictures[key] = try Self.picture(of: frame, boxes: boxes) }
      if frame.ordinal >= last { break }
    }
  }

  private static func picture(of frame: Frame, boxes: [SwitchBoxes]) throws -> ReportPicture {
    let (pixels, width, height) = try frame.bgr()
    var image = Image(width: width, height: height, channels: 3, pixels: pixels)
    let thickness = max(2, width / 480)
    // The result's thin line lies on the truth's thick one, so that both are seen where the boxes agree.
    for box in boxes.compactMap(\.truth) { try image.drawBox(box, thickness: 3 * thickness, color: truthColor) }
    for box in boxes.compactMap(\.result) { try image.drawBox(box, thickness: thickness, color: resultColor) }
    if width > greatestWidth {
      image = try image.resized(width: greatestWidth, height: max(1, height * greatestWidth / width))
    }
    return ReportPicture(bytes: try ImageFile.jpeg(image, quality: 80), type: "image/jpeg")
  }
}
