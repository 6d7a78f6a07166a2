import Detection
import Foundation
import Geometry
import Imaging
import NetworkDetection
import NetworkGraph
import NetworkPrograms
import Records
import TargetTracking

/// Makes the detector that a run asks for; files are read here, once, before any thread starts.
struct DetectorFactory: Sendable {
  let classes: [String]
  let warnings: [String]
  let make: @Sendable () throws -> any Detector
  /// How a network's output is read; nil without one.
  let layout: String?
  /// What becomes known of a target that is pointed at; nil without one.
  let targetReport: TargetReport?
  private let fit: DetectionFit?

  /// - Parameters:
  ///   - size: Of the pictures, in pixels; for detections that are shares of it.
  ///   - pictures: How many there are, for detections in files named after them; nil where that is not known.
  ///   - duration: Of the input, seconds; nil where that is not known.
  /// - Throws: `RecordsError` for a file of detections that cannot be read, `NetworkError` and `ModelFileError` for a network.
  init(request: TrackRequest, size: (width: Int, height: Int), pictures: Int?, duration: Double? = nil) throws {
    let delay = request.detectorDelayMilliseconds
    if request.target.isAsked {
      let report = TargetReport()
      let make = try Self.target(request, size: size, duration: duration, report: report)
      (classes, fit, layout, targetReport) = (MotionDetector.classes, nil, nil, report)
      warnings = request.target.model == nil ? Self.unused(request) : try request.detectorType.note().map { [$0] } ?? []
      self.make = { DelayedDetector.ifAsked(try make(), milliseconds: delay) }
      return
    }
    targetReport = nil
    switch request.detector {
    case .motion:
      classes = MotionDetector.classes
      warnings = Self.unused(request)
      (fit, layout) = (nil, nil)
      let settings = request.motionDetector
      let findsMasks = request.findsMasks
      make = { DelayedDetector.ifAsked(try MotionDetector(settings: settings, findsMasks: findsMasks), milliseconds: delay) }
    case .file(let path):
      let table = try DetectionFile.read(path, size: size, pictures: pictures)
      let detector = FileDetector(table: table)
      classes = detector.classes
      let fit = DetectionFit(table, path: path, size: size)
      warnings =
        DetectionFile.warnings(table, path: path) + fit.warnings + Self.maskWarning(request) + Self.unused(request)
      (self.fit, layout) = (fit, nil)
      make = { DelayedDetector.ifAsked(detector, milliseconds: delay) }
    case .network(let path):
      let size = request.detectorSize.map { ($0.width, $0.height) }
      let network = try NetworkError.naming(path) { try DetectorNetwork(GraphImporter.graph(path: path), size: size) }
      let findsLooks = request.appearance == .detector
      guard !findsLooks || network.tellsLooks && network.sight == .picture else {
        throw NetworkError(.unsupported, "\(path): the network \(AppearanceChoice.tellsNoLooks)")
      }
      let type = try request.detectorType.type(for: network.graph)
      // Before outputs are opened: a network that cannot run must not cost a result that is there.
      try NetworkError.naming(path) { try Program.check(network.graph, type: type) }
      classes = network.classes
      layout = "\(network.layout.name), \(network.height)x\(network.width)" + (type == .f32 ? "" : ", \(type.rawValue)")
      warnings =
        (try request.detectorType.note().map { [$0] } ?? [])
        + (network.tellsMasks || network.sight == .motion ? [] : Self.maskWarning(request))
      fit = nil
      let (threads, settings, findsMasks) = (request.threads, request.motionDetector, request.findsMasks)
      make = {
        let detector: any Detector =
          switch network.sight {
          case .picture:
            try NetworkDetector(network, threads: threads, type: type, findsMasks: findsMasks, findsLooks: findsLooks)
          case .motion:
            try EvidenceDetector(network, settings: settings, threads: threads, type: type, findsMasks: findsMasks)
          }
        return DelayedDetector.ifAsked(detector, milliseconds: delay)
      }
    }
  }

