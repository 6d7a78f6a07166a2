import Foundation
import Geometry
import Imaging
import Orientation

/// The frames of a real video, in the order of their names: without truth, but a right motion lays each frame onto the next.
struct RealFrames {
  let folder: String
  let isVerbose: Bool

  func run() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    var estimator: CameraMotionEstimator?
    var last: Image?
    var (before, after, inliers) = ([Double](), [Double](), [Int]())
    var statuses: [CameraMotion.Status: Int] = [:]
    for name in names {
      let frame = try ImageFile.decode([UInt8](Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))), named: name).grey()
      let owner = try estimator ?? CameraMotionEstimator(displayWidth: frame.width, displayHeight: frame.height)
      estimator = owner
      let motion = try owner.estimate(frame)
      statuses[motion.status, default: 0] += 1
      if let last {
        before.append(try ImageComparison.meanDifference(last, frame))
        after.append(try residual(last, frame, motion.homography))
        inliers.append(motion.inliers)
        if isVerbose {
          let shift = motion.homography.apply(Point(Double(frame.width) / 2, Double(frame.height) / 2))
          print(
            name, motion.status.rawValue, motion.inliers,
            String(
              format: "%.2f %.2f, difference %.2f -> %.2f", shift.x - Double(frame.width) / 2,
              shift.y - Double(frame.height) / 2, before.last ?? 0, after.last ?? 0))
        }
      }
      last = frame
    }
    let summary = statuses.map { "\($0.key.rawValue) \($0.value)" }.sorted().joined(separator: ", ")
    let means = [before, after].map { $0.reduce(0, +) / Double(max(1, $0.count)) }
    print(
      "\(folder): \(summary);", String(format: "difference of frames %.2f, after the motion %.2f,", means[0], means[1]),
      "median inliers", inliers.sorted().dropFirst(inliers.count / 2).first ?? 0)
  }

  /// The mean difference over the part that both frames show.
  private func residual(_ last: Image, _ frame: Image, _ motion: Homography) throws -> Double {
    let moved = try last.warped(by: motion)
    let shown = try Image(
      width: last.width, height: last.height, channels: 1, pixels: [UInt8](repeating: 255, count: last.pixels.count)
    ).warped(by: motion)
    var (sum, count) = (0, 0)
    for index in frame.pixels.indices where shown.pixels[index] == 255 {
      sum += abs(Int(frame.pixels[index]) - Int(moved.pixels[index]))
      count += 1
    }
    return Double(sum) / Double(max(1, count))
  }
}
