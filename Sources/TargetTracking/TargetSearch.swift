internal import Detection
internal import Geometry

/// The search for a lost target: around where it would be, then further and further out, until the whole picture was looked at; then again.
struct TargetSearch {
  /// As it was lost, carried on with the camera.
  private(set) var course: TargetDetector.Course
  private let since: Double
  /// The number of places that were looked at.
  private var turn = 0

  init(course: TargetDetector.Course, since: Double) { (self.course, self.since) = (course, since) }

  /// Carries the expected place on: with the camera, and for a moment with the target's own motion.
  mutating func advance(_ input: DetectionInput) {
    let seconds = max(0, input.time - course.time)
    var place = course.place.moved(with: input.motion)
    if input.time - since < TargetSearch.coasting { place.center += course.velocity * seconds }
    course.place = place.inside(width: input.displayWidth, height: input.displayHeight)
    course.time = input.time
  }

  /// How long a lost target is taken to go on as it went, seconds.
  private static let coasting = 1.0

  /// The next places to look at, the expected one always among them.
  ///
  /// - Parameters:
  ///   - spacing: From one to the next, in mean sides of the target.
  ///   - count: Of them.
  mutating func places(width: Int, height: Int, spacing: Double, count: Int) -> [TargetPlace] {
    let own = course.place
    let step = max(own.meanSide * spacing, TargetPlace.leastSide)
    let columns = Int(bounded: (Double(width) / step).rounded(.up), in: 1...64)
    let rows = Int(bounded: (Double(height) / step).rounded(.up), in: 1...64)
    var grid: [TargetPlace] = []
    for row in 0..<rows {
      for column in 0..<columns {
        var place = own
        place.center = Point(
          (Double(column) + 0.5) * Double(width) / Double(columns), (Double(row) + 0.5) * Double(height) / Double(rows))
        grid.append(place)
      }
    }
    func distance(_ place: TargetPlace) -> Double { (place.center - own.center).squaredLength }
    grid.sort { distance($0) < distance($1) }
    let chosen = (0..<max(0, count - 1)).map { grid[(turn + $0) % grid.count] }
    turn = (turn + chosen.count) % grid.count
    return [own] + chosen
  }
}
