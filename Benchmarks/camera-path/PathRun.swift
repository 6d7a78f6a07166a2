import Foundation
import Geometry
import Imaging
import Odometry
import Synthesis
import TrajectoryEvaluation
import Video

/// One search for a path, with what it took.
struct PathRun {
  let odometry: VisualOdometry
  /// Seconds of all processors: in the search, and in decoding or rendering.
  private(set) var searchSeconds = 0.0
  private(set) var pictureSeconds = 0.0

  init(rig: CameraRig, isStereo: Bool, threads: Int) throws {
    odometry = try VisualOdometry(
      rig: isStereo ? rig : CameraRig(left: rig.left), keepsScene: !isStereo, closesLoops: true, threads: threads)
  }

  /// The next pictures of all sources, in grey; nil at an end.
  mutating func decode(_ sources: [any VideoSource]) throws -> [Image]? {
    let start = Self.processorSeconds
    defer { pictureSeconds += Self.processorSeconds - start }
    var pictures: [Image] = []
    for source in sources {
      guard let picture = try Self.next(source) else { return nil }
      pictures.append(picture)
    }
    return pictures
  }

  private static func next(_ source: any VideoSource) throws -> Image? {
    while let item = try source.next() {
      guard case .frame(let frame) = item else { continue }
      return try frame.withLuma { bytes, width, height, stride in
        try Image.grey(rows: bytes, width: width, height: height, stride: stride, resizedTo: (width, height))
      }
    }
    return nil
  }

  /// Corrects the path by the places that were seen again.
  mutating func closeLoops() {
    let start = Self.processorSeconds
    odometry.closeLoops()
    searchSeconds += Self.processorSeconds - start
  }

  mutating func add(_ left: Image, _ right: Image?) throws {
    let start = Self.processorSeconds
    try odometry.add(left: left, right: right)
    searchSeconds += Self.processorSeconds - start
  }

  /// Follows a rendered flight.
  ///
  /// - Returns: Its true poses.
  mutating func follow(_ scene: Scene) throws -> [RigidTransform] {
    let renderer = try SceneRenderer(scene)
    return try (0..<scene.frameCount).map { ordinal in
      let start = Self.processorSeconds
      let frame = renderer.frame(ordinal)
      let grey = try frame.image.grey()
      pictureSeconds += Self.processorSeconds - start
      try add(grey, nil)
      return frame.truth.camera.worldFromCamera
    }
  }

  /// Errors and times in a line; of a path whose loops are closed.
  func summary(truth: [RigidTransform]) throws -> String {
    let result = Trajectory(poses: odometry.poses.map(\.worldFromCamera))
    let place = try Self.placeError(result, Trajectory(poses: truth))
    let length = Trajectory(poses: truth).pathLength
    let count = Double(max(1, truth.count))
    // Of the turn the first frame's is taken as right: nothing else is known of it.
    let turns = zip(truth, result.poses).map {
      truth[0].relative(to: $0).relative(to: result.poses[0].relative(to: $1)).rotationAngle
    }
    let statuses = OdometryPose.Status.allCases.map { status in
      "\(status.rawValue) \(odometry.poses.count { $0.status == status })"
    }
    return String(
      format: "%d frames, %.1f m: APE %.4f m (%.3f %%), turn %.3f° rms, %.3f° at the end; %.2f ms a frame, %.2f ms the picture; ",
      truth.count, length, place, 100 * place / length, Self.meanSquareRoot(turns) * 180 / .pi, (turns.last ?? 0) * 180 / .pi,
      searchSeconds * 1000 / count, pictureSeconds * 1000 / count) + statuses.joined(separator: ", ")
      + ", loops \(odometry.loops.count)"
  }

  /// How far the path is too long where its unit comes from the camera's height in the first frame.
  ///
  /// By the distance of the place that is furthest from the first one.
  func heightSummary(metres: Double, truth: [RigidTransform]) -> String {
    do {
      let known = try KnownHeight(
        metres: metres, poses: odometry.poses, scene: odometry.scene, partStarts: odometry.partStarts,
        unitDeviations: odometry.unitDeviations)
      let ways = truth.map { ($0.translation - truth[0].translation).length }
      guard let far = ways.indices.max(by: { ways[$0] < ways[$1] }), let ground = known.parts.first?.ground else {
        return "no ground"
      }
      let found = (known.poses[far].worldFromCamera.translation - known.poses[0].worldFromCamera.translation).length
      return String(
        format: "from %.2f m of height: %+.2f %% of %.1f m, ± %.2f %% by %d points, of which the poses %.2f %%", metres,
        100 * (found / ways[far] - 1),
        ways[far],
        196 * ground.deviation, ground.supportCount, 196 * (odometry.unitDeviations[0] ?? 0))
    } catch {
      return "\(error)"
    }
  }

  /// The absolute error of places; infinite where they lie in one line or place and no similarity fits best.
  private static func placeError(_ result: Trajectory, _ truth: Trajectory) throws -> Double {
    var settings = TrajectoryComparison.Settings()
    settings.alignment = .similarity
    guard let fitted = try? TrajectoryComparison(truth: truth, result: result, settings: settings) else { return .infinity }
    return meanSquareRoot(try fitted.absoluteErrors(.translation))
  }

  private static func meanSquareRoot(_ values: [Double]) -> Double {
    (values.reduce(0) { $0 + $1 * $1 } / Double(max(1, values.count))).squareRoot()
  }

  private static var processorSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
