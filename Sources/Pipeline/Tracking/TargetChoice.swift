import Foundation
public import Geometry
import Imaging
import NetworkGraph
import NetworkPrograms
import TargetTracking

/// The one object that a run follows, as it is asked for; without a box or a point none is.
public struct TargetChoice: Sendable, Equatable {
  /// The files of a network that follows it.
  public struct Model: Sendable, Equatable {
    /// Makes features of pictures.
    public var backbone: String
    /// Compares them.
    public var head: String

    /// Reads `BACKBONE.onnx,HEAD.onnx`; nil for anything else.
    public init?(_ text: String) {
      let names = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      guard names.count == 2, names.allSatisfy({ !$0.isEmpty }) else { return nil }
      (backbone, head) = (names[0], names[1])
    }

    /// As it is read.
    public var text: String { "\(backbone),\(head)" }
  }

  /// Its upright box, pixels of the displayed picture.
  public var box: AxisBox?
  /// A point on it, where its extent is to be found.
  public var point: Point?
  /// When it is there, seconds from the start of the stream; nil: in the first frame.
  public var seconds: Double?
  /// What follows it; nil: the program's own follower, which needs no file.
  public var model: Model?
  /// Whether it is flat, and followed by its corners.
  public var isPlanar = false
  /// The file of a picture of a flat target, which is looked for.
  public var picture: String?
  /// How wide the target of that picture is, metres; nil: not known.
  public var metres: Double?

  /// None.
  public init() {}

  /// Whether there is one.
  public var isAsked: Bool { box != nil || point != nil || picture != nil }

  /// Reads `x,y,w,h`; nil for another text, or a box of less than a pixel.
  static func box(_ text: String) -> AxisBox? {
    guard let numbers = numbers(text, count: 4), min(numbers[2], numbers[3]) >= TargetDetector.leastSide else { return nil }
    return AxisBox(left: numbers[0], top: numbers[1], width: numbers[2], height: numbers[3])
  }

  /// Reads `x,y`; nil for another text.
  static func point(_ text: String) -> Point? { numbers(text, count: 2).map { Point($0[0], $0[1]) } }

  static func text(_ box: AxisBox) -> String { "\(box.left.plain),\(box.top.plain),\(box.width.plain),\(box.height.plain)" }

  static func text(_ point: Point) -> String { "\(point.x.plain),\(point.y.plain)" }

  /// Beyond this no picture reaches.
  private static let farthest = Double(Image.maximumSide)

  private static func numbers(_ text: String, count: Int) -> [Double]? {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Double($0) }
    // A NaN compares false and so is refused too.
    guard parts.count == count, numbers.count == count, numbers.allSatisfy({ abs($0) <= farthest }) else { return nil }
    return numbers
  }
}

// MARK: - What goes with it

extension TrackRequest {
  /// A target is followed alone, by its looks in pictures: what says otherwise is refused.
  func checkTarget() throws(TrackSettingError) {
    guard target.isAsked else {
      let needing = [
        (target.seconds != nil, "target_time"), (target.model != nil, "target_model"), (target.isPlanar, "planar"),
        (target.metres != nil, "target_width"),
      ]
      for (isThere, name) in needing where isThere {
        throw TrackSettingError(
          setting: name,
          problem: "needs a target: point at it (--target or --target-point) or give a picture of it (--target-image)")
      }
      return
    }
    try checkPlanarTarget()
    let name = target.picture != nil ? "target_image" : target.box != nil ? "target" : "target_point"
    let alone = "a target is followed alone and by its looks; leave one of the two out"
    let rivals: [(Bool, String)] = [
      (detector != .motion, "detector"), (detectEvery != 1, "detect_every"), (!classes.isEmpty, "classes"), (poses != nil, "poses"),
      (findsMasks, "masks"), (detectorSize != nil, "detector_size"),
    ]
    for (isThere, rival) in rivals where isThere { throw TrackSettingError(setting: name, excludes: rival, alone) }
    for (isThere, rival) in [(smooths, "smooth"), (lag != nil, "lag"), (tracker.backfills, "backfill")] where isThere {
      throw TrackSettingError(setting: name, excludes: rival, "a target's rows are final at once; leave one of the two out")
    }
    if checkpoint != nil {
      throw TrackSettingError(
        setting: name, excludes: "checkpoint", "how a target looks is not kept in one; leave one of the two out")
    }
    if inputs.isEmpty {
      throw TrackSettingError(setting: name, problem: "needs pictures to find the target in: name a video")
    }
    if let end = endSeconds, let seconds = target.seconds, seconds >= end {
      throw TrackSettingError(setting: "target_time", problem: "\(seconds.plain) does not lie before the end, \(end.plain)")
    }
    if let start = startSeconds, let seconds = target.seconds, seconds < start {
      throw TrackSettingError(setting: "target_time", problem: "\(seconds.plain) lies before the start, \(start.plain)")
    }
  }

