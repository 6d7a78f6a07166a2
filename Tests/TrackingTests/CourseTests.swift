import Foundation
import Geometry
import TestSupport
import Testing

@testable import Tracking

/// Courses and velocities against exact motions, with a camera that stands or moves.
@Suite struct CourseTests {
  /// A camera over a plane: turned, brought nearer and shifted more and more. Maps the plane to pixels at a time.
  private func camera(_ t: Double, pan: Point, turn: Double, zoom: Double) -> Homography {
    let scale = exp(zoom * t)
    let (c, s) = (scale * cos(turn * t), scale * sin(turn * t))
    return Homography(c, -s, 320 + pan.x * t, s, c, 180 + pan.y * t, 0, 0, 1)
  }

  /// The rows of one object that goes straight over the plane, with the exact velocities over the ground and in the picture.
  private func rows(
    velocity: Point, pan: Point, turn: Double, zoom: Double, rate: Double = 25
  ) throws -> [(row: TrackSnapshot, ground: Point, image: Point)] {
    var tracker = Tracker()
    var rows: [(row: TrackSnapshot, ground: Point, image: Point)] = []
    let times = times(rate: rate, until: 3)
    func picture(_ t: Double) -> Homography { camera(t, pan: pan, turn: turn, zoom: zoom) }
    for (ordinal, t) in times.enumerated() {
      let place = velocity * (t - 1.5)
      let center = picture(t).apply(place)
      var input = TrackerInput(
        ordinal: ordinal, time: t, detections: [detection(center.x, center.y, width: 24, height: 20, angle: 0.3)])
      let before = ordinal > 0 ? times[ordinal - 1] : t
      let back = try #require(picture(before).inverse)
      input.motion = ordinal == 0 ? .first : CameraMotion(status: .ok, homography: picture(t) * back, inliers: 100)
      let output = tracker.update(input)
      guard t > 1.5, let row = output.tracks.first else { continue }
      // What the ground's own motion adds is left out: the plane as it lies in this frame's picture, and the way along it.
      let ground = picture(t).jacobian(at: place) * velocity
      let moved = center - picture(before).apply(velocity * (before - 1.5))
      rows.append((row, ground, moved / (t - before)))
    }
    return rows
  }

  @Test(arguments: [
    (Point(40, 0), Point.zero, 0.0, 0.0), (Point(-30, 25), Point(60, -20), 0.0, 0.0), (Point(0, -35), Point(-40, 0), 0.2, 0.0),
    (Point(20, 20), Point(10, 10), -0.3, 0.1), (Point(25, -40), Point.zero, 0.0, -0.2),
  ])
  func velocityAndCourseAreOverTheGroundAndImageVelocityIsInThePicture(
    velocity: Point, pan: Point, turn: Double, zoom: Double
  ) throws {
    let rows = try rows(velocity: velocity, pan: pan, turn: turn, zoom: zoom)
    #expect(rows.count == 38)
    for (row, ground, image) in rows {
      #expect((row.velocity - ground).length < 0.08 * ground.length)
      #expect((try #require(row.imageVelocity) - image).length < 0.08 * ground.length)
      let course = try #require(row.course)
      #expect(abs(Angle.headingDifference(from: ground.angle, to: course)) < 0.08)
      #expect(try #require(row.courseDeviation) < 0.3)
    }
  }

  @Test func aStandingObjectUnderAMovingCameraHasAnImageVelocityAndNoCourse() throws {
    let rows = try rows(velocity: .zero, pan: Point(50, -20), turn: 0, zoom: 0)
    for (row, _, image) in rows {
      #expect(row.course == nil && row.courseDeviation == nil && row.velocity.length < 1)
      #expect((image - Point(50, -20)).length < 1e-9)
      #expect((try #require(row.imageVelocity) - image).length < 1)
    }
  }

  /// Upright boxes tell no axis; the course needs none. A walk of 1.3 m/s by someone 1.7 m tall, 70 px in the picture.
  @Test func peopleHaveACourse() throws {
    var random = TestRandom(seed: 21)
    var tracker = Tracker()
    let outputs = tracker.run(times(rate: 15, until: 5)) { t in
      [detection(400 - 54 * t + 0.5 * random.normal(), 200 + 0.5 * random.normal(), width: 30, height: 70, angle: 0)]
    }
    let rows = outputs.dropFirst(16).compactMap { $0.tracks.first }
    let courses = rows.compactMap(\.course)
    #expect(rows.count == 60 && courses.count > 54)
    #expect(courses.allSatisfy { abs(Angle.headingDifference(from: .pi, to: $0)) < 0.5 })
  }

