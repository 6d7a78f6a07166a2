import Geometry
import Records

/// What a stream of this program says of the frames themselves: when each was, and how the camera moved since the one before.
struct StoredMoments: Sendable {
  struct Moment: Sendable, Equatable {
    var ordinal: Int
    /// Seconds from the start of the stream.
    var time: Double
    /// Nil where it was not estimated.
    var camera: CameraMotion?
  }

  /// In the order of the stream; frames that a live source had to drop are missing.
  private(set) var moments: [Moment] = []
  private(set) var width: Int?
  private(set) var height: Int?
  private(set) var frameRate: Double?

  /// - Throws: `RecordsError` for a file that is no stream, or whose frames go back.
  init(path: String) throws(RecordsError) {
    let reader = try StreamReader(path: path, keepsFurther: false)
    while let record = try reader.next() {
      guard case .frame(let frame) = record else { continue }
      guard frame.frame > moments.last?.ordinal ?? -1, frame.frame <= BoxTableReader.maximumFrame else {
        throw .malformed(
          path: path, reason: "line \(reader.line): frame \(frame.frame) is out of order or beyond \(BoxTableReader.maximumFrame)")
      }
      moments.append(Moment(ordinal: frame.frame, time: frame.time, camera: frame.camera))
    }
    width = reader.header?.source?.width
    height = reader.header?.source?.height
    frameRate = reader.header?.source?.frameRate?.value
  }

  /// Whether the stream knows how the camera moved.
  var knowsCamera: Bool { moments.contains { $0.camera != nil } }
}
