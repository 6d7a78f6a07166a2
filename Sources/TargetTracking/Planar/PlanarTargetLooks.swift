internal import Geometry
internal import Imaging
internal import Orientation

/// How a flat target looks: as it was shown first, and as it looked lately, where that has become something else.
///
/// Both are pictures of the same rectangle, so that a map to a frame says the same for either.
final class PlanarTargetLooks {
  /// From the target's own rectangle to the picture in which it was pointed at; the identity for a picture of it.
  let start: Homography
  private let first: KnownPlane
  private var latest: (plane: KnownPlane, time: Double)?

  /// The latest look is asked where the first one agrees in less than this share of its corners.
  private static let changed = 0.5
  /// A look is taken over where one that is known agrees in at least this share: what covers the target is no new look of it.
  private static let sure = 0.7
  /// Seconds between two such pictures.
  private static let renewal = 0.5

  /// - Parameter picture: Of the target alone, from its front.
  /// - Throws: `TargetError` for a picture without texture, or one too narrow.
  init(picture: Image) throws {
    guard let plane = try KnownPlane(picture) else {
      throw TargetError(
        "its picture of \(picture.width)x\(picture.height) pixels is too narrow", remedy: PlanarTargetLooks.otherPicture)
    }
    (first, start) = (plane, .identity)
    try check(remedy: PlanarTargetLooks.otherPicture)
  }

  /// - Parameter box: Where it is in the picture, upright.
  /// - Throws: As above.
  init(box: AxisBox, in picture: Image) throws {
    // Bounded: by what a picture may have; a box that is larger shows too little of the target.
    let (columns, rows) = (
      Int(bounded: box.width.rounded(), in: 1...max(1, picture.width)),
      Int(bounded: box.height.rounded(), in: 1...max(1, picture.height))
    )
    let toBox = Homography.translation(Point(box.left, box.top)) * .scaling(box.width / Double(columns), box.height / Double(rows))
    guard let plane = try KnownPlane(picture.warped(byInverse: toBox, width: columns, height: rows)) else {
      throw TargetError("its box of \(columns)x\(rows) pixels is too narrow", remedy: PlanarTargetLooks.otherBox)
    }
    first = plane
    start = toBox * .scaling(Double(columns) / plane.width, Double(rows) / plane.height)
    try check(remedy: PlanarTargetLooks.otherBox)
  }

  private static let otherPicture = "give a larger picture of it, from its front"
  private static let otherBox = "point at a part with more structure, or leave --planar out"

  private func check(remedy: String) throws(TargetError) {
    guard first.points.count >= PlanarTargetLooks.fewestPoints else {
      throw TargetError("it has too little texture to be followed as a plane", remedy: remedy)
    }
  }

  /// Corners without which a plane cannot be told.
  private static let fewestPoints = 20

  /// Of the target's own rectangle.
  var corners: [Point] { first.corners }

  /// Points on it that can be followed.
  var points: [Point] { (latest?.plane ?? first).points }

  /// Where it is near an expected place: by the first look or, where that fails, by the latest.
  func align(_ expected: Homography, in picture: Image) throws -> KnownPlane.Sighting? {
    let first = try first.align(expected, in: picture)
    guard let latest, first?.share ?? 0 < PlanarTargetLooks.changed else { return first }
    return try latest.plane.align(expected, in: picture) ?? first
  }

  /// Where it is in the picture that a search looks at.
  func find(by search: PlaneSearch) throws -> KnownPlane.Sighting? {
    try search.find(first) ?? latest.flatMap { try search.find($0.plane) }
  }

  /// Takes over how it looks now, where it is seen for sure.
  func learn(_ picture: Image, _ sighting: KnownPlane.Sighting, time: Double) throws {
    guard sighting.share >= PlanarTargetLooks.sure, time - (latest?.time ?? -.infinity) >= PlanarTargetLooks.renewal else { return }
    // Bounded: both are sides of a picture.
    let (width, height) = (Int(bounded: first.width, in: 1...4_096), Int(bounded: first.height, in: 1...4_096))
    let now = try KnownPlane(picture.warped(byInverse: sighting.homography, width: width, height: height))
    latest = now.map { ($0, time) } ?? latest
  }
}
