import Foundation
import Geometry
import Imaging
import TestSupport
import Testing

@testable import Odometry

/// What the board's plane tells of the motion between OpenCV's chessboard pictures, against the poses of the calibration.
@Suite(.enabled(if: SharedData.isPresent, SharedData.message)) struct ChessboardPlaneTests {
  private let square = 0.025

  private struct View {
    /// (x, y, 1) of each corner, without the lens's distortion.
    var rays: [Vector3]
    var cameraFromBoard: RigidTransform
  }

  private func views() throws -> [View] {
    let pattern = BoardPattern(.chessboard, columns: 9, rows: 6)
    let names = try SharedData.names("chessboards").filter { $0.hasPrefix("left") && $0.hasSuffix(".jpg") }
    let corners = try names.map { name in
      let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: SharedData.path("chessboards/\(name)"))))
      return try #require(try pattern.find(in: try ImageFile.decode(bytes).grey())).points
    }
    let board = try pattern.points().map { $0 * square }
    let (camera, poses) = try CameraSolver.solve(
      corners.map { CameraSolver.View(board: board, image: $0) }, lens: .pinhole, width: 640, height: 480)
    return zip(corners, poses).map { View(rays: $0.compactMap { camera.ray($0) }, cameraFromBoard: $1) }
  }

  private func degrees(_ a: Vector3, _ b: Vector3) -> Double {
    atan2(a.cross(b).length, a.dot(b)) * 180 / .pi
  }

  /// From the first view to each other one. Of the two readings with the board before both cameras the right one has the normal that all views share.
  @Test func theRightReadingIsThePoseOfTheCalibration() throws {
    let views = try views()
    #expect(views.count == 13 && views.allSatisfy { $0.rays.count == 54 })
    let first = views[0]
    let readings = try views.dropFirst().map { view in
      let map = try #require(PlaneMotion.map(from: first.rays, to: view.rays, scale: 1.0 / 535))
      return PlaneMotion.readings(of: map, first.rays, view.rays)
    }
    // The normal with the least sum of angles to each view's nearer one.
    let normals = readings.flatMap { $0.map(\.normal) }
    let shared = try #require(
      normals.min { a, b in
        func sum(_ normal: Vector3) -> Double {
          readings.reduce(0) { $0 + ($1.map { degrees($0.normal, normal) }.min() ?? 90) }
        }
        return sum(a) < sum(b)
      })
    let board = first.cameraFromBoard
    let normal = board.rotation.column2 * (board.rotation.column2.dot(board.translation) > 0 ? 1 : -1)
    var errors: [(turn: Double, normal: Double, way: Double)] = []
    for (view, both) in zip(views.dropFirst(), readings) {
      let truth = view.cameraFromBoard * board.inverse
      let chosen = try #require(both.min { degrees($0.normal, shared) < degrees($1.normal, shared) })
      let turn = RigidTransform(rotation: chosen.rotation.transposed * truth.rotation, translation: .zero).rotationAngle * 180 / .pi
      errors.append((turn, degrees(chosen.normal, normal), degrees(chosen.translation, truth.translation)))
      // A corner is a tenth of a pixel off; over a board of 15 to 25° of the view half a degree of turn looks like that.
      #expect(turn < 1 && errors[errors.count - 1].normal < 2 && errors[errors.count - 1].way < 2)
    }
    let worst = (errors.map(\.turn).max() ?? 0, errors.map(\.normal).max() ?? 0, errors.map(\.way).max() ?? 0)
    print("readings a view \(readings.map(\.count)); worst turn, normal and way in degrees: \(worst)")
  }
}
