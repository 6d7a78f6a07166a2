import Evaluation
import Foundation
import Geometry
import Imaging
import Video

/// Pictures of the frames in which identities switch, for a report.
struct EventPictures {
  private static let greatestWidth = 960
  private static let framesPerSequence = 30
  private var pictures: [String: [Int: ReportPicture]] = [:]

  /// Decodes the frames of all switches.
  ///
  /// - Parameter video: The video of the only sequence, or a folder with NAME.mp4 (or another video), NAME/img1 or NAME for each.
  init(video: String, evaluations: [TrackEvaluation]) throws {
    let names = evaluations.first?.sequences.map(\.name) ?? []
    for name in names {
      let events = evaluations.flatMap(\.sequences).filter { $0.name == name }.flatMap { sequence in
        sequence.classes.flatMap(\.events).filter { $0.kind == .identitySwitch }
      }
      let first = Set(Set(events.map(\.frame)).sorted().prefix(EventPictures.framesPerSequence))
      let boxes = Dictionary(grouping: events.filter { first.contains($0.frame) }, by: \.frame).mapValues { $0.compactMap(\.box) }
      guard !boxes.isEmpty, let input = try EventPictures.input(for: name, in: video, isOnly: names.count == 1) else { continue }
      pictures[name] = try EventPictures.decode(input, boxes: boxes)
    }
  }

  func picture(of sequence: String, frame: Int) -> ReportPicture? { pictures[sequence]?[frame] }

  private static func input(for name: String, in video: String, isOnly: Bool) throws -> String? {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: video, isDirectory: &isFolder) else {
      throw CommandError.missingInput("Reading the pictures of switches: there is no \(video).")
    }
    guard isFolder.boolValue else { return video }
    let candidates = ["\(name)/img1", "\(name)/video.mp4", "\(name).mp4", "\(name).mkv", "\(name).avi", "\(name).webm", name]
    let found = candidates.map { "\(video)/\($0)" }.first { FileManager.default.fileExists(atPath: $0) }
    return found ?? (isOnly ? video : nil)
  }

  /// Decodes the frames for which there are boxes and draws them.
  private static func decode(_ input: String, boxes: [Int: [OrientedBox]]) throws -> [Int: ReportPicture] {
    let source = try VideoSources.open(input)
    var pictures: [Int: ReportPicture] = [:]
    let last = boxes.keys.max() ?? 0
    while let item = try source.next() {
      guard case .frame(let frame) = item else { continue }
      if let marked = boxes[frame.ordinal] { pictures[frame.ordinal] = try picture(of: frame, boxes: marked) }
      if frame.ordinal >= last { break }
    }
    return pictures
  }

  private static func picture(of frame: Frame, boxes: [OrientedBox]) throws -> ReportPicture {
    let (pixels, width, height) = try frame.bgr()
    var image = Image(width: width, height: height, channels: 3, pixels: pixels)
    let thickness = max(2, width / 480)
    for box in boxes { try image.drawBox(box, thickness: thickness, color: Color(red: 230, green: 60, blue: 0)) }
    if width > greatestWidth {
      image = try image.resized(width: greatestWidth, height: max(1, height * greatestWidth / width))
    }
    return ReportPicture(bytes: try ImageFile.jpeg(image, quality: 80), type: "image/jpeg")
  }
}
