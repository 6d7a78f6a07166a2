public import Geometry
public import Imaging

/// A camera's focal length from its own motion through a still scene, with no board.
///
/// A camera that only turns maps pictures onto each other by K R K⁻¹ (R. Hartley, "Self-calibration of stationary cameras", 1997); one that moves by
/// the essential matrix KᵀFK, both of whose singular values are the same for the right focal length only (P. Sturm, "On focal length calibration from
/// two views", 2001). The focal length and all motions are found together, by the least distances from the epipolar lines or the turned points.
/// The principal point is taken as the middle of the picture, pixels as square, the lens as free of distortion. docs/orientation.md, "From motion".
public struct MotionCalibration: Sendable {
  /// For pictures of the size that was told.
  public let camera: CameraModel
  /// The standard deviation of the focal length as a share of it.
  public let focalDeviation: Double
  /// Whether the camera only turned.
  public let isTurning: Bool
  /// The pairs of pictures that were used.
  public let pairCount: Int
  /// The root mean square of the points' distances in pixels.
  public let error: Double

  /// Fewer matches of a pair tell too little of its motion.
  public static let leastMatches = 30
  /// More pairs and matches make it slower and little better: even choices of them are taken.
  private static let mostPairs = 24, mostMatches = 150
  /// Focal lengths of cameras in widths of their pictures: from 10° to 120° of view.
  private static let focals = 0.28...5.7
  private static let starts = [0.5, 0.8, 1.3, 2.1]
  /// A focal length that is known to less than this share is none.
  private static let mostDeviation = 0.1
  /// A camera that only turns leaves points within this of where they were, at the middle one, in pixels of 1000 in a row.
  private static let turningDistance = 1.0

  /// - Parameters:
  ///   - pairs: Of pictures between which the scene moved by a tenth of the width or more.
  ///   - width: Of the pictures.
  ///   - height: Of the pictures.
  /// - Throws: `CalibrationError.motion` where they do not determine the focal length; `ImagingError` from the library.
  public init(_ pairs: [MotionPair], width: Int, height: Int) throws {
    let center = Point(Double(width) / 2, Double(height) / 2)
    let used = Self.chosen(pairs.filter { $0.first.count >= Self.leastMatches }, Self.mostPairs).map { pair in
      let indices = Self.chosen(Array(pair.first.indices), Self.mostMatches)
      return MotionPair(first: indices.map { pair.first[$0] - center }, second: indices.map { pair.second[$0] - center })
    }
    guard !used.isEmpty else {
      throw CalibrationError.motion(
        detail:
          "the camera does not move enough: between no two pictures a tenth of the width, with \(Self.leastMatches) points found again"
      )
    }
    let limit = Self.turningDistance * Double(width) / 1000
    let turning = try Self.best(used, .turn, width: Double(width)).flatMap { $0.medianDistance <= limit ? $0 : nil }
    guard let found = try turning ?? Self.best(used, .general, width: Double(width)) else {
      throw CalibrationError.motion(detail: Self.undetermined)
    }
    let focal = found.focal
    camera = CameraModel(width: width, height: height, focalX: focal, focalY: focal, center: center)
    (focalDeviation, isTurning, pairCount, error) = (found.deviation, turning != nil, used.count, found.rootMeanSquare)
  }

  private static let undetermined =
    "the motion does not tell the focal length: turn the camera while it moves, by ten degrees or more, before a scene that is not flat, or turn it in its place"

  /// The best fit of all starts that determines the focal length.
  private static func best(_ pairs: [MotionPair], _ kind: MotionModel.Kind, width: Double) throws -> FocalSolution? {
    var best: FocalSolution?
    for start in starts {
      let focal = start * width
      let models = try pairs.map { try MotionModel(kind, $0, focal: focal) }
      guard let found = FocalFit(pairs: pairs).solution(focal: focal, models: models), found.cost < best?.cost ?? .infinity else {
        continue
      }
      best = found
    }
    return best.flatMap { focals.contains($0.focal / width) && $0.deviation <= mostDeviation ? $0 : nil }
  }

  /// So many of a list, evenly.
  private static func chosen<Item>(_ items: [Item], _ most: Int) -> [Item] {
    guard items.count > most else { return items }
    return (0..<most).map { items[$0 * items.count / most] }
  }
}