  /// What follows a target that is asked for.
  private static func target(
    _ request: TrackRequest, size: (width: Int, height: Int), duration: Double?, report: TargetReport
  ) throws -> @Sendable () throws -> any Detector {
    try request.checkTarget(size: size, duration: duration)
    if let start = try request.target.planarStart() {
      // Made once here too, so that a picture without texture costs no output.
      _ = try PlanarTargetDetector(start: start)
      return { try PlanarTargetDetector(start: start, report: report) }
    }
    guard let start = request.target.start() else { preconditionFailure("a target is asked for by a box, a point or a picture") }
    let network = try request.target.network(type: request.detectorType)
    let (threads, type) = (request.threads, request.detectorType)
    return {
      let follower: any TargetFollower =
        try network.map { try SiameseFollower($0, threads: threads, type: type) } ?? CorrelationFollower()
      return try TargetDetector(follower: follower, start: start, report: report)
    }
  }

  /// What is to be said of masks where the detector gives none.
  static func maskWarning(_ request: TrackRequest) -> [String] {
    request.findsMasks
      ? ["\(request.detector.name): it gives no masks; --masks needs the motion detector, or a network that tells some"] : []
  }

  /// Settings of networks that are given without one.
  private static func unused(_ request: TrackRequest) -> [String] {
    guard request.detectorSize != nil || request.detectorType != .auto else { return [] }
    return ["detector_size and detector_type are of networks, and none runs here; name one as the detector (--detector FILE.onnx)"]
  }

  /// What is to be said once the number of pictures is known.
  ///
  /// - Parameter rate: Pictures per second; nil where unknown.
  func warnings(afterFrames pictures: Int, rate: Double?) -> [String] { fit?.warnings(afterFrames: pictures, rate: rate) ?? [] }
}

/// Files of detections, whoever made them.
enum DetectionFile {
  /// - Parameters:
  ///   - size: Of the pictures, in pixels; nil where there are none.
  ///   - pictures: How many there are; nil where that is not known.
  /// - Throws: `RecordsError`, and `PipelineError.needsSize` for shares of pictures that are not there.
  static func read(_ path: String, size: (width: Int, height: Int)? = nil, pictures: Int? = nil) throws -> BoxTable {
    var options = BoxTableReader.Options(role: .detections)
    // A folder's files are named by their frames, and a frame without detections may have no file.
    options.images.numbering = .automatic
    options.images.size = size.map { (Double($0.width), Double($0.height)) }
    options.images.count = pictures
    do throws(RecordsError) {
      let table = try BoxTableReader.read(path: path, options: options)
      try table.refuseCrowdedFrames(path: path)
      return table
    } catch {
      if error == .unknownImageSize(path: path) { throw PipelineError.needsSize(detections: path) }
      if case .cannotOpen = error { try ModelLibrary.standard().refuseUnknown(path) }
      throw error
    }
  }

  /// What a user should know about the file.
  static func warnings(_ table: BoxTable, path: String) -> [String] {
    var warnings = table.warnings.map { "\(path): \($0)" }
    if !table.isSortedByFrame { warnings.append("\(path): frames are out of order; they were sorted") }
    return warnings
  }
}

extension DetectionFilter {
  /// - Throws: `PipelineError.unknownClass`, or `ImagingError` for a region that is no picture.
  init(request: TrackRequest, classes: [String]) throws {
    classIndices = request.classes.isEmpty ? nil : []
    for name in request.classes {
      guard let index = classes.firstIndex(where: { $0.lowercased() == name.lowercased() }) else {
        throw PipelineError.unknownClass(name: name, known: classes)
      }
      classIndices?.insert(index)
    }
    minimumScore = request.minimumScore
    region = try request.regionOfInterest.map { try ImageFile.read(path: $0) }
  }
}
