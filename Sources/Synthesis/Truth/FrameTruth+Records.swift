import Foundation
import Geometry
import Records

extension ObjectTruth {
  /// The share of an object that must be seen for a tracker to be expected to find it.
  public static let countedVisibility = 0.25

  /// The object as a row of a track file: confidence 1, or 0 where too little of it is seen for it to count.
  public var record: TrackRecord {
    TrackRecord(
      id: id, classIndex: kind.classIndex, score: visibility >= ObjectTruth.countedVisibility ? 1 : 0, box: box.canonical,
      velocity: velocity, course: velocity.length > 0 ? atan2(velocity.y, velocity.x) : nil, heading: heading, headingConfidence: 1,
      speed: velocity.length,
      further: [FurtherKey("visibility", .real(visibility)), FurtherKey("truncation", .real(truncation))])
  }
}

extension FrameTruth {
  /// How the camera moved, as a tracker would be told.
  public var motion: CameraMotion {
    guard let homography else { return .first }
    return homography == .identity ? .still : CameraMotion(status: .ok, homography: homography, inliers: 0)
  }

  /// The objects of which something is seen, as a frame of a stream.
  public func record(pts: Int64) -> FrameRecord {
    FrameRecord(frame: ordinal, pts: pts, time: time, camera: motion, tracks: objects.filter { $0.visiblePixels > 0 }.map(\.record))
  }
}

extension Scene {
  /// What a stream of the scene's truth says first; time stamps count frames.
  public func header(program: String, uri: String) -> StreamHeader {
    StreamHeader(
      program: program,
      source: StreamSource(
        uri: uri, kind: "synthetic", width: width, height: height,
        timeBase: StreamRatio(frameRate.denominator, frameRate.numerator),
        frameRate: StreamRatio(frameRate.numerator, frameRate.denominator), duration: duration),
      settings: .object([("scene", .text(name))]), classes: ObjectKind.classNames, seed: seed)
  }
}
