import Foundation
public import Geometry
public import Imaging
public import Records

/// A camera from views of a board: how well it is known, and which views it stands on.
public struct CameraCalibration: Sendable {
  /// The camera.
  public var camera: CameraModel
  /// The views that it stands on.
  public var views: [BoardView]
  /// For each view the map from the board's frame to the camera's, in metres.
  public var poses: [RigidTransform]
  /// The root mean square of the distances between points seen and expected, in pixels, of each view.
  public var viewErrors: [Double]
  /// The same over all points.
  public var error: Double
  /// Standard deviations of the parameters: focal lengths, principal point, coefficients.
  public var deviations: [Double]
  /// The pictures that were left out.
  public var dropped: [DroppedView]

  /// What a file of cameras keeps of it.
  public var quality: CameraQuality { CameraQuality(error: error, viewErrors: viewErrors, deviations: deviations) }

  /// Normals of boards all closer than this many degrees do not tell the focal length from the distance.
  private static let leastTilt = 5.0
  /// A focal length less sure than this share of it is not determined.
  private static let greatestDeviation = 0.1

  /// Calibrates from the views of a selection.
  ///
  /// - Parameters:
  ///   - dropped: Pictures that have no view.
  ///   - pictureCount: The number of pictures looked at.
  /// - Throws: `CalibrationError`, or `ImagingError` from the library.
  public init(
    _ selection: ViewSelection, board: CalibrationBoard, lens: CameraSolver.Lens, width: Int, height: Int,
    without dropped: [DroppedView], pictureCount: Int
  ) throws {
    var dropped = dropped + selection.dropped
    try CameraCalibration.check(selection.kept, dropped, pictureCount)
    let points = try board.points()
    let first = try CameraFit(selection.kept, points, lens, width, height)
    let wrong = first.outliers
    dropped += wrong.map { DroppedView(name: $0.view.name, index: $0.view.index, reason: "its corners are \($0.error) pixels off") }
    let outliers = Set(wrong.map(\.view.index))
    let views = selection.kept.filter { !outliers.contains($0.index) }
    try CameraCalibration.check(views, dropped, pictureCount)
    let fit = outliers.isEmpty ? first : try CameraFit(views, points, lens, width, height)
    self.views = views
    self.dropped = dropped.sorted { $0.index < $1.index }
    (camera, poses, viewErrors, error) = (fit.camera, fit.poses, fit.viewErrors, fit.error)
    try CameraCalibration.checkTilt(poses)
    guard let deviations = CalibrationUncertainty.deviations(camera, poses, views.map { $0.correspondences(points) }) else {
      throw CalibrationError.undetermined(detail: "\(views.count) views do not determine the camera")
    }
    self.deviations = deviations
    let share = max(deviations[0] / camera.focalX, deviations[1] / camera.focalY)
    guard share < Self.greatestDeviation else {
      throw CalibrationError.undetermined(
        detail: "the focal length is only known to \(Int(bounded: 100 * share, in: 0...1_000_000)) %")
    }
  }

  private static func check(_ views: [BoardView], _ dropped: [DroppedView], _ pictureCount: Int) throws(CalibrationError) {
    guard views.count < ViewSelection.leastViews else { return }
    let reasons = dropped.map { "\($0.name): \($0.reason)" }
    if dropped.count(where: { $0.reason.hasPrefix("as ") }) + views.count >= ViewSelection.leastViews {
      throw .allAlike(detail: "\(views.count) of \(pictureCount) pictures differ")
    }
    throw .tooFewViews(used: views.count, of: pictureCount, reasons: reasons)
  }

  private static func checkTilt(_ poses: [RigidTransform]) throws(CalibrationError) {
    var greatest = 0.0
    for (index, first) in poses.enumerated() {
      for second in poses[(index + 1)...] {
        let (a, b) = (first.rotation.column2, second.rotation.column2)
        greatest = max(greatest, atan2(a.cross(b).length, a.dot(b)))
      }
    }
    let degrees = greatest * 180 / .pi
    guard degrees >= leastTilt else {
      throw .allAlike(detail: "the board is tilted by at most \((degrees * 10).rounded() / 10)° from one view to another")
    }
  }
}

/// One solution over views, with its residuals.
private struct CameraFit {
  let camera: CameraModel
  let poses: [RigidTransform]
  let viewErrors: [Double]
  let error: Double
  private let views: [BoardView]

  /// A view whose error is beyond this many times the middle view's, and `outlierError` pixels, holds wrong corners.
  private static let outlierFactor = 4.0
  private static let outlierError = 1.0

  /// Views with wrong corners, with their errors in pixels to two decimals.
  var outliers: [(view: BoardView, error: Double)] {
    let limit = max(Self.outlierError, Self.outlierFactor * viewErrors.sorted()[views.count / 2])
    return zip(views, viewErrors).filter { $0.1 > limit }.map { ($0.0, ($0.1 * 100).rounded() / 100) }
  }

  init(_ views: [BoardView], _ board: [Point], _ lens: CameraSolver.Lens, _ width: Int, _ height: Int) throws {
    self.views = views
    let correspondences = views.map { $0.correspondences(board) }
    let solution = try CameraSolver.solve(correspondences, lens: lens, width: width, height: height)
    (camera, poses) = solution
    var sums: [Double] = []
    for (view, pose) in zip(correspondences, poses) {
      var squares = 0.0
      for (point, seen) in zip(view.board, view.image) {
        guard let place = solution.camera.project(pose * Vector3(point.x, point.y, 0)) else {
          throw CalibrationError.undetermined(detail: "a board lies behind the camera that was found")
        }
        squares += (place - seen).squaredLength
      }
      sums.append(squares)
    }
    viewErrors = zip(sums, correspondences).map { ($0 / Double($1.image.count)).squareRoot() }
    let count = correspondences.reduce(0) { $0 + $1.image.count }
    error = (sums.reduce(0, +) / Double(count)).squareRoot()
  }
}
