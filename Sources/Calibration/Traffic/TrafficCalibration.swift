import Foundation
public import Geometry

/// A camera over crossing roads from the vehicles that drive there: focal length, tilt and roll by two vanishing points at a right angle.
///
/// The principal point is taken as the middle of the picture, pixels as square, the lens as free of distortion, the ground as flat. Straight pieces
/// of paths give lines; two directions at a right angle on the ground give f, tilt and roll (R. Cipolla, T. Drummond and D. Robertson, "Camera
/// Calibration from Vanishing Points in Images of Architectural Scenes", 1999, with lines of traffic). docs/orientation.md, "From traffic".
public struct TrafficCalibration: Sendable {
  /// For pictures of the size that was told.
  public let camera: CameraModel
  /// Radians by which the camera looks below the horizon.
  public let tilt: Double
  /// Radians about the optical axis: above 0 the right side is lower.
  public let roll: Double
  /// Standard deviations of the focal length (as a share of it), tilt and roll (radians).
  public let focalDeviation, tiltDeviation, rollDeviation: Double
  /// The straight pieces that follow each of the two roads.
  public let counts: [Int]

  /// Fewer straight pieces on either road tell too little of its direction.
  public static let leastPieces = 3
  /// A focal length that is known to less than this share is none.
  private static let mostDeviation = 0.1
  /// How often boxes are corrected by the view that they gave.
  private static let rounds = 3

  /// - Parameters:
  ///   - paths: Of single vehicles.
  ///   - width: Of the pictures.
  ///   - height: Of the pictures.
  /// - Throws: `CalibrationError.traffic` where the paths do not determine the camera.
  public init(_ paths: [TrafficPath], width: Int, height: Int) throws(CalibrationError) {
    let center = Point(Double(width) / 2, Double(height) / 2)
    let pieces = paths.flatMap(\.straightPieces)
    guard pieces.count >= 2 * Self.leastPieces else {
      throw .traffic(detail: "\(pieces.count) straight pieces of paths are too few, at least \(2 * Self.leastPieces) are needed")
    }
    let lines = pieces.compactMap { TrafficPath.line(through: $0.boxes.map { $0.center - center }) }
    var solution = TrafficFit(lines: lines, width: Double(width)).solution()
    for _ in 0..<Self.rounds {
      guard let view = solution?.view else { break }
      solution = TrafficFit(lines: Self.corrected(pieces, view, center), width: Double(width)).solution(from: view)
    }
    guard let solution else { throw .traffic(detail: Self.undetermined) }
    counts = solution.counts
    guard counts.allSatisfy({ $0 >= Self.leastPieces }) else {
      throw .traffic(
        detail:
          "\(counts[0]) and \(counts[1]) straight pieces go in two directions at a right angle, and each needs \(Self.leastPieces)")
    }
    let deviations = (0..<3).map { max(0, solution.covariance[$0 * TrafficView.count + $0]).squareRoot() }
    guard deviations[0] <= Self.mostDeviation else { throw .traffic(detail: Self.undetermined) }
    (focalDeviation, tiltDeviation, rollDeviation) = (deviations[0], deviations[1], deviations[2])
    (tilt, roll) = (-solution.view.tilt, solution.view.roll)
    let focal = solution.view.focal
    camera = CameraModel(width: width, height: height, focalX: focal, focalY: focal, center: center)
  }

  private static let undetermined =
    "the paths do not tell the focal length: vehicles must cross at a right angle, neither road along the view nor both seen from above"

  /// The lines through the vehicles' middles as a view corrects them.
  private static func corrected(_ pieces: [TrafficPath], _ view: TrafficView, _ center: Point) -> [TrafficPath.Line] {
    let middle = VehicleMiddle(view: view)
    return pieces.compactMap { piece in
      guard let line = TrafficPath.line(through: piece.boxes.map { $0.center - center }) else { return nil }
      let group = abs(view.angle(0, line)) <= abs(view.angle(1, line)) ? 0 : 1
      return TrafficPath.line(through: middle.middles(piece, group: group, center: center))
    }
  }
}
