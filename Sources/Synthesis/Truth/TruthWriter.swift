import Foundation
import Imaging
import Records

/// Writes the truth of a scene into a folder while its frames are made:
///
/// - `gt.txt`: 13-column oriented MOT; confidence 0 where less than a quarter of the object is seen
/// - `gt-visibility.txt`: the 10 columns with the visible share
/// - `truth.ndjson`: the same objects as a stream, with headings and the camera's homographies
/// - `homographies.txt`: previous frame to present one on the ground, nine numbers a line, the identity first
/// - `poses-kitti.txt`, `poses-tum.txt`: the camera in the world (x, y on the ground, z down, metres)
/// - `scene.json`: the scene itself
/// - `masks/000000.png`, `depth/000000.pfm`: where asked for
public final class TruthWriter {
  /// The larger parts of the truth, written on request.
  public struct Contents: OptionSet, Sendable {
    /// The bits.
    public let rawValue: Int
    /// A set by its bits.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// A PNG a frame whose value is the id.
    public static let masks = Contents(rawValue: 1)
    /// A PFM a frame, in metres.
    public static let depth = Contents(rawValue: 2)
  }

  private let folder: String
  private let contents: Contents
  private let overwrite: Bool
  private let hasLargeIds: Bool
  private let rows: TrackTextWriter
  private var encoder: StreamEncoder
  private var text = TextBuffer()
  private var sinks: [OutputSink] = []
  private var frames = 0
  private var ids = Set<Int>()

  /// Creates the folder, where it is not there, and the files in it.
  ///
  /// - Parameters:
  ///   - program: Name and version, for the stream's header.
  ///   - video: The name of the scene's video, for the stream's header.
  /// - Throws: `RecordsError` where a file exists that must not be replaced or cannot be made.
  public init(
    folder: String, scene: Scene, program: String, video: String, contents: Contents = [], overwrite: Bool = false
  ) throws {
    self.folder = folder
    self.contents = contents
    self.overwrite = overwrite
    hasLargeIds = scene.objects.contains { $0.id > 255 }
    rows = TrackTextWriter(format: .motOriented, classes: ObjectKind.classNames)
    encoder = StreamEncoder(classes: ObjectKind.classNames)
    try TruthWriter.makeFolder(folder)
    if contents.contains(.masks) { try TruthWriter.makeFolder(folder + "/masks") }
    if contents.contains(.depth) { try TruthWriter.makeFolder(folder + "/depth") }
    try writeWhole("scene.json", TruthWriter.json(scene))
    sinks = try TruthWriter.names.map { try OutputSink(path: folder + "/" + $0, policy: .whole, overwrite: overwrite) }
    try write(encoder.line(.header(scene.header(program: program, uri: video))), to: sinks[2])
  }

  /// The text files in the order of `sinks`.
  private static let names = [
    "gt.txt", "gt-visibility.txt", "truth.ndjson", "homographies.txt", "poses-kitti.txt", "poses-tum.txt",
  ]

  /// Writes the truth of the next frame.
  public func write(_ truth: FrameTruth) throws {
    let record = truth.record(pts: Int64(truth.ordinal))
    ids.formUnion(record.tracks.map(\.id))
    frames += 1
    try write(to: sinks[0]) { rows.append(frame: record.frame, time: record.time, tracks: record.tracks, to: &$0) }
    try write(to: sinks[1]) { TruthRows.appendVisibility(truth, to: &$0) }
    try write(encoder.line(.frame(record)), to: sinks[2])
    try write(to: sinks[3]) { TruthRows.appendHomography(truth, to: &$0) }
    try write(to: sinks[4]) { TruthRows.appendKITTIPose(truth, to: &$0) }
    try write(to: sinks[5]) { TruthRows.appendTUMPose(truth, to: &$0) }
    let name = String(format: "%06d", truth.ordinal)
    if contents.contains(.masks) {
      try writeWhole("masks/\(name).png", ImageFile.png(truth.maskImage(isColor: hasLargeIds)))
    }
    if contents.contains(.depth) { try writeWhole("depth/\(name).pfm", truth.depthMap()) }
  }

  /// Ends the stream and gives the files their names.
  public func finish() throws {
    try write(encoder.line(.end(EndRecord(frames: frames, tracks: ids.count, status: .complete))), to: sinks[2])
    for sink in sinks { try sink.close() }
  }

  private func write(to sink: OutputSink, _ append: (inout TextBuffer) -> Void) throws(RecordsError) {
    text.removeAll()
    append(&text)
    try sink.write(text)
  }

  private func write(_ bytes: [UInt8], to sink: OutputSink) throws(RecordsError) {
    text.removeAll()
    text.append(contentsOf: bytes)
    try sink.write(text)
  }

  private func writeWhole(_ name: String, _ bytes: [UInt8]) throws(RecordsError) {
    let sink = try OutputSink(path: folder + "/" + name, policy: .whole, overwrite: overwrite)
    try write(bytes, to: sink)
    try sink.close()
  }

  private static func makeFolder(_ path: String) throws(RecordsError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw .cannotCreate(path: path, reason: "the folder cannot be made")
    }
  }

  private static func json(_ scene: Scene) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try Array(encoder.encode(scene)) + Array("\n".utf8)
  }
}
