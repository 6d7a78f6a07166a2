import Geometry

/// The truth of one object in one frame.
public struct ObjectTruth: Hashable, Sendable {
  /// The object's, from 1.
  public var id: Int
  /// What it is.
  public var kind: ObjectKind
  /// Where it stands on the ground, metres, and the heading there.
  public var position: GroundPoint
  /// Where it points on the ground, radians.
  public var groundHeading: Double
  /// Metres per second.
  public var speed: Double
  /// The depth of the middle of its footprint along the optical axis, metres.
  public var depthMetres: Double
  /// The direction in the picture of the way it faces, [−π, π): that of a short step forward at the middle of its footprint.
  public var heading: Double
  /// How the middle of its footprint moves in the picture beside what the camera's own motion does to it, pixels per second.
  public var velocity: Point
  /// The smallest rectangle that holds its whole outline, seen or not, with a side along `axis`; its `width` lies along that side.
  ///
  /// The outline is that of its solid, roof and all: in a slanted view it reaches further than the footprint.
  public var box: OrientedBox
  /// The picture of the rectangle that it covers on the ground: rear left, front left, front right, rear right.
  public var footprint: [Point]
  /// The share of the outline's pixels that are seen, [0, 1]: neither hidden nor out of the picture.
  public var visibility: Double
  /// The share of the outline's pixels that are out of the picture, [0, 1].
  public var truncation: Double
  /// The pixels of the mask.
  public var visiblePixels: Int
}

/// Everything that is known about one frame.
public struct FrameTruth: Sendable {
  /// The frame's number, from 0.
  public var ordinal: Int
  /// Seconds from the start of the video, at the middle of the exposure.
  public var time: Double
  /// Where the camera was and how it looked.
  public var camera: CameraProjection
  /// Maps the ground's picture in the previous frame to this one; nil in the first frame.
  public var homography: Homography?
  /// The labelled objects of which a pixel is in the picture or would be, by ascending id.
  public var objects: [ObjectTruth]
  /// For each pixel the id of the labelled object whose surface is seen at its centre, 0 for none.
  public var mask: [UInt16]
  /// For each pixel 1 over the depth along the optical axis at its centre, per metre; 0 for the sky.
  public var inverseDepths: [Float]
}

/// The smallest rectangle around points with a side along a direction.
func boundingBox(of points: some Sequence<Point>, along angle: Double) -> OrientedBox {
  let axis = Point(angle: angle)
  let across = Point(-axis.y, axis.x)
  let local = AxisBox(around: points.lazy.map { Point($0.dot(axis), $0.dot(across)) })
  return OrientedBox(
    center: axis * local.center.x + across * local.center.y, width: local.width, height: local.height, angle: angle)
}
