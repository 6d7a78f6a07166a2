import Foundation
import Geometry
import Testing

@testable import Motion

@Suite struct MotionMemoryTests {
  private func memory(of velocity: (Double) -> Point, seconds: Double, span: Double, step h: Double) -> MotionMemory {
    var memory = MotionMemory()
    for index in 0..<Int((seconds / h).rounded()) { _ = memory.follow(velocity(Double(index) * h), seconds: h, span: span) }
    return memory
  }

  /// The integrals of v(s t) and v(s t) √3 (2s − 1) over s from 0 to 1, by the midpoint rule: the projection that HiPPO-LegS keeps.
  @Test func aYoungMemoryHoldsThePastsProjectionOnTwoPolynomials() {
    func velocity(_ time: Double) -> Point { Point(sin(1.3 * time) + 0.4, 2 - 0.7 * time * time) }
    let seconds = 2.0
    let memory = memory(of: velocity, seconds: seconds, span: 10, step: 1e-4)
    var (mean, trend) = (Point.zero, Point.zero)
    for index in 0..<10_000 {
      let share = (Double(index) + 0.5) / 10_000
      mean += velocity(share * seconds) / 10_000
      trend += velocity(share * seconds) * (3.0.squareRoot() * (2 * share - 1)) / 10_000
    }
    // Backward steps are of first order.
    #expect((memory.mean - mean).length < 1e-3)
    #expect((memory.trend - trend).length < 1e-3)
  }

  @Test func aConstantVelocityHasNoTrend() {
    for (seconds, span) in [(0.3, 10.0), (5, 1), (0.1, 1)] {
      let memory = memory(of: { _ in Point(3, -2) }, seconds: seconds, span: span, step: 0.1)
      #expect((memory.mean - Point(3, -2)).length < 1e-12)
      #expect(memory.trend.length < 1e-12)
    }
  }

  /// Long after the span m lags by T and c has the rest of dc/dt = (√3 (v − m) − 2c)/T = 0, which is √3/2 of that lag.
  @Test func anOldMemoryOfASteadyChangeSettles() {
    let memory = memory(of: { Point(0.8 * $0, 0) }, seconds: 30, span: 1.5, step: 1e-3)
    #expect(abs(memory.mean.x - 0.8 * (30 - 1.5)) < 0.005)
    #expect(abs(memory.trend.x - 3.0.squareRoot() / 2 * 0.8 * 1.5) < 0.005)
    #expect(memory.trend.y == 0)
  }

  /// What `LearnedMotion.problem` rests on for departures that do not grow: |c| ≤ √3/2 max |v − m|, whatever the velocity does.
  @Test func theTrendStaysBelowTheDeparturesBound() {
    for frequency in [0.1, 1, 3, 10, 30] {
      for h in [0.01, 0.2, 3] {
        var (memory, largest) = (MotionMemory(), 0.0)
        for index in 0..<500 {
          let velocity = Point(cos(frequency * Double(index) * h), sin(0.7 * frequency * Double(index) * h))
          if index > 0 { largest = max(largest, (velocity - memory.mean).length) }
          _ = memory.follow(velocity, seconds: h, span: 1)
          #expect(memory.trend.length <= 0.75.squareRoot() * largest + 1e-12)
        }
      }
    }
  }
}