  /// Rows that fill a gap under a camera that turns have the velocities of their own frames.
  @Test func filledInRowsTellTheMotionOfTheirOwnFrames() throws {
    var settings = TrackerSettings()
    settings.interpolation = 2
    var tracker = Tracker(settings: settings)
    let (velocity, rate, turn) = (Point(40, 10), 25.0, 0.5)
    func picture(_ t: Double) -> Homography { camera(t, pan: Point(15, 0), turn: turn, zoom: 0) }
    var filled: [TrackerOutput.EarlierRow] = []
    for (ordinal, t) in times(rate: rate, until: 3).enumerated() {
      let center = picture(t).apply(velocity * t)
      let boxes = (1.6..<2.0).contains(t) ? [] : [detection(center.x, center.y, width: 24, height: 20, angle: 0.3)]
      var input = TrackerInput(ordinal: ordinal, time: t, detections: boxes)
      let back = try #require(picture(t - 1 / rate).inverse)
      input.motion = ordinal == 0 ? .first : CameraMotion(status: .ok, homography: picture(t) * back, inliers: 100)
      filled += tracker.update(input).backfill.filter { $0.track.observation == .interpolated }
    }
    #expect(filled.count == 10)
    for (ordinal, row) in filled {
      let t = Double(ordinal) / rate
      let ground = picture(t).jacobian(at: velocity * t) * velocity
      let image = (picture(t).apply(velocity * t) - picture(t - 1 / rate).apply(velocity * (t - 1 / rate))) * rate
      #expect((row.velocity - ground).length < 0.1 * ground.length)
      #expect((try #require(row.imageVelocity) - image).length < 0.1 * ground.length)
      #expect(abs(Angle.headingDifference(from: ground.angle, to: try #require(row.course))) < 0.1)
    }
  }
}

/// Motion in one direction for a second leaves no heading backwards.
@Suite struct HeadingPropertyTests {
  /// A random walk of straight legs, each of some seconds in one direction, along the box or not, now and then at rest.
  private struct Walk {
    var legs: [(until: Double, velocity: Point)] = []
    var axis: Double

    init(_ random: inout TestRandom) {
      axis = Double.random(in: -1.5...1.5, using: &random)
      var time = 0.0
      while time < 12 {
        time += Double.random(in: 0.3...4, using: &random)
        let along = Bool.random(using: &random) ? axis : axis + .pi
        let angle = Int.random(in: 0..<4, using: &random) == 0 ? Double.random(in: -3...3, using: &random) : along
        let speed = Int.random(in: 0..<5, using: &random) == 0 ? 0 : exp(Double.random(in: 1...5, using: &random))
        legs.append((time, Point(angle: angle) * speed))
      }
    }

    func place(_ t: Double) -> Point {
      var place = Point(2000, 2000)
      var begin = 0.0
      for leg in legs where begin < t {
        place += leg.velocity * (min(t, leg.until) - begin)
        begin = leg.until
      }
      return place
    }
  }

  /// Whatever the motion: a course that has been against the heading for a second cannot be, where it is faster than what may be no motion.
  @Test(arguments: [5.0, 12, 25, 60])
  func noHeadingIsAgainstTheCourseForASecond(rate: Double) {
    for seed in 0..<60 {
      var random = TestRandom(seed: UInt64(seed) &* 977 &+ UInt64(rate))
      let walk = Walk(&random)
      let noise = Double.random(in: 0...1.5, using: &random)
      let angle = Bool.random(using: &random) ? walk.axis : 0
      var tracker = Tracker()
      var backwardsSince: [Int: Double] = [:]
      for (ordinal, t) in times(rate: rate, until: 12).enumerated() {
        let center = walk.place(t) + Point(noise * random.normal(), noise * random.normal())
        let box = detection(center.x, center.y, width: 48, height: 20, angle: angle)
        let output = tracker.update(TrackerInput(ordinal: ordinal, time: t, detections: [box]))
        for track in output.tracks where track.observation == .observed {
          let since = pointsBackwards(track) ? backwardsSince[track.id] ?? t : nil
          backwardsSince[track.id] = since
          #expect(t - (since ?? t) < 1, "seed \(seed), \(t) s")
        }
      }
    }
  }

  /// Slower than a tenth of the box a second (and a hundredth more, for the rounding of its size) may be no motion.
  private func pointsBackwards(_ track: TrackSnapshot) -> Bool {
    guard let heading = track.heading, let course = track.course else { return false }
    return cos(heading - course) < -1e-9 && track.speed > 0.101 * (track.box.width * track.box.height).squareRoot()
  }

  /// Against the true motion: a second after a turn by any angle the heading points forward, at speeds from one side a second.
  @Test(arguments: [10.0, 25, 60])
  func aSecondAfterATurnTheHeadingPointsForward(rate: Double) {
    for seed in 0..<40 {
      var random = TestRandom(seed: UInt64(seed) &* 313 &+ UInt64(rate))
      let speed = Double.random(in: 40...150, using: &random)
      let (first, turn) = (Double.random(in: 2...6, using: &random), Double.random(in: 0...2 * .pi, using: &random))
      var tracker = Tracker()
      let times = times(rate: rate, until: first + 4)
      let outputs = tracker.run(times) { t in
        let place = Point(1000, 1000) + Point(speed * min(t, first), 0) + Point(angle: turn) * (speed * max(0, t - first))
        return [detection(place.x, place.y, width: 48, height: 20, angle: 0.0001)]
      }
      for (t, output) in zip(times, outputs) where t > first + 1 {
        guard let heading = output.tracks.first(where: { $0.observation == .observed })?.heading else { continue }
        // Motion across the box leaves open which of its ends is in front.
        #expect(cos(heading - turn) > -1e-9 || abs(cos(turn)) < 0.3, "seed \(seed), \(t) s")
      }
    }
  }
}
