import Foundation
import Geometry
import Motion
import TestSupport
import Testing

@testable import Tracking

@Suite struct StreamNoiseTests {
  private static let rate = 10.0

  /// Where the objects are: eight boxes of 20 px below each other that swing slowly to and fro.
  private static func truth(_ object: Int, _ frame: Int) -> Point {
    let t = Double(frame) / rate
    return Point(300 + 150 * sin(0.3 * t + Double(object)), 100 + 100 * Double(object))
  }

  /// Detections that err by two pixels, some four times the setting for such boxes.
  private static func inputs(_ count: Int) -> [TrackerInput] {
    var random = TestRandom(seed: 9)
    return (0..<count).map { frame in
      let boxes = (0..<8).map { object in
        let place = truth(object, frame) + Point(2 * random.normal(), 2 * random.normal())
        let box = OrientedBox(center: place, width: 20, height: 20, angle: 0)
        return DetectedBox(box: GaussianBox(box), score: 0.95, classIndex: 0, index: object)
      }
      return TrackerInput(ordinal: frame, time: Double(frame) / rate, detections: boxes, width: 1000, height: 1000)
    }
  }

  private static func settings(learnsNoise: Bool) -> TrackerSettings {
    var settings = TrackerSettings()
    settings.learnsNoise = learnsNoise
    settings.forecastTimes = [0.1]
    settings.findsCommonShift = false
    return settings
  }

  /// The share of places in the 90 % ellipses a frame ahead, over the second half.
  private static func held(learnsNoise: Bool) -> Double {
    var tracker = Tracker(settings: settings(learnsNoise: learnsNoise))
    var (held, count) = (0, 0)
    for (frame, input) in inputs(400).enumerated() {
      let tracks = tracker.update(input).tracks
      guard frame >= 200 else { continue }
      for track in tracks {
        guard let forecast = track.forecast.first else { continue }
        let object = Int(bounded: (track.box.center.y / 100).rounded() - 1, in: 0...7)
        let innovation = PlanarInnovation(
          residual: truth(object, frame + 1) - forecast.center, covariance: forecast.covariance)
        count += 1
        if innovation.normalizedSquare <= PlanarInnovation.nineTenths { held += 1 }
      }
    }
    return Double(held) / Double(max(count, 1))
  }

  @Test func ellipsesGrowToTheErrorsThatTheStreamHas() {
    #expect((0.85...0.97).contains(Self.held(learnsNoise: true)), "\(Self.held(learnsNoise: true))")
    #expect(Self.held(learnsNoise: false) < 0.85, "\(Self.held(learnsNoise: false))")
  }

  @Test func whatWasLearnedIsPartOfTheMemory() {
    let settings = Self.settings(learnsNoise: true)
    var first = Tracker(settings: settings)
    let inputs = Self.inputs(120)
    for input in inputs.prefix(80) { _ = first.update(input) }
    var second = Tracker(settings: settings)
    second.memory = first.memory
    for input in inputs.dropFirst(80) {
      let (one, other) = (first.update(input).tracks, second.update(input).tracks)
      #expect(one == other)
    }
  }
}
