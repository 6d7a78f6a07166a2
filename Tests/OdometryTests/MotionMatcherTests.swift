import Geometry
import Imaging
import Testing

@testable import Odometry

@Suite struct MotionMatcherTests {
  /// A camera that turns to the right by 0.025 radians a picture, 5.5 pixels: pairs end after a fifth of the width, and matches are where the turn brings them.
  @Test func pairsAreMatchesOfTheTurn() throws {
    let drive = SyntheticDrive()
    let matcher = try MotionMatcher(width: drive.camera.width)
    func turn(_ frame: Int) -> Matrix3 { Quaternion(rotationVector: Vector3(0, 0.025 * Double(frame), 0)).rotation }
    var pairs: [(range: ClosedRange<Int>, matches: MotionMatcher.Matches)] = []
    var start = 0
    for frame in 0..<26 {
      let image = drive.image(RigidTransform(rotation: turn(frame), translation: .zero))
      guard let matches = try matcher.add(image) else { continue }
      pairs.append((start...frame, matches))
      start = frame
    }
    #expect(pairs.count == 2, "\(pairs.map(\.range))")
    for (range, matches) in pairs {
      let back = turn(range.upperBound).transposed * turn(range.lowerBound)
      let misses = try zip(matches.first, matches.second).map { first, second in
        let ray = try #require(drive.camera.ray(first))
        return (try #require(drive.camera.project(back * ray)) - second).length
      }.sorted()
      #expect(misses.count >= 50 && misses[misses.count / 2] < 0.5, "\(misses.count), \(misses.first ?? 0)")
    }
  }

  @Test func aCameraAtRestGivesNoPairs() throws {
    let drive = SyntheticDrive()
    let matcher = try MotionMatcher(width: drive.camera.width)
    let image = drive.image(.identity)
    for _ in 0..<5 { #expect(try matcher.add(image) == nil) }
    let black = try MotionMatcher(width: 64)
    for _ in 0..<3 { #expect(try black.add(Image(width: 64, height: 48, channels: 1)) == nil) }
  }
}
