import Foundation
import Geometry
import Testing

@testable import Synthesis

@Suite struct GroundPathTests {
  private let circle = GroundPath(
    (0..<16).map { GroundPoint(20 * cos(Double($0) * .pi / 8), 20 * sin(Double($0) * .pi / 8)) }, isClosed: true)

  @Test func aRingOfPointsIsNearlyACircle() {
    let sampled = SampledPath(circle)
    #expect(abs(sampled.length / (40 * .pi) - 1) < 0.003)
    for i in 0..<100 {
      let place = sampled.place(at: sampled.length * Double(i) / 100)
      #expect(abs(place.position.length - 20) < 0.1)
      let tangent = atan2(place.position.x, -place.position.y)
      #expect(abs(Angle.headingDifference(from: tangent, to: Angle.wrappedHeading(place.heading))) < 0.02)
    }
  }

  @Test func aClosedPathGoesRoundAgain() {
    let sampled = SampledPath(circle)
    let (a, b) = (sampled.place(at: 3), sampled.place(at: 3 + sampled.length))
    #expect((a.position - b.position).length < 1e-9)
  }

  @Test func theHeadingIsTheDirectionOfTravel() {
    let sampled = SampledPath(GroundPath([GroundPoint(0, 0), GroundPoint(10, 4), GroundPoint(18, -3), GroundPoint(40, 0)]))
    for i in 1..<100 {
      let s = sampled.length * Double(i) / 100
      let step = sampled.place(at: s + 0.05).position - sampled.place(at: s - 0.05).position
      let turn = Angle.headingDifference(from: atan2(step.y, step.x), to: sampled.place(at: s).heading)
      #expect(abs(turn) < 0.02)
    }
  }

  @Test func anOpenPathGoesStraightOnBeyondItsEnds() {
    let sampled = SampledPath(GroundPath([GroundPoint(1, 1), GroundPoint(5, 1)]))
    #expect((sampled.place(at: -2).position - SIMD2(-1, 1)).length < 1e-12)
    #expect((sampled.place(at: 6).position - SIMD2(7, 1)).length < 1e-12)
  }

  @Test func thePathToTheRightKeepsItsDistance() {
    let outer = SampledPath(circle.moved(right: -2))
    // The ring turns clockwise as seen from above, towards its right, so left is outside.
    for i in 0..<50 { #expect(abs(outer.place(at: Double(i)).position.length - 22) < 0.15) }
  }

  @Test func onePointIsAPlaceToStand() {
    let sampled = SampledPath(GroundPath([GroundPoint(3, 4)]))
    #expect(sampled.length == 0)
    #expect(sampled.place(at: 5).position == SIMD2(3, 4))
  }
}
