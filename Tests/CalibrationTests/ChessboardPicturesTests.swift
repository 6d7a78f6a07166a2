import Foundation
import Geometry
import Imaging
import Records
import TestSupport
import Testing

@testable import Calibration

/// OpenCV's own pictures of a chessboard; what is expected is what other programs found, in the data's README and files.
@Suite(.enabled(if: SharedData.isPresent, SharedData.message)) struct ChessboardPicturesTests {
  private let board = CalibrationBoard(pattern: BoardPattern(.chessboard, columns: 9, rows: 6), square: 0.025)

  private func calibration(_ side: String) throws -> CameraCalibration {
    let names = try SharedData.names("chessboards").filter { $0.hasPrefix(side) && $0.hasSuffix(".jpg") }
    #expect(names.count == 13)
    var views: [BoardView] = []
    for (index, name) in names.enumerated() {
      let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: SharedData.path("chessboards/\(name)"))))
      let image = try ImageFile.decode(bytes).grey()
      let sighting = try #require(try board.pattern.find(in: image))
      views.append(
        BoardView(
          name: name, index: index, sighting: sighting, edgeWidth: try #require(EdgeWidth.measure(image, around: sighting.points))))
    }
    return try CameraCalibration(
      ViewSelection(views, diagonal: 800), board: board, lens: .pinhole, width: 640, height: 480, without: [], pictureCount: 13)
  }

  @Test func camerasAreThoseThatOthersFound() throws {
    let (left, right) = (try calibration("left"), try calibration("right"))
    #expect(left.dropped.isEmpty && right.dropped.isEmpty)
    #expect(left.error <= 0.200 && right.error <= 0.210)
    let known = try CameraReader.read(path: SharedData.path("chessboards/left_intrinsics.yml")).rig.left
    #expect(abs(left.camera.focalX / known.focalX - 1) < 0.01 && abs(left.camera.focalY / known.focalY - 1) < 0.01)
    let displacement = displacement(left, known)
    #expect(displacement <= 0.5)
    let stereo = try StereoCalibration(left: left, right: right, board: board)
    #expect(abs(stereo.baseline - 0.0835) < 0.0005)
    print("left \(left.error), right \(right.error), displacement \(displacement), baseline \(stereo.baseline)")
    print("edges", left.views.map(\.edgeWidth))
  }

  /// The mean difference of what the two lenses do to the pixels that the boards cover: how far each moves a pixel from where its camera would
  /// show the same ray without the lens.
  private func displacement(_ found: CameraCalibration, _ known: CameraModel) -> Double {
    let pixels = found.views.flatMap(\.sighting.points)
    let differences = pixels.compactMap { pixel -> Double? in
      guard let a = shift(of: pixel, by: found.camera), let b = shift(of: pixel, by: known) else { return nil }
      return (a - b).length
    }
    #expect(differences.count == pixels.count)
    return differences.reduce(0, +) / Double(differences.count)
  }

  private func shift(of pixel: Point, by camera: CameraModel) -> Point? {
    camera.ray(pixel).flatMap { camera.undistorted.project($0) }.map { $0 - pixel }
  }
}
