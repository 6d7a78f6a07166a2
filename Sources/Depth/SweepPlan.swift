import Foundation
public import Geometry

/// Which pictures of a moving camera a sweep compares, and which depths it tries.
public struct SweepPlan: Sendable, Equatable {
  /// The frame whose depth is asked for.
  public let frame: Int
  /// Frames before it and after it, the nearest first.
  public let before, after: [Int]
  /// The inverse depths that are tried.
  public let inverseDepths: ClosedRange<Double>
  /// How many.
  public let count: Int

  /// How far apart two pictures are taken that are compared, as shares of the middle depth: nearer ones tell little, in further ones too much is hidden.
  private static let baselines = [0.03, 0.06, 0.09]
  /// Fewer points in view do not tell the range of depths.
  private static let leastPoints = 20
  /// The nearest and furthest of so many points are not believed; beyond the others the range goes on by a quarter.
  private static let outside = 0.02, margin = 1.25
  private static let counts = 16...192

  /// - Parameters:
  ///   - frame: The frame whose depth is asked for.
  ///   - cameras: Maps from the world to each frame's camera.
  ///   - usable: The frames that may be compared: those of one part of the path, none of them lost.
  ///   - points: Of the scene, near the frame in time.
  ///   - camera: Without distortion.
  /// - Returns: nil where too few points are in view, or the camera does not move far enough on either side.
  public init?(frame: Int, cameras: [RigidTransform], usable: Range<Int>, points: [Vector3], camera: CameraModel) {
    guard usable.contains(frame), usable.upperBound <= cameras.count else { return nil }
    let view = AxisBox(left: 0, top: 0, width: Double(camera.width), height: Double(camera.height))
    let depths = points.compactMap { point -> Double? in
      let seen = cameras[frame] * point
      guard seen.z > 0, let pixel = camera.project(seen) else { return nil }
      return (view.left...view.right).contains(pixel.x) && (view.top...view.bottom).contains(pixel.y) ? seen.z : nil
    }.sorted()
    guard depths.count >= Self.leastPoints else { return nil }
    let middle = depths[depths.count / 2]
    let places = cameras.map { $0.inverse.translation }
    func frames(_ order: [Int]) -> [Int] {
      Self.baselines.compactMap { share in order.first { (places[$0] - places[frame]).length >= share * middle } }
    }
    before = frames((usable.lowerBound..<frame).reversed())
    after = frames(Array(frame + 1..<max(frame + 1, usable.upperBound)))
    guard !before.isEmpty, !after.isEmpty else { return nil }
    let last = depths.count - 1
    let skipped = Int(bounded: Self.outside * Double(depths.count), in: 0...last)
    let (nearest, furthest) = (depths[skipped], depths[last - skipped])
    inverseDepths = 1 / (furthest * Self.margin)...Self.margin / nearest
    // A step of one plane moves a pixel by one pixel in the picture that was taken furthest away.
    let baseline = (before + after).map { (places[$0] - places[frame]).length }.max() ?? 0
    let shift = (inverseDepths.upperBound - inverseDepths.lowerBound) * camera.focalX * baseline
    count = Int(bounded: shift.rounded(.up) + 1, in: Self.counts)
    self.frame = frame
  }
}
