import Geometry

/// How far what agrees with a motion reaches across the picture: one of the proofs that it is the camera's.
///
/// A motion that only one part of the picture shows may be that of an object before a smooth ground. What shows in the outer quarters on
/// both sides, left and right or above and below, is larger than half of the picture: a ground, a tree line, a horizon.
struct PictureReach {
  /// Of all points in an outer quarter, those that agree.
  private struct Tally {
    var agreeing = 0
    var all = 0

    /// Whether they are more than chance gives, where so many agree in the whole picture.
    func isSupported(ofTotal total: Int) -> Bool {
      agreeing >= PictureReach.fewest && Double(agreeing) >= PictureReach.leastShare * Double(all)
        && Double(agreeing) >= PictureReach.leastPart * Double(total)
    }
  }

  private let total: Int
  private var left = Tally()
  private var right = Tally()
  private var above = Tally()
  private var below = Tally()
  private let size: Point

  /// The outer part of a side.
  private static let part = 0.25
  /// Fewer points prove nothing: four points are a homography.
  private static let fewest = 4
  /// Points follow a wrong motion by chance where they are noise: about one in ten, the area of the gate over that in which followed points
  /// end. This is several times as many.
  private static let leastShare = 0.3

  /// Nor does a smaller part of all that agree. Chosen by hand.
  private static let leastPart = 0.02

  /// - Parameters:
  ///   - agreeing: What agrees with the motion, in pixels.
  ///   - all: What could have agreed; that which agrees is part of it.
  ///   - size: The picture's width and height.
  init(of agreeing: [Point], among all: [Point], size: Point) {
    self.size = size
    total = agreeing.count
    for point in all { add(point) { $0.all += 1 } }
    for point in agreeing { add(point) { $0.agreeing += 1 } }
  }

  private mutating func add(_ point: Point, _ change: (inout Tally) -> Void) {
    let far = 1 - PictureReach.part
    if point.x < PictureReach.part * size.x { change(&left) }
    if point.x > far * size.x { change(&right) }
    if point.y < PictureReach.part * size.y { change(&above) }
    if point.y > far * size.y { change(&below) }
  }

  /// Whether both outer quarters of a side agree.
  var isWhole: Bool {
    [(left, right), (above, below)].contains { $0.isSupported(ofTotal: total) && $1.isSupported(ofTotal: total) }
  }
}