  /// What a flat target cannot be had with.
  private func checkPlanarTarget() throws(TrackSettingError) {
    if target.picture != nil {
      for (isThere, rival) in [(target.box != nil, "target"), (target.point != nil, "target_point")] where isThere {
        throw TrackSettingError(setting: "target_image", excludes: rival, "each names the one target; leave one of the two out")
      }
    }
    if target.isPlanar, target.point != nil {
      throw TrackSettingError(setting: "planar", problem: "needs the target's box (--target) or a picture of it (--target-image)")
    }
    if target.followsPlane, target.model != nil {
      throw TrackSettingError(
        setting: "target_model", excludes: target.picture != nil ? "target_image" : "planar",
        "a flat target is followed by its corners; leave one of the two out")
    }
    if target.metres != nil, target.picture == nil || camera == nil {
      throw TrackSettingError(
        setting: "target_width", problem: "needs a picture of the target (--target-image) and a calibrated camera (--camera)")
    }
  }

  /// Checks the target against the input.
  ///
  /// - Parameters:
  ///   - size: Of the displayed pictures in pixels; 0 where it is not known before the first.
  ///   - duration: Of the input in seconds; nil where it is not known.
  /// - Throws: `TargetError` for one that is not in it.
  func checkTarget(size: (width: Int, height: Int), duration: Double?) throws {
    guard target.isAsked else { return }
    if let seconds = target.seconds, let duration, seconds >= duration {
      throw TargetError(
        "its time, \(seconds.plain) s, lies behind the end of the input, \(duration.plain) s",
        remedy: "give an earlier --target-time")
    }
    guard size.width > 0, size.height > 0 else { return }
    let picture = AxisBox(left: 0, top: 0, width: Double(size.width), height: Double(size.height))
    let sides = "the picture of \(size.width)x\(size.height) pixels"
    if let box = target.box { try TargetDetector.check(box, width: size.width, height: size.height) }
    if let point = target.point, !(0..<picture.width).contains(point.x) || !(0..<picture.height).contains(point.y) {
      throw TargetError("the point \(TargetChoice.text(point)) lies outside \(sides)")
    }
  }
}

extension AxisBox {
  /// The same to tenths of a pixel, for people.
  var rounded: AxisBox {
    func tenths(_ value: Double) -> Double { (value * 10).rounded() / 10 }
    return AxisBox(left: tenths(left), top: tenths(top), width: tenths(width), height: tenths(height))
  }
}

// MARK: - What follows it

extension TargetChoice {
  /// The networks of a model, read and checked; nil without one.
  ///
  /// - Throws: `NetworkError` and `ModelFileError`.
  func network(type: TypeChoice) throws -> SiameseNetwork? {
    guard let model else { return nil }
    let network = try SiameseNetwork(
      backbone: GraphImporter.graph(path: model.backbone), head: GraphImporter.graph(path: model.head))
    try network.check(type: type)
    return network
  }

  /// Whether it is followed as a plane.
  var followsPlane: Bool { isPlanar || picture != nil }

  /// What a flat target is known by; nil for none.
  ///
  /// - Throws: `PipelineError` and `ImagingError` for a picture that cannot be read.
  func planarStart() throws -> PlanarTargetStart? {
    let seconds = seconds ?? -.infinity
    if let picture { return .picture(try ImageFile.read(path: picture), seconds: seconds) }
    return isPlanar ? box.map { .box($0, seconds: seconds) } : nil
  }

  /// The sides of the target of a picture: metres where its width is known, else widths of it; nil without a picture.
  ///
  /// - Throws: As `planarStart`.
  func sides() throws -> (width: Double, height: Double)? {
    guard let picture else { return nil }
    let image = try ImageFile.read(path: picture)
    let width = metres ?? 1
    return (width, width * Double(image.height) / Double(image.width))
  }

  /// When and where it begins; nil for none.
  func start() -> TargetStart? {
    let seconds = seconds ?? -.infinity
    return box.map { TargetStart(box: $0, seconds: seconds) } ?? point.map { TargetStart(point: $0, seconds: seconds) }
  }
}
