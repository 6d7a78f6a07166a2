import Geometry

@testable import Records

/// Records with every key set.
enum Samples {
  static let header = StreamHeader(
    program: "sextant 0.1.0",
    source: StreamSource(
      uri: "clip \"1\".mp4", kind: "file", width: 4, height: 5, timeBase: StreamRatio(1, 15360),
      frameRate: StreamRatio(30, 1), duration: 20),
    settings: .object([("detector", .text("motion")), ("gate", .real(0.5)), ("ids", .list([.integer(1), .null, .flag(true)]))]),
    classes: ["car", "person"], seed: 7)

  static let track = TrackRecord(
    id: 3, classIndex: 0, rawClassIndex: 1, state: .coasting, score: 0.91, existence: 0.9931,
    box: OrientedBox(center: Point(411.52, 208.1), width: 64.2, height: 30.9, angle: -0.4121), angleDeviation: 0.031,
    centerCovariance: SymmetricMatrix2(xx: 1.5, xy: -0.25, yy: 2), velocity: Point(12.1, -3.4),
    imageVelocity: Point(14.5, -4.65), course: -0.2739, courseDeviation: 0.08, heading: -0.2741,
    headingDeviation: 0.1, headingConfidence: 0.98, speed: 12.57, observation: .interpolated, detectionIndex: 4,
    forecast: [ForecastRecord(time: 0.9, center: Point(417.5, 206.4), covariance: SymmetricMatrix2(xx: 2, xy: 0, yy: 3))],
    // By pycocotools' `encode`.
    mask: RunLengthMask(width: 4, height: 5, compressed: "033O0OO1O1".utf8),
    further: [FurtherKey("metres", .list([.real(1.5), .real(2)]))])

  static let frame = FrameRecord(
    frame: 12, pts: 6144, time: 0.4, isKey: false,
    camera: CameraMotion(status: .ok, homography: Homography(1, 0, 2.5, 0, 1, -1.25, 1e-6, 0, 1), inliers: 312),
    tracks: [
      track,
      TrackRecord(
        id: 4, classIndex: 1, box: OrientedBox(center: Point(1, 2), width: 3, height: 3, angle: 0), isAngleDefined: false),
    ],
    further: [FurtherKey("pose", .object([("status", .text("ok"))]))])

  static let all: [StreamRecord] = [
    .header(header), .frame(frame), .backfill(BackfillRecord(frame: 11, time: 0.366667, tracks: [track])),
    .event(.trackEnd(frame: 40, time: 1.333333, id: 3, reason: "lost")),
    .event(EventRecord(frame: nil, time: nil, kind: .lost)),
    .end(EndRecord(frames: 600, dropped: 2, tracks: 14, status: .failed, error: "the disk is full")),
  ]

  static func text(_ records: [StreamRecord], classes: [String] = header.classes) -> [UInt8] {
    var encoder = StreamEncoder(classes: classes)
    return records.flatMap { encoder.line($0) }
  }
}
