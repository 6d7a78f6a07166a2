// How exact and how fast the path of a camera is found (docs/orientation.md, "Paths").
//
//   camera-path kitti FOLDER        the excerpt of KITTI in a folder, with two cameras and with one
//   camera-path pictures INPUT CAMERA TRUTH   a video or pictures of one camera, its file, and true poses (KITTI's format)
//   camera-path drone [SECONDS] [NAME]   made-up flights with exact poses, 640×360; those whose names begin so
//
// Errors are those of `sextant evaluate trajectory` after the similarity that fits best. Times are of all processors of this program: of the
// search alone, without decoding and rendering, which stand beside it.

import Foundation
import Geometry
import Imaging
import Odometry
import Records
import TrajectoryEvaluation
import Video

let arguments = CommandLine.arguments
/// SEXTANT_THREADS: the result must not depend on it.
let threads = ProcessInfo.processInfo.environment["SEXTANT_THREADS"].flatMap { Int($0) } ?? 1
try OpenCVThreads.set(count: threads)
switch arguments.dropFirst().first {
case "kitti" where arguments.count == 3:
  let folder = arguments[2]
  for isStereo in [true, false] {
    var run = try PathRun(rig: CameraReader.read(path: folder + "/calib.txt").rig, isStereo: isStereo, threads: threads)
    let sources = try ["/left.mp4", "/right.mp4"].prefix(isStereo ? 2 : 1).map { try VideoSources.open(folder + $0) }
    while let pictures = try run.decode(sources) { try run.add(pictures[0], pictures.dropFirst().first) }
    run.closeLoops()
    let truth = try TrajectoryReader.read(path: folder + "/poses.txt").trajectory.poses
    print(isStereo ? "two cameras:" : "one camera:", try run.summary(truth: truth))
    // The height of KITTI's cameras above the road (A. Geiger et al., "Vision meets robotics: the KITTI dataset", 2013).
    if !isStereo { print("  ", run.heightSummary(metres: 1.65, truth: truth)) }
  }
case "pictures" where arguments.count == 5:
  var run = try PathRun(rig: CameraReader.read(path: arguments[3]).rig, isStereo: false, threads: threads)
  let source = try VideoSources.open(arguments[2])
  while let pictures = try run.decode([source]) { try run.add(pictures[0], nil) }
  run.closeLoops()
  print(try run.summary(truth: TrajectoryReader.read(path: arguments[4]).trajectory.poses))
case "drone":
  let seconds = arguments.dropFirst(2).first.flatMap { Double($0) } ?? 6
  let name = arguments.dropFirst(3).first ?? ""
  for flight in try Flight.all() where flight.name.hasPrefix(name) {
    let scene = flight.scene(seconds: seconds)
    var run = try PathRun(rig: CameraRig(left: flight.camera), isStereo: false, threads: threads)
    let truth = try run.follow(scene)
    print("\(flight.name), loops left open:", try run.summary(truth: truth))
    run.closeLoops()
    print("\(flight.name):", try run.summary(truth: truth))
    if let height = flight.keys.first?.height { print("  ", run.heightSummary(metres: height, truth: truth)) }
  }
default:
  print("usage: camera-path kitti FOLDER | pictures INPUT CAMERA TRUTH | drone [SECONDS] [NAME]")
}
