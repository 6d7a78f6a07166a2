import Foundation
import Geometry
import Records
import Tracking

/// Lets the tracker follow boxes in space as rectangles on the ground, and tells its rows as boxes in space and in the picture.
///
/// The tracker sees the ground from above: x to the right of the camera, z ahead of it, metres for pixels. It is told how the camera moved
/// over the ground as it is told how a picture moved, so that tracks stand still where the world does.
struct BirdsEyeMapping {
  private let table: BoxTable
  private let rows: RowIndex
  private let poses: [RigidTransform]?
  /// Nil where the detections do not tell how boxes show in the picture: rows without a detection are left out then.
  private let projection: PictureProjection?
  /// The frame that came before.
  private var previous: Int?
  /// The last detection's box in space of each track, in the world, for what a rectangle on the ground does not tell.
  private var seen: [Int: Seen] = [:]

  private struct Seen {
    var box: SpatialBox
    /// In the frame of the camera at this ordinal.
    var frame: Int
  }

  /// - Parameter framesPerSecond: nil where nobody told.
  /// - Throws: `RecordsError` for detections without boxes in space, or poses that cannot be used.
  init(_ ego: EgoMotion, table: BoxTable, path: String, framesPerSecond: Double? = nil) throws(RecordsError) {
    guard table.spatialBoxes.contains(where: \.isKnown) else {
      throw .malformed(
        path: path, reason: "it has no boxes in space, which --poses tracks; give KITTI's or AB3DMOT's format, or leave --poses out"
      )
    }
    self.table = table
    rows = table.rowsByFrame()
    poses = try ego.poses(frameCount: table.frameCount, framesPerSecond: framesPerSecond)
    projection = table.axisBoxes.isEmpty ? nil : PictureProjection(table)
  }

  // MARK: - In

  /// What the tracker is told of a frame.
  mutating func input(_ frame: TrackedFrame) -> TrackerInput {
    defer { previous = frame.ordinal }
    let boxes = rows.rows(of: frame.ordinal)
    let detections = frame.detections?.compactMap { detection -> DetectedBox? in
      guard let box = spatialBox(boxes, detection.index) else { return nil }
      return DetectedBox(
        box: GaussianBox(BirdsEyeMapping.ground(of: box)), score: detection.score, classIndex: detection.classIndex,
        index: detection.index)
    }
    return TrackerInput(ordinal: frame.ordinal, time: frame.time, detections: detections, motion: motion(to: frame.ordinal))
  }

  private func spatialBox(_ boxes: RowIndex.Rows, _ index: Int?) -> SpatialBox? {
    guard let index, boxes.indices.count > index else { return nil }
    let box = table.spatialBoxes[boxes[boxes.startIndex + index]]
    return box.isKnown ? box : nil
  }

  /// Sides of next to nothing have no shape as a Gaussian.
  private static func ground(of box: SpatialBox) -> OrientedBox {
    var ground = box.ground
    ground.width = max(ground.width, leastSide)
    ground.height = max(ground.height, leastSide)
    return ground
  }

  /// Metres.
  private static let leastSide = 0.05

  private func motion(to frame: Int) -> CameraMotion {
    guard let previous else { return .first }
    guard let poses, poses.indices.contains(frame) else { return .still }
    return CameraMotion(overGroundFrom: poses[previous], to: poses[frame])
  }

  // MARK: - Out

  /// The camera's pose in a frame, as a further key of its record; nil for a camera that stands.
  func pose(_ frame: Int) -> FurtherKey? {
    guard let poses, poses.indices.contains(frame) else { return nil }
    return FurtherKey("pose", WorldMapping.json(poses[frame]))
  }

  /// The rows of a frame; those that have no place in the picture are left out.
  mutating func records(_ tracks: [TrackSnapshot], frame: Int) -> [TrackRecord] {
    tracks.compactMap { record($0, frame) }
  }

  private mutating func record(_ track: TrackSnapshot, _ frame: Int) -> TrackRecord? {
    let boxes = rows.rows(of: frame)
    let detected = spatialBox(boxes, track.detectionIndex)
    if let detected { seen[track.id] = Seen(box: detected, frame: frame) }
    guard let model = detected ?? carried(track.id, to: frame) else { return nil }
    let box = model.covering(track.box)
    guard let picture = detectedBox(boxes, track.detectionIndex) ?? projection?.box(of: box) else { return nil }
    var record = TrackRecord(track)
    record.box = OrientedBox(picture)
    record.isAngleDefined = picture.width != picture.height
    record.angleDeviation = nil
    record.forgetPictureMotion()
    record.world = WorldRecord(box: box, covariance: track.centerCovariance, velocity: track.velocity)
    return record
  }

  private func detectedBox(_ boxes: RowIndex.Rows, _ index: Int?) -> AxisBox? {
    guard let index, boxes.indices.count > index, !table.axisBoxes.isEmpty else { return nil }
    let box = table.axisBoxes[boxes[boxes.startIndex + index]]
    return box.width > 0 && box.height > 0 ? box : nil
  }

  /// A track's last detection in the camera's frame of another picture, as if the object had stood since.
  private func carried(_ id: Int, to frame: Int) -> SpatialBox? {
    guard let last = seen[id] else { return nil }
    guard let poses else { return last.box }
    let change = poses[frame].relative(to: poses[last.frame])
    let place = change * Vector3(last.box.x, last.box.y, last.box.z)
    let ahead = change.rotation * Vector3(cos(last.box.rotationY), 0, -sin(last.box.rotationY))
    var box = last.box
    (box.x, box.y, box.z) = (place.x, place.y, place.z)
    box.rotationY = -Point(ahead.x, ahead.z).angle
    return box
  }
}

extension TrackRecord {
  /// Leaves out what is said in pixels of a track that was followed on the ground.
  fileprivate mutating func forgetPictureMotion() {
    (centerCovariance, velocity, imageVelocity, speed) = (nil, nil, nil, nil)
    (course, courseDeviation) = (nil, nil)
    (heading, headingDeviation, headingConfidence) = (nil, nil, nil)
  }
}
