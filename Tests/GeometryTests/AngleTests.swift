import Foundation
import Testing

@testable import Geometry

@Suite struct AngleTests {
  @Test func wrappingKeepsTheDirectionAndEndsInTheRange() {
    var noise = Noise()
    for _ in 0..<2000 {
      let angle = noise.next(in: -100...100)
      let heading = Angle.wrappedHeading(angle)
      #expect(heading >= -.pi && heading < .pi)
      #expect((Point(angle: heading) - Point(angle: angle)).length < 1e-13)
      let axis = Angle.wrappedAxis(angle)
      #expect(axis >= -.pi / 2 && axis < .pi / 2)
      // An axis and its opposite are one: the cross product of their directions vanishes.
      #expect(abs(Point(angle: axis).cross(Point(angle: angle))) < 1e-13)
    }
  }

  @Test func theLowerEndBelongsToTheRangeAndTheUpperDoesNot() {
    #expect(Angle.wrappedHeading(.pi) == -.pi)
    #expect(Angle.wrappedHeading(-.pi) == -.pi)
    #expect(Angle.wrappedAxis(.pi / 2) == -.pi / 2)
    #expect(Angle.wrappedAxis(-.pi / 2) == -.pi / 2)
    #expect(Angle.wrappedHeading(Double.pi.nextDown) == Double.pi.nextDown)
    for turns in -5...5 {
      for angle in [Double.pi, -.pi, .pi / 2] {
        for neighbour in [(angle + 2 * .pi * Double(turns)).nextDown, (angle + 2 * .pi * Double(turns)).nextUp] {
          let heading = Angle.wrappedHeading(neighbour)
          #expect(heading >= -.pi && heading < .pi)
          let axis = Angle.wrappedAxis(neighbour)
          #expect(axis >= -.pi / 2 && axis < .pi / 2)
        }
      }
    }
  }

  @Test func wrappingAgainChangesNothing() {
    var noise = Noise()
    for _ in 0..<1000 {
      let angle = noise.next(in: -50...50)
      #expect(Angle.wrappedHeading(Angle.wrappedHeading(angle)) == Angle.wrappedHeading(angle))
      #expect(Angle.wrappedAxis(Angle.wrappedAxis(angle)) == Angle.wrappedAxis(angle))
    }
  }

  /// Degrees, by hand: [from, to, shortest turn].
  @Test(arguments: [
    [350.0, 10, 20], [10, 350, -20], [0, 90, 90], [90, 0, -90], [-179, 179, -2], [0, 180, -180], [720, 30, 30],
  ])
  func headingsDifferByTheShortestTurn(degrees: [Double]) {
    let radians = degrees.map { $0 * .pi / 180 }
    #expect(Angle.headingDifference(from: radians[0], to: radians[1]).isWithin(1e-14, of: radians[2]))
  }

  @Test(arguments: [[80.0, -80, 20], [-80, 80, -20], [0, 180, 0], [10, 200, 10], [0, 90, -90], [30, 45, 15]])
  func axesDifferByTheShortestTurnOfEitherEnd(degrees: [Double]) {
    let radians = degrees.map { $0 * .pi / 180 }
    #expect(Angle.axisDifference(from: radians[0], to: radians[1]).isWithin(1e-14, of: radians[2]))
  }

  @Test func whatIsNoAngleStaysNone() {
    for angle in [Double.nan, .infinity, -.infinity] {
      #expect(!Angle.wrappedHeading(angle).isFinite)
      #expect(!Angle.wrappedAxis(angle).isFinite)
    }
  }
}
