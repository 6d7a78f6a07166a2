import Foundation
import Geometry
import Testing
import Tracking

@testable import Pipeline

@Suite struct MotionRateTests {
  /// Objects that move as the tracker expects at this rate: a white acceleration of its density, in mean sides, and noisy detections.
  private func detections(rate: Double, density: Double) -> [[DetectedBox]] {
    var generator = Generator(state: 5)
    let side = 40.0
    let step = 1 / rate
    var objects = (0..<10).map { (position: Point(500 * Double($0), 300), velocity: Point.zero) }
    return (0..<400).map { _ in
      objects.indices.map { k in
        // Position and velocity noise of the integrated white acceleration, by their Cholesky factor.
        let (a, b) = (Point(generator.normal(), generator.normal()), Point(generator.normal(), generator.normal()))
        let scale = density * side * step.squareRoot()
        objects[k].position += objects[k].velocity * step + (a / 2 + b / 12.0.squareRoot()) * (scale * step)
        objects[k].velocity = objects[k].velocity * exp(-step / 2) + a * scale
        let noise = Point(generator.normal(), generator.normal())
        let box = OrientedBox(center: objects[k].position + noise, width: side, height: side, angle: 0)
        return DetectedBox(box: GaussianBox(box), score: 0.95, classIndex: 0, index: k)
      }
    }
  }

  @Test(arguments: [5.0, 10, 20])
  func theRateIsFoundFromTheMotionToWithinAFactorOfOneAndAHalf(rate: Double) {
    let settings = TrackerSettings()
    let found = MotionRate.estimate(detections(rate: rate, density: settings.centerAcceleration), settings: settings)
    #expect(found > rate / 1.5 && found < rate * 1.5)
  }

  @Test func calmMotionAndShortFilesLeaveTheUsualRate() {
    let settings = TrackerSettings()
    #expect(MotionRate.estimate(detections(rate: 10, density: 0.05), settings: settings) == MotionRate.usual)
    #expect(MotionRate.estimate(detections(rate: 10, density: 2).prefix(8), settings: settings) == MotionRate.usual)
    #expect(MotionRate.estimate([], settings: settings) == MotionRate.usual)
  }

  private struct Generator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ (state >> 33)
    }

    mutating func normal() -> Double {
      let u = Double.random(in: 1e-12..<1, using: &self)
      return (-2 * log(u)).squareRoot() * cos(2 * .pi * Double.random(in: 0..<1, using: &self))
    }
  }
}
