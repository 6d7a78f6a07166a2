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
  private let seen: AxisBox

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
  ///   - motion: The map to the second picture, in pixels: what has left it there cannot agree.
  ///   - size: The pictures' width and height.
  init(of agreeing: [Point], among all: [Point], under motion: Homography, size: Point) {
    seen = PictureReach.overlap(under: motion, size)
    total = agreeing.count
    for point in all { add(point) { $0.all += 1 } }
    for point in agreeing { add(point) { $0.agreeing += 1 } }
  }

  private mutating func add(_ point: Point, _ change: (inout Tally) -> Void) {
    let (x, y) = ((point.x - seen.left) / seen.width, (point.y - seen.top) / seen.height)
    let far = 1 - PictureReach.part
    if x < PictureReach.part { change(&left) }
    if x > far { change(&right) }
    if y < PictureReach.part { change(&above) }
    if y > far { change(&below) }
  }

  /// The part of the first picture that the second shows, where it is more than half of either side; else the whole.
  private static func overlap(under motion: Homography, _ size: Point) -> AxisBox {
    let whole = AxisBox(left: 0, top: 0, width: size.x, height: size.y)
    guard let back = motion.inverse else { return whole }
    let corners = [Point(0, 0), Point(size.x, 0), size, Point(0, size.y)].map(back.apply)
    let (left, top) = (max(0, (corners[0].x + corners[3].x) / 2), max(0, (corners[0].y + corners[1].y) / 2))
    let (right, bottom) = (min(size.x, (corners[1].x + corners[2].x) / 2), min(size.y, (corners[2].y + corners[3].y) / 2))
    // Not so for a map that is no number, either.
    guard right - left > size.x / 2, bottom - top > size.y / 2 else { return whole }
    return AxisBox(left: left, top: top, width: right - left, height: bottom - top)
  }

  /// Whether both outer quarters of a side agree.
  var isWhole: Bool {
    [(left, right), (above, below)].contains { $0.isSupported(ofTotal: total) && $1.isSupported(ofTotal: total) }
  }
}
