import Depth
import Geometry
import Imaging
import Odometry
import Pipeline
import Video

/// Depth maps of pictures of a moving camera whose path is known: the pictures are read a second time.
struct SceneDepth {
  let input: String
  let camera: CameraModel
  let path: CameraPath

  /// Points that were first seen so many frames before or behind a picture tell its range of depths.
  private static let pointFrames = 40

  private struct Item {
    var plan: SweepPlan
    var last: Int
  }

  /// What is compared, evenly along the path: at most so many pictures, of those whose depth can be measured.
  func plans(_ most: Int) -> [SweepPlan] {
    let cameras = path.poses.map { $0.worldFromCamera.inverse }
    let count = path.poses.count
    let wanted = (0..<most).map { (2 * $0 + 1) * count / (2 * most) }
    return Set(wanted).sorted().compactMap { frame in
      guard frame < count else { return nil }
      let points = path.scene.filter { abs($0.firstFrame - frame) <= Self.pointFrames }.map(\.position)
      return SweepPlan(
        frame: frame, cameras: cameras, usable: usable(around: frame), points: points, camera: camera.undistorted)
    }
  }

  /// The frames around one that lie in the same part of the path, with poses of their own.
  private func usable(around frame: Int) -> Range<Int> {
    func isKnown(_ index: Int) -> Bool { path.poses[index].status == .tracked }
    let part = path.partStarts.last { $0 <= frame } ?? 0
    let end = path.partStarts.first { $0 > frame } ?? path.poses.count
    guard isKnown(frame) else { return frame..<frame }
    let first = (part..<frame).last { !isKnown($0) }.map { $0 + 1 } ?? part
    return first..<((frame..<end).first { !isKnown($0) } ?? end)
  }

  /// Measures the depth of each plan's picture.
  ///
  /// - Parameter body: Takes the plan, its picture without the lens's distortion, and the inverse depths.
  func measure(
    _ plans: [SweepPlan], _ cancellation: Cancellation, _ progress: (RunProgress) -> Void,
    body: (SweepPlan, PlaneSweep, Image, DisparityMap) throws -> Void
  ) throws {
    var open = plans.map { Item(plan: $0, last: ($0.after + [$0.frame]).max() ?? $0.frame) }
    let source = try VideoSources.open(input)
    cancellation.onRequest { source.cancel() }
    let isBent = !camera.distortion.coefficients.allSatisfy { $0 == 0 }
    let map = isBent ? try PixelMap(from: camera, to: camera.undistorted) : nil
    var pictures: [Int: Image] = [:]
    var (index, done) = (0, 0)
    while !open.isEmpty, !cancellation.isRequested, let item = try source.next() {
      guard case .frame(let frame) = item else { continue }
      if open.contains(where: { SceneDepth.frames($0.plan).contains(index) }) {
        let picture = try frame.color()
        pictures[index] = try map.map { try picture.remapped(by: $0) } ?? picture
      }
      for ready in open where ready.last == index {
        try measure(ready.plan, pictures, body)
        done += 1
        progress(RunProgress(frames: done, seconds: frame.seconds, share: Double(done) / Double(plans.count)))
      }
      open.removeAll { $0.last <= index }
      let needed = Set(open.flatMap { SceneDepth.frames($0.plan) })
      pictures = pictures.filter { needed.contains($0.key) }
      index += 1
    }
  }

  private static func frames(_ plan: SweepPlan) -> [Int] { plan.before + [plan.frame] + plan.after }

  private func measure(
    _ plan: SweepPlan, _ pictures: [Int: Image], _ body: (SweepPlan, PlaneSweep, Image, DisparityMap) throws -> Void
  ) throws {
    func views(_ frames: [Int]) -> [PlaneSweep.View] {
      frames.compactMap { frame in
        pictures[frame].map { PlaneSweep.View(image: $0, cameraFromWorld: path.poses[frame].worldFromCamera.inverse) }
      }
    }
    let (before, after) = (views(plan.before), views(plan.after))
    guard let reference = views([plan.frame]).first, !before.isEmpty, !after.isEmpty else { return }
    let sweep = PlaneSweep(camera: camera, inverseDepths: plan.inverseDepths, count: plan.count)
    try body(plan, sweep, reference.image, try sweep.inverseDepth(of: reference, before: before, after: after))
  }
}
