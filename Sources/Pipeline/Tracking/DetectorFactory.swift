import Detection
import Foundation
import Geometry
import Imaging
import Records

/// Makes the detector that a run asks for; files are read here, once, before any thread starts.
struct DetectorFactory: Sendable {
  let classes: [String]
  let warnings: [String]
  let make: @Sendable () throws -> any Detector

  /// - Throws: `RecordsError` for a file of detections that cannot be read.
  init(request: TrackRequest) throws {
    let delay = request.detectorDelayMilliseconds
    switch request.detector {
    case .motion:
      classes = MotionDetector.classes
      warnings = []
      make = { DelayedDetector.ifAsked(try MotionDetector(), milliseconds: delay) }
    case .file(let path):
      let table = try DetectionFile.read(path)
      let detector = FileDetector(table: table)
      classes = detector.classes
      warnings = DetectionFile.warnings(table, path: path)
      make = { DelayedDetector.ifAsked(detector, milliseconds: delay) }
    }
  }
}

/// Files of detections, whoever made them.
enum DetectionFile {
  /// - Throws: `RecordsError`.
  static func read(_ path: String) throws -> BoxTable {
    var options = BoxTableReader.Options(role: .detections)
    // A folder's files are named by their frames, and a frame without detections may have no file. Names without a number are taken in
    // their order instead; what else is wrong with the folder comes up again there.
    options.images.numbering = .byNumber
    if isFolder(path), let table = try? BoxTableReader.read(path: path, options: options) { return table }
    options.images.numbering = .byImage
    return try BoxTableReader.read(path: path, options: options)
  }

  private static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
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
    region = try request.regionOfInterest.map { try RegionFile.read($0) }
  }
}

/// The picture of a region of interest.
enum RegionFile {
  /// Pictures of more bytes than this are refused unread.
  private static let greatestBytes = 256 << 20

  /// - Throws: `PipelineError.cannotRead`, or `ImagingError` for what is no picture.
  static func read(_ path: String) throws -> Image {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    let size = attributes?[.size] as? Int ?? 0
    guard size <= greatestBytes else { throw PipelineError.cannotRead(path: path, reason: "it is larger than 256 MB") }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw PipelineError.cannotRead(path: path, reason: "there is no such readable file")
    }
    return try ImageFile.decode([UInt8](data), named: path)
  }
}
