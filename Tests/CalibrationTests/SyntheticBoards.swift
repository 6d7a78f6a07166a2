import Foundation
import Geometry
import Imaging
import TestSupport

@testable import Calibration

/// Views of a board by a camera that is known exactly.
struct SyntheticBoards {
  var camera = CameraModel(
    width: 640, height: 480, focalX: 540, focalY: 536, center: Point(331, 236),
    distortion: .radialTangential([-0.28, 0.09, 0.001, -0.0005, 0.01]))
  var board = CalibrationBoard(pattern: BoardPattern(.chessboard, columns: 9, rows: 6), square: 0.025)

  /// A pose from the board to the camera: tilted up to 35 degrees, all over the picture.
  func pose(_ random: inout TestRandom) -> RigidTransform {
    let turn = Vector3(random.uniform(-0.6, 0.6), random.uniform(-0.6, 0.6), random.uniform(-0.4, 0.4))
    let rotation = Quaternion(rotationVector: turn).rotation
    let distance = random.uniform(0.3, 0.5)
    let center = Vector3(random.uniform(-0.25, 0.25) * distance, random.uniform(-0.2, 0.2) * distance, distance)
    return RigidTransform(rotation: rotation, translation: center - rotation * Vector3(0.1, 0.0625, 0))
  }

  /// A view under a pose with normal noise in pixels; nil where a point falls outside of the picture.
  func view(_ pose: RigidTransform, index: Int, noise: Double, _ random: inout TestRandom) throws -> BoardView? {
    var points: [Point] = []
    for point in try board.points() {
      guard let place = camera.project(pose * Vector3(point.x, point.y, 0)), place.x > 5, place.y > 5,
        place.x < Double(camera.width) - 5, place.y < Double(camera.height) - 5
      else { return nil }
      points.append(place + Point(random.normal(), random.normal()) * noise)
    }
    return BoardView(
      name: "view \(index)", index: index, sighting: BoardSighting(numbers: Array(points.indices), points: points), edgeWidth: 2)
  }

  func views(_ count: Int, noise: Double, _ random: inout TestRandom) throws -> [BoardView] {
    var views: [BoardView] = []
    while views.count < count {
      if let view = try view(pose(&random), index: views.count, noise: noise, &random) { views.append(view) }
    }
    return views
  }

  func calibration(_ views: [BoardView], lens: CameraSolver.Lens = .pinhole) throws -> CameraCalibration {
    try CameraCalibration(
      ViewSelection(views, diagonal: 800), board: board, lens: lens, width: camera.width, height: camera.height, without: [],
      pictureCount: views.count)
  }
}
